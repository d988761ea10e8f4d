import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaintenanceEvent, RecommendationSettled } from '#ontology/maintenance.ts';
import type { Message } from '#ontology/message.ts';
import type { Recommendation } from '#ontology/recommendation.ts';
import { demo, other, pump, twinOf, withHub, type Hub } from './support/hub.ts';

type RepairVerified = Extract<MaintenanceEvent, { type: 'analytics.repairVerified' }>;

const verified = (messages: readonly Message[]) =>
  messages
    .filter(({ type }) => type === 'analytics.repairVerified')
    .map(({ body }) => body as RepairVerified);

/** Lets the bearing of the demo tenant wear until analytics proposes something. */
async function wear(hub: Hub): Promise<Recommendation> {
  await hub.run(160);
  hub.plant(demo).startScenario('bearing-wear');
  await hub.run(120);
  const [recommendation] = (await hub.recommendations.list(demo, null, { first: 10, after: null })).items;
  assert.ok(recommendation, 'nothing was raised');
  return recommendation;
}

async function repair(hub: Hub): Promise<string> {
  hub.plant(demo).performMaintenance('10000101', 'pump.bearing-wear');
  await hub.run(31);
  return new Date(hub.clock.now()).toISOString();
}

async function askToVerify(
  hub: Hub,
  { id: recommendationId }: Recommendation,
  repairedAt: string,
  messageId = 'wf-1:verify:1',
): Promise<void> {
  await hub.tell('hub.cmd', {
    id: messageId,
    type: 'analytics.verifyRepair',
    body: { type: 'analytics.verifyRepair', workflowId: 'wf-1', twinId: pump, recommendationId, repairedAt },
  });
}

const settle = (
  hub: Hub,
  recommendation: Recommendation,
  change: Partial<RecommendationSettled>,
  id = 'wf-1:settled',
) =>
  hub.tell('hub.evt', {
    id,
    type: 'workflows.recommendationSettled',
    body: {
      type: 'workflows.recommendationSettled',
      recommendationId: recommendation.id,
      twinId: pump,
      failureModeId: recommendation.failureModeId,
      status: 'ACCEPTED',
      feedback: null,
      comment: '',
      ...change,
    },
  });

test('a fault is proposed once, with its message in the same transaction, and only to its tenant', async () => {
  await withHub(async (hub) => {
    const changes: Recommendation[] = [];
    hub.service.recommendationChanges.listen((recommendation) => changes.push(recommendation));
    const recommendation = await wear(hub);
    await hub.run(100);
    assert.equal(recommendation.failureModeId, 'pump.bearing-wear');
    assert.equal(recommendation.title, 'Rolling bearing wear at P-101');
    assert.equal(recommendation.detector, 'condition-monitor/1');
    assert.ok(recommendation.findings.some(({ text }) => text.includes('BPFO')));
    const sent = await hub.sent();
    assert.deepEqual(
      sent.map(({ id, type, key, tenant, body }) => ({ id, type, key, tenant, body })),
      [
        {
          ...{
            id: `analytics.recommendationRaised:demo:${recommendation.id}`,
            type: 'analytics.recommendationRaised',
            key: recommendation.id,
            tenant: 'demo',
          },
          body: { type: 'analytics.recommendationRaised', recommendationId: recommendation.id },
        },
      ],
    );
    assert.equal(changes.length, 1);
    assert.deepEqual((await hub.recommendations.list(other, null, { first: 10, after: null })).items, []);
    assert.equal(hub.service.healthOf(other, pump)?.state, 'NORMAL');
    assert.ok(['WARNING', 'CRITICAL'].includes(hub.service.healthOf(demo, pump)?.state ?? ''));
  });
});

test('what was learned and proposed survives a restart and a crash', async () => {
  await withHub(async (hub) => {
    await wear(hub);
    await hub.restart({ crash: true });
    assert.equal(hub.service.healthOf(demo, pump)?.state, 'UNKNOWN');
    await hub.run(40);
    assert.ok(
      ['WARNING', 'CRITICAL'].includes(hub.service.healthOf(demo, pump)?.state ?? ''),
      'goes on without learning anew',
    );
    assert.equal((await hub.recommendations.list(demo, null, { first: 10, after: null })).items.length, 1);
    assert.equal((await hub.sent()).length, 1);
    const [history = []] = await hub.service.healthHistory(demo, [pump], 50);
    assert.ok(
      history.every(({ from, to }, i) => from !== to && (i === 0 || history[i - 1]?.from === to)),
      JSON.stringify(history),
    );
    assert.equal(history.at(-1)?.from, 'UNKNOWN');
    assert.ok(history.some(({ to, reason }) => to === 'WARNING' && reason?.includes('P-101')));
  });
});

test('a repair is confirmed from the samples after it, also over a restart, and answered once', async () => {
  await withHub(async (hub) => {
    const recommendation = await wear(hub);
    await hub.sent();
    const repairedAt = await repair(hub);
    await askToVerify(hub, recommendation, repairedAt);
    await hub.run(40);
    assert.deepEqual(verified(await hub.sent()), []);
    await hub.restart({ crash: true });
    await hub.run(60);
    const [answer] = verified(await hub.sent());
    assert.ok(answer, 'no answer came');
    assert.equal(answer.passed, true, answer.text);
    assert.equal(answer.workflowId, 'wf-1');
    assert.match(answer.text, /^Back to normal over 6\d good running samples after the repair: The /);
    assert.ok(
      answer.findings.length >= 1 &&
        answer.observedFrom < answer.observedTo &&
        answer.observedFrom > repairedAt,
    );
    await askToVerify(hub, recommendation, repairedAt, 'wf-1:verify:1-again');
    await hub.run(100);
    assert.equal(verified(await hub.sent()).length, 1);
    await settle(hub, recommendation, { status: 'RESOLVED', feedback: 'CONFIRMED' });
    const [after] = await hub.recommendations.get(demo, [recommendation.id]);
    assert.deepEqual([after?.status, after?.feedback], ['RESOLVED', 'CONFIRMED']);
    assert.equal(hub.service.healthOf(demo, pump)?.state, 'NORMAL');
  });
});

test('a fault after a confirmed repair is proposed anew', async () => {
  await withHub(async (hub) => {
    const recommendation = await wear(hub);
    await askToVerify(hub, recommendation, await repair(hub));
    await hub.run(110);
    await settle(hub, recommendation, { status: 'RESOLVED' });
    hub.plant(demo).startScenario('bearing-wear');
    await hub.run(100);
    const { items } = await hub.recommendations.list(demo, ['OPEN'], { first: 10, after: null });
    assert.deepEqual(
      items.map(({ failureModeId }) => failureModeId),
      ['pump.bearing-wear'],
    );
    assert.notEqual(items[0]?.id, recommendation.id);
  });
});

test('a repair that does not show is refused with the reason', async () => {
  await withHub(async (hub) => {
    const recommendation = await wear(hub);
    await askToVerify(hub, recommendation, new Date(hub.clock.now()).toISOString());
    await hub.run(80);
    const [answer] = verified(await hub.sent());
    assert.equal(answer?.passed, false);
    assert.match(
      answer?.text ?? '',
      /^Not back to normal over 6\d good running samples after the repair: .*BPFO band of envelopeSpectrum deviates \d+\.\d tolerances towards the old finding/,
    );
  });
});

test('a check without samples of the running asset is answered at its deadline', async () => {
  await withHub(
    async (hub) => {
      const recommendation = await wear(hub);
      await askToVerify(hub, recommendation, new Date(hub.clock.now() + 10_000).toISOString());
      await hub.restart();
      await hub.clock.advance(400_000);
      await hub.run(1);
      const [answer] = verified(await hub.sent());
      assert.equal(answer?.passed, false);
      assert.equal(answer?.text, 'No good sample of the running asset came until the deadline.');
    },
    { verificationDeadlineMs: 300_000 },
  );
});

test('a check that cannot be made says why at once; a broken command is set aside', async () => {
  await withHub(async (hub) => {
    const body = {
      type: 'analytics.verifyRepair',
      workflowId: 'wf-9',
      recommendationId: 'rec-9',
      repairedAt: '2026-01-01T08:00:00Z',
    };
    await hub.tell('hub.cmd', { id: 'm1', type: 'analytics.verifyRepair', body: { ...body, twinId: 'X-1' } });
    await hub.tell('hub.cmd', {
      id: 'm2',
      type: 'analytics.verifyRepair',
      body: { ...body, twinId: 'P-101', workflowId: 'wf-8' },
    });
    await hub.tell('hub.cmd', {
      id: 'm3',
      type: 'analytics.verifyRepair',
      body: { ...body, twinId: 'P-101', repairedAt: 'soon' },
    });
    const answers = verified(await hub.sent());
    assert.deepEqual(
      answers.map(({ passed, text }) => [passed, text.slice(0, 40)]),
      [
        [false, 'X-1 is not watched: there is no such asse'.slice(0, 40)],
        [false, 'What is normal for P-101 has not been learned yet'.slice(0, 40)],
      ],
    );
    const [dead] = await hub.bus.deadLetters('hub.analytics', 5);
    assert.match(dead?.reason ?? '', /repairedAt of analytics.verifyRepair is not RFC 3339/);
  });
});

test('a false alarm raises the threshold on that twin, bounded and said', async () => {
  await withHub(async (hub) => {
    const recommendation = await wear(hub);
    await settle(hub, recommendation, { status: 'DISMISSED', feedback: 'FALSE_ALARM' });
    await settle(hub, recommendation, { status: 'DISMISSED', feedback: 'FALSE_ALARM' }, 'wf-1:settled-again');
    assert.equal((await hub.recommendations.get(demo, [recommendation.id]))[0]?.feedback, 'FALSE_ALARM');
    await hub.restart({ crash: true });
    await hub.run(100);
    const { items } = await hub.recommendations.list(demo, ['OPEN'], { first: 5, after: null });
    assert.match(
      items[0]?.findings.map(({ text }) => text).join(' ') ?? '',
      /threshold raised 1\.3 times after a false alarm/,
    );
  });
});

test('a dismissed fault stays silent while it does not get worse', async () => {
  await withHub(async (hub) => {
    const recommendation = await wear(hub);
    hub.plant(demo).stopScenario('bearing-wear');
    await settle(hub, recommendation, { status: 'DISMISSED', feedback: 'UNKNOWN' });
    await hub.run(100);
    assert.deepEqual((await hub.recommendations.list(demo, ['OPEN'], { first: 5, after: null })).items, []);
    hub.plant(demo).startScenario('bearing-wear');
    await hub.run(200);
    assert.equal((await hub.recommendations.list(demo, ['OPEN'], { first: 5, after: null })).items.length, 1);
  });
});

test('assets imported later are watched; silence makes health unknown, not bad', async () => {
  await withHub(async (hub) => {
    await hub.run(200);
    assert.equal(hub.service.healthOf(demo, 'CV-101' as typeof pump), null);
    assert.equal(hub.service.healthOf(demo, 'P-101.bearing-de' as typeof pump), null);
    assert.equal(hub.service.healthOf(demo, 'P-101.motor' as typeof pump)?.state, 'NORMAL');
    await hub.twins.apply(demo, { twins: [twinOf('CV-101', 'conveyor')] });
    await hub.run(190);
    assert.equal(hub.service.healthOf(demo, 'CV-101' as typeof pump)?.state, 'NORMAL');
    await hub.clock.advance(40_000);
    const health = hub.service.healthOf(demo, pump);
    assert.deepEqual([health?.state, health?.score, health?.findings], ['UNKNOWN', null, []]);
    const [history = []] = await hub.service.healthHistory(demo, [pump], 1);
    assert.match(history[0]?.reason ?? '', /communication is lost/);
    await hub.run(3);
    assert.equal(hub.service.healthOf(demo, pump)?.state, 'NORMAL');
  });
});
