import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import type { SubgraphExecutor } from '#gateway/engine/types.ts';
import { createGraph, newContext } from '../federation/support.ts';

/** A subgraph of another process: what it answers comes out of JSON. */
function remote(answer: () => unknown): SubgraphExecutor {
  return {
    execute: async () => ({ data: JSON.parse(JSON.stringify(answer())) as Record<string, unknown> }),
    subscribe: () => Promise.reject(new Error('nobody subscribes')),
  };
}

const assets = 'type Query { pump: Pump } type Pump @key(fields: "id") { id: ID! }';
const notes =
  'type Query { ok: Int } scalar Any type Pump @key(fields: "id") { id: ID! note: String any: Any list: [Int] }';

test('a null under an alias that every object inherits stays a null, as text and as objects', async () => {
  for (const alias of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
    for (const field of ['note', 'any', 'list']) {
      const { engine } = await createGraph(
        [
          { name: 'assets', sdl: assets, resolvers: {} },
          { name: 'notes', sdl: notes, resolvers: {} },
        ],
        {
          assets: remote(() => ({ pump: { __typename: 'Pump', id: '1' } })),
          notes: remote(() => ({ _entities: [{ [alias]: null }] })),
        },
      );
      const document = parse(`{ pump { ${alias}: ${field} } }`);
      for (const asText of [true, false]) {
        const { data, dataText, errors } = await engine.execute({ document, context: newContext(), asText });
        assert.equal(dataText ?? JSON.stringify(data), `{"pump":{"${alias}":null}}`);
        assert.equal(errors, undefined);
      }
    }
  }
});

test('type names that are no names are refused alike as text and as objects', async () => {
  const sdl = 'type Query { thing: Thing } interface Thing { id: ID } type A implements Thing { id: ID }';
  for (const typeName of ['A', 'Nobody', ['A'], {}, 5, null]) {
    const { engine } = await createGraph([{ name: 'only', sdl, resolvers: {} }], {
      only: remote(() => ({ thing: { __typename: typeName, id: '1' } })),
    });
    const document = parse('{ thing { id ... on A { id } } }');
    const context = newContext();
    const written = await engine.execute({ document, context, asText: true });
    const { data, errors } = await engine.execute({ document, context });
    assert.equal(written.dataText ?? JSON.stringify(written.data), JSON.stringify(data), String(typeName));
    assert.deepEqual(written.errors?.map(String), errors?.map(String));
  }
});
