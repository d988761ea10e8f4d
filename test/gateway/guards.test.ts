import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { getIntrospectionQuery, print, parse } from 'graphql';
import { SimulatedClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { consoleDocuments } from '#gateway/guards/documents/console-documents.ts';
import { parseManifest, readManifest } from '#gateway/guards/documents/manifest.ts';
import { TrustedDocuments } from '#gateway/guards/documents/trusted-documents.ts';
import { TokenBuckets } from '#gateway/guards/rates.ts';
import { RequestRates } from '#gateway/guards/request-rates.ts';
import type { Principal } from '#ontology/principal.ts';
import { bodyOf, principalOf, startGateway, type Running } from './support.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Sends a body as it is; gives status, data, the first error's code and its details. */
async function send({ url }: Running, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data, errors } = await bodyOf(response);
  const extensions = errors?.[0].extensions;
  return { status: response.status, data, code: extensions?.code, details: extensions?.details };
}

async function manifestFile(t: TestContext, content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'manifest.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('persisted queries: the hash alone is enough once the text came with it', async (t) => {
  const running = await startGateway(t);
  const query = '{ whoami }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
  const first = await send(running, { extensions });
  assert.deepEqual([first.status, first.code], [200, 'PERSISTED_QUERY_NOT_FOUND']);
  assert.deepEqual((await send(running, { query, extensions })).data, { whoami: 'ada' });
  assert.deepEqual((await send(running, { extensions })).data, { whoami: 'ada' });
  const search = new URLSearchParams({ extensions: JSON.stringify(extensions) });
  const got = await fetch(`${running.url}/graphql?${search}`, { headers: { authorization: 'Bearer bob' } });
  assert.deepEqual(await got.json(), { data: { whoami: 'bob' } });
  const wrong = await send(running, { query: '{ ping }', extensions });
  assert.deepEqual([wrong.status, wrong.code], [400, 'INVALID_INPUT']);
  const version = await send(running, { extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } });
  assert.deepEqual([version.status, version.code], [400, 'INVALID_INPUT']);
});

test('persisted queries: what is not valid is not kept, and the oldest go first', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_PERSISTED_QUERIES: '2' } });
  const persisted = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(query) } });
  await send(running, { query: '{ nothing }', extensions: persisted('{ nothing }') });
  assert.equal(
    (await send(running, { extensions: persisted('{ nothing }') })).code,
    'PERSISTED_QUERY_NOT_FOUND',
  );
  for (const query of ['{ a: ping }', '{ b: ping }', '{ c: ping }'])
    assert.equal((await send(running, { query, extensions: persisted(query) })).status, 200);
  assert.equal(
    (await send(running, { extensions: persisted('{ a: ping }') })).code,
    'PERSISTED_QUERY_NOT_FOUND',
  );
  assert.deepEqual((await send(running, { extensions: persisted('{ c: ping }') })).data, { c: 'pong' });
  const off = await startGateway(t, { env: { TWINHUB_PERSISTED_QUERIES: '0' } });
  assert.equal(
    (await send(off, { extensions: persisted('{ ping }') })).code,
    'PERSISTED_QUERY_NOT_SUPPORTED',
  );
});

test('trusted documents: only those of the manifest run, named or written out', async (t) => {
  const text = 'query Who { whoami }';
  const manifest = await manifestFile(t, { 'who-1': text, other: 'query Ping { ping }' });
  const running = await startGateway(t, {
    env: { TWINHUB_TRUSTED_DOCUMENTS: 'enforce', TWINHUB_TRUSTED_DOCUMENT_FILES: manifest },
    deps: { trustedDocuments: [{ id: 'wired', text: '{ at: ping }' }] },
  });
  const who = { whoami: 'ada' };
  assert.deepEqual((await send(running, { documentId: 'who-1' })).data, who);
  assert.deepEqual((await send(running, { doc_id: 'who-1' })).data, who);
  assert.deepEqual((await send(running, { documentId: 'wired' })).data, { at: 'pong' });
  assert.deepEqual((await send(running, { id: 'who-1' })).data, who);
  assert.deepEqual((await send(running, { documentId: `sha256:${hashOf(text)}` })).data, who);
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(text) } };
  assert.deepEqual((await send(running, { extensions })).data, who);
  assert.deepEqual((await send(running, { query: text })).data, who);
  assert.deepEqual((await send(running, { query: print(parse(text)) })).data, who, 'printed otherwise');
  const other = await send(running, { query: '{ whoami }' });
  assert.deepEqual([other.status, other.code, other.details?.rule], [403, 'FORBIDDEN', 'trustedDocuments']);
  const unknown = await send(running, { documentId: 'who-2' });
  assert.deepEqual([unknown.status, unknown.code], [404, 'NOT_FOUND']);
  const learnt = {
    query: '{ ping }',
    extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('{ ping }') } },
  };
  assert.equal((await send(running, learnt)).code, 'FORBIDDEN', 'clients cannot add any');
  await assert.rejects(
    async () => {
      for await (const _ of running.wsClient().iterate({ query: 'subscription { mine }' }))
        assert.fail('an event came');
    },
    (error) => JSON.stringify(error).includes('trustedDocuments'),
  );
});

test('trusted documents: logging names each stranger once and lets it run', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_TRUSTED_DOCUMENTS: 'log' } });
  for (let i = 0; i < 3; i += 1)
    assert.deepEqual((await send(running, { query: '{ whoami }' })).data, { whoami: 'ada' });
  const lines = running.log.lines.filter(({ level }) => level === 'warn');
  assert.deepEqual(
    lines.map((line) => line['sha256']),
    [hashOf('{ whoami }')],
  );
});

test('the documents of the console are trusted without a manifest', () => {
  const trusted = new TrustedDocuments();
  const documents = consoleDocuments();
  assert.ok(documents.length >= 15, `only ${documents.length} were found`);
  for (const { id, text } of documents) trusted.add(id, text);
  assert.ok(documents.some(({ text }) => text.startsWith('mutation Decide')));
  assert.ok(documents.every(({ id, text }) => trusted.includes(text) && trusted.byId(id) === text));
  assert.equal(trusted.includes('{ viewer { name } }'), false);
});

test('manifests of Relay and of Apollo are read; others are refused with the reason', async (t) => {
  assert.deepEqual(parseManifest({ a: '{ a }' }), [{ id: 'a', text: '{ a }' }]);
  const operations = [{ id: 'x', name: 'X', type: 'query', body: '{ x }' }];
  const format = 'apollo-persisted-query-manifest';
  assert.deepEqual(parseManifest({ format, version: 1, operations }), [{ id: 'x', text: '{ x }' }]);
  const wrong: [unknown, RegExp][] = [
    ['[]', /not an object/],
    [{ a: 1 }, /document a is not a text/],
    [{ format: 'another', operations }, /format "another"/],
    [{ format, version: 2, operations }, /version 2/],
    [{ format, version: 1, operations: [{ id: 'x' }] }, /operation 0/],
    ['{', /JSON/],
  ];
  for (const [content, reason] of wrong) {
    const path = await manifestFile(t, content);
    await assert.rejects(
      readManifest(path),
      (error) => isHubError(error, 'CONFIG_INVALID') && reason.test(error.message),
    );
  }
  await assert.rejects(readManifest('/nowhere/at/all.json'), (error) => isHubError(error, 'CONFIG_INVALID'));
});

test('a bucket gives back evenly, never more than it holds', async () => {
  const clock = new SimulatedClock(0);
  const buckets = new TokenBuckets(clock, { amount: 10, windowMs: 1_000 });
  assert.deepEqual(buckets.take('a', 10), { ok: true, remaining: 0, retryAfterMs: 0 });
  assert.deepEqual(buckets.take('a', 1), { ok: false, remaining: 0, retryAfterMs: 100 });
  assert.equal(buckets.take('b', 1).remaining, 9, 'another key has its own');
  await clock.advance(250);
  assert.deepEqual(buckets.take('a', 2), { ok: true, remaining: 0, retryAfterMs: 0 });
  await clock.advance(100_000);
  assert.equal(buckets.take('a', 1).remaining, 9);
  assert.deepEqual(buckets.take('a', 11), { ok: false, remaining: 9, retryAfterMs: 100 });
});

test('a principal that is too fast is refused and does not use up what its tenant may', async () => {
  const clock = new SimulatedClock(0);
  const rate = (amount: number) => ({ amount, windowMs: 1_000 });
  const rates = new RequestRates(clock, { perPrincipal: rate(2), perTenant: rate(5) });
  const limitOf = (principal: Principal) => {
    try {
      rates.count(principal);
      return null;
    } catch (error) {
      assert.ok(isHubError(error, 'RATE_LIMITED'));
      return [error.details['limit'], error.details['max'], error.details['retryAfterMs']];
    }
  };
  const [ada, bob, cleo] = ['ada', 'bob', 'cleo'].map(principalOf) as [Principal, Principal, Principal];
  assert.deepEqual([limitOf(ada), limitOf(ada)], [null, null]);
  for (let i = 0; i < 10; i += 1) assert.deepEqual(limitOf(ada), ['requestsPerPrincipal', 2, 500]);
  assert.deepEqual([limitOf(bob), limitOf(bob), limitOf(cleo)], [null, null, null]);
  assert.deepEqual(limitOf(cleo), ['requestsPerTenant', 5, 200]);
  await clock.advance(1_000);
  assert.equal(limitOf(ada), null);
});

test('too many requests are told with 429 and when to come back; streams count too', async (t) => {
  const clock = new SimulatedClock(0);
  const running = await startGateway(t, {
    clock,
    env: { TWINHUB_MAX_REQUESTS_PER_PRINCIPAL: '3', TWINHUB_RATE_WINDOW_MS: '6000' },
  });
  for (let i = 0; i < 3; i += 1) assert.equal((await running.post('{ ping }')).status, 200);
  const refused = await running.post('{ ping }');
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '2']);
  const [{ extensions }] = (await bodyOf(refused)).errors;
  assert.deepEqual(
    [extensions.code, extensions.details.limit, extensions.details.max],
    ['RATE_LIMITED', 'requestsPerPrincipal', 3],
  );
  assert.equal((await running.post('{ ping }', { token: 'bob' })).status, 200);
  const stream = await fetch(`${running.url}/graphql/stream?query={ping}`, {
    headers: { authorization: 'Bearer ada', accept: 'text/event-stream' },
  });
  assert.equal(stream.status, 429);
  await clock.advance(6_000);
  assert.equal((await running.post('{ ping }')).status, 200);
});

test('the cost comes with the answer; what costs too much is refused before it runs', async (t) => {
  const running = await startGateway(t, {
    clock: new SimulatedClock(0),
    env: { TWINHUB_SHOW_COST: 'true', TWINHUB_MAX_COST: '2', TWINHUB_MAX_COST_PER_TENANT: '4' },
  });
  const costOf = async (query: string) => {
    const response = await running.post(query);
    const body = (await response.json()) as { extensions?: unknown };
    return [response.status, body.extensions];
  };
  assert.deepEqual(await costOf('{ whoami }'), [
    200,
    { cost: { estimated: 0, actual: 0, limit: 2, remaining: 4 } },
  ]);
  assert.deepEqual(await costOf('{ box { a box { b } } }'), [
    200,
    { cost: { estimated: 2, actual: 2, limit: 2, remaining: 2 } },
  ]);
  const dear = await send(running, { query: '{ whoami box { box { box { a } } } }' });
  assert.deepEqual(
    [dear.status, dear.code, dear.details?.limit, dear.details?.max],
    [400, 'LIMIT_EXCEEDED', 'cost', 2],
  );
  assert.equal(running.plant.contexts.length, 1, 'only the first operation asked who it is');
  assert.equal((await running.post('{ box { box { a } } }')).status, 200);
  const spent = await send(running, { query: '{ box { a } }' });
  assert.deepEqual([spent.status, spent.code, spent.details?.limit], [429, 'RATE_LIMITED', 'costPerTenant']);
});

test('introspection is off where it is set so, and errors then suggest no names', async (t) => {
  const off = await startGateway(t, { env: { TWINHUB_INTROSPECTION: 'off' } });
  for (const query of [
    getIntrospectionQuery(),
    '{ __type(name: "Query") { name } }',
    '{ ...F } fragment F on Query { s: __schema { types { name } } }',
  ]) {
    const refused = await send(off, { query });
    assert.deepEqual(
      [refused.status, refused.code, refused.details?.rule],
      [403, 'FORBIDDEN', 'introspection'],
    );
  }
  const wrong = await bodyOf(off.post('{ whoamI }'));
  assert.equal(wrong.errors[0].message, 'Cannot query field "whoamI" on type "Query".');
  assert.deepEqual((await send(off, { query: '{ __typename }' })).data, { __typename: 'Query' });
  const on = await startGateway(t);
  assert.match((await bodyOf(on.post('{ whoamI }'))).errors[0].message, /Did you mean "whoami"/);
  assert.equal((await send(on, { query: '{ __schema { queryType { name } } }' })).code, undefined);
  const nobody = { ...principalOf('nobody'), anonymous: true };
  const open = await startGateway(t, { deps: { authenticate: async () => nobody } });
  assert.equal(
    (await send(open, { query: '{ __schema { queryType { name } } }' })).details?.rule,
    'introspection',
  );
  const everyone = await startGateway(t, {
    env: { TWINHUB_INTROSPECTION: 'everyone' },
    deps: { authenticate: async () => nobody },
  });
  assert.equal((await send(everyone, { query: '{ __schema { queryType { name } } }' })).code, undefined);
});

test('a query plan is shown to those who may ask for it', async (t) => {
  const authenticate = async ({
    authorization,
  }: {
    authorization?: string | undefined;
  }): Promise<Principal> => ({
    ...principalOf(authorization?.slice(7) ?? 'ada'),
    roles: authorization?.endsWith('ida') ? ['integrator'] : ['operator'],
  });
  const running = await startGateway(t, { deps: { authenticate } });
  const planOf = async (token: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as {
      extensions?: {
        queryPlan?: { kind: string; node: { kind: string; serviceName?: string; nodes?: object[] } };
      };
      errors?: { extensions: { code: string } }[];
    };
    return answer.errors?.[0]?.extensions.code ?? answer.extensions?.queryPlan;
  };
  const query = '{ whoami }';
  const plan = await planOf('ida', { query, extensions: { queryPlan: true } });
  assert.ok(typeof plan === 'object');
  assert.deepEqual([plan.kind, plan.node.kind, plan.node.serviceName], ['QueryPlan', 'Fetch', 'assets']);
  assert.deepEqual(await planOf('ida', { query }, { 'x-twinhub-plan': 'true' }), plan);
  assert.equal(await planOf('ida', { query }), undefined);
  assert.equal(await planOf('ada', { query, extensions: { queryPlan: true } }), 'FORBIDDEN');
  const mutation = 'mutation { a: rename(id: 1, name: "x") { name } b: rename(id: 2, name: "y") { name } }';
  const two = await planOf('ida', { query: mutation }, { 'x-twinhub-plan': 'true' });
  assert.ok(typeof two === 'object');
  assert.deepEqual([two.node.kind, two.node.nodes?.length], ['Sequence', 2]);
});

test('pages of allowed origins may read answers, refusals included; others may not', async (t) => {
  const origin = 'https://console.example';
  const { url } = await startGateway(t, { env: { TWINHUB_ALLOWED_ORIGINS: origin } });
  const ask = (headers: Record<string, string>, method = 'POST', token: string | null = 'ada') =>
    fetch(`${url}/graphql`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(method === 'POST' ? { body: '{"query":"{ ping }"}' } : {}),
    });
  const corsOf = ({ headers }: Response) => [
    headers.get('access-control-allow-origin'),
    headers.get('access-control-allow-credentials'),
    headers.get('vary'),
  ];
  assert.deepEqual(corsOf(await ask({ origin })), [origin, 'true', 'Origin']);
  assert.deepEqual(corsOf(await ask({ origin: 'https://evil.example' })), [null, null, 'Origin']);
  assert.deepEqual(corsOf(await ask({})), [null, null, 'Origin'], 'a cache must tell them apart');
  const refused = await ask({ origin }, 'POST', null);
  assert.deepEqual([refused.status, corsOf(refused)[0]], [401, origin]);
  const preflight = await ask(
    { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    'OPTIONS',
    null,
  );
  assert.deepEqual([preflight.status, corsOf(preflight)[0]], [204, origin]);
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /content-type/);
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/);
  assert.equal(preflight.headers.get('access-control-max-age'), '600');
  const foreign = await ask({ origin: 'https://evil.example' }, 'OPTIONS', null);
  assert.deepEqual([foreign.status, corsOf(foreign)[0]], [204, null]);
  assert.equal(
    corsOf(await fetch(`${url}/health`, { headers: { origin } }))[0],
    null,
    'only what is for pages',
  );
});

test('a head that is too large is refused with its number, and what is no HTTP with 400', async (t) => {
  const { url } = await startGateway(t, { env: { TWINHUB_MAX_HEADER_BYTES: '2048' } });
  const answerTo = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let got = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (data) => (got += String(data)));
      socket.on('error', reject).on('close', () => resolve(got));
    });
  const large = await answerTo(
    `GET /health HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(4_000)}\r\n\r\n`,
  );
  assert.match(large, /^HTTP\/1\.1 431 /);
  const [, body = ''] = large.split('\r\n\r\n');
  const [{ extensions }] = (
    JSON.parse(body) as { errors: [{ extensions: { code: string; details: object } }] }
  ).errors;
  assert.deepEqual(
    [extensions.code, extensions.details],
    ['LIMIT_EXCEEDED', { limit: 'headerBytes', max: 2048 }],
  );
  assert.match(await answerTo('this is no HTTP\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*INVALID_INPUT/);
});

test('a document is limited in characters, before anything reads it', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_QUERY_CHARACTERS: '100' } });
  assert.equal((await send(running, { query: `{ ping } #${'x'.repeat(80)}` })).code, undefined);
  const { status, code, details } = await send(running, { query: `{ ping } #${'x'.repeat(100)}` });
  assert.deepEqual([status, code, details?.limit, details?.max], [400, 'LIMIT_EXCEEDED', 'characters', 100]);
});

test('directives are limited, fragments expanded', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_QUERY_DIRECTIVES: '3' } });
  const query = (n: number) =>
    `{ ping ${'...A '.repeat(n)} } fragment A on Query { ping @include(if: true) }`;
  assert.equal((await send(running, { query: query(3) })).code, undefined);
  const { code, details } = await send(running, { query: query(4) });
  assert.deepEqual([code, details?.limit, details?.max], ['LIMIT_EXCEEDED', 'directives', 3]);
});
