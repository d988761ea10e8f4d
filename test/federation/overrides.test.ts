import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawnOverrides } from '#gateway/engine/overrides.ts';
import { createRemoteGraph } from './remote-graph.ts';
import { newContext, plain, type TestSubgraph } from './support.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])`;
const named = (name: string, sdl: string): TestSubgraph => ({
  name,
  sdl: `${link} ${sdl}`,
  resolvers: {
    Query: { part: () => ({ id: '1' }) },
    Part: {
      __resolveReference: async (part: object) => part,
      price: () => name,
      stock: () => name,
    },
  },
});
const subgraphs = [
  named(
    'old',
    'type Query { part: Part } type Part @key(fields: "id") { id: ID! price: String stock: String }',
  ),
  named(
    'new',
    'type Part @key(fields: "id") { id: ID! price: String @override(from: "old", label: "new-prices") stock: String @override(from: "old", label: "percent(30)") }',
  ),
];

test('a labelled override takes the field over for the requests it is on for', async () => {
  const graph = await createRemoteGraph(subgraphs, {
    engine: {
      overrides: {
        isActive: (label, { requestId }) => label === 'new-prices' && requestId === 'on',
        draw: () => 100,
      },
    },
  });
  try {
    const priceFor = async (requestId: string) =>
      plain(await graph.run('{ part { price stock } }', {}, { ...newContext(), requestId })).data;
    assert.deepEqual(await priceFor('off'), { part: { price: 'old', stock: 'old' } });
    assert.deepEqual(await priceFor('on'), { part: { price: 'new', stock: 'old' } });
    assert.deepEqual(await priceFor('off'), { part: { price: 'old', stock: 'old' } });
  } finally {
    await graph.close();
  }
});

test('percent(30) takes the field over for draws below 30, with one plan for each side', async () => {
  let drawn = 0;
  const graph = await createRemoteGraph(subgraphs, {
    engine: { overrides: { isActive: () => false, draw: () => drawn } },
  });
  try {
    const stocks: unknown[] = [];
    for (drawn of [0, 29.9, 30, 99.9, 12]) {
      const { data } = plain(await graph.run('{ part { stock } }')) as { data: { part: { stock: string } } };
      stocks.push(data.part.stock);
    }
    assert.deepEqual(stocks, ['new', 'new', 'old', 'old', 'new']);
    assert.equal(graph.engine.stats().compiled, 2);
  } finally {
    await graph.close();
  }
});

test('requests draw evenly, and the same request always alike', () => {
  const draw = (id: number) => drawnOverrides.draw({ ...newContext(), requestId: `request-${id}` });
  const draws = Array.from({ length: 10_000 }, (_, id) => draw(id));
  assert.deepEqual(
    draws.slice(0, 100),
    Array.from({ length: 100 }, (_, id) => draw(id)),
  );
  for (const percent of [1, 30, 50, 90]) {
    const reached = draws.filter((drawn) => drawn < percent).length / 100;
    assert.ok(Math.abs(reached - percent) < 3, `${reached} % for percent(${percent})`);
  }
});
