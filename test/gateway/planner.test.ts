import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
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
