import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGraph, plain, type TestSubgraph } from './support.ts';

const catalog: TestSubgraph = {
  name: 'catalog',
  sdl: `
    type Query { nodes: [Node] find(text: String): [Hit!] }
    interface Node { id: ID! label: String }
    type Pump implements Node @key(fields: "id") { id: ID! label: String head: Float }
    type Motor implements Node @key(fields: "id") { id: ID! label: String poles: Int }
    type Note { text: String! }
    union Hit = Pump | Motor | Note`,
  resolvers: {
    Query: {
      nodes: () => [
        { __typename: 'Pump', id: 'p1', label: 'pump', head: 12.5 },
        { __typename: 'Motor', id: 'm1', label: 'motor', poles: 4 },
      ],
      find: () => [
        { __typename: 'Note', text: 'hello' },
        { __typename: 'Motor', id: 'm1', label: 'motor', poles: 4 },
      ],
    },
  },
};

const health: TestSubgraph = {
  name: 'health',
  sdl: `
    type Query { ok: Boolean }
    type Pump @key(fields: "id") { id: ID! health: Float cavitation: Float }
    type Motor @key(fields: "id") { id: ID! health: Float }`,
  resolvers: {
    Query: { ok: () => true },
    Pump: { __resolveReference: async (pump: object) => ({ ...pump, health: 0.9, cavitation: 0.1 }) },
    Motor: { __resolveReference: async (motor: object) => ({ ...motor, health: 0.5 }) },
  },
};

test('fragments on an interface reach into other subgraphs by the type that is met', async () => {
  const graph = await createGraph([catalog, health]);
  const result = await graph.run(`
    query { nodes { kind: __typename ...N ... on Pump { head cavitation } ... on Motor { poles health } } }
    fragment N on Node { id name: label }`);
  assert.deepEqual(plain(result), {
    data: {
      nodes: [
        { kind: 'Pump', id: 'p1', name: 'pump', head: 12.5, cavitation: 0.1 },
        { kind: 'Motor', id: 'm1', name: 'motor', poles: 4, health: 0.5 },
      ],
    },
  });
  assert.equal(graph.requests.length, 2, 'both types go to the second subgraph in one request');
});

test('members of a union are told apart', async () => {
  const graph = await createGraph([catalog, health]);
  const result = await graph.run(
    '{ find { ... on Note { text } ... on Node { id } ... on Motor { health } } }',
  );
  assert.deepEqual(plain(result), { data: { find: [{ text: 'hello' }, { id: 'm1', health: 0.5 }] } });
});

test('a type that is hidden from the public schema does not come out', async () => {
  const hidden: TestSubgraph = {
    ...catalog,
    sdl: catalog.sdl.replace('type Note {', 'type Note @inaccessible {'),
  };
  const graph = await createGraph([hidden, health]);
  const result = await graph.run('{ find { __typename } }');
  assert.equal(graph.engine.schema.getType('Note'), undefined);
  assert.equal(result.data?.['find'], null);
});

test('required fields travel to the subgraph that computes with them, provided ones are not fetched again', async () => {
  const shop: TestSubgraph = {
    name: 'shop',
    sdl: `
      type Query { parts: [Part!]! best: Part @provides(fields: "stock") }
      type Part @key(fields: "id") { id: ID! weight: Float stock: Int @external }`,
    resolvers: {
      Query: {
        parts: () => [
          { id: '1', weight: 2 },
          { id: '2', weight: null },
        ],
        best: () => ({ id: '1', weight: 2, stock: 99 }),
      },
      Part: { __resolveReference: async ({ id }: { id: string }) => ({ id, weight: Number(id) * 2 }) },
    },
  };
  const stock: TestSubgraph = {
    name: 'stock',
    sdl: `
      type Query { low: [Part!] }
      type Part @key(fields: "id") { id: ID! weight: Float @external stock: Int @shareable freight: Float @requires(fields: "weight") }`,
    resolvers: {
      Query: { low: () => [{ id: '2' }] },
      Part: {
        __resolveReference: async (part: object) => ({ ...part, stock: 5 }),
        freight: ({ weight }: { weight: number | null }) => (weight === null ? null : weight * 10),
      },
    },
  };
  const graph = await createGraph([shop, stock]);
  assert.deepEqual(plain(await graph.run('{ parts { id freight } low { freight } }')), {
    data: {
      parts: [
        { id: '1', freight: 20 },
        { id: '2', freight: null },
      ],
      low: [{ freight: 40 }],
    },
  });
  graph.requests.length = 0;
  assert.deepEqual(plain(await graph.run('{ best { stock } }')), { data: { best: { stock: 99 } } });
  assert.deepEqual(
    graph.requests.map(({ subgraph }) => subgraph),
    ['shop'],
  );
});

test('a subgraph that knows an interface as an object adds fields to all its types', async () => {
  const owner: TestSubgraph = {
    name: 'owner',
    sdl: `
      type Query { things: [Thing!] }
      interface Thing @key(fields: "id") { id: ID! }
      type Hammer implements Thing @key(fields: "id") { id: ID! grams: Int }`,
    resolvers: {
      Query: { things: () => [{ __typename: 'Hammer', id: 'h' }] },
      Thing: { __resolveReference: async ({ id }: { id: string }) => ({ __typename: 'Hammer', id }) },
      Hammer: {
        __resolveReference: async ({ id }: { id: string }) => ({ id, grams: 500 }),
        grams: () => 500,
      },
    },
  };
  const notes: TestSubgraph = {
    name: 'notes',
    sdl: `type Query { noted: [Thing!] } type Thing @key(fields: "id") @interfaceObject { id: ID! note: String }`,
    resolvers: {
      Query: { noted: () => [{ id: 'h' }] },
      Thing: {
        __resolveReference: async ({ id }: { id: string }) => ({ id, note: `note ${id}` }),
        note: ({ id }: { id: string }) => `note ${id}`,
      },
    },
  };
  const graph = await createGraph([owner, notes]);
  assert.deepEqual(plain(await graph.run('{ things { id note ... on Hammer { grams } } }')), {
    data: { things: [{ id: 'h', note: 'note h', grams: 500 }] },
  });
  assert.deepEqual(plain(await graph.run('{ noted { __typename id note } }')), {
    data: { noted: [{ __typename: 'Hammer', id: 'h', note: 'note h' }] },
  });
});
