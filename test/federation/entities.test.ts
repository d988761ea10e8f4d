import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HubError } from '#kernel/errors.ts';
import { createGraph, plain, type TestSubgraph } from './support.ts';

const lookups: unknown[] = [];

const assets: TestSubgraph = {
  name: 'assets',
  sdl: `
    type Query { asset(id: ID!): Asset assets: [Asset!]! pair: [Asset] keyless: Asset site(id: ID!): Site }
    type Asset @key(fields: "id") { id: ID name: String site: Site }
    type Site @key(fields: "id") { id: ID! name: String! }`,
  resolvers: {
    Query: {
      asset: (_: unknown, { id }: { id: string }) => ({
        id,
        name: `asset ${id}`,
        site: { id: 's1', name: 'North' },
      }),
      assets: () =>
        ['1', '2', '1'].map((id) => ({ id, name: `asset ${id}`, site: { id: 's1', name: 'North' } })),
      pair: () => [{ id: '1' }, { id: 'missing' }, { id: 'broken' }, null],
      keyless: () => ({ id: null, name: 'no key' }),
    },
  },
};

const telemetry: TestSubgraph = {
  name: 'telemetry',
  sdl: `
    type Query { ping: String }
    type Asset @key(fields: "id") { id: ID latest(unit: String = "C"): Float status: Status! }
    type Status { ok: Boolean! text(language: String = "en"): String }
    type Site @key(fields: "id") { id: ID! climate(unit: String): String }`,
  resolvers: {
    Query: { ping: () => 'pong' },
    Asset: {
      // Not async, one throw would fail all entities of the request: @apollo/subgraph maps over them.
      async __resolveReference(reference: { id: string }) {
        lookups.push(reference.id);
        if (reference.id === 'broken') throw new HubError('STORE_UNAVAILABLE', 'The store is away.');
        return reference.id === 'missing' ? null : { id: reference.id, status: { ok: true } };
      },
      latest: ({ id }: { id: string }, { unit }: { unit: string }) => (unit === 'F' ? 100 : 0) + Number(id),
    },
    Status: { text: (_: unknown, { language }: { language: string }) => `ok-${language}` },
    Site: {
      __resolveReference: (site: object) => site,
      climate: (_: unknown, { unit }: { unit?: string }) => `mild ${unit}`,
    },
  },
};

test('fields of several subgraphs join over an entity, in the order they were asked for', async () => {
  const graph = await createGraph([assets, telemetry]);
  const result = await graph.run(
    '{ asset(id: "7") { latest name __typename id site { climate(unit: "K") name } } }',
  );
  assert.equal(
    JSON.stringify(result),
    '{"data":{"asset":{"latest":7,"name":"asset 7","__typename":"Asset","id":"7","site":{"climate":"mild K","name":"North"}}}}',
  );
});

test('entities of a list are looked up in one request, equal ones once', async () => {
  const graph = await createGraph([assets, telemetry]);
  lookups.length = 0;
  const result = await graph.run('{ assets { id latest } }');
  assert.deepEqual(plain(result).data, {
    assets: [
      { id: '1', latest: 1 },
      { id: '2', latest: 2 },
      { id: '1', latest: 1 },
    ],
  });
  assert.equal(graph.requests.length, 2);
  assert.deepEqual(lookups, ['1', '2']);
});

test('one entity at two places with different arguments keeps its answers apart', async () => {
  const graph = await createGraph([assets, telemetry]);
  const result = await graph.run(`{
    a: assets { x: latest(unit: "F") site { c: climate(unit: "a") } status { text } }
    b: assets { x: latest site { c: climate(unit: "b") } status { text(language: "de") } }
  }`);
  const data = plain(result).data as Record<
    string,
    { x: number; site: { c: string }; status: { text: string } }[]
  >;
  assert.deepEqual(
    data['a']?.map(({ x, site, status }) => [x, site.c, status.text]),
    [
      [101, 'mild a', 'ok-en'],
      [102, 'mild a', 'ok-en'],
      [101, 'mild a', 'ok-en'],
    ],
  );
  assert.deepEqual(
    data['b']?.map(({ x, site, status }) => [x, site.c, status.text]),
    [
      [1, 'mild b', 'ok-de'],
      [2, 'mild b', 'ok-de'],
      [1, 'mild b', 'ok-de'],
    ],
  );
});

test('a null key is not looked up and costs only the joined fields', async () => {
  const graph = await createGraph([assets, telemetry]);
  const result = await graph.run('{ keyless { id name latest } }');
  assert.deepEqual(plain(result), { data: { keyless: { id: null, name: 'no key', latest: null } } });
  assert.equal(graph.requests.length, 1);
});

test('a missing entity gives null without an error, a failed one an error at its own place', async () => {
  const graph = await createGraph([assets, telemetry]);
  const { data, errors } = plain(await graph.run('{ pair { id latest } }'));
  assert.deepEqual(data, {
    pair: [{ id: '1', latest: 1 }, { id: 'missing', latest: null }, { id: 'broken', latest: null }, null],
  });
  assert.equal(errors?.length, 1);
  assert.deepEqual(errors?.[0]?.path, ['pair', 2]);
  assert.deepEqual(errors?.[0]?.extensions, { serviceName: 'telemetry' });
});

test('a missing entity under a non-null field takes its nearest nullable parent along and says so once', async () => {
  const graph = await createGraph([assets, telemetry]);
  const { data, errors } = plain(await graph.run('{ pair { id status { ok } } }'));
  assert.deepEqual(data, { pair: [{ id: '1', status: { ok: true } }, null, null, null] });
  assert.deepEqual(
    errors?.map(({ message, path }) => [message, path]),
    [
      ['The store is away.', ['pair', 2]],
      ['Cannot return null for non-nullable field Asset.status.', ['pair', 1, 'status']],
    ],
  );
});
