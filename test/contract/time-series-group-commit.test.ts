import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupCommit } from '#kernel/group-commit.ts';

/** A GroupCommit over texts, whose commits wait until let go. */
function create(options: { groupSize?: number; queueSize?: number } = {}) {
  const groups: { items: readonly string[]; done: PromiseWithResolvers<void> }[] = [];
  const writer = new GroupCommit<string>({
    sizeOf: (text) => text.length,
    groupSize: options.groupSize ?? 10,
    queueSize: options.queueSize ?? 100,
    refuse: (queued) => new Error(`full at ${queued}`),
    commit: (items) => {
      const done = Promise.withResolvers<void>();
      groups.push({ items, done });
      return done.promise;
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { groups, writer, turn };
}

test('what comes while a commit runs goes together into the next, in order', async () => {
  const { groups, writer, turn } = create();
  const calls = ['a', 'b', 'c'].map((text) => writer.add(text));
  assert.deepEqual(
    groups.map(({ items }) => items),
    [['a']],
  );
  groups[0]?.done.resolve();
  await turn();
  assert.deepEqual(
    groups.map(({ items }) => items),
    [['a'], ['b', 'c']],
  );
  groups[1]?.done.resolve();
  await Promise.all([...calls, writer.idle()]);
});

test('a group stays below its size unless a single item is larger', async () => {
  const { groups, writer, turn } = create({ groupSize: 4 });
  const calls = ['a', 'bb', 'cc', 'd', 'eeeeee', 'f'].map((text) => writer.add(text));
  for (let n = 0; n < 5; n++) {
    groups[n]?.done.resolve();
    await turn();
  }
  await Promise.all(calls);
  assert.deepEqual(
    groups.map(({ items }) => items),
    [['a'], ['bb', 'cc'], ['d'], ['eeeeee'], ['f']],
  );
});

test('a commit that fails is told to its own callers alone, and the next one runs', async () => {
  const { groups, writer, turn } = create();
  const first = writer.add('a');
  const second = writer.add('b');
  groups[0]?.done.reject(new Error('disk'));
  await assert.rejects(first, /disk/);
  await turn();
  groups[1]?.done.resolve();
  await second;
});

test('who comes when the queue is full is refused at once', async () => {
  const { groups, writer, turn } = create({ queueSize: 3 });
  const calls = ['a', 'bbb', 'c'].map((text) => writer.add(text));
  await assert.rejects(calls[2]!, /full at 3/);
  for (let n = 0; n < 2; n++) {
    groups[n]?.done.resolve();
    await turn();
  }
  await Promise.all(calls.slice(0, 2));
  assert.equal(groups.length, 2);
});
