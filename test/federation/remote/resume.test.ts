import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { parse } from 'graphql';
import {
  isStream,
  type SubgraphEvent,
  type SubgraphNotice,
  type SubgraphStream,
} from '#gateway/engine/types.ts';
import { createRemoteExecutor, defaultRemoteLimits } from '#gateway/remote/remote-executor.ts';
import { listening, startGateway, until, type Running } from '../../gateway/support.ts';
import { newContext } from '../support.ts';

/** A connection to a server that can be cut, and kept away for a while. */
async function startWire(t: TestContext, target: string) {
  const { port } = new URL(target);
  const open = new Set<Socket>();
  let away = false;
  const server = createServer((near) => {
    if (away) return void near.destroy();
    const far = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => (open.delete(from), to.destroy()));
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => open.forEach((socket) => socket.destroy());
  t.after(() => (cut(), server.close()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    cut: () => ((away = true), cut()),
    back: () => void (away = false),
  };
}

const query = 'subscription { reading { id value } }';

async function subscribeOver(t: TestContext, url: string): Promise<SubgraphStream> {
  const executor = createRemoteExecutor({
    name: 'upstream',
    url,
    headers: { authorization: 'Bearer ada' },
    limits: { ...defaultRemoteLimits, retryWaitMs: 1 },
  });
  t.after(() => executor.close());
  const stream = await executor.subscribe({
    operation: 'subscription',
    document: parse(query),
    query,
    variables: {},
    context: newContext(),
  });
  if (!isStream(stream)) throw new Error('refused');
  return stream;
}

/** The value of an event, or what a notice says. */
async function next(stream: SubgraphStream): Promise<unknown> {
  const { value } = (await stream.next()) as { value: SubgraphEvent | SubgraphNotice };
  if ('notice' in value) return `${value.notice.state}${value.notice.gap ? ' with a gap' : ''}`;
  const { data } = await value.resolve(newContext());
  return (data?.['reading'] as { value: number }).value;
}

function publish({ plant }: Running, ...values: number[]): void {
  for (const value of values) plant.readings.publish({ id: 'p', value });
}

test('a stream of another gateway of this kind is resumed without a loss', async (t) => {
  const upstream = await startGateway(t, { env: { TWINHUB_STREAM_LINGER_MS: '60000' } });
  const wire = await startWire(t, upstream.url);
  const stream = await subscribeOver(t, wire.url);
  await listening(upstream, 1);
  publish(upstream, 1, 2);
  assert.deepEqual([await next(stream), await next(stream)], [1, 2]);
  wire.cut();
  await until(() => upstream.gateway.stats().webSockets === 0);
  publish(upstream, 3, 4);
  assert.equal(await next(stream), 'interrupted');
  wire.back();
  assert.equal(await next(stream), 'resumed');
  assert.deepEqual([await next(stream), await next(stream)], [3, 4]);
  publish(upstream, 5);
  assert.equal(await next(stream), 5);
});

test('what another gateway cannot replay is told as a gap', async (t) => {
  const upstream = await startGateway(t, {
    env: { TWINHUB_STREAM_LINGER_MS: '60000', TWINHUB_STREAM_RETAINED_EVENTS: '1' },
  });
  const wire = await startWire(t, upstream.url);
  const stream = await subscribeOver(t, wire.url);
  await listening(upstream, 1);
  publish(upstream, 1);
  assert.equal(await next(stream), 1);
  wire.cut();
  await until(() => upstream.gateway.stats().webSockets === 0);
  publish(upstream, 2, 3, 4);
  assert.equal(await next(stream), 'interrupted');
  wire.back();
  assert.deepEqual(
    [await next(stream), await next(stream), await next(stream)],
    ['resumed', 'resumed with a gap', 4],
  );
});
