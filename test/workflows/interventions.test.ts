import assert from 'node:assert/strict';
import { formatInstant } from '#kernel/clock.ts';
import { isHubError, type ErrorCode } from '#kernel/errors.ts';
import { endedAt, hour, mike, mona, otto, paul, scenario, startTime, tenant } from './support.ts';

const fails = (code: ErrorCode) => (error: unknown) => isHubError(error, code);

scenario('missing parts are asked for again when they are expected', async (d) => {
  await d.start();
  await d.until('RESERVING');
  const expectedAt = formatInstant(startTime + 2 * hour);
  const waiting = await d.tell({ type: 'wms.partsShort', product: '6310-2Z', missing: 1, expectedAt });
  assert.equal(waiting.state, 'WAITING_FOR_PARTS');
  assert.match(waiting.attention ?? '', /expected 2026-01-01T10:00:00.000Z/);
  assert.equal(await d.hub.store.nextTimerAt(), startTime + 2 * hour);
  await d.pass(2 * hour - 1);
  await d.expect('WAITING_FOR_PARTS');
  await d.pass(1);
  await d.expect('RESERVING');
  assert.equal(d.sentTypes().filter((type) => type === 'wms.reserveParts').length, 2);
});

scenario(
  'parts that stay missing are asked for a bounded number of times, then a person decides',
  async (d) => {
    await d.start();
    await d.until('RESERVING');
    for (const _ of [1, 2]) {
      await d.tell({ type: 'wms.partsShort', product: '6310-2Z', missing: 1, expectedAt: null });
      await d.expect('WAITING_FOR_PARTS');
      await d.pass(600_000);
    }
    const asked = await d.tell({ type: 'wms.partsShort', product: '6310-2Z', missing: 1, expectedAt: null });
    assert.equal(asked.state, 'MANUAL_INTERVENTION');
    await d.decide(mona, { action: 'RETRY', comment: '' });
    await d.expect('RESERVING');
  },
);

scenario('parts expected after the end of the plan ask a person at once', async (d) => {
  await d.start();
  await d.until('RESERVING');
  const asked = await d.tell({
    type: 'wms.partsShort',
    product: '6310-2Z',
    missing: 1,
    expectedAt: formatInstant(startTime + 100 * hour),
  });
  assert.equal(asked.state, 'MANUAL_INTERVENTION');
  assert.match(asked.attention ?? '', /after the plan's end/);
});

scenario(
  'no window yet is asked again later from the next possible start, a bounded number of times',
  async (d) => {
    await d.start();
    await d.until('SCHEDULING');
    const next = formatInstant(startTime + 3 * hour);
    for (const _ of [1, 2]) {
      await d.tell({ type: 'mes.windowRefused', reason: 'Batch running', nextPossibleStart: next });
      await d.expect('WAITING_FOR_WINDOW');
      await d.pass(600_000);
      await d.expect('SCHEDULING');
    }
    assert.equal((d.sent().at(-1)?.message.body as { earliestStart: string }).earliestStart, next);
    await d.tell({ type: 'mes.windowRefused', reason: 'Batch running', nextPossibleStart: null });
    await d.expect('MANUAL_INTERVENTION');
  },
);

scenario('a person need not wait for the next try', async (d) => {
  await d.start();
  await d.until('RESERVING');
  await d.tell({ type: 'wms.partsShort', product: '6310-2Z', missing: 1, expectedAt: null });
  await d.decide(paul, { action: 'RETRY', comment: '' });
  await d.expect('RESERVING');
});

scenario('a window outside the approved plan is not used', async (d) => {
  await d.start();
  await d.until('SCHEDULING');
  const asked = await d.tell({
    type: 'mes.windowGranted',
    start: formatInstant(startTime + 71 * hour),
    end: formatInstant(startTime + 75 * hour),
  });
  assert.equal(asked.state, 'MANUAL_INTERVENTION');
  assert.match(asked.attention ?? '', /outside the approved/);
});

scenario('an aborted job needs a new window', async (d) => {
  await d.start();
  await d.until('EXECUTING');
  const asked = await d.tell({ type: 'mes.jobAborted', jobOrderId: 'J-1', reason: 'Crane broken' });
  assert.match(asked.attention ?? '', /Crane broken/);
  await d.decide(paul, { action: 'RETRY', comment: '' });
  await d.expect('SCHEDULING');
  await d.answer();
  await d.expect('EXECUTING');
});

scenario('a repair that does not show can be reworked under the same order', async (d) => {
  await d.start();
  await d.until('VERIFYING');
  const failed = await d.tell({
    type: 'analytics.repairVerified',
    passed: false,
    text: 'Still 6.8 mm/s.',
    findings: [],
    observedFrom: endedAt,
    observedTo: endedAt,
  });
  assert.equal(failed.state, 'VERIFICATION_FAILED');
  await d.decide(paul, { action: 'REWORK', comment: 'Alignment missing.' });
  await d.expect('SCHEDULING');
  await d.until('AWAITING_FEEDBACK');
  const types = d.sentTypes();
  for (const once of ['erp.createNotification', 'erp.createOrder', 'erp.releaseOrder', 'wms.issueParts'])
    assert.equal(types.filter((type) => type === once).length, 1, once);
  assert.equal(types.filter((type) => type === 'mes.dispatchJob').length, 2);
});

scenario('a repair that does not show can be closed unverified', async (d) => {
  await d.start();
  await d.until('VERIFYING');
  await d.tell({
    type: 'analytics.repairVerified',
    passed: false,
    text: 'Still 6.8 mm/s.',
    findings: [],
    observedFrom: endedAt,
    observedTo: endedAt,
  });
  await d.decide(mona, { action: 'CLOSE_UNVERIFIED', comment: 'Sensor is being replaced.' });
  await d.expect('AWAITING_FEEDBACK');
  await d.decide(otto, { action: 'GIVE_FEEDBACK', verdict: 'ACTION_TAKEN', comment: '' });
  await d.expect('CLOSED');
});

scenario('done work whose confirmation the ERP refuses for good can be closed', async (d) => {
  await d.start();
  await d.until('CONFIRMING');
  const asked = await d.tell({
    type: 'erp.refused',
    command: 'erp.completeOrder',
    code: 'RU/1',
    reason: 'Period closed',
  });
  assert.deepEqual([...asked.actions].sort(), ['CLOSE_UNVERIFIED', 'RETRY']);
  await d.decide(mona, { action: 'CLOSE_UNVERIFIED', comment: 'Confirmed by hand.' });
  await d.expect('AWAITING_FEEDBACK');
});

scenario('approvals that are not complete in time expire, and are void when asked again', async (d) => {
  await d.start();
  await d.accept();
  await d.approve(mona);
  await d.pass(24 * hour);
  const expired = await d.expect('MANUAL_INTERVENTION');
  assert.ok(expired.approvals.every((approval) => !approval.valid));
  await d.decide(mona, { action: 'RETRY', comment: '' });
  await d.expect('AWAITING_APPROVAL');
});

scenario(
  'a plan whose window passed is not carried out: it is amended, approved again, and goes on where it stood',
  async (d) => {
    await d.start();
    await d.accept(paul, { latestEnd: startTime + 10 * hour });
    await d.approve(mona);
    await d.approve(mike);
    await d.answer();
    await d.expect('ORDERING');
    await d.pass(61_000);
    await d.hub.clock.advance(10 * hour);
    await d.tell({ type: 'erp.orderCreated', order: '4000012', reservation: null, systemStatus: 'CRTD' });
    const asked = await d.expect('MANUAL_INTERVENTION');
    assert.match(asked.attention ?? '', /window ended/);
    await d.decide(mona, { action: 'RETRY', comment: '' });
    await d.expect('MANUAL_INTERVENTION');
    await assert.rejects(
      d.decide(paul, { action: 'AMEND', plan: { workHours: 9, latestEnd: startTime + 80 * hour } }),
      /Order 4000012 exists/,
    );
    await d.decide(paul, { action: 'AMEND', plan: { latestEnd: startTime + 80 * hour } });
    await d.expect('AWAITING_APPROVAL');
    const fresh = (who: typeof mona) => ({ ...who, authTime: startTime + 10 * hour });
    await d.approve(fresh(mona));
    await d.approve(fresh(mike));
    await d.expect('RESERVING');
    assert.equal(d.sentTypes().filter((type) => type === 'erp.createOrder').length, 1);
  },
);

scenario(
  'an answer that comes while the plan is approved anew is kept, and its step is not repeated',
  async (d) => {
    await d.start();
    await d.until('ORDERING');
    await d.pass(61_000);
    await d.decide(paul, { action: 'AMEND', plan: { comment: 'later' } });
    await d.tell({ type: 'erp.orderCreated', order: '4000012', reservation: null, systemStatus: 'CRTD' });
    await d.expect('AWAITING_APPROVAL');
    await d.approve(mona);
    await d.approve(mike);
    await d.expect('RESERVING');
    assert.equal(d.sentTypes().filter((type) => type === 'erp.createOrder').length, 1);
  },
);

scenario('equipment that changed since the plan was made stops it before anything is sent', async (d) => {
  await d.start();
  await d.accept();
  const [twin] = await d.hub.twins.twins(tenant, [(await d.workflow()).twinId]);
  await d.hub.twins.patchProperties(tenant, twin!.id, { equipmentNumber: '10000999' }, null);
  await d.approve(mona);
  await d.approve(mike);
  const asked = await d.expect('MANUAL_INTERVENTION');
  assert.match(asked.attention ?? '', /10000101.*10000999/);
  await d.decide(paul, { action: 'AMEND', plan: {} });
  await d.approve(mona);
  await d.approve(mike);
  await d.expect('NOTIFYING');
  assert.equal((d.sent().at(-1)?.message.body as { equipment: string }).equipment, '10000999');
});

scenario('a twin without SAP equipment number is not ordered for', async (d) => {
  await d.start('X-1');
  await d.accept();
  await d.approve(mona);
  const asked = await d.expect('MANUAL_INTERVENTION');
  assert.match(asked.attention ?? '', /no SAP equipment number/);
});

scenario('a second order reported by the ERP is said loudly and changes nothing else', async (d) => {
  await d.start();
  await d.until('SCHEDULING');
  const warned = await d.tell({
    type: 'erp.orderCreated',
    order: '4000099',
    reservation: null,
    systemStatus: 'CRTD',
  });
  assert.equal(warned.state, 'SCHEDULING');
  assert.equal(warned.workOrder?.order, '4000012');
  assert.match(warned.attention ?? '', /second order 4000099/);
});

scenario('a refusal of an earlier try does not stop the present one', async (d) => {
  await d.start();
  await d.until('ORDERING');
  const first = d.sent().at(-1)?.message.id ?? '';
  await d.pass(61_000);
  await d.decide(mona, { action: 'RETRY', comment: '' });
  await d.tell({ type: 'erp.refused', command: 'erp.createOrder', code: 'IW/1', reason: 'locked' }, first);
  await d.expect('ORDERING');
  const second = d.sent().at(-1)?.message.id ?? '';
  await d.tell({ type: 'erp.refused', command: 'erp.createOrder', code: 'IW/1', reason: 'locked' }, second);
  await d.expect('MANUAL_INTERVENTION');
});

scenario('a decision on a version that is past is refused', async (d) => {
  const { version } = await d.start();
  await d.accept();
  await assert.rejects(
    d.decide(paul, { action: 'AMEND', plan: { workHours: 2 } }, { expectedVersion: version }),
    fails('REVISION_CONFLICT'),
  );
});

scenario(
  'a plan amended after a window was agreed needs a new window when the old one does not fit it',
  async (d) => {
    await d.start();
    await d.until('RELEASING');
    await d.tell({ type: 'erp.refused', command: 'erp.releaseOrder', code: 'IW/2', reason: 'budget' });
    await d.decide(paul, { action: 'AMEND', plan: { earliestStart: startTime + 20 * hour } });
    await d.approve(mona);
    await d.approve(mike);
    await d.expect('SCHEDULING');
    const later = { start: formatInstant(startTime + 21 * hour), end: formatInstant(startTime + 25 * hour) };
    await d.tell({ type: 'mes.windowGranted', ...later });
    await d.expect('RELEASING');
    await d.answer();
    await d.answer();
    const job = d.sent().at(-1)?.message.body as { type: string; start: string };
    assert.deepEqual([job.type, job.start], ['mes.dispatchJob', later.start]);
  },
);

scenario('a plan amended after a window was agreed keeps the window that still fits it', async (d) => {
  await d.start();
  await d.until('RELEASING');
  await d.tell({ type: 'erp.refused', command: 'erp.releaseOrder', code: 'IW/2', reason: 'budget' });
  await d.decide(paul, { action: 'AMEND', plan: { comment: 'Budget is there.' } });
  await d.approve(mona);
  await d.approve(mike);
  await d.expect('RELEASING');
});
