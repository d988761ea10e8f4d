import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, type ExecutionResult } from 'graphql';
import { isHubError } from '#kernel/errors.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { createGraph } from './cost-support.ts';
import { principalOf } from './support.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@inaccessible"])
  enum State { ON OFF SECRET @inaccessible }
  type Query { one: State list: [State] strictItems: [State!] box: Box echo(state: State): State }
  type Box { strict: State! name: String }`;
const values = {
  one: 'SECRET',
  list: ['ON', 'SECRET', 'OFF'],
  strictItems: ['ON', 'SECRET'],
  box: { strict: 'SECRET', name: 'n' },
};

const shapeOf = ({ data, errors = [] }: Pick<ExecutionResult, 'data' | 'errors'>) => ({
  data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
  places: errors.map(({ path }) => path?.join('.')).toSorted(),
});

/**
 * The specification asks for one of the values a schema defines, or for an error at the place; a hidden value is none that
 * clients' schema defines, and naming it in the error would tell what is hidden.
 * @see https://spec.graphql.org/October2021/#sec-Enums.Result-Coercion
 */
test('a hidden value of an enum is null with an error at its place, as graphql-js does it over the public schema', async () => {
  const schema = buildSubgraphSchema([
    { typeDefs: parse(sdl), resolvers: { Query: mapped(values) } as never },
  ]);
  const engine = await createGraph([{ name: 'states', sdl }], {
    executors: { states: createLocalExecutor(schema) },
  });
  const queries = ['{ one }', '{ list }', '{ strictItems }', '{ box { name strict } }', '{ one list }'];
  for (const [query, asText] of queries.flatMap((one) => [[one, false] as const, [one, true] as const])) {
    const document = parse(query);
    const context = { principal: principalOf('ada'), requestId: 'r', signal: new AbortController().signal };
    const result = await engine.execute({ document, context, asText });
    const wanted = await execute({ schema: engine.schema, document, rootValue: values });
    assert.deepEqual(shapeOf(result), shapeOf(wanted), query);
    assert.ok(result.errors?.length);
    for (const { message, originalError } of result.errors ?? []) {
      assert.doesNotMatch(message, /SECRET/);
      assert.ok(isHubError(originalError, 'CONNECTOR_PROTOCOL'), message);
    }
  }
});

test('a hidden value of an enum is not taken from clients either', async () => {
  const engine = await createGraph([{ name: 'states', sdl }]);
  const context = { principal: principalOf('ada'), requestId: 'r', signal: new AbortController().signal };
  const document = parse('query ($state: State) { echo(state: $state) }');
  const { errors, data } = await engine.execute({ document, context, variables: { state: 'SECRET' } });
  assert.equal(data, undefined);
  assert.equal(errors?.[0]?.extensions['code'], 'BAD_USER_INPUT');
});

function mapped(fields: Readonly<Record<string, unknown>>): Record<string, () => unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, () => value]));
}
