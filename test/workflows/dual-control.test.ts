import assert from 'node:assert/strict';
import { isHubError, type ErrorCode } from '#kernel/errors.ts';
import { allowedActions } from '#ontology/workflow.ts';
import { hour, mike, mona, otto, paul, person, rita, scenario, startTime, tenant } from './support.ts';

const fails = (code: ErrorCode) => (error: unknown) => isHubError(error, code);

scenario('who planned does not approve', async (d) => {
  await d.start();
  const workflow = await d.accept(paul);
  await assert.rejects(d.approve(paul), fails('SAME_PERSON'));
  assert.ok(!allowedActions(workflow, paul).includes('APPROVE'));
  assert.ok(allowedActions(workflow, mona).includes('APPROVE'));
});

scenario('a second account of the planner does not approve either', async (d) => {
  await d.start();
  await d.accept(paul);
  const alias = person('Paul B.', 'maintenance-manager', {
    personId: paul.personId,
    subject: 'paul.admin@plant',
  });
  await assert.rejects(d.approve(alias), fails('SAME_PERSON'));
});

scenario('one person does not approve twice, with whatever account', async (d) => {
  await d.start();
  await d.accept(paul);
  await d.approve(mona);
  await assert.rejects(d.approve(mona), fails('SAME_PERSON'));
  await assert.rejects(
    d.approve(person('Mona 2', 'planner', { personId: mona.personId })),
    fails('SAME_PERSON'),
  );
  await d.expect('AWAITING_APPROVAL');
  await d.approve(mike);
  await d.expect('NOTIFYING');
});

scenario('an amendment voids the approvals given, and who amended does not approve', async (d) => {
  await d.start();
  await d.accept(paul);
  await d.approve(mona);
  const lena = person('Lena', 'planner');
  const amended = await d.decide(lena, { action: 'AMEND', plan: { workHours: 6 } });
  assert.deepEqual(
    amended.approvals.map((approval) => approval.valid),
    [false],
  );
  await assert.rejects(d.approve(lena), fails('SAME_PERSON'));
  await d.approve(mona);
  // Who planned before the amendment is another person than its author now.
  await d.approve(paul);
  await d.expect('NOTIFYING');
});

scenario('an amendment that changes nothing voids the approvals as well', async (d) => {
  await d.start();
  await d.accept(paul);
  await d.approve(mona);
  const amended = await d.decide(paul, { action: 'AMEND', plan: {} });
  assert.deepEqual(
    amended.approvals.map((approval) => approval.valid),
    [false],
  );
});

scenario('an approval of a plan that was amended meanwhile is refused', async (d) => {
  await d.start();
  const { planHash } = await d.accept(paul);
  await d.decide(paul, { action: 'AMEND', plan: { workHours: 6 } });
  for (const action of ['APPROVE', 'REJECT'] as const)
    await assert.rejects(
      d.decide(mona, { action, planHash: planHash ?? '', comment: 'as read' }),
      fails('APPROVAL_STALE'),
    );
  await assert.rejects(
    d.decide(mona, { action: 'APPROVE', planHash: '', comment: '' }),
    fails('APPROVAL_STALE'),
  );
});

scenario('a decision needs a fresh sign-in, to the millisecond', async (d) => {
  await d.start();
  await d.accept(paul);
  await d.hub.clock.advance(12 * hour);
  await d.approve(mona);
  await d.hub.clock.advance(1);
  await assert.rejects(d.approve(mike), fails('STEP_UP_REQUIRED'));
  const { planHash } = await d.workflow();
  await assert.rejects(
    d.decide(mike, { action: 'REJECT', planHash: planHash ?? '', comment: 'no' }),
    fails('STEP_UP_REQUIRED'),
  );
  await d.approve({ ...mike, authTime: startTime + 12 * hour });
  await d.expect('NOTIFYING');
});

scenario('roles decide what one may do', async (d) => {
  await d.start();
  await assert.rejects(d.accept(otto), fails('FORBIDDEN'));
  await assert.rejects(d.accept(mona), fails('FORBIDDEN'));
  await d.accept(rita);
  await assert.rejects(d.approve(otto), fails('FORBIDDEN'));
  await assert.rejects(d.approve(rita), fails('FORBIDDEN'));
  await assert.rejects(d.decide(otto, { action: 'CANCEL', comment: 'x' }), fails('FORBIDDEN'));
});

scenario('another tenant sees and decides nothing', async (d) => {
  await d.start();
  await assert.rejects(d.accept({ ...paul, tenant: 'other' as typeof paul.tenant }), fails('NOT_FOUND'));
});

scenario('a plan must hold what it says', async (d) => {
  await d.start();
  const wrong = [
    { workHours: 0 },
    { workHours: Number.NaN },
    { action: ' ' },
    { latestEnd: startTime - 1 },
    { earliestStart: startTime + 2, latestEnd: startTime + 1 },
    { parts: [{ product: '', description: '', quantity: 1, unit: '1' }] },
    { parts: [{ product: 'P', description: '', quantity: -1, unit: '1' }] },
  ];
  for (const plan of wrong)
    await assert.rejects(d.accept(paul, plan), fails('INVALID_INPUT'), JSON.stringify(plan));
  await d.expect('TRIAGE');
});

scenario('criticality raised to A after the plan was made asks for a second approval', async (d) => {
  await d.start('CV-101');
  const { twinId, tenant } = await d.accept(paul);
  await d.hub.twins.patchProperties(tenant, twinId, { criticality: 'A' }, null);
  const waiting = await d.approve(mona);
  assert.equal(waiting.state, 'AWAITING_APPROVAL');
  assert.equal(waiting.approvalsRequired, 2);
});

scenario('the inbox shows what one may do, most urgent first', async (d) => {
  await d.start();
  const names = async (who: typeof paul) =>
    (await d.hub.runtime.inbox(who)).map((workflow) => workflow.state);
  assert.deepEqual(await names(paul), ['TRIAGE']);
  assert.deepEqual(await names(mona), []);
  await d.accept(paul);
  assert.deepEqual(await names(paul), []);
  assert.deepEqual(await names(rita), []);
  assert.deepEqual(await names(mona), ['AWAITING_APPROVAL']);
});

scenario('a decision that was refused is in the evidence, with who tried', async (d) => {
  await d.start();
  await d.accept(paul);
  await assert.rejects(d.approve(paul), fails('SAME_PERSON'));
  await assert.rejects(d.approve(otto), fails('FORBIDDEN'));
  const { items } = await d.hub.evidence.list(tenant, d.workflowId, { first: 10, after: null });
  const refused = items
    .filter((entry) => entry.kind === 'workflow.decisionRefused')
    .map((entry) => entry.body as { code: string; by: { name: string } });
  assert.deepEqual(
    refused.map((body) => [body.code, body.by.name]),
    [
      ['SAME_PERSON', 'Paul'],
      ['FORBIDDEN', 'Otto'],
    ],
  );
});
