import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createOutboxRelay } from '#connectors/outbox-relay.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Message } from '#ontology/message.ts';
import { startWorkflowConsumer, workflowsQueue } from '#workflows/consumer.ts';
import {
  Driver,
  message,
  mona,
  openHub,
  paul,
  recommendation,
  seedTwins,
  tempFolder,
  tenant,
} from './support.ts';

/** Waits until `holds`, at most 10 s. */
async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds());) {
    assert.ok(Date.now() < end, `timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('over the real bus: a raised recommendation becomes a workflow, commands go out, repeats change nothing, bad messages are set aside', async () => {
  const folder = tempFolder();
  const hub = await openHub(folder);
  await seedTwins(hub);
  const bus = openSqliteMessageBus(
    { path: join(folder, 'messages.sqlite') },
    { clock: systemClock, log: hub.log },
  );
  const commands: Message[] = [];
  await bus.declareQueue({
    name: 'test.out',
    bindings: [
      { exchange: 'hub.cmd', pattern: '#' },
      { exchange: 'hub.evt', pattern: 'workflows.#' },
    ],
  });
  const listening = await bus.consume('test.out', async ({ message: one }) => void commands.push(one));
  const consumer = await startWorkflowConsumer({ bus, runtime: hub.runtime });
  const relay = createOutboxRelay({}, { outbox: hub.outbox, bus, clock: systemClock, log: hub.log });
  try {
    const raised = message(
      'rec-bus-raised',
      { type: 'analytics.recommendationRaised', recommendationId: 'rec-bus' },
      'rec-bus',
    );
    await hub.recommendations.raise(recommendation('rec-bus', 'CV-101'), [
      { exchange: 'hub.evt', routingKey: raised.type, message: raised },
    ]);
    const driver = new Driver(hub, false, 'rec-bus');
    await until(
      async () => (await hub.store.get(tenant, [driver.workflowId]))[0] !== null,
      'the workflow starts',
    );
    await driver.accept(paul);
    await driver.approve(mona);
    await until(() => commands.length === 2, 'the command goes out');
    assert.deepEqual(
      commands.map((one) => one.id),
      [
        `${driver.workflowId}:2:workflows.recommendationSettled`,
        `${driver.workflowId}:3:erp.createNotification`,
      ],
    );
    assert.ok(commands.every((one) => one.key === driver.workflowId && one.tenant === tenant));

    const reply = message(
      'reply-1',
      { type: 'erp.notificationCreated', workflowId: driver.workflowId, notification: '10000012' },
      driver.workflowId,
    );
    const bad = message(
      'bad-1',
      { type: 'erp.orderCreated', workflowId: driver.workflowId, order: 12 },
      driver.workflowId,
    );
    for (const one of [reply, reply, bad])
      await bus.publish({ exchange: 'hub.evt', routingKey: one.type, message: one });
    await until(async () => (await driver.workflow()).state === 'ORDERING', 'the reply is taken');
    await until(
      async () => (await bus.deadLetters(workflowsQueue.name, 10)).length === 1,
      'the bad message is set aside',
    );
    await until(() => commands.length === 3, 'the order goes out');
    assert.equal((await driver.workflow()).version, 4);
    assert.match((await bus.deadLetters(workflowsQueue.name, 10))[0]?.reason ?? '', /order/);
  } finally {
    await relay.close();
    await consumer.close();
    await listening.close();
    await bus.close();
    hub.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
