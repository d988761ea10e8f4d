import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryLogger } from '#kernel/log.ts';
import { ExecutorPool } from '#gateway/graph/executor-pool.ts';
import type { RemoteExecutor } from '#gateway/remote/remote-executor.ts';

function pooled() {
  const waits: (() => void)[] = [];
  const clock = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        waits.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  const log = createMemoryLogger();
  const pool = new ExecutorPool({ wrap: (one) => one, retireAfterMs: 1, clock, log });
  const closed: string[] = [];
  const get = (key: string) =>
    pool.get(key, (): RemoteExecutor => ({
      state: 'closed',
      execute: () => Promise.reject(new Error('not asked')),
      subscribe: () => Promise.reject(new Error('not asked')),
      close: async () => void closed.push(key),
    }));
  /** The time after which those that nobody has are closed is over. */
  const pass = async () => {
    for (const resolve of waits.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pool, get, closed, pass };
}

test('what no graph has is closed when its time is over, and not before', async () => {
  const { pool, get, closed, pass } = pooled();
  get('a');
  get('b');
  pool.keepOnly(new Set(['a']));
  assert.deepEqual(closed, []);
  await pass();
  assert.deepEqual(closed, ['b']);
});

test('one that a graph is being made of again is not closed meanwhile', async () => {
  const { pool, get, closed, pass } = pooled();
  const first = get('a');
  pool.keepOnly(new Set());
  assert.equal(get('a'), first);
  // Composing takes longer than what was left of its time.
  await pass();
  assert.deepEqual(closed, []);
  pool.keepOnly(new Set(['a']));
  await pass();
  assert.deepEqual(closed, []);
});

test('one that a refused graph would have had again goes after all', async () => {
  const { pool, get, closed, pass } = pooled();
  get('a');
  pool.keepOnly(new Set());
  get('a');
  pool.keepOnly(new Set());
  await pass();
  assert.deepEqual(closed, ['a']);
  assert.equal(pool.size, 0);
});
