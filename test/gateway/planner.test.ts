import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createPlanner, plannerChoices } from '#gateway/planner.ts';

test('a machine without the native binary runs; asking for the native planner there is refused with what to do', async () => {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@graphql-hive/router-query-planner') throw new Error('Cannot find native binding');
      return next(specifier, context);
    },
  });
  const saysWhy = (text: string) =>
    text.includes(`${process.platform}-${process.arch}`) && text.includes('Cannot find native binding');
  try {
    const { supergraphSdl } = composeSupergraph([{ name: 'plant', sdl: 'type Query { a: Int }' }]);
    const planner = await createPlanner(supergraphSdl);
    assert.equal((await planner.plan({ query: '{ a }', operationName: null }))?.kind, 'Fetch');
    await assert.rejects(
      createPlanner(supergraphSdl, 'native'),
      (error) => isHubError(error, 'CONFIG_INVALID') && saysWhy(error.message),
    );
  } finally {
    hooks.deregister();
  }
});

test('what the native planner gives up on our own one plans', async () => {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires"])`;
  const { supergraphSdl } = composeSupergraph([
    {
      name: 'one',
      sdl: `${link} type Product @key(fields: "id") @key(fields: "upc") { id: ID! upc: String name: String }`,
    },
    {
      name: 'two',
      sdl: `${link} type Query { top: Product } type Product @key(fields: "id") { id: ID! name: String @external rating: Int @requires(fields: "name") }`,
    },
    {
      name: 'three',
      sdl: `${link} type Query { byUpc: Product } type Product @key(fields: "upc") { upc: String }`,
    },
  ]);
  const request = { query: '{ byUpc { rating } }', operationName: null };
  const native = await createPlanner(supergraphSdl, 'native');
  await assert.rejects(native.plan(request), (error) => isHubError(error, 'INTERNAL'));
  assert.equal((await (await createPlanner(supergraphSdl)).plan(request))?.kind, 'Sequence');
});

for (const planner of plannerChoices)
  test(`a weight below 0 does not end the process, and the plan is the one without it: ${planner}`, async () => {
    const sdl = (cost: string) => `extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost"])
    type Query { pump: Pump }
    type Pump @key(fields: "id") { id: ID! flow: Int ${cost} }`;
    const planOf = async (cost: string) => {
      const { supergraphSdl } = composeSupergraph([{ name: 'plant', sdl: sdl(cost) }]);
      assert.equal(supergraphSdl.includes('weight: -5'), cost !== '');
      return (await createPlanner(supergraphSdl, planner)).plan({
        query: '{ pump { id flow } }',
        operationName: null,
      });
    };
    assert.deepEqual(await planOf('@cost(weight: -5)'), await planOf(''));
  });
