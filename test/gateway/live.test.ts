import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { startGateway, until, type Running } from './support.ts';

interface Position {
  readonly epoch: string;
  readonly sequence: number;
  readonly skipped?: number;
  readonly gap?: { readonly from: number | null; readonly to: number | null };
}

interface Result {
  readonly data: { readonly [field: string]: unknown } | null;
  readonly extensions: { readonly stream: Position };
}

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A reader that speaks graphql-transport-ws by hand, so that its connection can be lost or held up. */
async function read(t: TestContext, running: Running, query: string, resumeFrom?: unknown) {
  const { url, gateway } = running;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const results: Result[] = [];
  const others: Message[] = [];
  t.after(() => socket.terminate());
  await once(socket, 'open');
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type === 'next') results.push(message.payload as Result);
    else others.push(message);
  });
  socket.send('{"type":"connection_init","payload":{"token":"ada"}}');
  await until(() => others.some(({ type }) => type === 'connection_ack'));
  const consumers = gateway.stats().consumers;
  const extensions = resumeFrom === undefined ? {} : { extensions: { stream: { resumeFrom } } };
  socket.send(JSON.stringify({ id: 's', type: 'subscribe', payload: { query, ...extensions } }));
  return {
    socket,
    results,
    others,
    sequences: () => results.map(({ extensions: { stream } }) => stream.sequence),
    joined: () =>
      until(
        () => gateway.stats().consumers > consumers && running.plant.readings.listenerCount > 0,
        'the reader has joined',
      ),
  };
}

const readings = 'subscription { reading { id value } }';

function publish({ plant }: Running, from: number, to: number): void {
  for (let value = from; value <= to; value += 1) plant.readings.publish({ id: 'p', value });
}

test('a reader whose connection broke resumes: what it missed comes first, in order, nothing twice', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_STREAM_LINGER_MS: '60000' } });
  const first = await read(t, running, readings);
  await first.joined();
  publish(running, 1, 3);
  await until(() => first.results.length === 3);
  const last = first.results[2]?.extensions.stream;
  first.socket.terminate();
  await until(() => running.gateway.stats().consumers === 0);
  assert.equal(running.plant.stopped, 0, 'the source goes on for whoever comes back');
  publish(running, 4, 6);
  const second = await read(t, running, readings, last);
  await until(() => second.results.length === 3);
  publish(running, 7, 7);
  await until(() => second.results.length === 4);
  assert.deepEqual(second.sequences(), [4, 5, 6, 7]);
  assert.deepEqual(
    second.results.map(({ data }) => data?.['reading']),
    [4, 5, 6, 7].map((value) => ({ id: 'p', value })),
  );
  second.socket.close(1000);
  await until(() => running.plant.stopped === 1, 'a reader that says goodbye is not waited for');
});

test('what retention no longer holds is named exactly', async (t) => {
  const running = await startGateway(t, {
    env: { TWINHUB_STREAM_LINGER_MS: '60000', TWINHUB_STREAM_RETAINED_EVENTS: '2' },
  });
  const first = await read(t, running, readings);
  await first.joined();
  publish(running, 1, 1);
  await until(() => first.results.length === 1);
  const { epoch } = first.results[0]?.extensions.stream as Position;
  publish(running, 2, 6);
  await until(() => first.results.length === 6);
  const second = await read(t, running, readings, `${epoch}.1`);
  await until(() => second.results.length === 3);
  assert.deepEqual(second.results[0], {
    data: null,
    extensions: { stream: { epoch, sequence: 4, gap: { from: 2, to: 4 } } },
  });
  assert.deepEqual(second.sequences(), [4, 5, 6]);
});

test('a position of another stream is a gap of unknown size, said at once; one that is no position is refused', async (t) => {
  const running = await startGateway(t);
  const lost = await read(t, running, readings, { epoch: 'before-the-restart', sequence: 12 });
  await until(() => lost.results.length === 1);
  assert.equal(lost.results[0]?.data, null);
  assert.deepEqual(lost.results[0]?.extensions.stream.gap, { from: null, to: null });
  const wrong = await read(t, running, readings, { epoch: 1 });
  await until(() => wrong.others.some(({ type }) => type === 'error'));
  const [error] = wrong.others.at(-1)?.payload as { message: string; extensions: { code: string } }[];
  assert.equal(error?.extensions.code, 'INVALID_INPUT');
  assert.match(error?.message ?? '', /resumeFrom is not a position: send epoch and sequence/);
});

test('a stream that waits for its reader holds a place, and gives way to whoever is there', async (t) => {
  const running = await startGateway(t, {
    env: { TWINHUB_STREAM_LINGER_MS: '600000', TWINHUB_MAX_SUBSCRIPTIONS_PER_TENANT: '2' },
  });
  const of = (id: number) => `subscription { reading(of: "${id}") { id value } }`;
  for (let id = 1; id <= 6; id += 1) {
    const lost = await read(t, running, of(id));
    await lost.joined();
    lost.socket.terminate();
    await until(() => running.gateway.stats().consumers === 0);
    assert.ok(running.gateway.stats().upstreams <= 2, `${running.gateway.stats().upstreams} sources`);
  }
  const [again, other] = [await read(t, running, of(6)), await read(t, running, of(7))];
  await until(() => running.gateway.stats().consumers === 2);
  assert.equal(running.gateway.stats().upstreams, 2, 'who comes back finds the stream, and has the place');
  const refused = await read(t, running, of(8));
  await until(() => refused.others.some(({ type }) => type === 'error'));
  again.socket.close(1000);
  await until(() => running.gateway.stats().consumers === 1);
  const third = await read(t, running, of(8));
  await third.joined();
  for (const { socket } of [other, third]) socket.close(1000);
  await until(() => running.gateway.stats().upstreams === 0);
});

test('nobody coming back, the source stops', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_STREAM_LINGER_MS: '50' } });
  const reader = await read(t, running, readings);
  await reader.joined();
  reader.socket.terminate();
  await until(() => running.plant.stopped === 1);
  assert.equal(running.gateway.stats().upstreams, 0);
});

test('a slow reader of a stream that allows it gets the latest of each key and how many were left out', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_MAX_BUFFERED_BYTES: '1024' } });
  const slow = await read(t, running, 'subscription { latest { id value pad } }');
  await slow.joined();
  slow.socket.pause();
  const pad = 'x'.repeat(200_000);
  const { events } = running.gateway.stats();
  const count = 100;
  for (let value = 1; value <= count; value += 1) {
    running.plant.readings.publish({ id: value % 2 ? 'odd' : 'even', value, pad });
    await until(() => running.gateway.stats().events === events + value);
  }
  assert.equal(running.gateway.stats().slowConsumers, 0);
  slow.socket.resume();
  await until(() => slow.sequences().includes(count));
  const skipped = slow.results.reduce((sum, { extensions: { stream } }) => sum + (stream.skipped ?? 0), 0);
  assert.ok(skipped > 0, 'some were left out');
  assert.equal(slow.results.length + skipped, count, 'each event was sent or counted');
  const values = slow.results.map(({ data }) => (data?.['latest'] as { value: number }).value);
  assert.deepEqual(values.slice(-2), [count - 1, count], 'the latest of both');
  assert.deepEqual(
    [...values].sort((a, b) => a - b),
    values,
    'in order',
  );
});

test('events that arrive together ask another subgraph once', async (t) => {
  const running = await startGateway(t);
  const { gateway, plant } = running;
  const client = running.wsClient();
  const heard: unknown[] = [];
  for (let id = 0; id < 20; id += 1)
    client.subscribe(
      {
        query: 'subscription($of: ID) { reading(of: $of) { id asset { name } } }',
        variables: { of: `${id}` },
      },
      { next: ({ data }) => void heard.push(data), error: assert.fail, complete() {} },
    );
  await until(() => gateway.stats().consumers === 20 && plant.readings.listenerCount === 20);
  const asked: string[] = [];
  const before = plant.assetLookups.length;
  for (let id = 0; id < 20; id += 1) plant.readings.publish({ id: `${id}`, value: 1 });
  await until(() => heard.length === 20);
  asked.push(...plant.assetLookups.slice(before).map(({ requestId }) => requestId));
  assert.equal(asked.length, 20, 'each entity is looked up');
  assert.equal(new Set(asked).size, 1, 'in one request');
  assert.deepEqual(
    heard.map((data) => (data as { reading: { asset: { name: string } } }).reading.asset.name).sort(),
    Array.from({ length: 20 }, (_, id) => `asset ${id}`).sort(),
  );
});

test('a tenant holds no more subscriptions and connections than it may, and others are not touched', async (t) => {
  const running = await startGateway(t, {
    env: { TWINHUB_MAX_SUBSCRIPTIONS_PER_TENANT: '2', TWINHUB_MAX_CONNECTIONS_PER_TENANT: '3' },
  });
  const held = [await read(t, running, readings), await read(t, running, readings)];
  await until(() => running.gateway.stats().consumers === 2);
  const third = await read(t, running, readings);
  await until(() => third.others.some(({ type }) => type === 'error'));
  const [error] = third.others.at(-1)?.payload as { extensions: { code: string; details: object } }[];
  assert.deepEqual(
    [error?.extensions.code, error?.extensions.details],
    ['LIMIT_EXCEEDED', { limit: 'subscriptionsPerTenant', max: 2 }],
  );
  const fourth = new WebSocket(`${running.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(fourth, 'open');
  const closed = once(fourth, 'close');
  fourth.send('{"type":"connection_init","payload":{"token":"ada"}}');
  const [code, reason] = (await closed) as [number, Buffer];
  assert.equal(code, 1013);
  assert.match(String(reason), /^Your tenant has 3 streaming connections open already/);
  const response = await running.post(readings, { headers: { accept: 'text/event-stream' } });
  const refused = (await response.json()) as { errors: { extensions: { code: string; details: object } }[] };
  assert.deepEqual(
    [response.status, refused.errors[0]?.extensions.code, refused.errors[0]?.extensions.details],
    [400, 'LIMIT_EXCEEDED', { limit: 'connectionsPerTenant', max: 3 }],
  );
  held[0]?.socket.close(1000);
  await until(() => running.gateway.stats().consumers === 1);
  const next = await read(t, running, readings);
  await until(() => running.gateway.stats().consumers === 2);
  assert.equal(next.others.length, 1);
});

function openStream(running: Running, headers: Record<string, string>): Promise<IncomingMessage> {
  const query = encodeURIComponent(readings);
  return new Promise((resolve, reject) =>
    get(
      `${running.url}/graphql?query=${query}`,
      { headers: { authorization: 'Bearer ada', ...headers } },
      resolve,
    ).once('error', reject),
  );
}

function collect(stream: IncomingMessage): { text: string; ended: boolean } {
  const collected = { text: '', ended: false };
  stream.setEncoding('utf8').on('data', (chunk: string) => (collected.text += chunk));
  stream.once('end', () => (collected.ended = true));
  return collected;
}

test('multipart subscriptions: parts with payloads, signs of life, an end', async (t) => {
  const running = await startGateway(t);
  const stream = await openStream(running, {
    accept: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json',
  });
  assert.equal(stream.headers['content-type'], 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0');
  const collected = collect(stream);
  await until(() => running.plant.readings.listenerCount === 1);
  publish(running, 1, 2);
  await until(() => collected.text.includes('"sequence":2'));
  running.plant.sources[0]?.end();
  await until(() => collected.ended);
  const parts = collected.text.split('\r\n--graphql').map((part) => part.split('\r\n\r\n')[1]);
  const bodies = parts.flatMap((part) => (part ? [JSON.parse(part) as { payload?: Result }] : []));
  assert.deepEqual(bodies[0], {});
  assert.deepEqual(
    bodies.slice(1).map(({ payload }) => payload?.data),
    [1, 2].map((value) => ({ reading: { id: 'p', value } })),
  );
  assert.ok(collected.text.endsWith('\r\n--graphql--\r\n'));
});

test('a multipart stream that fails says why in its last part', async (t) => {
  const running = await startGateway(t);
  const stream = await openStream(running, { accept: 'multipart/mixed;subscriptionSpec=1.0' });
  const collected = collect(stream);
  await until(() => running.plant.readings.listenerCount === 1);
  running.plant.sources[0]?.end(new Error('the sensor is gone'));
  await until(() => collected.ended);
  const last = JSON.parse(collected.text.split('\r\n\r\n').at(-1)?.split('\r\n')[0] ?? '') as {
    payload: unknown;
    errors: { extensions: { code: string } }[];
  };
  assert.equal(last.payload, null);
  assert.equal(last.errors.length, 1);
  assert.doesNotMatch(collected.text, /the sensor is gone/, 'inner words stay inside');
});

test('an event source that connects again goes on after its last event id', async (t) => {
  const running = await startGateway(t, { env: { TWINHUB_STREAM_LINGER_MS: '60000' } });
  const stream = await openStream(running, { accept: 'text/event-stream' });
  const collected = collect(stream);
  await until(() => running.plant.readings.listenerCount === 1);
  publish(running, 1, 2);
  await until(() => collected.text.includes('"sequence":2'));
  const id = /id: (\S+)\ndata: .*"sequence":1/.exec(collected.text)?.[1] ?? '';
  stream.destroy();
  await until(() => running.gateway.stats().consumers === 0);
  const again = collect(await openStream(running, { accept: 'text/event-stream', 'last-event-id': id }));
  await until(() => again.text.includes('"sequence":2'));
  assert.doesNotMatch(again.text, /"sequence":1[,}]/);
});
