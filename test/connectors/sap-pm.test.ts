import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '#connectors/sqlite/database.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { CompleteOrder, CreateNotification, CreateOrder } from '#ontology/maintenance.ts';
import { until } from '#test/contract/message-bus-suite.ts';
import { CounterpartBench, kill, tenant } from './counterpart-bench.ts';

const at = (hours: number) => new Date(Date.parse('2026-03-01T06:30:15Z') + hours * 3_600_000).toISOString();

const createNotification = (
  workflowId: string,
  over: Partial<CreateNotification> = {},
): CreateNotification => ({
  type: 'erp.createNotification',
  workflowId,
  equipment: '10000101',
  functionalLocation: 'BP01-UTL-P101',
  text: 'Bearing wear at the cooling water pump P-101, drive end',
  longText: 'Lines at BPFO in the envelope spectrum since 06:30.',
  priority: 'HIGH',
  codes: {
    damageGroup: 'PUMP',
    damage: 'P001',
    objectPartGroup: 'PUMPPART',
    objectPart: 'BRG1',
    cause: 'WEAR',
  },
  malfunctionStart: at(0),
  requiredEnd: at(72),
  reportedBy: 'Rita Reliability',
  ...over,
});

const createOrder = (workflowId: string, notification: string): CreateOrder => ({
  type: 'erp.createOrder',
  workflowId,
  notification,
  equipment: '10000101',
  functionalLocation: 'BP01-UTL-P101',
  text: 'Replace both pump bearings',
  priority: 'HIGH',
  workHours: 4,
  parts: [{ product: 'BRG-6311-C3', description: 'Deep groove ball bearing', quantity: 2, unit: '{pc}' }],
  basicStart: at(1),
  basicEnd: at(8),
});

const completeOrder = (workflowId: string, order: string, notification: string): CompleteOrder => ({
  type: 'erp.completeOrder',
  workflowId,
  order,
  notification,
  actualWorkHours: 3.5,
  actualStart: at(2),
  actualEnd: at(6),
  text: 'Bearings replaced, runs smoothly.',
});

async function wholeLife(bench: CounterpartBench, workflowId: string) {
  await bench.send(createNotification(workflowId));
  const { notification } = await bench.told('erp.notificationCreated');
  await bench.send(createOrder(workflowId, notification));
  const created = await bench.told('erp.orderCreated');
  await bench.send({ type: 'erp.releaseOrder', workflowId, order: created.order });
  const released = await bench.told('erp.orderReleased');
  await bench.send(completeOrder(workflowId, created.order, notification));
  const completed = await bench.told('erp.orderCompleted');
  return { notification, created, released, completed };
}

describe('the SAP PM connector with its simulated system', () => {
  test('takes an order from notification to technical completion and keeps what was said', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0']).start();
    await bench.startSystem();
    const { notification, created, released, completed } = await wholeLife(bench, 'W-1');
    assert.match(notification, /^\d{8}$/);
    assert.match(created.systemStatus, /^CRTD/);
    assert.match(created.reservation ?? '', /^\d+$/);
    assert.match(released.systemStatus, /^REL/);
    assert.match(completed.systemStatus, /^TECO/);
    assert.deepEqual(
      bench.events.map(({ type }) => type),
      ['erp.notificationCreated', 'erp.orderCreated', 'erp.orderReleased', 'erp.orderCompleted'],
      'each is told once',
    );
    const journal = await bench.journalOf('W-1');
    const said = (direction: string) =>
      journal.filter((entry) => entry.direction === direction).map(({ type }) => type);
    assert.deepEqual(
      said('OUT').filter((type) => !type.endsWith('.Read')),
      [
        'sap-pm.MaintenanceNotification.Query',
        'sap-pm.MaintenanceNotification.Create',
        'sap-pm.MaintenanceOrder.Query',
        'sap-pm.MaintenanceOrder.Create',
        'sap-pm.MaintenanceOrder.Release',
        'sap-pm.MaintenanceOrderConfirmation.Create',
        'sap-pm.MaintenanceOrder.TechnicallyComplete',
      ],
    );
    assert.ok(said('IN').includes('sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.SetToTechCompleted.v1'));
    const create = journal.find(({ type }) => type === 'sap-pm.MaintenanceNotification.Create')
      ?.body as Record<string, unknown>;
    assert.equal(create['TechnicalObject'], '10000101');
    assert.equal(String(create['NotificationText']).length, 40);
    assert.equal(create['MaintPriority'], '2');
    assert.equal(create['MalfunctionStartDate'], '2026-03-01');
    assert.equal(create['MalfunctionStartTime'], '06:30:15');
    assert.equal(String(create['MaintNotifExtReferenceNumber']).length, 20);
    const requests = new Set(
      journal.filter(({ direction }) => direction === 'OUT').map(({ messageId }) => messageId),
    );
    assert.equal(requests.size, said('OUT').length);
  });

  test('a command delivered again, under its id or another, creates nothing twice', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0']).start();
    await bench.startSystem();
    const { id } = await bench.send(createNotification('W-2'));
    const first = await bench.told('erp.notificationCreated');
    await bench.send(createNotification('W-2'), id);
    await bench.send(createNotification('W-2'), 'another-id');
    const second = await bench.told('erp.notificationCreated', 2);
    assert.equal(second.notification, first.notification);
    const creates = (await bench.journalOf('W-2')).filter(
      ({ type }) => type === 'sap-pm.MaintenanceNotification.Create',
    );
    assert.equal(creates.length, 1);
  });

  test('events that come twice, late or of orders nobody knows change nothing', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0']).start();
    await bench.startSystem();
    const { created } = await wholeLife(bench, 'W-3');
    const event = async (id: string, order: string) =>
      bench.bus.publish({
        exchange: 'hub.evt',
        routingKey: 'ext.sap-pm.MaintenanceOrder.SetToInPlanning',
        message: {
          id,
          type: 'sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.SetToInPlanning.v1',
          source: 'sap-pm',
          tenant,
          time: new Date().toISOString(),
          key: order,
          correlationId: null,
          traceparent: null,
          body: { MaintenanceOrder: order, MaintenanceOrderType: 'PM01' },
        },
      });
    await event('late-1', created.order);
    await event('late-1', created.order);
    await event('foreign-1', '999');
    await until(
      async () =>
        (await bench.journalOf('W-3')).some(({ messageId }) => messageId === 'sap-pm/re/late-1/read'),
      'the late event was read back',
    );
    assert.equal(bench.events.length, 4);
    assert.equal((await bench.bus.deadLetters('hub.sap-pm.in', 10)).length, 0);
  });

  test('an event sent in the name of another tenant is set aside and tells nothing', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0']).start();
    await bench.startSystem();
    const { created } = await wholeLife(bench, 'W-5');
    await bench.bus.publish({
      exchange: 'hub.evt',
      routingKey: 'ext.sap-pm.MaintenanceOrder.SetToInPlanning',
      message: {
        id: 'other-tenant-1',
        type: 'sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.SetToInPlanning.v1',
        source: 'sap-pm',
        tenant: parseTenantId('other'),
        time: new Date().toISOString(),
        key: created.order,
        correlationId: null,
        traceparent: null,
        body: { MaintenanceOrder: created.order, MaintenanceOrderType: 'PM01' },
      },
    });
    await until(
      async () => (await bench.bus.deadLetters('hub.sap-pm.in', 1)).length === 1,
      'the event was set aside',
    );
    const [letter] = await bench.bus.deadLetters('hub.sap-pm.in', 1);
    assert.match(letter?.reason ?? '', /not for other/);
    assert.ok(!(await bench.journalOf('W-5')).some(({ messageId }) => messageId.includes('other-tenant-1')));
  });

  test('a refusal is told with the system’s own code', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0']).start();
    await bench.startSystem();
    await bench.send(createNotification('W-4', { equipment: '99999999' }));
    const refused = await bench.told('erp.refused');
    assert.deepEqual([refused.command, refused.code], ['erp.createNotification', 'IM/035']);
    await bench.send(createNotification('W-5'));
    const { notification } = await bench.told('erp.notificationCreated');
    await bench.send(createOrder('W-5', notification));
    const { order } = await bench.told('erp.orderCreated');
    await bench.send(completeOrder('W-5', order, notification));
    const early = await bench.told('erp.refused', 2);
    assert.deepEqual([early.command, early.code], ['erp.completeOrder', 'RU/028']);
    await bench.send({ type: 'erp.releaseOrder', workflowId: 'W-5', order: '4999999' });
    assert.equal((await bench.told('erp.refused', 3)).code, 'IW/005');
  });

  test('a locked order is tried again until it is free', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '1']).start();
    await bench.startSystem();
    const { released, completed } = await wholeLife(bench, 'W-6');
    assert.match(released.systemStatus, /^REL/);
    assert.match(completed.systemStatus, /^TECO/);
    const releases = (await bench.journalOf('W-6')).filter(
      ({ type }) => type === 'sap-pm.MaintenanceOrder.Release',
    );
    assert.equal(releases.length, 2);
  });

  test('what breaks its contract is set aside with the place of the fault and leaves no trace', async () => {
    await using bench = await new CounterpartBench('sap-pm').start();
    await bench.send({ ...createNotification('W-7'), equipment: '' });
    await bench.bus.publish({
      exchange: 'hub.evt',
      routingKey: 'ext.sap-pm.MaintenanceOrder.Read.Reply',
      message: {
        id: 'bad-1',
        type: 'sap-pm.MaintenanceOrder.Read.Reply',
        source: 'sap-pm',
        tenant,
        time: new Date().toISOString(),
        key: 'x',
        correlationId: 'unknown/read',
        traceparent: null,
        body: { result: { MaintenanceOrder: 4000001 } },
      },
    });
    await until(async () => (await bench.bus.deadLetters('hub.sap-pm', 1)).length === 1, 'command set aside');
    await until(
      async () => (await bench.bus.deadLetters('hub.sap-pm.in', 1)).length === 1,
      'reply set aside',
    );
    assert.match(
      (await bench.bus.deadLetters('hub.sap-pm', 1))[0]?.reason ?? '',
      /MESSAGE_INVALID.*body\/equipment/,
    );
    assert.match(
      (await bench.bus.deadLetters('hub.sap-pm.in', 1))[0]?.reason ?? '',
      /MESSAGE_INVALID.*body\/result\/MaintenanceOrder must be string/,
    );
    assert.deepEqual(await bench.journalOf('W-7'), []);
  });

  test('a system that is away or killed in between gets all when it is back', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0']).start();
    await bench.send(createNotification('W-8'));
    let system = await bench.startSystem();
    const notification = bench.told('erp.notificationCreated');
    for (let n = 0; n < 3; n += 1) {
      await sleep(60);
      await kill(system);
      system = await bench.startSystem();
    }
    await bench.send(createOrder('W-8', (await notification).notification));
    await kill(system);
    await bench.startSystem();
    await bench.told('erp.orderCreated');
    const created = bench.events.map(({ type }) => type);
    assert.deepEqual(created, ['erp.notificationCreated', 'erp.orderCreated']);
  });

  test('a connector killed again and again in between loses and doubles nothing', async () => {
    await using bench = await new CounterpartBench('sap-pm', ['--lock-share', '0'], {
      connector: false,
    }).start();
    await bench.startSystem();
    let connector = await bench.startConnector();
    let over = false;
    let kills = 0;
    const killing = (async () => {
      while (!over) {
        await sleep(60 + 37 * kills);
        await kill(connector);
        kills += 1;
        connector = await bench.startConnector();
      }
    })();
    const { created } = await wholeLife(bench, 'W-9').finally(() => (over = true));
    await killing;
    assert.ok(kills >= 3, `${kills} kills`);
    assert.deepEqual(
      bench.events.map(({ type }) => type),
      ['erp.notificationCreated', 'erp.orderCreated', 'erp.orderReleased', 'erp.orderCompleted'],
    );
    const system = new Database(join(bench.folder, 'system', 'sap-pm.db'));
    const count = (kind: string) =>
      system.get('SELECT COUNT(*) AS n FROM object WHERE kind = ?', kind)?.['n'];
    assert.deepEqual([count('notification'), count('order'), count('confirmation')], [1, 1, 1]);
    system.close();
    const journal = await bench.journalOf('W-9');
    assert.equal(
      new Set(journal.map(({ messageId, direction }) => direction + messageId)).size,
      journal.length,
    );
    assert.ok(journal.some(({ body }) => JSON.stringify(body).includes(created.order)));
    assert.deepEqual(await bench.bus.deadLetters('hub.sap-pm', 5), []);
    assert.deepEqual(await bench.bus.deadLetters('hub.sap-pm.in', 5), []);
  });
});
