import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncQueue } from '#kernel/async-queue.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { createGraph, newContext, plain, type TestSubgraph } from './support.ts';

let source: AsyncQueue<{ id: string }>;
let stopped = 0;
const seen: { where: string; requestId: string }[] = [];
const see = (where: string, context: RequestContext) =>
  void seen.push({ where, requestId: context.requestId });

const telemetry: TestSubgraph = {
  name: 'telemetry',
  sdl: `
    type Query { ping: String }
    type Subscription { reading: Reading refused: Reading }
    type Reading { id: ID! value: Float must: Float! asset: Asset }
    type Asset @key(fields: "id") { id: ID! }`,
  resolvers: {
    Subscription: {
      reading: {
        subscribe: (_: unknown, __: unknown, context: RequestContext) => {
          see('start', context);
          return (source = new AsyncQueue({ onStop: () => (stopped += 1) }));
        },
        resolve: (event: object) => event,
      },
      refused: {
        subscribe: () => {
          throw new HubError('FORBIDDEN', 'not you');
        },
      },
    },
    Reading: {
      value: (_: unknown, __: unknown, context: RequestContext) => (see('event', context), 1.5),
      must: ({ id }: { id: string }) => (id === 'bad' ? null : 1),
      asset: ({ id }: { id: string }) => ({ id }),
    },
  },
};
const assets: TestSubgraph = {
  name: 'assets',
  sdl: `type Query { pong: String } type Asset @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Asset: {
      async __resolveReference({ id }: { id: string }, context: RequestContext) {
        see('join', context);
        if (id === 'boom') throw new HubError('STORE_UNAVAILABLE', 'away');
        return { id, name: `asset ${id}` };
      },
    },
  },
};

test('an event joins fields of other subgraphs, with one fresh context for all of it', async () => {
  const graph = await createGraph([telemetry, assets]);
  seen.length = 0;
  let ended = 0;
  const stream = await graph.subscribe('subscription { r: reading { value asset { name } } }', {}, () => ({
    context: newContext(),
    end: () => (ended += 1),
  }));
  source.push({ id: '1' });
  source.push({ id: '2' });
  const events = [await stream.next(), await stream.next()];
  assert.deepEqual(
    events.map(({ value }) => value && plain(value)),
    ['1', '2'].map((id) => ({ data: { r: { value: 1.5, asset: { name: `asset ${id}` } } } })),
  );
  assert.deepEqual(
    seen.map(({ where }) => where),
    ['start', 'event', 'join', 'event', 'join'],
  );
  assert.equal(new Set(seen.map(({ requestId }) => requestId)).size, 3);
  assert.equal(seen[1]?.requestId, seen[2]?.requestId);
  assert.equal(ended, 2);
  await stream.return?.();
});

test('what went wrong with one event does not show in the next', async () => {
  const graph = await createGraph([telemetry, assets]);
  const stream = await graph.subscribe('subscription { reading { must asset { name } } }');
  for (const id of ['boom', 'bad', 'ok']) source.push({ id });
  const [boom, bad, ok] = [await stream.next(), await stream.next(), await stream.next()].map(
    ({ value }) => value && plain(value),
  );
  assert.deepEqual(
    [boom?.data, boom?.errors?.map(({ message }) => message)],
    [{ reading: { must: 1, asset: { name: null } } }, ['away']],
  );
  assert.deepEqual(
    [bad?.data, bad?.errors?.length, bad?.errors?.[0]?.path],
    [{ reading: null }, 1, ['reading', 'must']],
  );
  assert.deepEqual(ok, { data: { reading: { must: 1, asset: { name: 'asset ok' } } } });
  await stream.return?.();
});

test('return() stops a quiet source at once and ends a waiting reader', async () => {
  const graph = await createGraph([telemetry, assets]);
  const stream = await graph.subscribe('subscription { reading { id } }');
  const before = stopped;
  const waiting = stream.next();
  await stream.return?.();
  assert.equal(stopped, before + 1);
  assert.deepEqual(await waiting, { done: true, value: undefined });
});

test('a source that fails says whose it was', async () => {
  const graph = await createGraph([telemetry, assets]);
  const stream = await graph.subscribe('subscription { reading { id } }');
  source.end(new HubError('CONNECTOR_UNREACHABLE', 'plant away'));
  await assert.rejects(stream.next(), { message: 'plant away', extensions: { serviceName: 'telemetry' } });
});

test('a subscription that a resolver refuses gives its reason instead of a stream', async () => {
  const graph = await createGraph([telemetry, assets]);
  await assert.rejects(graph.subscribe('subscription { refused { id } }'), /not you/);
});

test('a subscription is no query', async () => {
  const graph = await createGraph([telemetry, assets]);
  const result = await graph.run('subscription { reading { id } }');
  assert.ok(isHubError(result.errors?.[0]?.originalError, 'INVALID_INPUT'));
});
