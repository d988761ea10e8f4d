import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { AsyncQueue } from '#kernel/async-queue.ts';
import { isHubError } from '#kernel/errors.ts';
import { isStream, type EngineStream } from '#gateway/engine/types.ts';
import { createRemoteGraph, type RemoteGraph } from '../remote-graph.ts';
import { link, newContext, plain, type TestSubgraph } from '../support.ts';

const sources: AsyncQueue<{ id: string }>[] = [];
let stopped = 0;
const live: TestSubgraph = {
  name: 'live',
  sdl: `${link} type Query { x: Int } type Subscription { reading(of: ID): Reading refused: Reading } type Reading { id: ID! value: Float! asset: Asset } type Asset @key(fields: "id") { id: ID! }`,
  resolvers: {
    Subscription: {
      reading: {
        subscribe: () => {
          const source = new AsyncQueue<{ id: string }>({ onStop: () => (stopped += 1) });
          sources.push(source);
          return source;
        },
        resolve: (event: object) => event,
      },
      refused: {
        subscribe: () => {
          throw new Error('not you');
        },
      },
    },
    Reading: {
      value: ({ id }: { id: string }) => (id === 'bad' ? null : 1.5),
      asset: ({ id }: { id: string }) => ({ id }),
    },
  },
};
const assets: TestSubgraph = {
  name: 'assets',
  sdl: `${link} type Query { y: Int } type Asset @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Asset: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `asset ${id}` }) },
  },
};

async function subscribe(graph: RemoteGraph, query: string): Promise<EngineStream> {
  const outcome = await graph.engine.subscribe({
    document: parse(query),
    context: newContext(),
    eventScope: () => ({ context: newContext(), end() {} }),
  });
  if (!isStream(outcome)) throw new Error(JSON.stringify(outcome));
  return outcome as EngineStream;
}

/** Waits until something holds, for half a minute at most. */
async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 3_000 && !holds(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds());
}

test('subscriptions share one socket, join other subgraphs, and stop their source when nobody reads', async () => {
  const graph = await createRemoteGraph([live, assets]);
  try {
    const before = sources.length;
    const first = await subscribe(graph, 'subscription { reading { id asset { name } } }');
    const second = await subscribe(graph, 'subscription { r: reading(of: 2) { value } }');
    await until(() => sources.length === before + 2);
    assert.equal(graph.served['live']?.sockets, 1);
    sources[before]?.push({ id: '7' });
    sources[before + 1]?.push({ id: 'bad' });
    const event = await first.next();
    assert.deepEqual(event.value && plain(event.value), {
      data: { reading: { id: '7', asset: { name: 'asset 7' } } },
    });
    const failed = await second.next();
    assert.deepEqual(failed.value && plain(failed.value).data, { r: null });
    assert.deepEqual(failed.value?.errors?.[0]?.path, ['r', 'value']);
    const ended = stopped;
    await first.return?.();
    await until(() => stopped === ended + 1);
    await second.return?.();
    await until(() => graph.served['live']?.sockets === 0);
  } finally {
    await graph.close();
  }
});

test('a broken connection ends the stream with what to do, and the next subscription connects again', async () => {
  const graph = await createRemoteGraph([live, assets]);
  try {
    const before = sources.length;
    const stream = await subscribe(graph, 'subscription { reading { id } }');
    await until(() => sources.length === before + 1);
    const waiting = stream.next();
    graph.served['live']?.cut();
    await assert.rejects(
      waiting,
      (error: { originalError?: unknown; extensions?: Record<string, unknown> }) => {
        assert.ok(isHubError(error.originalError, 'CONNECTOR_UNREACHABLE'));
        assert.match(error.originalError.message, /subscribe again/);
        return error.extensions?.['serviceName'] === 'live';
      },
    );
    const again = await subscribe(graph, 'subscription { reading { id } }');
    await until(() => sources.length === before + 2);
    sources[before + 1]?.push({ id: '1' });
    const after = await again.next();
    assert.deepEqual(after.value && plain(after.value).data, { reading: { id: '1' } });
    await again.return?.();
  } finally {
    await graph.close();
  }
});

test('a refusal is told with its reason, and a subgraph that takes no connection is named', async () => {
  const graph = await createRemoteGraph([live, assets], { limits: { retries: 1, retryWaitMs: 1 } });
  try {
    const refused = await subscribe(graph, 'subscription { refused { id } }');
    assert.equal((await refused.next()).value?.errors?.[0]?.message, 'not you');
    assert.equal((await refused.next()).done, true);
    await graph.served['live']?.close();
    // The gateway may not have noticed yet that the connection of the refused one is gone.
    const first = await subscribe(graph, 'subscription { reading { id } }');
    await assert.rejects(first.next(), /Subgraph live (broke off|takes no subscriptions)/);
    const second = await subscribe(graph, 'subscription { reading { id } }');
    await assert.rejects(second.next(), /Subgraph live takes no subscriptions at present/);
  } finally {
    await graph.close();
  }
});
