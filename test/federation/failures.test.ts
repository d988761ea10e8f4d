import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError, HubError } from '#kernel/errors.ts';
import type { SubgraphExecutor } from '#gateway/engine/types.ts';
import { createGraph, newContext, plain, type TestSubgraph } from './support.ts';

const assets: TestSubgraph = {
  name: 'assets',
  sdl: `type Query { assets: [Asset!]! } type Asset @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Query: {
      assets: () => [
        { id: '1', name: 'a' },
        { id: '2', name: 'b' },
      ],
    },
  },
};
const telemetry: TestSubgraph = {
  name: 'telemetry',
  sdl: `type Query { ping: String pong: String! } type Asset @key(fields: "id") { id: ID! latest: Float must: Float! }`,
  resolvers: {},
};

function failing(execute: SubgraphExecutor['execute']): SubgraphExecutor {
  return { execute, subscribe: () => Promise.reject(new Error('not asked for')) };
}
const unreachable = failing(() =>
  Promise.reject(new HubError('CONNECTOR_UNREACHABLE', 'telemetry does not answer.')),
);

test('a failed subgraph costs only its own fields and names itself', async () => {
  const graph = await createGraph([assets, telemetry], { telemetry: unreachable });
  const result = await graph.run('{ assets { id name latest } ping }');
  assert.deepEqual(plain(result).data, {
    assets: [
      { id: '1', name: 'a', latest: null },
      { id: '2', name: 'b', latest: null },
    ],
    ping: null,
  });
  assert.deepEqual(
    result.errors?.map(({ path, extensions, originalError }) => [
      path,
      extensions['serviceName'],
      isHubError(originalError, 'CONNECTOR_UNREACHABLE'),
    ]),
    [
      [['ping'], 'telemetry', true],
      [['assets'], 'telemetry', true],
    ],
  );
});

test('a failed subgraph under a non-null field is reported once, not again for each null', async () => {
  const graph = await createGraph([assets, telemetry], { telemetry: unreachable });
  const result = await graph.run('{ assets { id must } }');
  assert.equal(result.data, null);
  assert.deepEqual(
    result.errors?.map((error) => error.message),
    ['telemetry does not answer.'],
  );
});

test('a root field that must not be null makes the answer null', async () => {
  const graph = await createGraph([assets, telemetry], { telemetry: unreachable });
  const result = await graph.run('{ pong }');
  assert.deepEqual([result.data, result.errors?.[0]?.path], [null, ['pong']]);
});

test('an error without a place, as a subgraph reports a broken request, counts for all it was asked', async () => {
  const refusing = failing(() =>
    Promise.resolve({ errors: [{ message: 'no such thing', extensions: { code: 'X' } }] }),
  );
  const graph = await createGraph([assets, telemetry], { telemetry: refusing });
  const { data, errors } = plain(await graph.run('{ assets { latest } }'));
  assert.deepEqual(data, { assets: [{ latest: null }, { latest: null }] });
  assert.deepEqual(errors, [
    { message: 'no such thing', path: ['assets'], extensions: { code: 'X', serviceName: 'telemetry' } },
  ]);
});

test('values that break their type become null with an error, and the value stays inside', async () => {
  const lying = failing(() => Promise.resolve({ data: { ping: { secret: 1 }, pong: 'ok' } }));
  const graph = await createGraph([assets, telemetry], { telemetry: lying });
  const { data, errors } = plain(await graph.run('{ ping pong }'));
  assert.deepEqual(data, { ping: null, pong: 'ok' });
  assert.deepEqual(
    errors?.map(({ message, path }) => [message, path]),
    [['A subgraph answered Query.ping with something that is not a String.', ['ping']]],
  );
});

test('a subgraph that hangs does not hold the answer beyond the deadline', async () => {
  const hanging = failing(() => new Promise(() => {}));
  const graph = await createGraph([assets, telemetry], { telemetry: hanging });
  const abort = new AbortController();
  const running = graph.run('{ assets { id latest } }', {}, newContext(abort.signal));
  abort.abort(new HubError('DEADLINE_EXCEEDED', 'too long'));
  const result = await running;
  assert.ok(isHubError(result.errors?.[0]?.originalError, 'DEADLINE_EXCEEDED'));
});

test('a supergraph with a subgraph nobody can reach is refused at start', async () => {
  const { createEngine } = await import('#gateway/engine/engine.ts');
  const graph = await createGraph([assets, telemetry]);
  const { supergraphSdl } = graph.engine;
  const planner = { overrides: { labels: [], percentages: [] }, plan: () => Promise.resolve(null) };
  assert.throws(
    () => createEngine({ supergraphSdl, planner, executors: { assets: unreachable } }),
    (error) => isHubError(error, 'CONFIG_INVALID') && /telemetry/.test(error.message),
  );
});
