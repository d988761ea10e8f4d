import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Database } from '#connectors/sqlite/database.ts';
import { isHubError } from '#kernel/errors.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { verifyEvidence } from '#ontology/evidence.ts';
import { maintenanceMachineVersion, MachineRegistry } from '#workflows/registry.ts';
import { startTimerLoop } from '#workflows/timer-loop.ts';
import {
  Driver,
  message,
  mona,
  openHub,
  scenario,
  seedTwins,
  startTime,
  tempFolder,
  tenant,
} from './support.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

async function freshHub() {
  const folder = tempFolder();
  folders.push(folder);
  const hub = await openHub(folder);
  await seedTwins(hub);
  return hub;
}

const tables = [
  'workflow',
  'workflow_step',
  'workflow_inbox',
  'workflow_timer',
  'evidence_entry',
  'evidence_checkpoint',
  'outbox',
];
const contentOf = (db: Database) => tables.map((table) => db.all(`SELECT * FROM ${table}`));

test('a crash at any point within a step leaves nothing of it, and the step then works as if it were the first time', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-crash');
  await driver.start();
  await driver.until('ORDERING');
  const before = contentOf(hub.db);
  const run = hub.db.run.bind(hub.db);
  let writes = 0;
  for (let failAt = 1; failAt < 20; failAt++) {
    let count = 0;
    hub.db.run = (sql, ...values) => {
      if (++count === failAt) throw new Error(`crash at write ${failAt}`);
      return run(sql, ...values);
    };
    try {
      await driver.hub.runtime.handleMessage(
        message(
          'order-created',
          {
            type: 'erp.orderCreated',
            workflowId: driver.workflowId,
            order: '4000012',
            reservation: null,
            systemStatus: 'CRTD',
          },
          driver.workflowId,
        ),
      );
      writes = failAt;
      break;
    } catch (error) {
      assert.match(String(error), /crash at write/);
      assert.deepEqual(contentOf(hub.db), before, `after a crash at write ${failAt}`);
    }
  }
  assert.ok(writes >= 7, `a step has at least 6 writes; crashed at each of ${writes - 1}`);
  await driver.expect('RESERVING');
  hub.db.close();
});

test('timers that fell due while the hub was down fire once at the start, and only once', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-timer');
  await driver.start();
  await driver.until('NOTIFYING');
  await driver.reopen();
  await driver.hub.clock.advance(120_000);
  const { store, runtime, clock, log } = driver.hub;
  for (const _ of [1, 2]) {
    const loop = startTimerLoop({ store, runtime, clock, log });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await loop.close();
  }
  await driver.expect('MANUAL_INTERVENTION');
  const [history] = await store.historyOf(tenant, [driver.workflowId]);
  assert.equal(history?.filter((step) => step.event === 'timer.stepDeadline').length, 1);
  assert.equal(await store.nextTimerAt(), null);
  driver.hub.db.close();
});

test('the loop wakes at the deadline of a timer that was armed after it went to sleep', async () => {
  const hub = await freshHub();
  const { store, runtime, clock, log } = hub;
  const loop = startTimerLoop({ store, runtime, clock, log });
  const driver = new Driver(hub, false, 'rec-wake');
  await driver.start();
  await driver.until('NOTIFYING');
  await new Promise((resolve) => setTimeout(resolve, 20));
  await clock.advance(60_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await driver.expect('MANUAL_INTERVENTION');
  await loop.close();
  hub.db.close();
});

scenario('a timer of an earlier entry into a state does nothing', async (d) => {
  await d.start();
  await d.until('NOTIFYING');
  const [first] = await d.hub.store.dueTimers(startTime + 1e9, 1);
  await d.pass(60_000);
  await d.decide(mona, { action: 'RETRY', comment: '' });
  assert.ok(first);
  assert.equal((await d.hub.runtime.fireTimer({ ...first, token: first.token })).kind, 'repeated');
  assert.equal((await d.hub.runtime.fireTimer({ ...first, token: first.token + 1 })).kind, 'ignored');
  await d.expect('NOTIFYING');
  assert.notEqual(await d.hub.store.nextTimerAt(), null);
});

test('events of the machine itself and unknown ones are refused at the door', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-door');
  await driver.start();
  const bodies = [
    { type: 'xstate.done.state.maintenance', workflowId: driver.workflowId },
    { type: 'xstate.init', workflowId: driver.workflowId },
    { type: 'APPROVE', workflowId: driver.workflowId },
    { type: 'TIMER', workflowId: driver.workflowId, name: 'stepDeadline', token: 1 },
    { type: '__proto__', workflowId: driver.workflowId },
    { type: 'erp.orderCreated', workflowId: driver.workflowId },
    {
      type: 'erp.orderCreated',
      workflowId: driver.workflowId,
      order: 7,
      reservation: null,
      systemStatus: 'CRTD',
    },
    { type: 'mes.windowGranted', workflowId: driver.workflowId, start: 'soon', end: 'later' },
    { type: 'erp.orderReleased', order: '1', systemStatus: 'REL' },
  ];
  for (const [index, body] of bodies.entries())
    await assert.rejects(
      hub.runtime.handleMessage(message(`bad-${index}`, body, driver.workflowId)),
      (error) => isHubError(error, 'MESSAGE_INVALID') && !error.retryable,
    );
  await assert.rejects(
    hub.runtime.handleMessage(
      message(
        'lost',
        { type: 'erp.orderReleased', workflowId: 'wf-none', order: '1', systemStatus: 'REL' },
        'wf-none',
      ),
    ),
    (error) => isHubError(error, 'NOT_FOUND'),
  );
  await assert.rejects(
    hub.runtime.handleMessage(
      message('none', { type: 'analytics.recommendationRaised', recommendationId: 'nowhere' }, 'x'),
    ),
    (error) => isHubError(error, 'NOT_FOUND'),
  );
  assert.equal((await driver.workflow()).version, 1);
  hub.db.close();
});

test('a recommendation told twice under two message ids starts one workflow', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-twice');
  await driver.start();
  const raised = { type: 'analytics.recommendationRaised', recommendationId: 'rec-twice' };
  assert.equal((await hub.runtime.handleMessage(message('again', raised, 'x'))).kind, 'ignored');
  assert.equal(
    (await hub.store.list(tenant, { states: null, open: null }, { first: 10, after: null })).items.length,
    1,
  );
  hub.db.close();
});

test('a workflow of a machine version this hub lacks is handed to a person, loses nothing, and goes on once it is known', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-version');
  await driver.start();
  await driver.until('ORDERING');
  const other = {
    ...maintenanceMachineVersion,
    ref: { ...maintenanceMachineVersion.ref, version: 2, hash: 'f'.repeat(64) },
  };
  await driver.reopen({ machines: new MachineRegistry([other]) });
  const reply = message(
    'reply',
    {
      type: 'erp.orderCreated',
      workflowId: driver.workflowId,
      order: '4000012',
      reservation: null,
      systemStatus: 'CRTD',
    },
    driver.workflowId,
  );
  for (const _ of [1, 2])
    await assert.rejects(
      driver.hub.runtime.handleMessage(reply),
      (error) => isHubError(error, 'STEP_NOT_ALLOWED') && /maintenance@1/.test(error.message),
    );
  const halted = await driver.expect('MANUAL_INTERVENTION');
  assert.match(halted.attention ?? '', /does not have that version/);
  await assert.rejects(driver.decide(mona, { action: 'RETRY', comment: '' }), (error) =>
    isHubError(error, 'STEP_NOT_ALLOWED'),
  );
  await driver.hub.clock.advance(120_000);
  assert.equal((await driver.hub.store.dueTimers(driver.hub.clock.now(), 10)).length, 0);

  await driver.reopen();
  await driver.decide(mona, { action: 'RETRY', comment: 'New version is installed.' });
  await driver.expect('ORDERING');
  await driver.hub.runtime.handleMessage(reply);
  await driver.expect('RESERVING');
  driver.hub.db.close();
});

test('a changed definition under the same version is refused, a migration carries a workflow over', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-migrate');
  await driver.start();
  const changed = {
    ...maintenanceMachineVersion,
    ref: { ...maintenanceMachineVersion.ref, hash: 'e'.repeat(64) },
  };
  await driver.reopen({ machines: new MachineRegistry([changed]) });
  await assert.rejects(
    driver.accept(),
    (error) => isHubError(error, 'STEP_NOT_ALLOWED') && /definition changed/.test(error.message),
  );
  const second = {
    ...maintenanceMachineVersion,
    ref: { ...maintenanceMachineVersion.ref, version: 2, hash: 'd'.repeat(64) },
  };
  await driver.reopen({
    machines: new MachineRegistry(
      [second],
      [{ machine: 'maintenance', from: 1, migrate: (snapshot) => snapshot }],
    ),
  });
  await driver.accept();
  await driver.until('NOTIFYING');
  assert.equal(driver.hub.db.get('SELECT machine_version AS v FROM workflow')?.['v'], 2);
  driver.hub.db.close();
});

test('the definition of version 1 is the one that was released; a change needs the next version and a migration', () => {
  assert.equal(maintenanceMachineVersion.ref.version, 1);
  assert.equal(
    maintenanceMachineVersion.ref.hash,
    '62d68b9dd2b7c125d7aeaf6d94dae65a82acc48dcb613060cb1a195fc0d44a50',
  );
});

test('every step is in the evidence with who, what, plan and messages, and the log verifies', async () => {
  const hub = await freshHub();
  const driver = new Driver(hub, false, 'rec-evidence');
  await driver.start();
  await driver.until('RESERVING');
  await hub.evidence.checkpoint();
  const { items } = await hub.evidence.list(tenant, driver.workflowId, { first: 100, after: null });
  const [history] = await hub.store.historyOf(tenant, [driver.workflowId]);
  assert.equal(items.length, history?.length);
  const started = items[0]?.body as { recommendation: { findings: unknown[] } };
  assert.equal(started.recommendation.findings.length, 1);
  const approval = items[3]?.body as {
    event: string;
    by: { personId: string; authTime: number };
    planHash: string;
    sent: string[];
  };
  assert.deepEqual(
    [approval.event, approval.by.personId, approval.by.authTime],
    ['APPROVE', 'person-Mike', startTime],
  );
  assert.equal(approval.planHash, (await driver.workflow()).planHash);
  assert.deepEqual(approval.sent, [`${driver.workflowId}:4:erp.createNotification`]);
  const verdict = verifyEvidence(items, await hub.evidence.checkpoints(tenant), hub.signer.publicKeyPem);
  assert.deepEqual([verdict.findings, verdict.unsigned], [[], 0]);
  hub.db.close();
});

test(
  'a killed process has every step it acknowledged, and nothing half done',
  { timeout: 60_000 },
  async () => {
    const hub = await freshHub();
    hub.db.close();
    const acknowledged = new Map<string, number>();
    const script = fileURLToPath(new URL('./stepping-process.ts', import.meta.url));
    for (const round of [1, 2, 3]) {
      const child = spawn(process.execPath, [script, hub.folder, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout });
      let seen = 0;
      lines.on('line', (line) => {
        const [id, version] = line.split(' ');
        if (id && version) acknowledged.set(id, Math.max(acknowledged.get(id) ?? 0, Number(version)));
        if (++seen === 60 + round * 17) child.kill('SIGKILL');
      });
      await once(child, 'close');
      assert.ok(seen >= 60, `round ${round} saw ${seen} steps`);
    }
    const again = await openHub(hub.folder, { clock: new SimulatedClock(startTime) });
    for (const [id, version] of acknowledged) {
      const [workflow] = await again.store.get(tenant, [id]);
      const [history] = await again.store.historyOf(tenant, [id]);
      assert.ok(workflow && workflow.version >= version, `${id} was acknowledged at ${version}`);
      assert.equal(history?.length, workflow.version);
      const { items } = await again.evidence.list(tenant, id, { first: 500, after: null });
      assert.equal(items.length, workflow.version);
      const sent = new Set(again.outbox.pending(100_000).map((one) => one.outgoing.message.id));
      for (const item of items)
        for (const messageId of (item.body as { sent: string[] }).sent)
          assert.ok(sent.has(messageId), messageId);
    }
    assert.equal(again.db.get('PRAGMA integrity_check')?.['integrity_check'], 'ok');
    again.db.close();
  },
);
