import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildClientSchema,
  getIntrospectionQuery,
  parse,
  printSchema,
  type IntrospectionQuery,
} from 'graphql';
import { HubError, isHubError } from '#kernel/errors.ts';
import { createGraph, newContext, plain, type TestSubgraph } from './support.ts';

const journal: string[] = [];
const note = (text: string) => void journal.push(text);

const first: TestSubgraph = {
  name: 'first',
  sdl: `
    type Query { item(id: ID!, size: Size = SMALL): Item at(time: Time): String }
    type Mutation { a1: Item a2: Item aBroken: Item! }
    enum Size { SMALL LARGE }
    scalar Time
    type Item @key(fields: "id") { id: ID! name: String @shareable size: Size }`,
  resolvers: {
    Query: {
      item: (_: unknown, args: object) => ({ ...args, name: 'n' }),
      at: (_: unknown, { time }: { time: string }) => `at ${time}`,
    },
    Mutation: {
      a1: async () => (await undefined, note('a1'), { id: 'a1' }),
      a2: () => (note('a2'), { id: 'a2' }),
      aBroken: () => {
        note('aBroken');
        throw new HubError('STEP_NOT_ALLOWED', 'not now');
      },
    },
    Item: {
      __resolveReference: async ({ id }: { id: string }) => (
        note(`first looks up ${id}`),
        { id, name: `name ${id}` }
      ),
    },
  },
};
const second: TestSubgraph = {
  name: 'second',
  sdl: `
    type Query { version: String }
    type Mutation { b1: Item }
    type Item @key(fields: "id") { id: ID! extra(n: Int = 1, tags: [String!]): String }`,
  resolvers: {
    Query: { version: () => 'v1' },
    Mutation: { b1: () => (note('b1'), { id: 'b1' }) },
    Item: {
      __resolveReference: async ({ id }: { id: string }) => (note(`second looks up ${id}`), { id }),
      extra: ({ id }: { id: string }, { n, tags }: { n: number; tags?: string[] }) =>
        `${id}:${n}:${tags?.join('+') ?? ''}`,
    },
  },
};

test('mutations run one after another, each with everything below it', async () => {
  const graph = await createGraph([first, second]);
  journal.length = 0;
  const result = await graph.run('mutation { a1 { id extra } b1 { name } z: a2 { extra } }');
  assert.deepEqual(plain(result).data, {
    a1: { id: 'a1', extra: 'a1:1:' },
    b1: { name: 'name b1' },
    z: { extra: 'a2:1:' },
  });
  assert.deepEqual(journal, [
    'a1',
    'second looks up a1',
    'b1',
    'first looks up b1',
    'a2',
    'second looks up a2',
  ]);
});

test('a mutation whose failure makes the answer null keeps those after it from running', async () => {
  const graph = await createGraph([first, second]);
  journal.length = 0;
  const result = await graph.run('mutation { a1 { id } aBroken { id } b1 { id } }');
  assert.equal(result.data, null);
  assert.deepEqual(journal, ['a1', 'aBroken']);
  const inner = result.errors?.[0]?.originalError;
  assert.ok(inner && 'originalError' in inner && isHubError(inner.originalError, 'STEP_NOT_ALLOWED'));
});

test('skip and include decide what is fetched, with variables, on fields and fragments', async () => {
  const graph = await createGraph([first, second]);
  const query = `query ($with: Boolean!, $without: Boolean = false) {
    item(id: 1) { id ...E @include(if: $with) name @skip(if: $without) }
    version @skip(if: true)
  }
  fragment E on Item { extra }`;
  assert.deepEqual(plain(await graph.run(query, { with: true })), {
    data: { item: { id: '1', extra: '1:1:', name: 'n' } },
  });
  graph.requests.length = 0;
  assert.deepEqual(plain(await graph.run(query, { with: false, without: true })), {
    data: { item: { id: '1' } },
  });
  assert.deepEqual(
    graph.requests.map(({ subgraph }) => subgraph),
    ['first'],
  );
});

test('variables, defaults, lists and enums reach the subgraph that needs them', async () => {
  const graph = await createGraph([first, second]);
  const query =
    'query ($id: ID!, $n: Int = 7, $t: [String!], $s: Size = LARGE) { i: item(id: $id, size: $s) { size extra(n: $n, tags: $t) } }';
  assert.deepEqual(plain(await graph.run(query, { id: 5, t: ['a', 'b'] })), {
    data: { i: { size: 'LARGE', extra: '5:7:a+b' } },
  });
});

test('a variable of the wrong type is refused before anything runs', async () => {
  const graph = await createGraph([first, second]);
  const result = await graph.run('query ($n: Int) { item(id: 1) { extra(n: $n) } }', { n: 'many' });
  assert.equal(result.data, undefined);
  assert.equal(graph.requests.length, 0);
  assert.equal(result.errors?.[0]?.extensions['code'], 'BAD_USER_INPUT');
});

test('introspection answers from the public schema, also beside other fields and within fragments', async () => {
  const graph = await createGraph([first, second]);
  const { data } = plain(await graph.run(getIntrospectionQuery()));
  const schema = buildClientSchema(data as IntrospectionQuery);
  assert.equal(printSchema(schema), printSchema(graph.engine.schema));
  assert.ok(!printSchema(schema).includes('_entities') && !printSchema(schema).includes('join__'));
  assert.equal(graph.requests.length, 0);
  const mixed = await graph.run(
    'query ($n: String!) { version ...S t: __type(name: $n) { fields { name } } } fragment S on Query { __schema { queryType { name } } }',
    {
      n: 'Item',
    },
  );
  assert.equal(
    JSON.stringify(mixed.data),
    '{"version":"v1","__schema":{"queryType":{"name":"Query"}},"t":{"fields":[{"name":"id"},{"name":"name"},{"name":"size"},{"name":"extra"}]}}',
  );
});

test('the root type name alone asks no subgraph', async () => {
  const graph = await createGraph([first, second]);
  assert.deepEqual(plain(await graph.run('query { __typename ... on Query { t: __typename } }')), {
    data: { __typename: 'Query', t: 'Query' },
  });
  assert.equal(graph.requests.length, 0);
});

test('incremental delivery is refused with a clear message', async () => {
  const graph = await createGraph([first, second]);
  const document = parse('{ item(id: 1) { id ... @defer { extra } } }');
  const result = await graph.engine.execute({ document, context: newContext() });
  assert.match(result.errors?.[0]?.message ?? '', /@defer is not supported/);
});

test('an operation is planned once, and the plans kept are bounded', async () => {
  const { createEngine } = await import('#gateway/engine/engine.ts');
  const graph = await createGraph([first, second]);
  const run = () => graph.run('{ version }');
  await Promise.all([run(), run(), run()]);
  assert.deepEqual([graph.engine.stats().compiled, graph.engine.stats().cached], [1, 1]);
  const unused = {
    execute: async () => ({ data: { version: 'x' } }),
    subscribe: () => Promise.reject(new Error()),
  };
  const { createPlanner } = await import('#gateway/planner.ts');
  const { supergraphSdl } = graph.engine;
  const small = createEngine({
    supergraphSdl,
    planner: await createPlanner(supergraphSdl),
    executors: { first: unused, second: unused },
    planCacheSize: 3,
  });
  for (let n = 0; n < 10; n += 1)
    await small.execute({ document: parse(`{ v${n}: version }`), context: newContext() });
  assert.deepEqual([small.stats().compiled, small.stats().cached], [10, 3]);
});

test('an operation that is not there is named', async () => {
  const graph = await createGraph([first, second]);
  const document = parse('query A { version } query B { version }');
  const run = async (operationName?: string) =>
    (await graph.engine.execute({ document, operationName, context: newContext() })).errors?.[0]?.message;
  assert.equal(await run('C'), 'Unknown operation named "C".');
  assert.equal(await run(), 'Must provide operation name if query contains multiple operations.');
  assert.equal(await run('B'), undefined);
});

test('an alias cannot pass a value off as a type', async () => {
  const graph = await createGraph([first, second]);
  const result = await graph.run('{ item(id: "Secret") { __typename: id extra } }');
  assert.equal(graph.requests.length, 0);
  assert.ok(isHubError(result.errors?.[0]?.originalError, 'INVALID_INPUT'));
});
