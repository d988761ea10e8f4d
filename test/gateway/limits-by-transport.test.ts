import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { startGateway, type Running } from './support.ts';

/** A refusal, wherever the transport has it: as the answer, in a stream, or in a message. */
interface Refusal {
  readonly code: string | undefined;
  readonly limit: string | undefined;
  readonly max: number | undefined;
  /** HTTP status, `null` where there is none of the operation's own. */
  readonly status: number | null;
  readonly retryAfter: string | null;
}

type Send = (running: Running, query: string, headers?: Record<string, string>) => Promise<Refusal>;

interface ErrorShape {
  readonly extensions?: { readonly code?: string; readonly details?: { limit?: string; max?: number } };
}

function refusalOf(errors: readonly ErrorShape[] | undefined, response: Response | null): Refusal {
  const { code, details } = errors?.[0]?.extensions ?? {};
  return {
    code,
    limit: details?.limit,
    max: details?.max,
    status: response?.status ?? null,
    retryAfter: response?.headers.get('retry-after') ?? null,
  };
}

/** The errors in an answer, or in any part of a stream of answers. */
async function readErrors(response: Response): Promise<readonly ErrorShape[] | undefined> {
  const text = await response.text();
  const pieces = text.split(/\r?\n/).map((line) => line.replace(/^data: ?/, ''));
  for (const piece of pieces.filter((line) => line.startsWith('{'))) {
    const body = JSON.parse(piece) as { errors?: ErrorShape[]; payload?: { errors?: ErrorShape[] } };
    const errors = body.errors ?? body.payload?.errors;
    if (errors) return errors;
  }
  return undefined;
}

const http =
  (method: 'GET' | 'POST', accept: string, path = '/graphql'): Send =>
  async ({ url }, query, headers = {}) => {
    const search = method === 'GET' ? `?${new URLSearchParams({ query })}` : '';
    const response = await fetch(`${url}${path}${search}`, {
      method,
      headers: {
        authorization: 'Bearer ada',
        accept,
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(method === 'POST' ? { body: JSON.stringify({ query }) } : {}),
    });
    return refusalOf(await readErrors(response), response);
  };

const webSocket: Send = async ({ wsClient }, query) => {
  const results = wsClient().iterate({ query });
  try {
    const { value } = await results.next();
    await results.return?.();
    return refusalOf((value as { errors?: ErrorShape[] }).errors, null);
  } catch (errors) {
    return refusalOf(errors as ErrorShape[], null);
  }
};

const json = 'application/graphql-response+json';
const transports: Readonly<Record<string, Send>> = {
  POST: http('POST', json),
  GET: http('GET', json),
  'server-sent events (POST)': http('POST', 'text/event-stream'),
  'server-sent events (GET)': http('GET', 'text/event-stream', '/graphql/stream'),
  multipart: http('POST', 'multipart/mixed;subscriptionSpec=1.0,application/json'),
  'graphql-transport-ws': webSocket,
};

interface Case {
  readonly name: string;
  readonly env: Record<string, string>;
  readonly query: string;
  readonly code: string;
  readonly max: number;
  readonly status: number;
  /** Operations that are let through before. @default 0 */
  readonly before?: number;
}

const size = { code: 'LIMIT_EXCEEDED', status: 400 };
const rate = { code: 'RATE_LIMITED', status: 429 };
const day = { TWINHUB_RATE_WINDOW_MS: '86400000' };
const variables = Array.from({ length: 20 }, (_, i) => `$v${i}: Int`).join(' ');

const cases: readonly Case[] = [
  {
    name: 'characters',
    env: { TWINHUB_MAX_QUERY_CHARACTERS: '400' },
    query: `{ ping } #${'x'.repeat(400)}`,
    max: 400,
    ...size,
  },
  {
    name: 'tokens',
    env: { TWINHUB_MAX_QUERY_TOKENS: '60' },
    query: `query (${variables}) { ping }`,
    max: 60,
    ...size,
  },
  {
    name: 'depth',
    env: { TWINHUB_MAX_QUERY_DEPTH: '4' },
    query: '{ box { box { box { box { a } } } } }',
    max: 4,
    ...size,
  },
  {
    name: 'aliases',
    env: { TWINHUB_MAX_QUERY_ALIASES: '3' },
    query: '{ a: ping b: ping c: ping d: ping }',
    max: 3,
    ...size,
  },
  {
    name: 'rootFields',
    env: { TWINHUB_MAX_QUERY_ROOT_FIELDS: '3' },
    query: '{ ping whoami boom refused }',
    max: 3,
    ...size,
  },
  {
    name: 'fields',
    env: { TWINHUB_MAX_QUERY_FIELDS: '8' },
    query: '{ box { a b c d e box { a b } } }',
    max: 8,
    ...size,
  },
  {
    name: 'directives',
    env: { TWINHUB_MAX_QUERY_DIRECTIVES: '2' },
    query: '{ ping @include(if: true) whoami @skip(if: false) refused @skip(if: false) }',
    max: 2,
    ...size,
  },
  {
    name: 'repeatedFields',
    env: {},
    query: `{ ${'ping '.repeat(300)} }`,
    max: 20_000,
    ...size,
  },
  {
    name: 'cost',
    env: { TWINHUB_MAX_COST: '1' },
    query: '{ box { box { a } } }',
    max: 1,
    ...size,
  },
  {
    name: 'costPerTenant',
    env: { TWINHUB_MAX_COST_PER_TENANT: '3', ...day },
    query: '{ box { box { a } } }',
    max: 3,
    before: 1,
    ...rate,
  },
  {
    name: 'costPerTenant',
    env: { TWINHUB_MAX_COST_PER_TENANT: '1', ...day },
    query: '{ box { box { a } } }',
    max: 1,
    ...size,
  },
  {
    name: 'requestsPerPrincipal',
    env: { TWINHUB_MAX_REQUESTS_PER_PRINCIPAL: '1', ...day },
    query: '{ whoami }',
    max: 1,
    before: 1,
    ...rate,
  },
  {
    name: 'requestsPerTenant',
    env: { TWINHUB_MAX_REQUESTS_PER_TENANT: '2', ...day },
    query: '{ whoami }',
    max: 2,
    before: 2,
    ...rate,
  },
];

for (const { name, env, query, before = 0, ...wanted } of cases)
  test(`${name}: refused over each transport with its name and number, and nothing is fetched`, async (t) => {
    for (const [transport, send] of Object.entries(transports)) {
      const running = await startGateway(t, { env });
      for (let i = 0; i < before; i += 1) assert.equal((await send(running, query)).code, undefined);
      const fetches = JSON.stringify(running.gateway.stats().engine.fetches);
      const { code, limit, max, status, retryAfter } = await send(running, query);
      const ownStatus = status === null ? {} : { status: wanted.status };
      assert.deepEqual(
        { code, limit, max, ...(status === null ? {} : { status }) },
        { code: wanted.code, limit: name, max: wanted.max, ...ownStatus },
        transport,
      );
      const tellsWhen = status !== null && wanted.status === 429;
      assert.equal(Number(retryAfter) > 0, tellsWhen, `${transport}: Retry-After is ${retryAfter}`);
      const { engine } = running.gateway.stats();
      assert.equal(JSON.stringify(engine.fetches), fetches, transport);
      if (wanted.status === 400 && !name.startsWith('cost'))
        assert.equal(engine.compiled, 0, `${transport}: nothing was planned`);
    }
  });

test('deadline: each transport gives what there is, with the code at its place', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_REQUEST_TIMEOUT_MS: '100' } });
  for (const [transport, send] of Object.entries(transports)) {
    const { code, status } = await send(running, '{ ping hang }');
    assert.equal(code, 'DEADLINE_EXCEEDED', transport);
    assert.ok(status === null || status === 200, transport);
  }
});

test('bytes of a body or of a message', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_BODY_BYTES: '2000' } });
  const query = `{ ping } #${'x'.repeat(3_000)}`;
  for (const [transport, send] of Object.entries(transports)) {
    if (transport.includes('GET') || send === webSocket) continue;
    const { code, limit, max, status } = await send(running, query);
    assert.deepEqual([code, limit, max, status], ['LIMIT_EXCEEDED', 'bodyBytes', 2_000, 413], transport);
  }
  // There is no message of an operation yet that an error could answer. @see RFC 6455, 7.4.1
  assert.equal(await closeCodeAfter(t, running, JSON.stringify({ type: 'ping', payload: { query } })), 1009);
});

test('bytes of a head', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_HEADER_BYTES: '2000' } });
  const headers = { 'x-long': 'x'.repeat(4_000) };
  for (const [transport, send] of Object.entries(transports)) {
    if (send === webSocket) continue;
    const { code, limit, max, status } = await send(running, '{ ping }', headers);
    assert.deepEqual([code, limit, max, status], ['LIMIT_EXCEEDED', 'headerBytes', 2_000, 431], transport);
  }
  const upgrade = new WebSocket(`${running.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers,
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  upgrade.on('error', ({ message }) => resolve(message));
  assert.match(await promise, /431/);
});

test('operations of a batch count as many, and too many are refused together', async (t) => {
  const running = await startGateway(t, {
    env: { TWINHUB_MAX_BATCH: '3', TWINHUB_MAX_REQUESTS_PER_PRINCIPAL: '3', ...day },
  });
  const batch = async (length: number, accept: string) => {
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer ada', 'content-type': 'application/json', accept },
      body: JSON.stringify(Array.from({ length }, () => ({ query: '{ ping }' }))),
    });
    return refusalOf(await readErrors(response), response);
  };
  const tooMany = await batch(4, json);
  assert.deepEqual([tooMany.status, tooMany.limit, tooMany.max], [400, 'batch', 3]);
  for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])
    assert.deepEqual((await batch(1, accept)).code, 'INVALID_INPUT', 'streams take one operation');
  assert.equal((await batch(3, json)).status, 200);
  assert.equal((await transports['POST']?.(running, '{ ping }'))?.limit, 'requestsPerPrincipal');
});

async function closeCodeAfter(t: TestContext, { url }: Running, message: string): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  t.after(() => socket.terminate());
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.on('close', (code) => resolve(code));
  socket.on('open', () => {
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: 'ada' } }));
    socket.once('message', () => socket.send(message));
  });
  return promise;
}
