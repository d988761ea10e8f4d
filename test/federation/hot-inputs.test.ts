import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { parse } from 'graphql';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { newContext } from './support.ts';

const schema = makeExecutableSchema({
  typeDefs: `type Query { find(by: Filter, near: Place): String }
    input Filter { text: String = "any" tags: [String] not: Filter } input Place { x: Int = 1 y: [Int] z: [Int!] }`,
  resolvers: { Query: { find: (_: unknown, args: object) => JSON.stringify(args) } },
});

const cases = [
  {
    name: 'a variable of an input type that contains itself',
    query: 'query($by: Filter) { find(by: $by) }',
    variables: { by: { not: { text: 'a' } } },
    found: { by: { text: 'any', not: { text: 'a' } } },
  },
  {
    name: 'a list within an object that is a variable not given',
    query: 'query($y: [Int]) { find(near: { y: $y }) }',
    variables: {},
    found: { near: { x: 1 } },
  },
  {
    name: 'a value with a default within an object that is a variable not given',
    query: 'query($x: Int) { find(near: { x: $x }) }',
    variables: {},
    found: { near: { x: 1 } },
  },
  {
    name: 'a list that must hold no null, with a variable that is null',
    query: 'query($z: Int = 3) { find(near: { z: [$z] }) }',
    variables: { z: null },
    found: null,
  },
];

for (const { name, query, variables, found } of cases)
  test(`an operation that is asked again and again answers the same each time: ${name}`, async () => {
    const executor = createLocalExecutor(schema, { hotAfter: 1 });
    const document = parse(query);
    for (let run = 0; run < 3; run += 1) {
      const result = await executor.execute({
        operation: 'query',
        document,
        query,
        variables,
        context: newContext(),
      });
      assert.deepEqual(JSON.parse(String(result.data?.['find'] ?? null)), found);
    }
  });
