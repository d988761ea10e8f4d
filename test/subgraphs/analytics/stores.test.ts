import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqliteAnalyticsState } from '#connectors/sqlite/analytics-state.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteOutbox } from '#connectors/sqlite/outbox.ts';
import { SqliteRecommendationStore } from '#connectors/sqlite/recommendation-store.ts';
import { parseTenantId, parseTwinId } from '#ontology/ids.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type { Recommendation } from '#ontology/recommendation.ts';

const tenant = parseTenantId('demo');
const other = parseTenantId('other');
const pump = parseTwinId('P-101');

function setUp() {
  const db = new Database(':memory:');
  const outbox = new SqliteOutbox(db);
  return {
    db,
    outbox,
    recommendations: new SqliteRecommendationStore(db, outbox),
    state: new SqliteAnalyticsState(db, outbox),
  };
}

const recommendation = (id: string, more: Partial<Recommendation> = {}): Recommendation => ({
  ...{
    tenant,
    id,
    twinId: pump,
    failureModeId: 'pump.cavitation',
    severity: 'LOW',
    title: 't',
    findings: [],
    confidence: 1,
    alternatives: [],
  },
  ...{ detector: 'd', since: 0, raisedAt: 1, status: 'OPEN', feedback: null, updatedAt: 1 },
  ...more,
});

const message = (id: string): OutgoingMessage => ({
  exchange: 'hub.evt',
  routingKey: 'analytics.x',
  message: {
    id,
    type: 'analytics.x',
    source: 's',
    tenant,
    time: '2026-01-01T00:00:00.000Z',
    key: 'k',
    correlationId: null,
    traceparent: null,
    body: {},
  },
});

test('a second recommendation of the same twin and failure mode is refused with its message while the first is active', async () => {
  const { recommendations, outbox } = setUp();
  assert.equal(await recommendations.raise(recommendation('a'), [message('m-a')]), true);
  assert.equal(await recommendations.raise(recommendation('b'), [message('m-b')]), false);
  await recommendations.settle(tenant, 'a', 'ACCEPTED', null, 2);
  assert.equal(await recommendations.raise(recommendation('c'), [message('m-c')]), false);
  assert.equal(await recommendations.raise(recommendation('d', { tenant: other }), [message('m-d')]), true);
  assert.equal(
    await recommendations.raise(recommendation('e', { failureModeId: 'pump.seal-leak' }), [message('m-e')]),
    true,
  );
  await recommendations.settle(tenant, 'a', 'RESOLVED', 'CONFIRMED', 3);
  assert.equal(await recommendations.raise(recommendation('f'), [message('m-f')]), true);
  assert.deepEqual(
    outbox.pending(10).map(({ outgoing }) => outgoing.message.id),
    ['m-a', 'm-d', 'm-e', 'm-f'],
  );
});

test('what ended does not open again, feedback stays, and settling twice changes nothing', async () => {
  const { recommendations } = setUp();
  await recommendations.raise(recommendation('a'), []);
  await recommendations.settle(tenant, 'a', 'RESOLVED', 'CONFIRMED', 5);
  const late = await recommendations.settle(tenant, 'a', 'ACCEPTED', null, 6);
  assert.deepEqual([late?.status, late?.feedback, late?.updatedAt], ['RESOLVED', 'CONFIRMED', 5]);
  assert.equal(await recommendations.settle(tenant, 'zzz', 'ACCEPTED', null, 6), null);
  assert.equal(await recommendations.settle(other, 'a', 'ACCEPTED', null, 6), null);
  assert.deepEqual(
    (await recommendations.get(tenant, ['a', 'b'])).map((found) => found?.status ?? null),
    ['RESOLVED', null],
  );
  await assert.rejects(recommendations.list(tenant, null, { first: 5, after: 'nope' }), {
    code: 'INVALID_INPUT',
  });
});

test('a failing outbox leaves no recommendation behind', async () => {
  const { recommendations, db } = setUp();
  db.run('DROP TABLE outbox');
  await assert.rejects(recommendations.raise(recommendation('a'), [message('m')]), {
    code: 'STORE_UNAVAILABLE',
  });
  assert.deepEqual(await recommendations.get(tenant, ['a']), [null]);
});

test('detectors, health changes and checks are kept per tenant and twin', async () => {
  const { state, outbox } = setUp();
  await state.saveDetectors([{ tenant, twinId: pump, version: 1, state: { a: 1 } }], 1);
  await state.saveDetectors([{ tenant, twinId: pump, version: 2, state: { a: 2 } }], 2);
  assert.deepEqual(await state.loadDetectors(tenant), [
    { tenant, twinId: pump, version: 2, state: { a: 2 } },
  ]);
  assert.deepEqual(await state.loadDetectors(other), []);
  for (const at of [1, 2, 3])
    await state.recordHealthChange(tenant, pump, {
      at,
      from: 'NORMAL',
      to: 'WATCH',
      reason: at === 2 ? 'why' : null,
    });
  const [mine, none] = await state.healthHistory(tenant, [pump, parseTwinId('X')], 2);
  assert.deepEqual(
    [mine?.map(({ at, reason }) => [at, reason]), none],
    [
      [
        [3, null],
        [2, 'why'],
      ],
      [],
    ],
  );
  const check = {
    id: 'v1',
    tenant,
    twinId: pump,
    command: { x: 1 },
    correlationId: 'm',
    traceparent: null,
    deadline: 9,
  };
  assert.deepEqual([await state.addVerification(check), await state.addVerification(check)], [true, false]);
  assert.deepEqual(await state.openVerifications(), [check]);
  assert.deepEqual(
    [
      await state.answerVerification('v1', message('v1')),
      await state.answerVerification('v1', message('v1')),
    ],
    [true, false],
  );
  assert.equal(await state.addVerification(check), false);
  assert.deepEqual(await state.openVerifications(), []);
  assert.equal(outbox.pending(10).length, 1);
});
