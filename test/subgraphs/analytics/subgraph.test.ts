import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, parse, subscribe, type ExecutionResult } from 'graphql';
import { formatGlobalId, parseGlobalId, type TenantId } from '#ontology/ids.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { createAnalyticsSubgraph } from '#subgraphs/analytics/schema.ts';
import { demo, other, withHub, type Hub } from './support/hub.ts';

// The shape of an answer follows from the text of its query.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = ExecutionResult<any>;

function contextOf(tenant: TenantId): RequestContext {
  const principal = {
    tenant,
    subject: 's',
    personId: 'p',
    name: 'n',
    roles: ['operator' as const],
    authTime: 0,
    acr: null,
    expiresAt: 1e15,
  };
  return { principal, requestId: 'r', signal: new AbortController().signal };
}

function setUp({ recommendations, service }: Hub) {
  const { healthChanges, recommendationChanges } = service;
  const { schema } = createAnalyticsSubgraph({
    recommendations,
    service,
    healthChanges,
    recommendationChanges,
  });
  const run = async (source: string, variableValues: Record<string, unknown> = {}, tenant = demo) =>
    JSON.parse(
      JSON.stringify(await graphql({ schema, source, variableValues, contextValue: contextOf(tenant) })),
    ) as Answer;
  const listen = async (source: string, variableValues: Record<string, unknown> = {}, tenant = demo) =>
    (await subscribe({
      schema,
      document: parse(source),
      variableValues,
      contextValue: contextOf(tenant),
    })) as AsyncGenerator<Answer>;
  return { run, listen };
}

const twinRefs = (tenant: TenantId, ...ids: string[]) => ({
  refs: ids.map((id) => ({ __typename: 'Twin', id: formatGlobalId('Twin', tenant, id) })),
});
const twinQuery = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Twin { id
  health { state score assessedAt twin { id } findings { text signal { id } observed expected unit comparedWith deviation since confidence } }
  recommendations(statuses: [OPEN]) { id } healthHistory(first: 5) { at from to reason } } } }`;
const fields =
  'id recommendationId twin { id } failureMode { id } severity title confidence detector since raisedAt status feedback findings { text } alternatives { failureMode { id } confidence }';

test('health, its reasons and the recommendation can be asked for, by their tenant alone', async () => {
  await withHub(async (hub) => {
    const { run, listen } = setUp(hub);
    const raised = await listen(`subscription { recommendationChanged { ${fields} } }`);
    const foreign = await listen('subscription { recommendationChanged { id } }', {}, other);
    const health = await listen(
      'subscription ($ids: [ID!]) { healthChanged(twinIds: $ids) { state twin { id } findings { text } } }',
      { ids: [formatGlobalId('Twin', demo, 'P-101')] },
    );
    await hub.run(160);
    hub.plant(demo).startScenario('bearing-wear');
    await hub.run(120);

    const { data, errors } = await run(twinQuery, twinRefs(demo, 'P-101', 'FL-101', 'PLANT-1'));
    assert.equal(errors, undefined);
    const [pump, filler, plant] = data._entities;
    assert.ok(['WARNING', 'CRITICAL'].includes(pump.health.state));
    assert.equal(pump.health.twin.id, formatGlobalId('Twin', demo, 'P-101'));
    const band = pump.health.findings.find(({ text }: { text: string }) => text.includes('BPFO'));
    assert.equal(band.signal.id, formatGlobalId('Signal', demo, 'P-101/envelopeSpectrum'));
    assert.equal(band.unit, 'm2/s4');
    assert.equal(pump.recommendations.length, 1);
    assert.equal(pump.healthHistory[0].to, pump.health.state);
    assert.deepEqual([filler.health.state, filler.health.score, filler.recommendations], ['NORMAL', 100, []]);
    assert.deepEqual([plant.health, plant.healthHistory], [null, []]);

    const list = await run(`{ recommendations(first: 10) { nodes { ${fields} } pageInfo { hasNextPage } } }`);
    const [recommendation] = list.data.recommendations.nodes;
    assert.equal(parseGlobalId(recommendation.failureMode.id, 'FailureMode').local, 'pump.bearing-wear');
    assert.equal(recommendation.status, 'OPEN');
    assert.deepEqual(
      JSON.parse(JSON.stringify((await raised.next()).value.data.recommendationChanged)),
      recommendation,
    );
    const one = await run(`query ($id: ID!) { recommendation(id: $id) { ${fields} } }`, {
      id: recommendation.id,
    });
    assert.deepEqual(one.data.recommendation, recommendation);
    const states = [];
    for (let i = 0; i < 3; i += 1) states.push((await health.next()).value.data.healthChanged.state);
    assert.deepEqual(states, ['UNKNOWN', 'NORMAL', 'WATCH']);

    assert.equal(
      (await run('query ($id: ID!) { recommendation(id: $id) { id } }', { id: recommendation.id }, other))
        .data.recommendation,
      null,
    );
    assert.deepEqual(
      (await run('{ recommendations { nodes { id } } }', {}, other)).data.recommendations.nodes,
      [],
    );
    assert.equal((await run(twinQuery, twinRefs(demo, 'P-101'), other)).data._entities[0], null);
    assert.equal(
      (await run(twinQuery, twinRefs(other, 'P-101'), other)).data._entities[0].health.state,
      'NORMAL',
    );

    const nothing = foreign.next();
    await foreign.return(undefined);
    assert.equal((await nothing).done, true);
    await Promise.all([raised.return(undefined), health.return(undefined)]);
    assert.equal(
      hub.service.healthChanges.listenerCount + hub.service.recommendationChanges.listenerCount,
      0,
    );
  });
});

test('recommendations come in pages, newest first, by status', async () => {
  await withHub(async (hub) => {
    const { run } = setUp(hub);
    const base = {
      tenant: demo,
      twinId: 'P-101' as never,
      severity: 'LOW',
      title: 't',
      findings: [],
      confidence: 1,
      alternatives: [],
      detector: 'd',
      since: 0,
      status: 'OPEN',
      feedback: null,
      updatedAt: 0,
    } as const;
    for (let i = 0; i < 5; i += 1)
      await hub.recommendations.raise(
        { ...base, id: `r${i}`, failureModeId: `pump.m${i}`, raisedAt: 100 + (i >> 1) },
        [],
      );
    await hub.recommendations.settle(demo, 'r3', 'DISMISSED', 'UNKNOWN', 1);
    const query =
      'query ($after: String, $statuses: [RecommendationStatus!]) { recommendations(first: 2, after: $after, statuses: $statuses) { nodes { recommendationId } pageInfo { hasNextPage endCursor } } }';
    const pages: string[][] = [];
    let after: string | null = null;
    do {
      const { data }: Answer = await run(query, { after });
      pages.push(
        data.recommendations.nodes.map(
          ({ recommendationId }: { recommendationId: string }) => recommendationId,
        ),
      );
      after = data.recommendations.pageInfo.hasNextPage ? data.recommendations.pageInfo.endCursor : null;
    } while (after);
    assert.deepEqual(pages, [['r4', 'r3'], ['r2', 'r1'], ['r0']]);
    const dismissed = await run(query, { statuses: ['DISMISSED'] });
    assert.deepEqual(dismissed.data.recommendations.nodes, [{ recommendationId: 'r3' }]);
    assert.match(
      (await run('{ recommendations(first: 501) { nodes { id } } }')).errors?.[0]?.message ?? '',
      /allowed is 1 to 500/,
    );
  });
});
