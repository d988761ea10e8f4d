import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AsyncQueue } from '#kernel/async-queue.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import { coalesce } from '#kernel/coalesce.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { ConfigReader, type ConfigFault } from '#kernel/config.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import { Lifecycle, withDeadline } from '#kernel/lifecycle.ts';
import { createMemoryLogger } from '#kernel/log.ts';

test('a configuration reader reports all faults together, names unknown settings, and never shows a secret', () => {
  const reader = new ConfigReader({
    X_PORT: '99999',
    X_MODE: 'fast',
    X_FLAG: 'yes',
    X_PORTT: '1',
    X_SECRET: 'hunter2',
    Y: '1',
  });
  reader.integer('X_PORT', { default: 1, min: 1, max: 65535 });
  reader.oneOf('X_MODE', { default: 'slow', values: ['slow', 'steady'] });
  reader.boolean('X_FLAG', { default: false });
  reader.secret('X_SECRET');
  assert.throws(
    () => reader.finish('X_'),
    (error) => {
      assert.ok(isHubError(error, 'CONFIG_INVALID'));
      const faults = error.details['faults'] as ConfigFault[];
      assert.deepEqual(
        faults.map((fault) => fault.name),
        ['X_PORT', 'X_MODE', 'X_FLAG', 'X_PORTT'],
      );
      assert.match(error.message, /slow, steady/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    },
  );
});

test('a secret may come from a file, but not from file and variable at once', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'twinhub-')), 'secret');
  writeFileSync(file, 'from-file\n');
  const reader = new ConfigReader({ A_FILE: file, B_FILE: file, B: 'x', C_FILE: '/does/not/exist' });
  assert.equal(reader.secret('A'), 'from-file');
  reader.secret('B');
  reader.secret('C');
  assert.throws(() => reader.finish(), /B: .*either B or B_FILE[\s\S]*C_FILE/);
});

test('a queue ends at once when its reader leaves, also while it waits for a value', async () => {
  let stopped = 0;
  const queue = new AsyncQueue<number>({ onStop: () => (stopped += 1) });
  const waiting = queue.next();
  await queue.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.equal(stopped, 1);
});

test('a queue drops the oldest for a slow reader and counts what it dropped', async () => {
  const queue = new AsyncQueue<number>({ capacity: 2 });
  for (const value of [1, 2, 3, 4]) queue.push(value);
  queue.end();
  const read: number[] = [];
  for await (const value of queue) read.push(value);
  assert.deepEqual(read, [3, 4]);
  assert.equal(queue.dropped, 2);
});

test('a queue that fails gives its values first, then the error', async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.end(new Error('gone'));
  assert.deepEqual(await queue.next(), { done: false, value: 1 });
  await assert.rejects(queue.next(), /gone/);
  const waiting = new AsyncQueue<number>();
  const next = waiting.next();
  waiting.end(new Error('gone too'));
  await assert.rejects(next, /gone too/);
});

test('a broadcast ends the stream of a reader who is too slow with the reason, after what it holds', async () => {
  const broadcast = new Broadcast<number>();
  const slow = broadcast.subscribe({ capacity: 2 });
  const fast = broadcast.subscribe({ capacity: 2 });
  for (const n of [1, 2, 3]) {
    broadcast.publish(n);
    assert.equal((await fast.next()).value, n);
  }
  assert.deepEqual([(await slow.next()).value, (await slow.next()).value], [1, 2]);
  await assert.rejects(slow.next(), (error) => isHubError(error, 'LIMIT_EXCEEDED'));
  assert.equal((await slow.next()).done, true);
  assert.equal(broadcast.listenerCount, 1);
});

test('a broadcast reaches those who listen, filtered, and forgets who left', async () => {
  const broadcast = new Broadcast<number>();
  const even = broadcast.subscribe({ filter: (n) => n % 2 === 0 });
  for (const n of [1, 2, 3, 4]) broadcast.publish(n);
  assert.equal((await even.next()).value, 2);
  await even.return();
  assert.equal(broadcast.listenerCount, 0);
});

test('a burst of calls is one run, and a call during a run is followed by another', async () => {
  const started: PromiseWithResolvers<void>[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  for (let i = 0; i < 3; i += 1) {
    started.push(Promise.withResolvers());
    gates.push(Promise.withResolvers());
  }
  let runs = 0;
  const call = coalesce(async () => {
    const run = runs;
    runs += 1;
    started[run]?.resolve();
    await gates[run]?.promise;
  });
  for (let i = 0; i < 1000; i += 1) call();
  await started[0]?.promise;
  for (let i = 0; i < 1000; i += 1) call();
  gates[0]?.resolve();
  await started[1]?.promise;
  gates[1]?.resolve();
  // Whatever were still to run would begin within these turns of the event loop.
  for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(runs, 2);
  call();
  await started[2]?.promise;
  assert.equal(runs, 3);
});

test('a lifecycle closes in reverse order, goes on after a failure, and only once', async () => {
  const log = createMemoryLogger();
  const order: string[] = [];
  const lifecycle = new Lifecycle(log, { closeTimeoutMs: 50 });
  lifecycle.add('first', { close: () => void order.push('first') });
  lifecycle.add('failing', { close: () => Promise.reject(new Error('no')) });
  lifecycle.add('hanging', { close: () => new Promise(() => {}) });
  await Promise.all([lifecycle.close(), lifecycle.close()]);
  assert.deepEqual(order, ['first']);
  assert.deepEqual(
    log.lines.map((line) => line['part']),
    ['hanging', 'failing'],
  );
  assert.ok(lifecycle.signal.aborted);
});

test('work past its deadline fails with a code that says a retry can help', async () => {
  const late = withDeadline(new Promise(() => {}), 5, 'reading');
  await assert.rejects(late, (error) => isHubError(error, 'DEADLINE_EXCEEDED') && error.retryable);
});

test('a simulated clock wakes sleepers in order of their deadlines', async () => {
  const clock = new SimulatedClock(1000);
  const woken: number[] = [];
  void clock.sleep(20).then(() => woken.push(20));
  void clock.sleep(10).then(() => woken.push(10));
  await clock.advance(15);
  assert.deepEqual(woken, [10]);
  await clock.advance(15);
  assert.deepEqual(woken, [10, 20]);
  assert.equal(clock.now(), 1030);
});

test('equal values have equal canonical JSON, whatever the order of their keys', () => {
  assert.equal(
    canonicalJson({ b: [1, { d: 1, c: 2 }], a: null }),
    canonicalJson({ a: null, b: [1, { c: 2, d: 1 }] }),
  );
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

test('a log line never shows a token, and an error keeps its code and cause', () => {
  const log = createMemoryLogger();
  log.error('failed', {
    accessToken: 'abc',
    error: new HubError('NOT_FOUND', 'none', { cause: new Error('below') }),
  });
  const text = JSON.stringify(log.lines);
  assert.doesNotMatch(text, /abc/);
  assert.match(text, /NOT_FOUND/);
  assert.match(text, /below/);
});
