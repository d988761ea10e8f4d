import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { parse } from 'graphql';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import {
  isStream,
  type SubgraphEvent,
  type SubgraphNotice,
  type SubgraphRequest,
  type SubgraphStream,
} from '#gateway/engine/types.ts';
import { createRemoteExecutor, defaultRemoteLimits } from '#gateway/remote/remote-executor.ts';
import { SocketPeer } from '#gateway/remote/socket-peer.ts';
import { readStreamExtension } from '#gateway/remote/stream-extension.ts';
import { newContext } from '../../federation/support.ts';
import { until } from '../support.ts';

const query = 'subscription { tick }';

/** A partner that acknowledges and then does as it likes with each subscription. */
async function servePeer(t: TestContext, onSubscribed: (socket: WebSocket, id: string, nth: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  let count = 0;
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const { type, id } = JSON.parse(data.toString()) as { type: string; id: string };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type === 'subscribe') onSubscribed(socket, id, (count += 1));
    });
  });
  t.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

function event(id: string, data: object): string {
  return JSON.stringify({ id, type: 'next', payload: { data } });
}

function request(): SubgraphRequest {
  return {
    operation: 'subscription',
    document: parse(query),
    query,
    variables: {},
    context: newContext(),
  };
}

async function subscribeTo(
  t: TestContext,
  url: string,
  { clock = systemClock, ...limits }: Partial<typeof defaultRemoteLimits> & { clock?: Clock } = {},
): Promise<SubgraphStream> {
  const executor = createRemoteExecutor({
    name: 'hostile',
    url,
    clock,
    limits: { ...defaultRemoteLimits, retryWaitMs: 1, ...limits },
  });
  t.after(() => executor.close());
  const stream = await executor.subscribe(request());
  assert.ok(isStream<SubgraphStream>(stream));
  t.after(() => stream.return?.());
  return stream;
}

async function next(stream: SubgraphStream): Promise<unknown> {
  const { value } = (await stream.next()) as { value: SubgraphEvent | SubgraphNotice };
  if ('notice' in value) return `${value.notice.state}${value.notice.gap ? ' with a gap' : ''}`;
  return { ...(await value.resolve(newContext())).data };
}

/** Runs as fast as it can, and knows how long was to be waited. */
function hurriedClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 0,
    sleep: async (ms, signal) => {
      waits.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

for (const code of [1000, 1001, 1011, 3000, 4000, 4403, 4500])
  test(`a stream whose partner closes with ${code} is interrupted and taken up again, and its reader is told`, async (t) => {
    const url = await servePeer(t, (socket, id, nth) => {
      if (nth === 1) socket.close(code);
      else socket.send(event(id, { tick: nth }));
    });
    const stream = await subscribeTo(t, url);
    assert.equal(await next(stream), 'interrupted');
    assert.equal(await next(stream), 'resumed with a gap');
    assert.deepEqual(await next(stream), { tick: 2 });
  });

test('a partner that answers no pings is left and connected again', async (t) => {
  const url = await servePeer(t, (socket, id, nth) => {
    if (nth > 1) socket.send(event(id, { tick: nth }));
  });
  const stream = await subscribeTo(t, url, { pingMs: 50 });
  assert.equal(await next(stream), 'interrupted');
  assert.equal(await next(stream), 'resumed with a gap');
});

test('a partner that accepts and hangs up again and again is asked more and more seldom', async (t) => {
  const url = await servePeer(t, (socket) => socket.close(1012));
  const clock = hurriedClock();
  const stream = await subscribeTo(t, url, { clock, retryWaitMs: 250 });
  const reading = (async () => {
    while (clock.waits.length < 10) await stream.next();
  })();
  await until(() => clock.waits.length >= 10);
  await reading;
  for (const wait of clock.waits.slice(6, 10)) assert.ok(wait >= 5_000, `waited ${clock.waits.join()}`);
});

test('events that nobody takes are bounded by their size, too', async (t) => {
  const big = 'x'.repeat(100_000);
  const url = await servePeer(t, (socket, id) => {
    for (let i = 0; i < 30; i += 1) socket.send(event(id, { tick: big }));
  });
  const stream = await subscribeTo(t, url, { maxResponseBytes: 1_000_000 });
  let taken = 0;
  await assert.rejects(
    async () => {
      for (;;) {
        // Taken, and not resolved: as if what it joins did not answer.
        await stream.next();
        taken += 1;
      }
    },
    (error) => isHubError(error, 'LIMIT_EXCEEDED') && error.details['limit'] === 'waitingBytes',
  );
  assert.ok(taken <= 11, `${taken} events`);
});

test('a partner that asks for answers and does not read them is left', async (t) => {
  const url = await servePeer(t, (socket) => {
    socket.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { pad: 'x'.repeat(500_000) } });
    for (let i = 0; i < 60; i += 1) socket.send(ping);
  });
  const stream = await subscribeTo(t, url);
  assert.equal(await next(stream), 'interrupted');
});

test('positions that this hub would not write are not kept', () => {
  const read = (stream: object) => readStreamExtension({ data: {}, extensions: { stream } }).position;
  assert.deepEqual(read({ epoch: 'e', sequence: 7 }), { epoch: 'e', sequence: 7 });
  for (const forged of [
    { epoch: 'e'.repeat(100_000), sequence: 1 },
    { epoch: 'e', sequence: -1 },
    { epoch: 'e', sequence: 1e300 },
    { epoch: { toString: 'e' }, sequence: 1 },
  ])
    assert.equal(read(forged), null);
});

test('connections to one partner are bounded, however many callers there are', async () => {
  const limits = { maxMessageBytes: 1, connectTimeoutMs: 1, pingMs: 1_000, idleMs: 1, maxConnections: 2 };
  const peer = new SocketPeer(new URL('ws://127.0.0.1:1'), limits);
  const socket = peer.socketFor({ who: 'a' });
  peer.socketFor({ who: 'b' });
  assert.throws(() => peer.socketFor({ who: 'c' }), { code: 'LIMIT_EXCEEDED' });
  assert.equal(peer.socketFor({ who: 'a' }), socket);
  await peer.close();
});

test('closing waits for no partner that hangs, and ends what runs', async (t) => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const taken = once(server, 'connection');
  const executor = createRemoteExecutor({
    name: 'hanging',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    limits: { ...defaultRemoteLimits, retryWaitMs: 1, timeoutMs: 600_000 },
  });
  const stream = await executor.subscribe(request());
  assert.ok(isStream<SubgraphStream>(stream));
  const [socket] = (await taken) as [Socket];
  socket.on('error', () => {});
  await executor.close();
  await assert.rejects(async () => stream.next(), { code: 'CANCELLED' });
  socket.destroy();
});
