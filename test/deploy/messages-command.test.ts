import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { messagesCommand } from '#deploy/commands/messages.ts';
import { systemClock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import { workflowsQueue } from '#workflows/index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'twinhub-messages-'));
after(() => rmSync(dataDir, { recursive: true, force: true }));

const run = async (...args: string[]) => {
  const out: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void out.push(line),
    env: {},
    cwd: dataDir,
  };
  const code = await messagesCommand([...args, '--data', dataDir], terminal);
  return { code, text: out.join('\n') };
};

const outgoing = (id: string): OutgoingMessage => ({
  exchange: 'hub.evt',
  routingKey: 'erp.orderReleased',
  message: {
    id,
    type: 'erp.orderReleased',
    source: 'sap-pm',
    tenant: parseTenantId('demo'),
    time: '2026-01-01T00:00:00Z',
    key: 'wf-1',
    correlationId: null,
    traceparent: null,
    body: {},
  },
});

/** Opens the bus of the folder, as a hub does. */
const openBus = async () => {
  const bus = openSqliteMessageBus(
    { path: join(dataDir, 'messages.sqlite') },
    { clock: systemClock, log: createMemoryLogger() },
  );
  await bus.declareQueue(workflowsQueue);
  return bus;
};

/** Publishes and handles messages until `count` were seen. */
const handle = async (ids: readonly string[], count: number, outcome: (id: string) => void) => {
  const bus = await openBus();
  const done = Promise.withResolvers<void>();
  const seen: string[] = [];
  await bus.consume(workflowsQueue.name, async ({ message }) => {
    seen.push(message.id);
    if (seen.length === count) setTimeout(done.resolve, 100);
    outcome(message.id);
  });
  for (const id of ids) await bus.publish(outgoing(id));
  await done.promise;
  await bus.close();
  return seen;
};

before(() =>
  handle(['m1', 'm2'], 2, (id) => {
    throw new HubError('MESSAGE_INVALID', `${id} has no order number.`);
  }),
);

test('messages that were set aside are shown with reason, queue and what they are about', async () => {
  const { code, text } = await run('list');
  assert.equal(code, 1);
  assert.match(text, /hub\.workflows: 0 ready, 2 set aside/);
  assert.match(
    text,
    /erp\.orderReleased id m1\n\s+about wf-1, tenant demo, 1 attempt\(s\): MESSAGE_INVALID: m1 has no order number\./,
  );
});

test('one or all of them are put back and handled again; then nothing is set aside', async () => {
  assert.match(
    (await run('redrive', '--queue', 'hub.workflows', '--id', 'm2')).text,
    /1 message\(s\) put back/,
  );
  assert.equal((await run('redrive', '--queue', 'hub.workflows', '--id', 'unknown')).code, 1);
  assert.match((await run('redrive', '--queue', 'hub.workflows', '--all')).text, /1 message\(s\) put back/);
  assert.deepEqual((await handle([], 2, () => {})).sort(), ['m1', 'm2']);
  const { code, text } = await run('list');
  assert.equal(code, 0, text);
});

test('wrong words are answered with what is allowed', async () => {
  await assert.rejects(
    run('redrive', '--queue', 'hub.workflow', '--all'),
    /There is no queue hub\.workflow; there are hub\.workflows, hub\.analytics/,
  );
  await assert.rejects(run('redrive', '--queue', 'hub.workflows'), /--id MESSAGE_ID or --all/);
  await assert.rejects(run('list', '--limit', '0'), /allowed is 1 to 1000/);
});
