import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { SimulatedClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { CostGuard, type CostLimits, type CostReport } from '#gateway/guards/cost/cost-guard.ts';
import { createGraph, wide } from './cost-support.ts';
import { principalOf } from './support.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@cost", "@listSize"])\n`;
const pumpsSdl = `${link}
  type Query { pumps(first: Int!): [Pump]! one(id: ID!): Pump things: [Thing!]! search(text: String @cost(weight: 7)): [Pump]
    grid: [[Pump]] strict(first: Int!): [Pump!]! dear: Pump @cost(weight: 40) many: [Pump!]! @listSize(assumedSize: 2)
    huge(limit: Float): [Huge!]! }
  type Huge { more(limit: Float): [Pump!]! }
  type Mutation { stop: Int start: Pump }
  interface Thing { id: ID! }
  type Valve implements Thing @cost(weight: 5) { id: ID! pump: Pump }
  type Pump implements Thing @key(fields: "id") { id: ID! parts: [Part!]! maker: Maker }
  type Maker { name: String } type Part { id: ID! }`;
const notesSdl = `${link} type Query { ping: Int }
  type Pump @key(fields: "id") { id: ID! notes: [Note!]! } type Note { text: String }`;

const pump = (id: string) => ({ __typename: 'Pump', id, parts: [{ id: 'a' }, { id: 'b' }], maker: null });
const pumps = {
  Query: {
    // Three of however many were asked for, one of them gone.
    pumps: () => [pump('1'), null, pump('2')],
    one: (_: unknown, { id }: { id: string }) => pump(id),
    things: () => [pump('1'), { __typename: 'Valve', id: '9', pump: pump('3') }],
    search: () => null,
    grid: () => [[pump('1'), pump('2')], null, [pump('3')]],
    strict: () => [pump('1'), null],
    dear: () => pump('1'),
    huge: () => [{ more: [pump('1'), pump('2')] }],
    many: () => Array.from({ length: 30 }, (_, i) => pump(String(i))),
  },
  Mutation: { stop: () => 1, start: () => pump('1') },
};
const notes = {
  Query: { ping: () => 1 },
  Pump: {
    __resolveReference: async ({ id }: { id: string }) => ({ id }),
    notes: ({ id }: { id: string }) => Array.from({ length: Number(id) }, () => ({ text: 'x' })),
  },
};

const local = (sdl: string, resolvers: object) =>
  createLocalExecutor(buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]));

const graph = () =>
  createGraph(
    [
      { name: 'pumps', sdl: pumpsSdl },
      { name: 'notes', sdl: notesSdl },
    ],
    { executors: { pumps: local(pumpsSdl, pumps), notes: local(notesSdl, notes) } },
  );

/** Runs operations and settles them; gives each report. */
async function start(limits: CostLimits = wide) {
  const engine = await graph();
  const clock = new SimulatedClock(0);
  const guard = new CostGuard(clock, limits, engine);
  const principal = principalOf('ada');
  const run = async (
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    { asText = false } = {},
  ) => {
    let report: CostReport | undefined;
    const { errors = [] } = await engine.execute({
      document: parse(query),
      variables,
      asText,
      context: { principal, requestId: 'r', signal: new AbortController().signal },
      onPlanned: (planned, coerced) => {
        const charged = (report = guard.charge(planned, coerced, principal));
        return (ran) => void (report = guard.settle(charged, planned, coerced, principal, ran));
      },
    });
    const [refusal] = errors.map(({ originalError }) => originalError).filter((error) => isHubError(error));
    if (!report) throw refusal ?? errors[0] ?? new Error('it was not planned');
    return { ...report, errors: errors.map(({ message }) => message) };
  };
  return { run, clock };
}

test('what ran is counted by the weights of the estimate', async () => {
  const { run } = await start();
  const cases: [query: string, estimated: number, actual: number, variables?: Record<string, unknown>][] = [
    ['{ ping }', 0, 0],
    ['{ one(id: 1) { id maker { name } } }', 2, 1],
    ['{ pumps(first: 50) { id } }', 50, 2],
    ['{ pumps(first: 50) { id parts { id } } }', 550, 2 + 4],
    // Two pumps, asked about once each, with one and two notes.
    ['{ pumps(first: 50) { notes { text } } }', 50 + 500 + 50, 2 + 3 + 2],
    ['{ a: one(id: 1) { id } b: one(id: 1) { notes { text } } }', 1 + 1 + 10 + 1, 1 + 1 + 1 + 1],
    ['{ things { id ... on Valve { pump { id } } ... on Pump { maker { name } } } }', 30, 2 + 1],
    ['{ grid { id } }', 10, 3],
    ['{ dear { id } }', 40, 40],
    ['{ search(text: "x") { id } }', 7 + 10, 7],
    ['query ($t: String) { search(text: $t) { id } }', 10, 0, {}],
    ['query ($t: String) { search(text: $t) { id } }', 17, 7, { t: 'x' }],
    ['query ($x: Boolean!) { one(id: 1) { id parts @include(if: $x) { id } } }', 1, 1, { x: false }],
    ['{ ...A ...A } fragment A on Query { one(id: 2) { parts { id } } }', 11, 3],
    ['mutation { stop start { id } }', 21, 21],
    ['{ __typename one(id: 1) { __typename } }', 1, 1],
  ];
  for (const [query, estimated, actual, variables] of cases)
    for (const asText of [false, true]) {
      const report = await run(query, variables, { asText });
      assert.deepEqual([report.estimated, report.actual, report.errors], [estimated, actual, []], query);
    }
});

test('what was estimated too high comes back to the tenant, what was too low is taken', async () => {
  const { run, clock } = await start({ ...wide, perTenant: { amount: 100, windowMs: 1_000 } });
  const fifty = '{ pumps(first: 50) { id } }';
  assert.equal((await run(fifty)).remaining, 98);
  for (let left = 96; left >= 50; left -= 2) assert.equal((await run(fifty)).remaining, left);
  await clock.advance(60_000);
  const many = await run('{ many { id } }');
  assert.deepEqual([many.estimated, many.actual, many.remaining], [2, 30, 70]);
});

test('an answer with errors gives nothing back: it holds less than was made for it', async () => {
  const { run } = await start({ ...wide, perTenant: { amount: 100, windowMs: 1_000 } });
  const report = await run('{ strict(first: 60) { id } }');
  assert.deepEqual([report.errors.length, report.actual, report.remaining], [1, 0, 40]);
});

test('what is owed is at most one window', async () => {
  const { run, clock } = await start({ ...wide, perTenant: { amount: 10, windowMs: 1_000 } });
  assert.equal((await run('{ many { id } }')).remaining, 0);
  await assert.rejects(run('{ many { id } }'), (error) => {
    assert.ok(isHubError(error, 'RATE_LIMITED'));
    assert.deepEqual([error.details['remaining'], error.details['retryAfterMs']], [0, 1_200]);
    return true;
  });
  await clock.advance(1_200);
  assert.equal((await run('{ many { id } }')).estimated, 2);
});

test('what was estimated beyond any number runs where nothing limits it, and costs what it made', async () => {
  const { run } = await start();
  const report = await run('{ huge(limit: 1e300) { more(limit: 1e300) { id } } }');
  assert.deepEqual([report.estimated, report.actual, report.errors], [Infinity, 1 + 2, []]);
});

test('an alias that is the name of a key does not hide from what counts', async () => {
  const { run } = await start();
  const cases: [query: string, actual: number][] = [
    ['{ id: pumps(first: 50) { id: parts { id } } }', 2 + 4],
    ['{ pumps(first: 50) { id: notes { text } } }', 2 + 3 + 2],
    ['mutation { id: start { id } }', 11],
  ];
  for (const [query, actual] of cases)
    for (const asText of [true, false])
      assert.equal((await run(query, {}, { asText })).actual, actual, `${query} ${asText}`);
});
