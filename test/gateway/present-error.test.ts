import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorTable, HubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { httpStatusOf, presentError } from '#gateway/present-error.ts';

function present(error: unknown): { shown: GraphQLFormattedError; logged: number } {
  const log = createMemoryLogger();
  const shown = presentError(error, { log, requestId: 'r1' });
  return { shown, logged: log.lines.filter(({ level }) => level === 'error').length };
}

test('a HubError is found behind any number of wrappers, and keeps its outermost place', () => {
  const inner = new HubError('NOT_FOUND', 'No such twin.', { details: { id: 'x' } });
  const wrapped = new GraphQLError('a', {
    path: ['b', 1],
    originalError: new GraphQLError('c', { originalError: inner }),
    extensions: { serviceName: 's' },
  });
  assert.deepEqual(present(wrapped), {
    shown: {
      message: 'No such twin.',
      path: ['b', 1],
      extensions: {
        code: 'NOT_FOUND',
        advice: errorTable.NOT_FOUND.advice,
        details: { id: 'x' },
        requestId: 'r1',
        serviceName: 's',
      },
    },
    logged: 0,
  });
});

test('whatever is not known is masked and logged: plain errors, thrown texts, own codes of resolvers', () => {
  for (const error of [
    new Error('secret'),
    'secret',
    new GraphQLError('secret'),
    new GraphQLError('secret', { extensions: { code: 'MINE' } }),
  ]) {
    const { shown, logged } = present(error);
    assert.deepEqual(
      [shown.message, shown.extensions?.['code'], shown.extensions?.['requestId'], logged],
      ['A fault of the hub.', 'INTERNAL', 'r1', 1],
    );
    assert.ok(!JSON.stringify(shown).includes('secret'));
  }
});

test('an error presented by another process of the hub keeps its code, but not a code nobody knows', () => {
  const remote = (code: string) =>
    present(new GraphQLError('from afar', { extensions: { code, serviceName: 's', stacktrace: ['x'] } }))
      .shown;
  assert.deepEqual(remote('FORBIDDEN'), {
    message: 'from afar',
    extensions: { code: 'FORBIDDEN', advice: errorTable.FORBIDDEN.advice, requestId: 'r1', serviceName: 's' },
  });
  assert.equal(remote('OTHER').message, 'A fault of the hub.');
});

test('every code has an HTTP status', () => {
  for (const code of Object.keys(errorTable)) assert.ok(httpStatusOf(code) >= 400);
  assert.deepEqual(
    ['UNAUTHENTICATED', 'BAD_USER_INPUT', 'NEVER_HEARD_OF'].map(httpStatusOf),
    [401, 400, 500],
  );
});
