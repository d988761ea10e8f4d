import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import type { SqliteMessageBusConfig } from '#connectors/sqlite/message-bus.ts';
import { SimulatedClock, systemClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { command, messageBusContract, until } from './message-bus-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-bus-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const open = (path: string, over: Partial<SqliteMessageBusConfig> = {}, clock = systemClock) =>
  openSqliteMessageBus({ path, ...over }, { clock, log: createMemoryLogger() });

messageBusContract('SQLite', async () => open(join(folder, 'contract.db')));

const spec = (name: string, over = {}) => ({
  name,
  bindings: [{ exchange: 'hub.cmd' as const, pattern: `${name}.#` }],
  retryDelaysMs: [20],
  ...over,
});

/** A process that consumes `queue` and reports each message; with `hang` it never finishes one. */
async function consumerProcess(path: string, queue: string, mode: 'hang' | 'work' | 'exit') {
  const child = fork(join(import.meta.dirname, 'message-bus-consumer-process.ts'), [path, queue, mode], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const bodies: unknown[] = [];
  child.on('message', (body) => void bodies.push(body));
  await once(child, 'message');
  bodies.length = 0;
  const kill = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return { child, bodies, kill };
}

describe('the embedded message bus', () => {
  test('hands the messages of a killed process to another one, in order, and forgets none', async () => {
    const path = join(folder, 'killed.db');
    await using bus = disposable(open(path));
    await bus.declareQueue(spec('jobs', { ordered: true }));
    const victim = await consumerProcess(path, 'jobs', 'hang');
    for (let n = 0; n < 5; n += 1) await bus.publish(command('jobs.a', n));
    await until(() => victim.bodies.length === 1, 'the victim has the first message');
    await victim.kill();
    const killedAt = performance.now();
    const seen: { body: unknown; attempt: number }[] = [];
    await bus.consume(
      'jobs',
      async ({ message, attempt }) => void seen.push({ body: message.body, attempt }),
    );
    await until(() => seen.length === 5, 'all handled');
    assert.deepEqual(
      seen.map(({ body }) => body),
      [0, 1, 2, 3, 4],
    );
    assert.equal(seen[0]?.attempt, 2);
    assert.ok(
      performance.now() - killedAt < 6_000,
      'its process is known to have ended, so the lease is not waited for',
    );
  });

  test('sets a message aside that ends its consumer every time', async () => {
    const path = join(folder, 'poison.db');
    await using bus = disposable(open(path, { leaseMs: 400 }));
    await bus.declareQueue(spec('poison', { deliveryLimit: 2 }));
    await bus.publish(command('poison.a', 'bang'));
    for (let run = 0; run < 2; run += 1) {
      const child = await consumerProcess(path, 'poison', 'exit');
      if (child.child.exitCode === null) await once(child.child, 'exit');
      await until(
        async () => (await bus.depth('poison')) === 1 || (await bus.deadLetters('poison', 1)).length === 1,
        'the message came back or was set aside',
      );
    }
    assert.match((await bus.deadLetters('poison', 1))[0]?.reason ?? '', /ended 2 times/);
  });

  test('wakes a consumer in another process within a moment', async () => {
    const path = join(folder, 'wake.db');
    await using bus = disposable(open(path));
    await bus.declareQueue(spec('work'));
    const other = await consumerProcess(path, 'work', 'work');
    const latencies: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const at = performance.now();
      await bus.publish(command('work.a', n));
      await until(() => other.bodies.length === n + 1, 'delivery');
      latencies.push(performance.now() - at);
    }
    await other.kill();
    const median = latencies.sort((a, b) => a - b)[10] as number;
    assert.ok(median < 150, `median was ${median} ms`);
  });

  test('keeps what was published when it is opened again', async () => {
    const path = join(folder, 'again.db');
    const first = open(path);
    await first.declareQueue(spec('keep'));
    await first.publish(command('keep.a', 1));
    await first.close();
    await using second = disposable(open(path));
    assert.equal(await second.depth('keep'), 1);
  });

  test('does not store a message again that is there, was handled within the window, or is set aside', async () => {
    const path = join(folder, 'dedupe.db');
    const clock = new SimulatedClock(1_000_000);
    await using bus = disposable(open(path, { dedupeWindowMs: 60_000, pollMs: 100 }, clock));
    await bus.declareQueue(spec('once'));
    const message = command('once.a', 1);
    await bus.publish(message);
    await bus.publish(message);
    assert.equal(await bus.depth('once'), 1);
    let handled = 0;
    const consumer = await bus.consume('once', async () => void (handled += 1));
    await until(() => handled === 1, 'handled');
    await consumer.close();
    await bus.publish(message);
    assert.equal(await bus.depth('once'), 0);
    await clock.advance(75_000);
    await bus.publish(message);
    assert.equal(await bus.depth('once'), 1, 'its id is forgotten after the window');
  });

  test('remembers a bounded number of handled messages', async () => {
    const path = join(folder, 'bounded.db');
    const clock = new SimulatedClock(1_000_000);
    await using bus = disposable(open(path, { dedupeLimit: 10, pollMs: 100 }, clock));
    await bus.declareQueue(spec('many'));
    let handled = 0;
    await bus.consume('many', async () => void (handled += 1));
    for (let n = 0; n < 50; n += 1) {
      await bus.publish(command('many.a', n, { id: `m-${n}` }));
      await until(() => handled === n + 1, 'handled');
      await clock.advance(10);
    }
    await clock.advance(30_000);
    await bus.publish(command('many.a', 0, { id: 'm-0' }));
    await bus.publish(command('many.a', 49, { id: 'm-49' }));
    await until(() => handled === 51, 'the oldest was forgotten');
    assert.equal(await bus.depth('many'), 0);
  });

  test('says where its file is when that cannot be opened', () => {
    assert.throws(
      () => open('/dev/null/bus.db'),
      (error) => isHubError(error, 'STORE_UNAVAILABLE') && error.message.includes('/dev/null/bus.db'),
    );
  });
});

function disposable<T extends { close(): Promise<void> | void }>(bus: T): T & AsyncDisposable {
  return Object.assign(bus, { [Symbol.asyncDispose]: async () => bus.close() });
}
