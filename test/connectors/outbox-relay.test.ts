import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createOutboxRelay } from '#connectors/outbox-relay.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { SqliteOutbox } from '#connectors/sqlite/outbox.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import type { MessageBus } from '#ontology/ports/message-bus.ts';
import { command, until } from '#test/contract/message-bus-suite.ts';

const queue = { name: 'q', bindings: [{ exchange: 'hub.cmd' as const, pattern: 'a.#' }], ordered: true };

function open() {
  const log = createMemoryLogger();
  const bus = openSqliteMessageBus({ path: ':memory:' }, { clock: systemClock, log });
  const database = new Database(':memory:');
  const outbox = new SqliteOutbox(database);
  const add = (...bodies: unknown[]) =>
    database.transaction(() => outbox.add(bodies.map((body) => command('a.b', body))));
  return { log, bus, outbox, add };
}

describe('the outbox relay', () => {
  test('publishes in order what was there before and what is added, at once', async () => {
    const { log, bus, outbox, add } = open();
    await bus.declareQueue(queue);
    const seen: unknown[] = [];
    await bus.consume('q', async ({ message }) => void seen.push(message.body));
    add(1, 2);
    const relay = createOutboxRelay({ sweepMs: 60_000 }, { outbox, bus, clock: systemClock, log });
    await until(() => seen.length === 2, 'the first two');
    const at = performance.now();
    add(3, 4, 5);
    await until(() => seen.length === 5, 'all five');
    assert.ok(performance.now() - at < 1_000, 'woken by the addition, not by the sweep');
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.deepEqual(outbox.pending(10), []);
    await relay.close();
    await bus.close();
  });

  test('waits longer after each failure, loses nothing and keeps the order', async () => {
    const { log, bus, outbox, add } = open();
    add(1, 2, 3);
    const relay = createOutboxRelay({ firstDelayMs: 10 }, { outbox, bus, clock: systemClock, log });
    await until(() => log.lines.length >= 3, 'three failures');
    assert.deepEqual(
      log.lines.slice(0, 3).map((line) => line['delayMs']),
      [10, 20, 40],
    );
    await bus.declareQueue(queue);
    const seen: unknown[] = [];
    await bus.consume('q', async ({ message }) => void seen.push(message.body));
    await until(() => seen.length === 3, 'all');
    assert.deepEqual(seen, [1, 2, 3]);
    await relay.close();
    await bus.close();
  });

  test('publishes again under the same id when the mark was lost, which has no second effect', async () => {
    const { log, bus, outbox, add } = open();
    await bus.declareQueue(queue);
    add(1);
    let marks = 0;
    const forgetful = Object.assign(Object.create(outbox) as SqliteOutbox, {
      pending: (limit: number) => outbox.pending(limit),
      onAdded: (listener: () => void) => outbox.onAdded(listener),
      markPublished: (position: number, at: number) => {
        if ((marks += 1) === 1) throw new Error('crash');
        outbox.markPublished(position, at);
      },
    });
    const relay = createOutboxRelay({ firstDelayMs: 5 }, { outbox: forgetful, bus, clock: systemClock, log });
    await until(() => marks === 2, 'second try');
    assert.equal(await bus.depth('q'), 1);
    await relay.close();
    await bus.close();
  });

  test('closing waits for the message on its way', async () => {
    const { log, bus, outbox, add } = open();
    await bus.declareQueue(queue);
    let confirmed = false;
    const publish: MessageBus['publish'] = async (outgoing) => {
      await systemClock.sleep(50);
      await bus.publish(outgoing);
      confirmed = true;
    };
    const slow = Object.assign(Object.create(bus) as MessageBus, { publish });
    add(1, 2);
    const relay = createOutboxRelay({}, { outbox, bus: slow, clock: systemClock, log });
    await systemClock.sleep(10);
    await relay.close();
    assert.equal(confirmed, true);
    assert.equal(outbox.pending(10).length, 1);
    await bus.close();
  });
});
