import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createPlanner } from '#gateway/planner.ts';

test('a machine without the native binary of the planner gets a clear refusal', async () => {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@graphql-hive/router-query-planner') throw new Error('Cannot find native binding');
      return next(specifier, context);
    },
  });
  try {
    await assert.rejects(
      createPlanner('type Query { a: Int }'),
      (error) =>
        isHubError(error, 'CONFIG_INVALID') &&
        error.message.includes(`${process.platform}-${process.arch}`) &&
        error.message.includes('Cannot find native binding'),
    );
  } finally {
    hooks.deregister();
  }
});

test('a weight below 0 does not end the process, and the plan is the one without it', async () => {
  const sdl = (cost: string) => `extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost"])
    type Query { pump: Pump }
    type Pump @key(fields: "id") { id: ID! flow: Int ${cost} }`;
  const planOf = async (cost: string) => {
    const { supergraphSdl } = composeSupergraph([{ name: 'plant', sdl: sdl(cost) }]);
    assert.equal(supergraphSdl.includes('weight: -5'), cost !== '');
    return (await createPlanner(supergraphSdl)).plan({ query: '{ pump { id flow } }', operationName: null });
  };
  assert.deepEqual(await planOf('@cost(weight: -5)'), await planOf(''));
});
