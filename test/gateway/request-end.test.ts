import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { createScopeFactory } from '#gateway/context.ts';
import { throwIfEnded, untilEnded } from '#gateway/engine/abort.ts';
import { newContext } from '../federation/support.ts';

const { principal } = newContext();
const open = (timeoutMs = 60_000, caller?: AbortSignal) =>
  createScopeFactory(timeoutMs)({ principal, requestId: 'r', ...(caller ? { caller } : {}) });
const never = () => new Promise<never>(() => {});

test('the signal of a context is one, and says the reason also to whoever reads it late', () => {
  const scope = open();
  const reason = new Error('gone');
  assert.equal(scope.context.signal, scope.context.signal);
  assert.equal(scope.another().signal, scope.context.signal);
  scope.cancel(reason);
  scope.cancel(new Error('later'));
  assert.equal(scope.context.signal.reason, reason);
  const late = open();
  late.cancel(reason);
  assert.ok(late.context.signal.aborted);
  assert.equal(late.context.signal.reason, reason);
  assert.throws(() => throwIfEnded(late.context), reason);
});

test('what waits for work is told when the request ends, and work that is done is not taken back', async () => {
  const scope = open();
  const reason = new Error('gone');
  const done = untilEnded(Promise.resolve(1), scope.context);
  const failed = untilEnded(Promise.reject(new Error('own')), scope.context);
  assert.equal(await done, 1);
  await assert.rejects(failed, /own/);
  const waiting = untilEnded(never(), scope.context);
  scope.cancel(reason);
  await assert.rejects(waiting, reason);
  // What fails afterwards has nobody to hear it, and must not end the process.
  await assert.rejects(untilEnded(Promise.reject(new Error('unheard')), scope.another()), reason);
});

test('a deadline ends a request with its reason, and not one that has been answered', async () => {
  const newScope = createScopeFactory(20);
  const answered = newScope({ principal, requestId: 'a' });
  answered.end();
  const late = newScope({ principal, requestId: 'b' });
  await assert.rejects(untilEnded(never(), late.context), (error) => isHubError(error, 'DEADLINE_EXCEEDED'));
  assert.equal(answered.context.signal.aborted, false);
  answered.cancel(new Error('hung up while the answer went out'));
  assert.equal(answered.context.signal.aborted, false);
});

test('a caller that is gone already, or goes later, ends the request', async () => {
  const caller = new AbortController();
  const scope = open(60_000, caller.signal);
  const waiting = untilEnded(never(), scope.context);
  caller.abort(new Error('hung up'));
  await assert.rejects(waiting, /hung up/);
  assert.equal(open(60_000, caller.signal).context.signal.reason, caller.signal.reason);
});
