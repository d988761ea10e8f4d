import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLScalarType, parse } from 'graphql';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { readGatewayConfig } from '#gateway/config.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { assertFewRepeats } from '#gateway/limits.ts';
import { bodyOf, startGateway } from '../gateway/support.ts';

const { limits } = readGatewayConfig(new ConfigReader({}));
const limitOf = (query: string): unknown => {
  try {
    assertFewRepeats(parse(query), limits);
    return null;
  } catch (error) {
    return isHubError(error, 'LIMIT_EXCEEDED') ? error.details['limit'] : error;
  }
};
const chain = (length: number, body: (next: string) => string) =>
  Array.from({ length }, (_, i) => `fragment F${i} on Box { ${body(`F${i + 1}`)} }`).join(' ') +
  ` fragment F${length} on Box { a }`;

test('documents that take long to validate are refused before anything validates them', () => {
  const hostile: Record<string, [string, unknown]> = {
    'one field thousands of times': [`{ ${'whoami '.repeat(9_000)} }`, 'repeatedFields'],
    'fields with a selection': [`{ ${'box { a } '.repeat(2_400)} }`, 'repeatedFields'],
    'repeats within introspection': [`{ __schema { types { ${'name '.repeat(4_000)} } } }`, 'repeatedFields'],
    'repeats deep inside': [`{ box { box { ${'box { a } '.repeat(1_500)} } } }`, 'repeatedFields'],
    'repeats spread over inline fragments': [`{ ${'... { whoami } '.repeat(2_000)} }`, 'repeatedFields'],
    'fragments that double at one place': [
      `{ box { ...F0 } } ${chain(40, (next) => `...${next} ...${next}`)}`,
      'repeatedFields',
    ],
    'fragments that double under aliases': [
      `{ box { ...F0 } } ${chain(40, (next) => `x: box { ...${next} } y: box { ...${next} }`)}`,
      'fields',
    ],
    'repeats in a fragment nothing spreads': [
      `{ whoami } fragment F on Box { ${'a '.repeat(3_000)} }`,
      'repeatedFields',
    ],
    'thousands of levels': [`{ ${'box { '.repeat(1_000)} a ${'} '.repeat(1_000)} }`, 'depth'],
  };
  for (const [what, [query, expected]] of Object.entries(hostile)) {
    assert.equal(limitOf(query), expected, what);
  }
});

test('ordinary documents pass, also those with fragments that meet at one place', () => {
  assert.equal(
    limitOf(`{ ${Array.from({ length: 40 }, (_, i) => `f${i}: box { a b c box { a } }`).join(' ')} }`),
    null,
  );
  const fragments = Array.from({ length: 50 }, (_, i) => `fragment P${i} on Box { a b c d e }`).join(' ');
  const spreads = Array.from({ length: 50 }, (_, i) => `...P${i}`).join(' ');
  assert.equal(limitOf(`{ box { ${spreads} } } ${fragments}`), null);
  assert.equal(limitOf(`{ box { ...A } } fragment A on Box { a box { ...A } } # ${'x'.repeat(600)}`), null);
});

test('over HTTP and WebSocket a repeating document is refused and the gateway goes on', async (t) => {
  const { post, wsClient } = await startGateway(t);
  const query = `{ ${'box { a } '.repeat(2_400)} }`;
  const { errors } = await bodyOf(post(query));
  assert.equal(errors[0].extensions.details.limit, 'repeatedFields');
  await assert.rejects(
    async () => {
      for await (const _ of wsClient().iterate({ query })) assert.fail('an answer came');
    },
    (error) => JSON.stringify(error).includes('repeatedFields'),
  );
  assert.deepEqual((await bodyOf(post('{ whoami }'))).data, { whoami: 'ada' });
});

/** A tree in which everything has `width` children and a parent: lists within lists within lists. */
function gateWithTree(t: TestContext, width: number, maxListValues?: number) {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
    scalar Odd
    type Query { root: Node odd: Odd }
    type Node { id: ID! parent: Node children: [Node!]! }`;
  const node = {
    id: 'n',
    parent: () => node,
    children: async () => Array.from({ length: width }, () => node),
  };
  const odd = new GraphQLScalarType({ name: 'Odd', serialize: () => 1n });
  const resolvers = { Query: { root: () => node, odd: () => 'x' }, Odd: odd };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const executor = createLocalExecutor(schema, maxListValues === undefined ? {} : { maxListValues });
  // What the cost would refuse has to get as far as the lists themselves.
  const env = { TWINHUB_MAX_COST: '0' };
  return startGateway(t, { env, deps: { subgraphs: [{ name: 'tree', sdl, executor }] } });
}

test('lists within lists that would fill the memory end with an error instead', async (t) => {
  const { post } = await gateWithTree(t, 300);
  const nested = (levels: number) =>
    `{ root { ${'children { parent { '.repeat(levels)} id ${'} } '.repeat(levels)} } }`;
  const { data, errors } = await bodyOf(post(nested(5)));
  assert.deepEqual(data, { root: null });
  assert.equal(errors.length, 1);
  assert.equal(errors[0].extensions.details.limit, 'listValues');
  const small = await bodyOf(post(nested(1)));
  assert.equal(small.errors, undefined);
});

test('the budget of one request is not that of the next', async (t) => {
  const { post } = await gateWithTree(t, 40, 100);
  for (let i = 0; i < 5; i += 1)
    assert.equal((await bodyOf(post('{ root { children { id } } }'))).errors, undefined);
  const { errors } = await bodyOf(
    post('{ a: root { children { id } } b: root { children { id } } c: root { children { id } } }'),
  );
  assert.equal(errors[0].extensions.details.limit, 'listValues');
});

test('an answer that has no JSON text is an error of its operation and does not end the process', async (t) => {
  const { wsClient, post } = await gateWithTree(t, 1);
  const ended: unknown[] = [];
  const onUnhandled = (reason: unknown) => ended.push(reason);
  process.on('unhandledRejection', onUnhandled);
  t.after(() => process.off('unhandledRejection', onUnhandled));
  await assert.rejects(async () => {
    for await (const _ of wsClient().iterate({ query: '{ odd }' })) assert.fail('an answer came');
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ended, []);
  assert.equal((await bodyOf(post('{ root { id } }'))).errors, undefined);
});
