import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SimulatedClock } from '#kernel/clock.ts';
import { listening, startGateway, until, withoutPosition, type Running } from './support.ts';

interface Heard {
  readonly values: unknown[];
  error: unknown;
  completed: boolean;
  stop(): void;
}

function listen(client: Client, query: string, variables?: Record<string, unknown>): Heard {
  const heard: Heard = { values: [], error: undefined, completed: false, stop() {} };
  heard.stop = client.subscribe(
    { query, ...(variables ? { variables } : {}) },
    {
      next: (value) => void heard.values.push(withoutPosition(value)),
      error: (error) => (heard.error = error),
      complete: () => (heard.completed = true),
    },
  );
  return heard;
}

/** A socket that speaks the protocol by hand. */
async function openSocket(
  { url }: Running,
  options: { headers?: Record<string, string>; protocol?: string; path?: string } = {},
) {
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}${options.path ?? '/graphql'}`,
    options.protocol ?? 'graphql-transport-ws',
    {
      headers: options.headers ?? {},
    },
  );
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const send = (message: object | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const closed = once(socket, 'close').then(([code, reason]) => [Number(code), String(reason)] as const);
  return { socket, messages, send, closed };
}

test('queries, mutations and subscriptions with joined fields run over one connection', async (t) => {
  const running = await startGateway(t);
  const client = running.wsClient();
  const query = listen(client, '{ whoami }');
  await until(() => query.completed);
  assert.deepEqual(query.values, [{ data: { whoami: 'ada' } }]);
  const stream = listen(client, 'subscription ($of: ID) { reading(of: $of) { v: value asset { name } } }', {
    of: 'p1',
  });
  await until(() => running.plant.readings.listenerCount === 1);
  running.plant.readings.publish({ id: 'p2', value: 1 });
  running.plant.readings.publish({ id: 'p1', value: 2 });
  await until(() => stream.values.length === 1);
  assert.deepEqual(stream.values, [{ data: { reading: { v: 2, asset: { name: 'asset p1' } } } }]);
  stream.stop();
  await until(() => running.plant.readings.listenerCount === 0);
});

test('fifty subscribers share one upstream, each event completed once, and the last one out stops it', async (t) => {
  const running = await startGateway(t);
  const clients = Array.from({ length: 50 }, () => running.wsClient());
  const all = clients.map((client) => listen(client, 'subscription { reading { id asset { name } } }'));
  await listening(running, 50);
  assert.equal(running.gateway.stats().upstreams, 1);
  assert.equal(running.plant.sources.length, 1);
  for (const id of ['1', '2', '3']) running.plant.readings.publish({ id, value: 1 });
  await until(() => all.every(({ values }) => values.length === 3));
  assert.equal(running.gateway.stats().events, 3);
  assert.equal(running.gateway.stats().engine.fetches['assets'], 3);
  all.slice(1).forEach(({ stop }) => stop());
  await listening(running, 1);
  assert.equal(running.plant.stopped, 0);
  all[0]?.stop();
  await until(() => running.plant.stopped === 1);
  assert.equal(running.gateway.stats().upstreams, 0);
});

test('another person, other variables or another operation get a stream of their own', async (t) => {
  const running = await startGateway(t);
  const ada = running.wsClient('ada');
  const bob = running.wsClient('bob');
  const mine = [listen(ada, 'subscription { mine }'), listen(bob, 'subscription { mine }')];
  listen(ada, 'subscription ($of: ID) { reading(of: $of) { id } }', { of: '1' });
  listen(ada, 'subscription ($of: ID) { reading(of: $of) { id } }', { of: '2' });
  listen(running.wsClient('ada@99999999999999'), 'subscription { mine }');
  await listening(running, 5);
  assert.equal(running.gateway.stats().upstreams, 4);
  running.plant.readings.publish({ id: '1', value: 1 });
  await until(() => mine.every(({ values }) => values.length === 1));
  assert.deepEqual(
    mine.map(({ values }) => values[0]),
    [{ data: { mine: 'ada' } }, { data: { mine: 'bob' } }],
  );
});

test('each event has a context of its own that ends with it', async (t) => {
  const running = await startGateway(t);
  const stream = listen(running.wsClient(), 'subscription { mine }');
  await until(() => running.plant.readings.listenerCount === 1);
  running.plant.readings.publish({ id: '1', value: 1 });
  running.plant.readings.publish({ id: '1', value: 1 });
  await until(() => stream.values.length === 2);
  assert.equal(new Set(running.plant.contexts.map(({ requestId }) => requestId)).size, 2);
});

test('a client that vanishes without a word on a quiet stream stops its source', async (t) => {
  const running = await startGateway(t);
  const client = running.wsClient();
  listen(client, 'subscription { reading { id } }');
  await until(() => running.plant.readings.listenerCount === 1);
  client.terminate();
  await until(() => running.plant.stopped === 1);
  assert.equal(running.plant.readings.listenerCount, 0);
});

test('a refused subscription and a broken document reach the client as errors with their code', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_QUERY_DEPTH: '2' } });
  const client = running.wsClient();
  const codeOf = (heard: Heard) =>
    (heard.error as { message: string; extensions: { code: string } }[])[0]?.extensions.code;
  const all = [
    'subscription { forbidden }',
    'subscription { nothing }',
    'subscription {',
    'subscription { reading { asset { name } } }',
    '{ boom }',
  ];
  const heard = all.map((query) => listen(client, query));
  await until(() => heard.slice(0, 4).every(({ error }) => error) && heard[4]?.completed === true);
  assert.deepEqual(heard.slice(0, 4).map(codeOf), [
    'FORBIDDEN',
    'GRAPHQL_VALIDATION_FAILED',
    'GRAPHQL_PARSE_FAILED',
    'LIMIT_EXCEEDED',
  ]);
  assert.ok(!JSON.stringify(heard[4]?.values).includes('hunter2'));
  assert.equal(running.gateway.stats().upstreams, 0);
});

test('a source that ends completes its subscribers, one that fails tells them why', async (t) => {
  const running = await startGateway(t);
  const ended = listen(running.wsClient(), 'subscription { reading { id } }');
  await until(() => running.plant.sources.length === 1);
  running.plant.sources[0]?.end();
  await until(() => ended.completed);
  const failed = listen(running.wsClient(), 'subscription { reading { id } }');
  await until(() => running.plant.sources.length === 2);
  running.plant.sources[1]?.end(new Error('password hunter2'));
  await until(() => Boolean(failed.error));
  assert.deepEqual((failed.error as { message: string }[])[0]?.message, 'A fault of the hub.');
});

test('a connection without a valid sign-in is closed with 4403 and why', async (t) => {
  const running = await startGateway(t);
  const refused = async (payload: object | undefined, headers = {}) => {
    const { send, closed } = await openSocket(running, { headers });
    send({ type: 'connection_init', ...(payload ? { payload } : {}) });
    return closed;
  };
  assert.deepEqual(await refused(undefined), [
    4403,
    'UNAUTHENTICATED: No valid sign-in came with the connection',
  ]);
  assert.deepEqual(await refused({ token: 'expired' }), [4403, 'UNAUTHENTICATED: The token has expired.']);
});

test('a session cookie signs a connection in, and pages of other origins may not use it', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_ALLOWED_ORIGINS: 'https://portal.example' } });
  const cookie = 'session=ada';
  for (const origin of [running.url, 'https://portal.example']) {
    const { messages, send, socket } = await openSocket(running, { headers: { cookie, origin } });
    send({ type: 'connection_init' });
    await until(() => messages.length === 1);
    assert.deepEqual(messages, [{ type: 'connection_ack' }]);
    socket.close();
  }
  await assert.rejects(openSocket(running, { headers: { cookie, origin: 'https://evil.example' } }), /403/);
  await assert.rejects(
    openSocket(running, { headers: { cookie, origin: running.url.replace('http', 'https') + '0' } }),
    /403/,
  );
  await assert.rejects(openSocket(running, { headers: { host: 'evil.example' } }), /421/);
  await assert.rejects(openSocket(running, { path: '/elsewhere' }), /404/);
});

test('breaches of the protocol close the connection with its codes', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_INIT_TIMEOUT_MS: '100' } });
  const subscribe = { id: '1', type: 'subscribe', payload: { query: 'subscription { reading { id } }' } };
  const init = { type: 'connection_init', payload: { token: 'ada' } };
  const closeOf = async (...messages: (object | string)[]): Promise<number> => {
    const { send, closed } = await openSocket(running);
    messages.forEach(send);
    return (await closed)[0];
  };
  assert.equal(await closeOf('nonsense'), 4400);
  assert.equal(await closeOf({ type: 'next', id: '1', payload: {} }), 4400);
  assert.equal(await closeOf(subscribe), 4401);
  assert.equal(await closeOf(init, init), 4429);
  assert.equal(await closeOf(), 4408);
  const { send, closed, messages } = await openSocket(running);
  send(init);
  await until(() => messages.length === 1);
  send(subscribe);
  send(subscribe);
  assert.equal((await closed)[0], 4409);
  const other = await openSocket(running, { protocol: 'graphql-ws' }).then(
    ({ closed: over }) => over,
    (error: Error) => error,
  );
  assert.ok(other instanceof Error || other[0] === 4406, 'the older protocol is not accepted');
});

test('a ping is answered with a pong that carries its payload', async (t) => {
  const running = await startGateway(t);
  const { send, messages, socket } = await openSocket(running);
  send({ type: 'ping', payload: { at: 1 } });
  await until(() => messages.length === 1);
  assert.deepEqual(messages, [{ type: 'pong', payload: { at: 1 } }]);
  socket.close();
});

test('a peer that answers no pings is given up', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_KEEP_ALIVE_MS: '100' } });
  const { socket, closed, messages, send } = await openSocket(running);
  send({ type: 'connection_init', payload: { token: 'ada' } });
  await until(() => messages.length === 1);
  (
    socket as unknown as { _receiver: { removeAllListeners(name: string): void } }
  )._receiver.removeAllListeners('ping');
  assert.equal((await closed)[0], 1006);
  await until(() => running.gateway.stats().webSockets === 0);
});

test('more operations than a connection may run are refused by name and number', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_OPERATIONS_PER_CONNECTION: '2' } });
  const client = running.wsClient();
  listen(client, 'subscription { mine }');
  listen(client, 'subscription { reading { id } }');
  await listening(running, 2);
  const third = listen(client, 'subscription { reading { value } }');
  await until(() => Boolean(third.error));
  const [error] = third.error as { extensions: { code: string; details: unknown } }[];
  assert.deepEqual(
    [error?.extensions.code, error?.extensions.details],
    ['LIMIT_EXCEEDED', { limit: 'operationsPerConnection', max: 2 }],
  );
});

test('a reader that is too slow is told so and cut off, the others go on', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_BUFFERED_BYTES: '1024' } });
  const fast = listen(running.wsClient(), 'subscription { reading { id pad } }');
  const { send, messages, socket } = await openSocket(running);
  send({ type: 'connection_init', payload: { token: 'ada' } });
  await until(() => messages.length === 1);
  send({ id: 's', type: 'subscribe', payload: { query: 'subscription { reading { id pad } }' } });
  await listening(running, 2);
  socket.pause();
  const pad = 'x'.repeat(200_000);
  let sent = 0;
  while (running.gateway.stats().slowConsumers === 0 && sent < 500) {
    running.plant.readings.publish({ id: String(sent), value: 1, pad });
    sent += 1;
    await until(() => fast.values.length === sent);
  }
  assert.equal(running.gateway.stats().slowConsumers, 1);
  assert.equal(running.gateway.stats().consumers, 1);
  socket.resume();
  await until(() => messages.at(-1)?.type === 'error');
  const [error] = messages.at(-1)?.payload as { extensions: { code: string; details: unknown } }[];
  assert.deepEqual(
    [error?.extensions.code, error?.extensions.details],
    ['LIMIT_EXCEEDED', { limit: 'bufferedBytes', max: 1024 }],
  );
  socket.close();
});

test('subscriptions end with a reason when the sign-in does, also one that was shared goes on for the other', async (t) => {
  const clock = new SimulatedClock(1_000);
  const running = await startGateway(t, {
    clock,
    // The simulated clock leaves no time for real pongs.
    env: { TWINHUB_DRAIN_TIMEOUT_MS: '0', TWINHUB_KEEP_ALIVE_MS: '3600000' },
  });
  const short = running.wsClient('ada@61000');
  const codes: unknown[] = [];
  short.on('closed', (event) => codes.push((event as { code: number }).code));
  const ending = listen(short, 'subscription { reading { id } }');
  await listening(running, 1);
  const staying = listen(running.wsClient('ada@9000000'), 'subscription { reading { id } }');
  await listening(running, 2);
  await clock.advance(59_000);
  assert.equal(running.gateway.stats().consumers, 2);
  await clock.advance(2_000);
  await until(() => Boolean(ending.error) && codes.length === 1);
  const [error] = ending.error as { message: string; extensions: { code: string } }[];
  assert.deepEqual(
    [error?.extensions.code, error?.message],
    ['UNAUTHENTICATED', 'Your sign-in ended at 1970-01-01T00:01:01.000Z.'],
  );
  assert.deepEqual(codes, [4403]);
  running.plant.readings.publish({ id: '1', value: 1 });
  await until(() => staying.values.length === 1);
  const closing = running.gateway.close();
  await until(() => running.gateway.stats().webSockets === 0);
  await clock.advance(10);
  await closing;
});

test('closing sends clients away with 1001, so that they connect again', async (t) => {
  const running = await startGateway(t);
  const codes: number[] = [];
  const client = createClient({
    url: `${running.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token: 'ada' },
    retryAttempts: 0,
    on: { closed: (event) => void codes.push((event as { code: number }).code) },
  });
  listen(client, 'subscription { reading { id } }');
  await until(() => running.plant.readings.listenerCount === 1);
  await running.gateway.close();
  await until(() => codes.length === 1);
  assert.deepEqual(codes, [1001]);
  assert.equal(running.plant.readings.listenerCount, 0);
});

test('an upgrade that is aborted halfway harms nothing', async (t) => {
  const running = await startGateway(t);
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  socket.destroy();
  assert.equal((await running.post('{ whoami }')).status, 200);
});
