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

test('a stream whose connection breaks is taken up again, and its reader is told', async () => {
  const graph = await createRemoteGraph([live, assets], { limits: { retryWaitMs: 1 } });
  try {
    const before = sources.length;
    const stream = await subscribe(graph, 'subscription { reading { id } }');
    await until(() => sources.length === before + 1);
    graph.served['live']?.cut();
    const interrupted = await stream.next();
    assert.deepEqual(interrupted.value, {
      data: null,
      notice: { state: 'interrupted', reason: 'upstream', serviceName: 'live', gap: false },
    });
    await until(() => sources.length === before + 2);
    sources[before + 1]?.push({ id: '1' });
    const resumed = await stream.next();
    assert.deepEqual(resumed.value?.notice, {
      state: 'resumed',
      reason: 'upstream',
      serviceName: 'live',
      gap: true,
    });
    const after = await stream.next();
    assert.deepEqual(after.value && plain(after.value).data, { reading: { id: '1' } });
    await stream.return?.();
    await until(() => graph.served['live']?.sockets === 0);
  } finally {
    await graph.close();
  }
});

test('a stream that does not come back in time ends with the reason', async () => {
  const limits = { retryWaitMs: 1, resubscribeForMs: 50 };
  const graph = await createRemoteGraph([live, assets], { limits });
  try {
    const before = sources.length;
    const stream = await subscribe(graph, 'subscription { reading { id } }');
    await until(() => sources.length === before + 1);
    await graph.served['live']?.close();
    assert.equal((await stream.next()).value?.notice?.state, 'interrupted');
    await assert.rejects(
      stream.next(),
      (error: { originalError?: unknown; extensions?: Record<string, unknown> }) => {
        assert.ok(isHubError(error.originalError, 'CONNECTOR_UNREACHABLE'));
        assert.match(error.originalError.message, /did not come back.*subscribe again/);
        return error.extensions?.['serviceName'] === 'live';
      },
    );
  } finally {
    await graph.close();
  }
});

test('nobody tries to take up a stream that its reader has left', async () => {
  const graph = await createRemoteGraph([live, assets], { limits: { retryWaitMs: 1 } });
  try {
    const before = sources.length;
    const stream = await subscribe(graph, 'subscription { reading { id } }');
    await until(() => sources.length === before + 1);
    graph.served['live']?.cut();
    assert.equal((await stream.next()).value?.notice?.state, 'interrupted');
    await stream.return?.();
    const other = await subscribe(graph, 'subscription { reading(of: 1) { id } }');
    await until(() => sources.length >= before + 2);
    await other.return?.();
    await until(() => graph.served['live']?.sockets === 0);
    assert.equal(sources.length, before + 2, 'only the other one has started a source');
  } finally {
    await graph.close();
  }
});

test('a refusal is told with its reason, and a subgraph that takes no connection is named', async () => {
  const graph = await createRemoteGraph([live, assets], {
    limits: { retries: 1, retryWaitMs: 1, resubscribeForMs: 20 },
  });
  try {
    const refused = await subscribe(graph, 'subscription { refused { id } }');
    assert.equal((await refused.next()).value?.errors?.[0]?.message, 'not you');
    assert.equal((await refused.next()).done, true);
    await graph.served['live']?.close();
    const stream = await subscribe(graph, 'subscription { reading { id } }');
    // The gateway may not have noticed yet that the connection of the refused one is gone.
    const ended = async () => {
      while (!(await stream.next()).done);
    };
    await assert.rejects(ended, /Subgraph live (takes no subscriptions|.*did not come back)/);
  } finally {
    await graph.close();
  }
});
