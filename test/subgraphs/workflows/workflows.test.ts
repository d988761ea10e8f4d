import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { graphql, parse, subscribe, type ExecutionResult } from 'graphql';
import { formatGlobalId, parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { createWorkflowsSubgraph } from '#subgraphs/workflows/schema.ts';
import {
  Driver,
  mike,
  mona,
  openHub,
  otto,
  paul,
  rita,
  seedTwins,
  startTime,
  tempFolder,
  tenant,
} from '../../workflows/support.ts';

// Answers of GraphQL are read by their paths, which only the schema knows.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = Record<string, any>;

async function withSubgraph(run: (parts: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const folder = tempFolder();
  const parts = await open(folder);
  try {
    await run(parts);
  } finally {
    parts.hub.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function open(folder: string) {
  const hub = await openHub(folder);
  await seedTwins(hub);
  const { schema } = createWorkflowsSubgraph({
    workflows: hub.runtime,
    journal: hub.journal,
    evidence: hub.evidence,
  });
  let requests = 0;
  const contextOf = (principal: Principal, requestId = `r${(requests += 1)}`) => ({
    principal,
    requestId,
    signal: new AbortController().signal,
  });
  const ask = async (
    who: Principal,
    source: string,
    variableValues: Json = {},
    requestId?: string,
  ): Promise<{ data: Json; errors: ExecutionResult['errors'] }> => {
    const result = await graphql({ schema, source, variableValues, contextValue: contextOf(who, requestId) });
    // GraphQL answers have no prototype, which a strict comparison would see.
    return { data: JSON.parse(JSON.stringify(result.data ?? {})) as Json, errors: result.errors };
  };
  const start = async (recommendationId: string, twinId = 'P-101') => {
    const driver = new Driver(hub, false, recommendationId);
    await driver.start(twinId, recommendationId.includes('urgent') ? 'URGENT' : 'HIGH');
    return { driver, id: formatGlobalId('Workflow', tenant, driver.workflowId) };
  };
  return { hub, schema, ask, start, contextOf };
}

const payload =
  'workflow { id state version allowedActions plan { hash action } } errors { code message advice path }';

test('a workflow is accepted, approved by two persons and read with everything that belongs to it', () =>
  withSubgraph(async ({ ask, start, hub }) => {
    const { driver, id } = await start('rec-1');
    const accepted = await ask(
      paul,
      `mutation($id: ID!) { acceptRecommendation(input: { workflowId: $id, plan: { comment: "soon", workHours: 5 } }) { ${payload} } }`,
      { id },
    );
    assert.equal(accepted.errors, undefined);
    const { workflow, errors } = accepted.data['acceptRecommendation'];
    assert.deepEqual([workflow.state, errors], ['AWAITING_APPROVAL', []]);
    assert.deepEqual(workflow.allowedActions, ['AMEND', 'REJECT', 'CANCEL']);
    const decide = `mutation($id: ID!, $hash: String!) { decideApproval(input: { workflowId: $id, decision: APPROVED, planHash: $hash }) { ${payload} } }`;
    const same = await ask(paul, decide, { id, hash: workflow.plan.hash });
    assert.deepEqual(
      [same.data['decideApproval'].workflow, same.data['decideApproval'].errors[0].code],
      [null, 'SAME_PERSON'],
    );
    const stale = await ask(mona, decide, { id, hash: 'f'.repeat(64) });
    assert.deepEqual(
      [stale.data['decideApproval'].errors[0].code, stale.data['decideApproval'].errors[0].path],
      ['APPROVAL_STALE', ['input', 'planHash']],
    );
    const old = await ask({ ...mona, authTime: startTime - 13 * 3_600_000 }, decide, {
      id,
      hash: workflow.plan.hash,
    });
    assert.equal(old.data['decideApproval'].errors[0].code, 'STEP_UP_REQUIRED');
    await ask(mona, decide, { id, hash: workflow.plan.hash });
    await ask(mike, decide, { id, hash: workflow.plan.hash });
    await driver.until('AWAITING_FEEDBACK');
    await hub.journal.record({
      tenant,
      workflowId: driver.workflowId,
      messageId: 'm1',
      direction: 'OUT',
      system: 'sap-pm',
      type: 'x',
      body: { a: 1 },
      at: startTime,
    });
    const read = await ask(
      otto,
      `query($id: ID!) { workflow(id: $id) { workflowId state attention allowedActions version approvalsRequired startedAt
        twin { id } recommendation { id workflow { id } }
        plan { action priority parts { product quantity unit } earliestStart hash }
        approvals { by personId decision at planHash valid }
        workOrder { notification order systemStatus scheduledStart performedBy }
        verification { passed text observedFrom }
        history { sequence at event from to by text } messages { messageId direction system body at } } }`,
      { id },
    );
    assert.equal(read.errors, undefined);
    const full = read.data['workflow'];
    assert.equal(full.twin.id, formatGlobalId('Twin', tenant, 'P-101'));
    assert.equal(full.recommendation.workflow.id, id);
    assert.deepEqual(
      full.approvals.map((approval: Json) => [approval['by'], approval['valid']]),
      [
        ['Mona', true],
        ['Mike', true],
      ],
    );
    assert.deepEqual([full.workOrder.order, full.workOrder.systemStatus], ['4000012', 'TECO CNF']);
    assert.deepEqual(full.allowedActions, ['GIVE_FEEDBACK']);
    assert.equal(full.messages[0].messageId, 'm1');
    assert.equal(full.history.length, full.version);
    const closed = await ask(
      otto,
      `mutation($id: ID!) { giveFeedback(input: { workflowId: $id, verdict: CONFIRMED }) { workflow { state feedback { verdict by } } errors { code } } }`,
      { id },
    );
    assert.deepEqual(closed.data['giveFeedback'].workflow, {
      state: 'CLOSED',
      feedback: { verdict: 'CONFIRMED', by: 'Otto' },
    });
  }));

test('expected failures come as data, with the place in the input', () =>
  withSubgraph(async ({ ask, start }) => {
    const { id } = await start('rec-1');
    const errorsOf = async (who: Principal, field: string, input: string) =>
      (
        await ask(
          who,
          `mutation($id: ID!) { ${field}(input: { workflowId: $id, ${input} }) { ${payload} } }`,
          { id },
        )
      ).data[field].errors.map((error: Json) => [error['code'], error['path'].join('.')]);
    assert.deepEqual(await errorsOf(otto, 'acceptRecommendation', ''), [['FORBIDDEN', 'input']]);
    assert.deepEqual(await errorsOf(paul, 'acceptRecommendation', 'plan: { workHours: -1 }'), [
      ['INVALID_INPUT', 'input.plan.workHours'],
    ]);
    assert.deepEqual(await errorsOf(paul, 'acceptRecommendation', 'expectedVersion: 7'), [
      ['REVISION_CONFLICT', 'input.expectedVersion'],
    ]);
    assert.deepEqual(await errorsOf(rita, 'dismissRecommendation', 'comment: " "'), [
      ['INVALID_INPUT', 'input.comment'],
    ]);
    assert.deepEqual(await errorsOf(paul, 'cancelWorkflow', 'reason: "x"'), [['STEP_NOT_ALLOWED', 'input']]);
    const unknown = await ask(
      paul,
      `mutation { acceptRecommendation(input: { workflowId: "nonsense" }) { ${payload} } }`,
    );
    assert.equal(unknown.data['acceptRecommendation'].errors[0].code, 'INVALID_ID');
  }));

test('the same request executed twice decides once', () =>
  withSubgraph(async ({ ask, start }) => {
    const { id } = await start('rec-1');
    const source = `mutation($id: ID!) { acceptRecommendation(input: { workflowId: $id }) { ${payload} } }`;
    const [first, second] = [
      await ask(paul, source, { id }, 'same'),
      await ask(paul, source, { id }, 'same'),
    ];
    assert.deepEqual(second.data, first.data);
    const third = await ask(paul, source, { id });
    assert.equal(third.data['acceptRecommendation'].errors[0].code, 'STEP_NOT_ALLOWED');
  }));

test('lists are paged newest first, filtered, and the inbox is most urgent first', () =>
  withSubgraph(async ({ ask, start, hub }) => {
    const { driver } = await start('rec-1', 'P-101');
    await hub.clock.advance(1_000);
    await start('rec-2-urgent', 'CV-101');
    await hub.clock.advance(1_000);
    await start('rec-3', 'P-101.bearing-de');
    await driver.decide(rita, { action: 'DISMISS', verdict: 'FALSE_ALARM', comment: 'no' });
    const list =
      'query($after: String, $open: Boolean, $states: [WorkflowState!]) { workflows(first: 2, after: $after, open: $open, states: $states) { nodes { recommendation { id } } pageInfo { hasNextPage endCursor } } }';
    const ids = (answer: { data: Json }) =>
      answer.data['workflows'].nodes.map(
        (node: Json) => Buffer.from(node['recommendation'].id, 'base64url').toString().split(':')[2],
      );
    const first = await ask(paul, list);
    assert.deepEqual(ids(first), ['rec-3', 'rec-2-urgent']);
    const second = await ask(paul, list, { after: first.data['workflows'].pageInfo.endCursor });
    assert.deepEqual([ids(second), second.data['workflows'].pageInfo.hasNextPage], [['rec-1'], false]);
    assert.deepEqual(ids(await ask(paul, list, { open: false })), ['rec-1']);
    assert.deepEqual(ids(await ask(paul, list, { states: ['DISMISSED'] })), ['rec-1']);
    assert.deepEqual(ids(await ask(paul, list, { states: [] })), []);
    assert.equal((await ask(paul, list, { after: 'bm9uc2Vuc2U' })).errors?.length, 1);
    assert.equal((await ask(paul, 'query { workflows(first: 501) { nodes { id } } }')).errors?.length, 1);
    const inbox = await ask(paul, '{ inbox { recommendation { id } } }');
    assert.deepEqual(
      inbox.data['inbox'].map(
        (one: Json) => Buffer.from(one['recommendation'].id, 'base64url').toString().split(':')[2],
      ),
      ['rec-2-urgent', 'rec-3'],
    );
    assert.deepEqual((await ask(mona, '{ inbox { id } }')).data['inbox'], []);
  }));

test('twins and recommendations of other subgraphs find their workflows in one read each', () =>
  withSubgraph(async ({ ask, start, hub }) => {
    await start('rec-1', 'P-101');
    await start('rec-2', 'CV-101');
    let reads = 0;
    const ofTwins = hub.store.ofTwins.bind(hub.store);
    hub.store.ofTwins = (...args) => {
      reads += 1;
      return ofTwins(...args);
    };
    const foreign = formatGlobalId('Twin', parseTenantId('other'), 'P-101');
    const representations = [
      ...['P-101', 'CV-101', 'X-1'].map((twin) => formatGlobalId('Twin', tenant, twin)),
      foreign,
    ].map((id) => ({ __typename: 'Twin', id }));
    const source =
      'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Twin { id workflows(open: true) { state } } } }';
    const { data, errors } = await ask(otto, source, { representations });
    assert.equal(errors, undefined);
    assert.deepEqual(
      data['_entities'].map((entity: Json | null) => entity?.['workflows'].length ?? null),
      [1, 1, 0, null],
    );
    assert.equal(reads, 1);
    const recommendation = await ask(
      otto,
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on Recommendation { workflow { state } } } }',
      {
        r: ['rec-1', 'none'].map((id) => ({
          __typename: 'Recommendation',
          id: formatGlobalId('Recommendation', tenant, id),
        })),
      },
    );
    assert.deepEqual(
      recommendation.data['_entities'].map((entity: Json) => entity['workflow']?.state ?? null),
      ['TRIAGE', null],
    );
  }));

test('another tenant sees nothing, by whatever door', () =>
  withSubgraph(async ({ ask, start, contextOf, schema }) => {
    const { driver, id } = await start('rec-1');
    const stranger = { ...paul, tenant: parseTenantId('other') };
    assert.equal(
      (await ask(stranger, 'query($id: ID!) { workflow(id: $id) { state } }', { id })).data['workflow'],
      null,
    );
    assert.deepEqual((await ask(stranger, '{ workflows { nodes { id } } inbox { id } }')).data, {
      workflows: { nodes: [] },
      inbox: [],
    });
    const denied = await ask(
      stranger,
      `mutation($id: ID!) { acceptRecommendation(input: { workflowId: $id }) { ${payload} } }`,
      { id },
    );
    assert.equal(denied.data['acceptRecommendation'].errors[0].code, 'NOT_FOUND');
    const document = parse('subscription { workflowChanged { state } }');
    const own = (await subscribe({
      schema,
      document,
      contextValue: contextOf(otto),
    })) as AsyncIterableIterator<ExecutionResult>;
    const others = (await subscribe({
      schema,
      document,
      contextValue: contextOf(stranger),
    })) as AsyncIterableIterator<ExecutionResult>;
    await driver.accept();
    assert.deepEqual((await own.next()).value.data.workflowChanged.state, 'AWAITING_APPROVAL');
    const silent = others.next();
    await others.return?.();
    assert.equal((await silent).done, true);
    await own.return?.();
  }));

test('a subscription to some workflows gets the steps of those alone, and leaves no listener behind', () =>
  withSubgraph(async ({ start, contextOf, schema, hub }) => {
    const [one, two] = [await start('rec-1', 'P-101'), await start('rec-2', 'CV-101')];
    const listeners = hub.runtime.changes.listenerCount;
    const document = parse('subscription($ids: [ID!]) { workflowChanged(ids: $ids) { id state version } }');
    const stream = (await subscribe({
      schema,
      document,
      variableValues: { ids: [two.id] },
      contextValue: contextOf(otto),
    })) as AsyncIterableIterator<ExecutionResult>;
    await one.driver.accept();
    await two.driver.accept();
    assert.deepEqual(
      { ...((await stream.next()).value.data.workflowChanged as Json) },
      { id: two.id, state: 'AWAITING_APPROVAL', version: 2 },
    );
    await stream.return?.();
    assert.equal(hub.runtime.changes.listenerCount, listeners);
  }));

test('the evidence is for those with the role, filtered and paged', () =>
  withSubgraph(async ({ ask, start }) => {
    const { driver, id } = await start('rec-1');
    await start('rec-2', 'CV-101');
    await driver.accept();
    const source =
      'query($id: ID, $first: Int = 100, $after: String) { evidence(first: $first, after: $after, workflowId: $id) { nodes { sequence kind subject previousHash hash body } pageInfo { hasNextPage endCursor } } }';
    assert.equal((await ask(otto, source)).errors?.[0]?.message.includes('evidence.read'), true);
    assert.equal((await ask(rita, source)).data['evidence'].nodes.length, 3);
    const own = await ask(rita, source, { id });
    assert.deepEqual(
      own.data['evidence'].nodes.map((node: Json) => node['body'].event),
      ['analytics.recommendationRaised', 'ACCEPT'],
    );
    const page = await ask(rita, source, { first: 2 });
    assert.equal(page.data['evidence'].pageInfo.hasNextPage, true);
    const next = await ask(rita, source, { first: 2, after: page.data['evidence'].pageInfo.endCursor });
    assert.deepEqual(
      next.data['evidence'].nodes.map((node: Json) => node['sequence']),
      [3],
    );
  }));

test('the viewer is who asks', () =>
  withSubgraph(async ({ ask }) => {
    const { data } = await ask(paul, '{ viewer { name personId tenant roles signedInAt } }');
    assert.deepEqual(
      { ...data['viewer'] },
      {
        name: 'Paul',
        personId: 'person-Paul',
        tenant: 'demo',
        roles: ['planner'],
        signedInAt: '2026-01-01T08:00:00.000Z',
      },
    );
  }));
