import assert from 'node:assert/strict';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createClient } from 'graphql-sse';
import { SimulatedClock } from '#kernel/clock.ts';
import {
  bodyOf,
  listening,
  principalOf,
  startGateway,
  until,
  withoutPosition,
  type Running,
} from './support.ts';

const headers = { authorization: 'Bearer ada', accept: 'text/event-stream' };

function listen({ url }: Running, query: string, path = '/graphql/stream') {
  const client = createClient({ url: `${url}${path}`, headers, retryAttempts: 0 });
  const heard = { values: [] as unknown[], error: undefined as unknown, completed: false, stop: () => {} };
  heard.stop = client.subscribe(
    { query },
    {
      next: (value) => void heard.values.push(withoutPosition(value)),
      error: (error) => (heard.error = error),
      complete: () => (heard.completed = true),
    },
  );
  return heard;
}

test('subscriptions, queries and mutations run over server-sent events, on both addresses', async (t) => {
  const running = await startGateway(t);
  for (const path of ['/graphql/stream', '/graphql']) {
    const query = listen(running, 'mutation { rename(id: 1, name: "n") { name } }', path);
    await until(() => query.completed);
    assert.deepEqual(query.values, [{ data: { rename: { name: 'n' } } }]);
    const stream = listen(running, 'subscription { reading { value asset { name } } }', path);
    await until(() => running.plant.readings.listenerCount === 1);
    running.plant.readings.publish({ id: 'p', value: 3 });
    await until(() => stream.values.length === 1);
    assert.deepEqual(stream.values, [{ data: { reading: { value: 3, asset: { name: 'asset p' } } } }]);
    stream.stop();
    await until(() => running.plant.readings.listenerCount === 0);
  }
});

test('a client that takes one answer and a stream gets what fits its operation', async (t) => {
  const running = await startGateway(t);
  // What urql sends by default.
  const accept =
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
  const query = await running.post('{ whoami }', { headers: { accept } });
  assert.match(query.headers.get('content-type') ?? '', /^application\/graphql-response\+json/);
  assert.deepEqual(await query.json(), { data: { whoami: 'ada' } });
  const named = 'query subscription { ping } ';
  const batch = await fetch(`${running.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, accept, 'content-type': 'application/json' },
    body: JSON.stringify([{ query: named }, { query: '{ whoami }' }]),
  });
  assert.deepEqual(await batch.json(), [{ data: { ping: 'pong' } }, { data: { whoami: 'ada' } }]);
  const invalid = await running.post('subscription { nothing }', { headers: { accept } });
  assert.equal((await bodyOf(invalid)).errors[0]?.extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  const stream = await running.post('subscription { mine }', { headers: { accept } });
  assert.match(stream.headers.get('content-type') ?? '', /event-stream/);
  await until(() => running.plant.readings.listenerCount === 1);
  running.plant.readings.publish({ id: 'p', value: 1 });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  while (!heard.includes('"mine":"ada"')) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
    assert.equal(done, false, heard);
    heard += value;
  }
  await reader?.cancel();
});

test('who leaves while the sign-in is looked at keeps no place', async (t) => {
  const asked: IncomingHttpHeaders[] = [];
  const gate = Promise.withResolvers<void>();
  const running = await startGateway(t, {
    env: { TWINHUB_MAX_CONNECTIONS_PER_TENANT: '1' },
    deps: {
      authenticate: async (given) => {
        asked.push(given);
        if (asked.length === 1) await gate.promise;
        return principalOf('ada');
      },
    },
  });
  const query = 'subscription { reading { id } }';
  const gone = get(`${running.url}/graphql/stream?${new URLSearchParams({ query })}`, { headers });
  gone.on('error', () => {});
  await until(() => asked.length === 1);
  gone.destroy();
  await until(() => running.gateway.stats().requestsInFlight === 0);
  gate.resolve();
  const stream = listen(running, query);
  await listening(running, 1);
  assert.deepEqual(stream.error, undefined);
  assert.equal(running.gateway.stats().eventStreams, 1);
  stream.stop();
  await until(() => running.gateway.stats().upstreams === 0);
});

test('streams of both transports share one upstream', async (t) => {
  const running = await startGateway(t);
  const query = 'subscription { reading { id } }';
  const first = listen(running, query);
  const values: unknown[] = [];
  running
    .wsClient()
    .subscribe(
      { query },
      { next: (value) => void values.push(withoutPosition(value)), error: assert.fail, complete() {} },
    );
  await listening(running, 2);
  assert.equal(running.gateway.stats().upstreams, 1);
  running.plant.readings.publish({ id: '1', value: 1 });
  await until(() => values.length === 1 && first.values.length === 1);
  assert.deepEqual(values, first.values);
  first.stop();
});

test('a GET streams a subscription before anything happens, and refuses a mutation', async (t) => {
  const { url, plant } = await startGateway(t);
  const abort = new AbortController();
  const response = await fetch(
    `${url}/graphql?query=${encodeURIComponent('subscription { reading { id } }')}`,
    { headers, signal: abort.signal },
  );
  assert.deepEqual(
    [response.status, response.headers.get('content-type')],
    [200, 'text/event-stream; charset=utf-8'],
  );
  plant.readings.publish({ id: '1', value: 1 });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.endsWith('}\n\n')) break;
  }
  assert.match(
    text,
    /^:\n\nevent: next\nid: (\S+)\.1\ndata: {"data":{"reading":{"id":"1"}},"extensions":{"stream":{"epoch":"\1","sequence":1}}}\n\n$/,
  );
  abort.abort();
  await until(() => plant.readings.listenerCount === 0);
  const written = await fetch(
    `${url}/graphql/stream?query=${encodeURIComponent('mutation { rename(id: 1, name: "x") { name } }')}`,
    { headers },
  );
  assert.equal(written.status, 400);
});

test('what cannot start is answered with a status and JSON', async (t) => {
  const { url } = await startGateway(t);
  const ask = async (query: string, more = {}) => {
    const response = await fetch(`${url}/graphql/stream?query=${encodeURIComponent(query)}`, {
      headers: { ...headers, ...more },
    });
    return [response.status, (await bodyOf(response)).errors[0].extensions.code];
  };
  assert.deepEqual(await ask('subscription { nothing }'), [400, 'GRAPHQL_VALIDATION_FAILED']);
  assert.deepEqual(await ask('subscription { forbidden }'), [403, 'FORBIDDEN']);
  assert.deepEqual(await ask(''), [400, 'INVALID_INPUT']);
  assert.deepEqual(await ask('subscription { mine }', { origin: 'https://evil.example' }), [
    403,
    'FORBIDDEN',
  ]);
});

test('a stream ends with a reason when the sign-in does', async (t) => {
  const clock = new SimulatedClock(0);
  const running = await startGateway(t, { clock });
  const { url, plant } = running;
  const response = await fetch(`${url}/graphql/stream?query=${encodeURIComponent('subscription { mine }')}`, {
    headers: { ...headers, authorization: 'Bearer ada@5000' },
  });
  await clock.advance(6_000);
  const text = await response.text();
  assert.match(text, /event: next\ndata: \{"errors":\[\{"message":"Your sign-in ended at .*UNAUTHENTICATED/);
  assert.ok(text.endsWith('event: complete\ndata:\n\n'));
  assert.equal(plant.stopped, 1);
  const closing = running.gateway.close();
  await until(() => running.gateway.stats().requestsInFlight === 0);
  await clock.advance(10_000);
  await closing;
});

test('closing ends streams with a reason', async (t) => {
  const { url, gateway, plant } = await startGateway(t);
  const response = await fetch(`${url}/graphql/stream?query=${encodeURIComponent('subscription { mine }')}`, {
    headers,
  });
  const [text] = await Promise.all([response.text(), gateway.close()]);
  assert.match(text, /"The hub is closing\."/);
  assert.equal(plant.stopped, 1);
});

test('a quiet stream shows signs of life', async (t) => {
  const { url } = await startGateway(t, { env: { TWINHUB_KEEP_ALIVE_MS: '100' } });
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql/stream?query=${encodeURIComponent('subscription { mine }')}`, {
    headers,
    signal: abort.signal,
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (text.length >= 9) break;
  }
  assert.equal(text, ':\n\n:\n\n:\n\n');
  abort.abort();
});

test('a reader that is too slow is told so and cut off', async (t) => {
  const { url, plant, gateway } = await startGateway(t, { env: { TWINHUB_MAX_BUFFERED_BYTES: '1024' } });
  const response = await new Promise<IncomingMessage>((resolve) =>
    get(
      `${url}/graphql/stream?query=${encodeURIComponent('subscription { reading { pad } }')}`,
      { headers },
      resolve,
    ),
  );
  response.pause();
  const pad = 'x'.repeat(200_000);
  for (let sent = 0; gateway.stats().slowConsumers === 0 && sent < 500; sent += 1) {
    const { events } = gateway.stats();
    plant.readings.publish({ id: '1', value: 1, pad });
    await until(() => gateway.stats().events > events);
  }
  assert.deepEqual([gateway.stats().slowConsumers, gateway.stats().consumers, plant.stopped], [1, 0, 1]);
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(-2_000);
  assert.match(
    text,
    /"code":"LIMIT_EXCEEDED".*"limit":"bufferedBytes","max":1024[^]*event: complete\ndata:\n\n$/,
  );
});
