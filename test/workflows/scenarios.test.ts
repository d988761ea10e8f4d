import assert from 'node:assert/strict';
import { isHubError, type ErrorCode } from '#kernel/errors.ts';
import { endedAt, hour, mona, paul, rita, scenario, tenant, window } from './support.ts';

const fails = (code: ErrorCode) => (error: unknown) => isHubError(error, code);

scenario(
  'the whole way from a recommendation to the closed repair, each command sent once and in order',
  async (d) => {
    await d.start();
    await d.until('AWAITING_FEEDBACK');
    const closed = await d.decide(rita, {
      action: 'GIVE_FEEDBACK',
      verdict: 'CONFIRMED',
      comment: 'Pitting on the outer race.',
    });
    assert.equal(closed.state, 'CLOSED');
    assert.equal(closed.attention, null);
    assert.deepEqual(d.sentTypes(), [
      'workflows.recommendationSettled',
      'erp.createNotification',
      'erp.createOrder',
      'wms.reserveParts',
      'mes.requestWindow',
      'erp.releaseOrder',
      'wms.issueParts',
      'mes.dispatchJob',
      'erp.completeOrder',
      'analytics.verifyRepair',
      'workflows.recommendationSettled',
    ]);
    const [accepted, ...rest] = d.sent().map((one) => one.message.body as Record<string, unknown>);
    assert.equal(accepted?.['status'], 'ACCEPTED');
    assert.deepEqual([rest.at(-1)?.['status'], rest.at(-1)?.['feedback']], ['RESOLVED', 'CONFIRMED']);
    assert.deepEqual(closed.workOrder, {
      notification: '10000012',
      order: '4000012',
      systemStatus: 'TECO CNF',
      reservation: 'R-1',
      materialDocument: 'M-1',
      jobOrderId: 'J-1',
      scheduledStart: window.start,
      scheduledEnd: window.end,
      actualStart: window.start,
      actualEnd: endedAt,
      performedBy: 'Tom',
    });
    const [history] = await d.hub.store.historyOf(tenant, [d.workflowId]);
    assert.deepEqual(
      history?.map((step) => step.sequence),
      history?.map((_, index) => index + 1),
    );
    assert.ok(
      history?.some(
        (step) => step.text === 'Order 4000012 created in SAP PM, status CRTD.' && step.by === 'SAP PM',
      ),
    );
    assert.equal(await d.hub.store.nextTimerAt(), null);
  },
);

scenario('a plan without parts skips reservation and issue; criticality B needs one approval', async (d) => {
  await d.start('CV-101');
  const accepted = await d.accept(paul, { parts: [] });
  assert.equal(accepted.approvalsRequired, 1);
  await d.until('AWAITING_FEEDBACK');
  assert.ok(!d.sentTypes().some((type) => type.startsWith('wms.')));
});

scenario('a component takes equipment and criticality from the asset above it', async (d) => {
  await d.start('P-101.bearing-de');
  const accepted = await d.accept();
  assert.equal(accepted.approvalsRequired, 2);
  await d.until('NOTIFYING');
  assert.equal((d.sent()[1]?.message.body as { equipment: string }).equipment, '10000101');
});

scenario('dismissing tells analytics the verdict and ends it', async (d) => {
  await d.start();
  const ended = await d.decide(rita, {
    action: 'DISMISS',
    verdict: 'FALSE_ALARM',
    comment: 'Pump was being cleaned.',
  });
  assert.equal(ended.state, 'DISMISSED');
  const body = d.sent()[0]?.message.body as Record<string, unknown>;
  assert.deepEqual(
    [body['status'], body['feedback'], body['comment']],
    ['DISMISSED', 'FALSE_ALARM', 'Pump was being cleaned.'],
  );
  await assert.rejects(d.accept(), fails('STEP_NOT_ALLOWED'));
});

scenario('rejecting ends it before anything was created', async (d) => {
  await d.start();
  const { planHash } = await d.accept();
  const ended = await d.decide(mona, {
    action: 'REJECT',
    planHash: planHash ?? '',
    comment: 'Wait for the shutdown.',
  });
  assert.equal(ended.state, 'REJECTED');
  assert.deepEqual(d.sentTypes(), ['workflows.recommendationSettled', 'workflows.recommendationSettled']);
});

scenario('cancelling before approval ends it at once', async (d) => {
  await d.start();
  await d.accept();
  const ended = await d.decide(mona, { action: 'CANCEL', comment: 'Not now.' });
  assert.equal(ended.state, 'CANCELLED');
  const settled = d.sent().at(-1)?.message.body as Record<string, unknown>;
  assert.deepEqual(
    [settled['status'], settled['feedback'], settled['comment']],
    ['DISMISSED', 'UNKNOWN', 'Not now.'],
  );
});

for (const state of [
  'NOTIFYING',
  'ORDERING',
  'RESERVING',
  'SCHEDULING',
  'RELEASING',
  'ISSUING',
  'EXECUTING',
  'CONFIRMING',
] as const) {
  const commands = {
    NOTIFYING: 'erp.createNotification',
    ORDERING: 'erp.createOrder',
    RESERVING: 'wms.reserveParts',
    SCHEDULING: 'mes.requestWindow',
    RELEASING: 'erp.releaseOrder',
    ISSUING: 'wms.issueParts',
    EXECUTING: 'mes.dispatchJob',
    CONFIRMING: 'erp.completeOrder',
  } as const;
  const command = commands[state];
  const type = `${command.split('.')[0] as 'erp' | 'wms' | 'mes'}.refused` as const;

  scenario(`a refusal of ${command} asks a person, and RETRY sends it again under a new id`, async (d) => {
    await d.start();
    await d.until(state);
    const asked = await d.tell({ type, command, code: 'IM/035', reason: 'Object is locked' });
    assert.equal(asked.state, 'MANUAL_INTERVENTION');
    assert.match(asked.attention ?? '', /Object is locked \(IM\/035\)/);
    const again = await d.decide(mona, { action: 'RETRY', comment: '' });
    assert.equal(again.state, state);
    const ids = d
      .sent()
      .filter((one) => one.routingKey === command)
      .map((one) => one.message.id);
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 2);
    await d.until('AWAITING_FEEDBACK');
  });

  scenario(`no answer in ${state} asks a person, and the late answer still counts`, async (d) => {
    await d.start();
    await d.until(state);
    const asked = await d.pass(state === 'EXECUTING' ? 9 * hour : 61_000);
    assert.equal(asked.state, 'MANUAL_INTERVENTION');
    const body = {
      NOTIFYING: { type: 'erp.notificationCreated', notification: '10000012' },
      ORDERING: { type: 'erp.orderCreated', order: '4000012', reservation: null, systemStatus: 'CRTD' },
      RESERVING: { type: 'wms.partsReserved', reservation: 'R-1' },
      SCHEDULING: { type: 'mes.windowGranted', ...window },
      RELEASING: { type: 'erp.orderReleased', order: '4000012', systemStatus: 'REL' },
      ISSUING: { type: 'wms.partsIssued', materialDocument: 'M-1' },
      EXECUTING: {
        type: 'mes.jobEnded',
        jobOrderId: 'J-1',
        startedAt: window.start,
        endedAt,
        workHours: 3,
        performedBy: 'Tom',
        text: '',
      },
      CONFIRMING: { type: 'erp.orderCompleted', order: '4000012', systemStatus: 'TECO' },
    } as const;
    await d.tell(body[state]);
    assert.notEqual((await d.workflow()).state, 'MANUAL_INTERVENTION');
    await d.until('AWAITING_FEEDBACK');
    assert.equal(d.sentTypes().filter((sent) => sent === command).length, 1);
  });

  if (state !== 'CONFIRMING')
    scenario(`cancelling in ${state} withdraws what was begun and says what is left`, async (d) => {
      await d.start();
      await d.until(state);
      const before = d.sentTypes().length;
      await d.decide(paul, { action: 'CANCEL', comment: 'Line is needed.' });
      const sent = d.sentTypes().slice(before);
      const expected: readonly string[] = {
        NOTIFYING: [],
        ORDERING: [],
        RESERVING: [],
        SCHEDULING: ['mes.cancelJob', 'wms.cancelReservation'],
        RELEASING: ['mes.cancelJob', 'wms.cancelReservation'],
        ISSUING: ['mes.cancelJob', 'wms.cancelReservation'],
        EXECUTING: ['mes.cancelJob'],
      }[state];
      assert.deepEqual(sent, expected);
      await d.expect('WITHDRAWING');
      if (state === 'NOTIFYING') await d.tell({ type: 'erp.notificationCreated', notification: '10000012' });
      if (state === 'ORDERING')
        await d.tell({ type: 'erp.orderCreated', order: '4000012', reservation: null, systemStatus: 'CRTD' });
      if (state === 'RESERVING') {
        await d.tell({ type: 'wms.partsReserved', reservation: 'R-1' });
        assert.equal(d.sentTypes().at(-1), 'wms.cancelReservation');
        await d.tell({ type: 'wms.reservationCancelled', reservation: 'R-1' });
      }
      if (state === 'ISSUING')
        await d.tell({
          type: 'wms.refused',
          command: 'wms.issueParts',
          code: 'M7/1',
          reason: 'being cancelled',
        });
      if (expected.includes('mes.cancelJob')) await d.tell({ type: 'mes.jobCancelled', order: '4000012' });
      if (expected.includes('wms.cancelReservation'))
        await d.tell({ type: 'wms.reservationCancelled', reservation: 'R-1' });
      const ended = await d.expect('CANCELLED');
      assert.match(
        ended.attention ?? '',
        state === 'NOTIFYING' ? /Notification 10000012 stays in SAP PM/ : /Order 4000012 stays in SAP PM/,
      );
      if (state === 'EXECUTING') assert.match(ended.attention ?? '', /Parts were issued with M-1/);
      const settled = d.sent().filter((one) => one.routingKey === 'workflows.recommendationSettled');
      assert.deepEqual(
        settled.map((one) => (one.message.body as { status: string }).status),
        ['ACCEPTED', 'DISMISSED'],
      );
    });
}

scenario('work that ended before the withdrawal reached the MES is confirmed, not lost', async (d) => {
  await d.start();
  await d.until('EXECUTING');
  await d.decide(paul, { action: 'CANCEL', comment: 'Stop.' });
  await d.tell({
    type: 'mes.jobEnded',
    jobOrderId: 'J-1',
    startedAt: window.start,
    endedAt,
    workHours: 3,
    performedBy: 'Tom',
    text: '',
  });
  await d.expect('CONFIRMING');
  await d.until('AWAITING_FEEDBACK');
});

scenario('a refused withdrawal asks a person; cancelling again ends it and names what is left', async (d) => {
  await d.start();
  await d.until('SCHEDULING');
  await d.decide(paul, { action: 'CANCEL', comment: 'Stop.' });
  await d.tell({ type: 'mes.refused', command: 'mes.cancelJob', code: 'E1', reason: 'Shift is closed' });
  await d.expect('MANUAL_INTERVENTION');
  await d.tell({ type: 'wms.reservationCancelled', reservation: 'R-1' });
  await d.expect('MANUAL_INTERVENTION');
  const ended = await d.decide(paul, { action: 'CANCEL', comment: 'By hand.' });
  assert.equal(ended.state, 'CANCELLED');
  assert.match(ended.attention ?? '', /could not be withdrawn: cancel it in the MES/);
  assert.doesNotMatch(ended.attention ?? '', /Reservation/);
});

scenario('a withdrawal without answer asks a person; RETRY sends only what is still held', async (d) => {
  await d.start();
  await d.until('SCHEDULING');
  await d.decide(paul, { action: 'CANCEL', comment: 'Stop.' });
  await d.tell({ type: 'wms.reservationCancelled', reservation: 'R-1' });
  await d.pass(61_000);
  await d.expect('MANUAL_INTERVENTION');
  const before = d.sentTypes().length;
  await d.decide(paul, { action: 'RETRY', comment: '' });
  assert.deepEqual(d.sentTypes().slice(before), ['mes.cancelJob']);
  await d.tell({ type: 'mes.jobCancelled', order: '4000012' });
  await d.expect('CANCELLED');
});
