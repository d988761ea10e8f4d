import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannerChoices } from '#gateway/planner.ts';
import { createGraph, plain, usePlanner, type TestSubgraph } from './support.ts';

/** What generated schemas (schemas/) have brought to light in the engine, one small graph for each. */
function testWithEach(name: string, run: () => Promise<void>): void {
  for (const planner of plannerChoices)
    test(`${name} (planner: ${planner})`, () => {
      usePlanner(planner);
      return run();
    });
}

const byId = { __resolveReference: async (reference: object) => reference };

testWithEach('an alias that has the name of a key field neither takes its place nor shows it', async () => {
  const subgraphs: TestSubgraph[] = [
    {
      name: 'a',
      sdl: 'type Query { pumps: [Pump] } type Pump @key(fields: "id") { id: ID! label: String }',
      resolvers: {
        Query: {
          pumps: () => [
            { id: '1', label: 'one' },
            { id: '2', label: 'two' },
          ],
        },
      },
    },
    {
      name: 'b',
      sdl: 'type Pump @key(fields: "id") { id: ID! note: String rating: Int }',
      resolvers: {
        Pump: {
          __resolveReference: async ({ id }: { id: string }) =>
            id === '1' ? { id, note: 'n', rating: 5 } : null,
        },
      },
    },
  ];
  const graph = await createGraph(subgraphs);
  assert.deepEqual(plain(await graph.run('{ pumps { id: label rating } }')).data, {
    pumps: [
      { id: 'one', rating: 5 },
      { id: 'two', rating: null },
    ],
  });
  // The second one is not known to the subgraph that has the field: nothing else may stand there.
  assert.deepEqual(plain(await graph.run('{ pumps { id: note } }')).data, {
    pumps: [{ id: 'n' }, { id: null }],
  });
});

testWithEach('a null key is not looked up, also when what a field requires goes out beside it', async () => {
  const asked: unknown[] = [];
  const graph = await createGraph([
    {
      name: 'a',
      sdl: `type Query { pumps: [Pump] } type Pump @key(fields: "id") @key(fields: "code") { id: ID! code: ID weight: Int }`,
      resolvers: {
        Query: {
          pumps: () => [
            { id: '1', code: 'c1', weight: 3 },
            { id: '2', code: null, weight: 4 },
          ],
        },
        Pump: byId,
      },
    },
    {
      name: 'b',
      sdl: `type Pump @key(fields: "code") { code: ID weight: Int @external cost: Int @requires(fields: "weight") }`,
      resolvers: {
        Pump: {
          __resolveReference: async (reference: object) => (asked.push(reference), reference),
          cost: ({ weight }: { weight: number }) => weight * 2,
        },
      },
    },
  ]);
  assert.deepEqual(plain(await graph.run('{ pumps { cost } }')).data, {
    pumps: [{ cost: 6 }, { cost: null }],
  });
  assert.equal(asked.length, 1);
});

testWithEach(
  'a field of a mutation that is skipped at its first place runs where it stands again',
  async () => {
    const ran: string[] = [];
    const mark = (name: string) => () => (ran.push(name), name);
    const graph = await createGraph([
      {
        name: 'a',
        sdl: 'type Query { ok: String } type Mutation { first: String second: String }',
        resolvers: { Mutation: { first: mark('first'), second: mark('second') } },
      },
    ]);
    const query = 'mutation($no: Boolean!) { second @include(if: $no) first second }';
    assert.deepEqual(plain(await graph.run(query, { no: false })).data, { first: 'first', second: 'second' });
    assert.deepEqual(ran, ['first', 'second']);
  },
);

testWithEach(
  'an object of which only the failed subgraph knows the type is null where its type matters',
  async () => {
    const graph = await createGraph([
      {
        name: 'a',
        sdl: `interface Media @key(fields: "id") { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! pages: Int! } type Film implements Media @key(fields: "id") { id: ID! }`,
        resolvers: {
          Media: {
            __resolveType: () => 'Book',
            __resolveReference: async ({ id }: { id: string }) => ({ __typename: 'Book', id }),
          },
          Book: {
            ...byId,
            pages: () => {
              throw new Error('no pages');
            },
          },
          Film: byId,
        },
      },
      {
        name: 'b',
        sdl: 'type Query { best: Media } type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int }',
        resolvers: { Query: { best: () => ({ id: '1', stars: 5 }) }, Media: byId },
      },
    ]);
    const { data, errors = [] } = plain(await graph.run('{ best { stars ... on Book { pages } } }'));
    assert.deepEqual(data, { best: null });
    assert.deepEqual(
      errors.map(({ message, path }) => ({ message, path })),
      [{ message: 'no pages', path: ['best', 'pages'] }],
    );
    assert.deepEqual(plain(await graph.run('{ best { stars } }')).data, { best: { stars: 5 } });
  },
);
