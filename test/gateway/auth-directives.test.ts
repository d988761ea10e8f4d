import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { Broadcast } from '#kernel/broadcast.ts';
import { principalPolicies, type AuthPort } from '#gateway/guards/auth/index.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import type { GatewaySubgraph } from '#gateway/server.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { bodyOf, startGateway } from './support.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes", { name: "@policy", as: "@rule" }])\n`;

interface World {
  /** Names of the protected resolvers that ran. */
  readonly ran: string[];
  readonly ticks: Broadcast<{ n: number }>;
  readonly subgraphs: readonly GatewaySubgraph[];
}

function createWorld(): World {
  const ran: string[] = [];
  const ticks = new Broadcast<{ n: number }>();
  const noted =
    <T>(name: string, value: T) =>
    () => (ran.push(name), value);
  const pumpsSdl = `
    type Query { me: Pump pumps: [Pump!]! secretCount: Int @authenticated things: [Thing] strict: Strict
      grade: Grade serial: Serial }
    type Mutation { first: Int second: Int @requiresScopes(scopes: [["write"]]) third: Int must: Int! @requiresScopes(scopes: [["write"]]) }
    type Subscription { tick: Tick hidden: Int @authenticated }
    type Tick { n: Int detail: Int @rule(policies: [["watch"]]) pump: Pump }
    enum Grade @requiresScopes(scopes: [["grade"]]) { A B }
    scalar Serial @requiresScopes(scopes: [["serial"]])
    type Strict { must: Int! @requiresScopes(scopes: [["never"]]) other: Int }
    interface Thing { id: ID! label: String }
    type Pump implements Thing @key(fields: "id") { id: ID! label: String
      price: Int @requiresScopes(scopes: [["money", "invoice"], ["owner"]]) }
    type Safe implements Thing @requiresScopes(scopes: [["vault"]]) { id: ID! label: String code: Int }
    type Door implements Thing { id: ID! label: String @rule(policies: [["night"]]) }`;
  const pump = (id: string) => ({ __typename: 'Pump', id, label: `pump ${id}`, price: noted('price', 7) });
  const pumps = {
    Query: {
      me: () => pump('1'),
      pumps: () => [pump('1'), pump('2')],
      secretCount: noted('secretCount', 3),
      things: () => [
        pump('1'),
        { __typename: 'Safe', id: 's', label: noted('Safe.label', 'safe'), code: noted('code', 1) },
        { __typename: 'Door', id: 'd', label: noted('Door.label', 'door') },
      ],
      strict: () => ({ must: noted('must', 1), other: 2 }),
      grade: noted('grade', 'A'),
      serial: noted('serial', 'x'),
    },
    Mutation: {
      first: noted('first', 1),
      second: noted('second', 2),
      third: noted('third', 3),
      must: noted('Mutation.must', 4),
    },
    Subscription: {
      tick: { subscribe: () => ticks.subscribe(), resolve: (tick: object) => tick },
      hidden: { subscribe: () => ticks.subscribe(), resolve: () => 1 },
    },
    Tick: { detail: noted('detail', 9), pump: () => pump('1') },
    Thing: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Pump: { __resolveReference: async ({ id }: { id: string }) => pump(id) },
  };
  const notesSdl = `type Query { note: String }
    type Pump @key(fields: "id") { id: ID! note: String @authenticated audit: String @rule(policies: [["watch"]]) }`;
  const notes = {
    Query: { note: () => 'n' },
    Pump: {
      __resolveReference: async ({ id }: { id: string }) => ({
        id,
        note: noted('note', `note ${id}`),
        audit: noted('audit', `audit ${id}`),
      }),
    },
  };
  const local = (name: string, sdl: string, resolvers: object): GatewaySubgraph => ({
    name,
    sdl: link + sdl,
    executor: createLocalExecutor(
      buildSubgraphSchema([{ typeDefs: parse(link + sdl), resolvers: resolvers as never }]),
    ),
  });
  return { ran, ticks, subgraphs: [local('pumps', pumpsSdl, pumps), local('notes', notesSdl, notes)] };
}

/** `anonymous`, or a name with scopes behind a colon: `ada:read,money`. */
function principalOf(token: string): Principal {
  const [subject = '', scopes = ''] = token.split(':');
  return {
    tenant: parseTenantId('acme'),
    subject,
    personId: subject,
    name: subject,
    roles: ['operator'],
    authTime: 0,
    acr: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
    scopes: scopes.split(',').filter(Boolean),
    anonymous: subject === 'anonymous',
  };
}

async function start(t: TestContext, auth: AuthPort = principalPolicies) {
  const world = createWorld();
  const authenticate = async (token: unknown) =>
    typeof token === 'string' ? principalOf(token.replace('Bearer ', '')) : null;
  const running = await startGateway(t, {
    deps: {
      subgraphs: world.subgraphs,
      auth,
      authenticate: (headers) => authenticate(headers.authorization),
      authenticateSocket: (params) => authenticate(params?.['token']),
    },
  });
  const ask = async (token: string, query: string) => {
    world.ran.length = 0;
    const { data, errors } = await bodyOf(running.post(query, { token }));
    return { data, errors: errorsOf(errors) };
  };
  return { ...world, ...running, ask };
}

interface WithPath {
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
}

const errorsOf = (errors: readonly unknown[] | undefined) =>
  (errors as readonly WithPath[] | undefined)?.map(({ path, extensions }) => [
    path?.join('.'),
    extensions.code,
  ]);

/** Policies that a test switches on and off. */
function switchable(): AuthPort & { readonly held: Set<string> } {
  const held = new Set<string>();
  return { ...principalPolicies, held, heldPolicies: async () => new Set(held) };
}

test('scopes are alternatives of which one has to hold in full', async (t) => {
  const { ask, ran } = await start(t);
  const query = '{ me { id price } }';
  const refused = {
    data: { me: { id: '1', price: null } },
    errors: [['me.price', 'FORBIDDEN']],
  };
  const seen = { data: { me: { id: '1', price: 7 } }, errors: undefined };
  assert.deepEqual(await ask('ada', query), refused);
  assert.deepEqual(ran, []);
  assert.deepEqual(await ask('ada:money', query), refused);
  assert.deepEqual(await ask('ada:money,invoice', query), seen);
});

test('what is kept back is not fetched, and each place says so; joins for it are left out', async (t) => {
  const { ask, ran, gateway } = await start(t);
  const query = '{ pumps { id note audit price } }';
  const answer = await ask('ada:owner', query);
  assert.deepEqual(answer, {
    data: {
      pumps: [
        { id: '1', note: 'note 1', audit: null, price: 7 },
        { id: '2', note: 'note 2', audit: null, price: 7 },
      ],
    },
    errors: [
      ['pumps.0.audit', 'FORBIDDEN'],
      ['pumps.1.audit', 'FORBIDDEN'],
    ],
  });
  assert.deepEqual(ran.toSorted(), ['note', 'note', 'price', 'price']);
  const before = gateway.stats().engine.fetches['notes'];
  const { data } = await ask('anonymous', query);
  assert.deepEqual(data, {
    pumps: [
      { id: '1', note: null, audit: null, price: null },
      { id: '2', note: null, audit: null, price: null },
    ],
  });
  assert.deepEqual(ran, []);
  assert.equal(gateway.stats().engine.fetches['notes'], before, 'nothing is left to join');
});

test('nobody and somebody are told apart by the code', async (t) => {
  const { ask } = await start(t);
  assert.deepEqual(await ask('anonymous', '{ secretCount }'), {
    data: { secretCount: null },
    errors: [['secretCount', 'UNAUTHENTICATED']],
  });
  assert.deepEqual(await ask('ada', '{ a: secretCount grade serial }'), {
    data: { a: 3, grade: null, serial: null },
    errors: [
      ['grade', 'FORBIDDEN'],
      ['serial', 'FORBIDDEN'],
    ],
  });
  assert.deepEqual(await ask('ada:grade,serial', '{ grade serial }'), {
    data: { grade: 'A', serial: 'x' },
    errors: undefined,
  });
});

test('a null that the type does not allow moves up, with the one error', async (t) => {
  const { ask } = await start(t);
  assert.deepEqual(await ask('ada', '{ me { id } strict { other must } }'), {
    data: { me: { id: '1' }, strict: null },
    errors: [['strict.must', 'FORBIDDEN']],
  });
});

test('through an interface each object is judged by its own type', async (t) => {
  const { ask, ran } = await start(t);
  assert.deepEqual(await ask('ada', '{ things { id label ... on Safe { code } ... on Pump { price } } }'), {
    data: {
      things: [{ id: '1', label: 'pump 1', price: null }, null, { id: 'd', label: null }],
    },
    errors: [
      ['things.0.price', 'FORBIDDEN'],
      ['things.1', 'FORBIDDEN'],
      ['things.2.label', 'FORBIDDEN'],
    ],
  });
  assert.deepEqual(ran, []);
  assert.deepEqual(
    await ask('ada:vault', '{ things { ...F } } fragment F on Thing { id ... on Safe { code } }'),
    {
      data: { things: [{ id: '1' }, { id: 's', code: 1 }, { id: 'd' }] },
      errors: undefined,
    },
  );
});

test('a condition that skips a protected field leaves nothing to refuse', async (t) => {
  const { post } = await start(t);
  const query = 'query ($all: Boolean!) { me { id price @include(if: $all) } }';
  const skipped = await bodyOf(post(query, { variables: { all: false } }));
  assert.deepEqual([skipped.data, skipped.errors], [{ me: { id: '1' } }, undefined]);
  const asked = await bodyOf(post(query, { variables: { all: true } }));
  assert.deepEqual(
    [asked.data, errorsOf(asked.errors)],
    [{ me: { id: '1', price: null } }, [['me.price', 'FORBIDDEN']]],
  );
});

test('a mutation that is kept back does not run; one that makes the answer null ends those after it', async (t) => {
  const { ask, ran } = await start(t);
  assert.deepEqual(await ask('ada', 'mutation { first second third }'), {
    data: { first: 1, second: null, third: 3 },
    errors: [['second', 'FORBIDDEN']],
  });
  assert.deepEqual(ran, ['first', 'third']);
  assert.deepEqual(await ask('ada', 'mutation { first must third }'), {
    data: null,
    errors: [['must', 'FORBIDDEN']],
  });
  assert.deepEqual(ran, ['first']);
});

test(
  'a stream that is kept back does not start; its events are judged one by one',
  { timeout: 60_000 },
  async (t) => {
    const auth = switchable();
    const { wsClient, ticks, ran } = await start(t, auth);
    await assert.rejects(
      async () => {
        for await (const _ of wsClient('anonymous').iterate({ query: 'subscription { hidden }' }))
          assert.fail('an event came');
      },
      (error) => JSON.stringify(error).includes('UNAUTHENTICATED'),
    );
    auth.held.add('watch');
    const events = wsClient('ada').iterate({ query: 'subscription { tick { n detail pump { id audit } } }' });
    const next = async () => {
      const coming = events.next();
      // The stream runs when an event arrives; until then there is nobody to send it to.
      const sending = setInterval(() => ticks.publish({ n: 1 }), 20);
      const { value } = await coming.finally(() => clearInterval(sending));
      return value as { data: unknown; errors?: readonly unknown[] };
    };
    const seen = { tick: { n: 1, detail: 9, pump: { id: '1', audit: 'audit 1' } } };
    assert.deepEqual((await next()).data, seen);
    auth.held.delete('watch');
    let narrowed = await next();
    // Events that were on their way when the permission went.
    while (!narrowed.errors) narrowed = await next();
    ran.length = 0;
    narrowed = await next();
    assert.deepEqual(narrowed.data, { tick: { n: 1, detail: null, pump: { id: '1', audit: null } } });
    assert.deepEqual(errorsOf(narrowed.errors), [
      ['tick.detail', 'FORBIDDEN'],
      ['tick.pump.audit', 'FORBIDDEN'],
    ]);
    assert.ok(!ran.includes('audit'), 'what is kept back is not joined');
    auth.held.add('watch');
    let regained = await next();
    while (regained.errors) regained = await next();
    assert.deepEqual(regained.data, seen);
    await events.return?.();
  },
);

test('a stream whose root is taken away ends with the reason', { timeout: 60_000 }, async (t) => {
  let signedIn = true;
  const auth = { ...principalPolicies, isAuthenticated: () => signedIn };
  const { wsClient, ticks } = await start(t, auth);
  const events = wsClient('ada').iterate({ query: 'subscription { hidden }' });
  const sending = setInterval(() => ticks.publish({ n: 1 }), 20);
  t.after(() => clearInterval(sending));
  assert.deepEqual((await events.next()).value?.data, { hidden: 1 });
  signedIn = false;
  await assert.rejects(
    async () => {
      for await (const _ of events);
    },
    (error) => JSON.stringify(error).includes('UNAUTHENTICATED'),
  );
});
