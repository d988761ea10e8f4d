import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn, eventually, type HubClient } from './support/client.ts';
import { partnerFanDocuments } from './support/partner-fan.ts';
import { startHub, twinhub, type HubProcess } from './support/hub-process.ts';
import {
  newestWorkflow,
  plantEndpointOf,
  readWorkflow,
  scenario,
  step,
  untilJudged,
  untilState,
  type WorkflowView,
} from './support/loop.ts';

/** The whole loop as users see it: one hub, started with npm start, driven over the public API. */
let hub: HubProcess;
let ravi: HubClient;
let petra: HubClient;
let marc: HubClient;
let olivia: HubClient;
let ines: HubClient;
let workflow: WorkflowView;

before(async () => {
  hub = await startHub();
  [ravi, petra, marc, olivia, ines] = (await Promise.all(
    ['ravi', 'petra', 'marc', 'olivia', 'ines'].map((persona) => signIn(hub, persona)),
  )) as [HubClient, HubClient, HubClient, HubClient, HubClient];
});

after(async () => {
  await Promise.all([ravi, petra, marc, olivia, ines].map((client) => client?.close()));
  await hub?.stop();
});

test('the hub is ready within 20 s and says where everything is and how to sign in', () => {
  assert.ok(hub.readyMs < 20_000, `ready after ${hub.readyMs} ms`);
  for (const word of [
    /console/i,
    /graphiql/i,
    /sign in/i,
    /opc\.tcp:\/\//,
    /sqlite/i,
    /duckdb/i,
    /local identity/i,
    /token --as/,
  ])
    assert.match(hub.output(), word);
});

test('nothing but health and sign-in is served to a stranger, the schema is not either', async () => {
  const introspection = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __schema { types { name } } }' }),
  });
  assert.equal(introspection.status, 401);
  const text = await introspection.text();
  assert.match(text, /UNAUTHENTICATED/);
  assert.doesNotMatch(text, /"types"/);
  for (const path of ['/', '/graphiql', '/console', '/console/app.js']) {
    const response = await fetch(`${hub.url}${path}`, {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
    assert.ok([301, 302, 303, 307, 401].includes(response.status), `${path}: ${response.status}`);
  }
  const health = await fetch(`${hub.url}/health`);
  assert.equal(health.status, 200);
  assert.equal((await fetch(`${hub.url}/sign-in`)).status, 200);
});

test('a forged token is refused', async () => {
  const forged = `${olivia.token.slice(0, -6)}AAAAAA`;
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${forged}` },
    body: '{"query":"{ viewer { name } }"}',
  });
  assert.equal(response.status, 401);
});

test('one query asks a twin for model, place, live and historical values, health, recommendations and workflows', async () => {
  await eventually('samples of the pump', async () => {
    const answer = await olivia.get<{ twinByTwinId: { signal: { latest: unknown } } }>(
      '{ twinByTwinId(twinId: "P-101") { signal(name: "flow") { latest { number } } } }',
    );
    return answer.twinByTwinId.signal.latest;
  });
  const { twinByTwinId: twin } = await olivia.get<{ twinByTwinId: Record<string, never> }>(`{
    twinByTwinId(twinId: "P-101") {
      name kind revision
      model { modelId standard standardVersion bases { modelId } }
      ancestors { twinId kind } parent { twinId } children { twinId properties { name value unit } }
      properties { name value }
      signals { name unit latest { value number unit quality sourceTime receivedTime ageMs } }
      flow: signal(name: "flow") { history(range: { last: "PT5M" }, window: "PT10S") { start count mean min max stddev } }
      failureModes { failureModeId name mechanism { code text } }
      health { state score findings { text } }
      recommendations { title status }
      workflows { state approvals { by decision } }
    }
  }`);
  const pump = twin as never as {
    kind: string;
    model: { modelId: string; standard: string };
    ancestors: { twinId: string }[];
    children: { twinId: string }[];
    signals: {
      name: string;
      unit: string;
      latest: { number: number | null; unit: string; quality: string; sourceTime: string | null } | null;
    }[];
    flow: { history: { count: number; mean: number }[] };
    failureModes: { failureModeId: string }[];
  };
  assert.equal(pump.kind, 'ASSET');
  assert.equal(pump.model.modelId, 'dtmi:twinhub:plant:CentrifugalPump;1');
  assert.deepEqual(
    pump.ancestors.map((one) => one.twinId),
    ['PLANT-1', 'UTILITIES', 'UTIL-CELL'],
  );
  assert.deepEqual(
    pump.children.map((one) => one.twinId),
    ['P-101.bearing-de', 'P-101.bearing-nde', 'P-101.motor'],
  );
  const temperature = pump.signals.find((signal) => signal.name === 'bearingTemperature');
  assert.equal(temperature?.unit, 'Cel');
  assert.ok(
    temperature?.latest?.number !== null &&
      Number(temperature?.latest?.number) > 10 &&
      Number(temperature?.latest?.number) < 100,
    'degrees Celsius, though the plant publishes another unit',
  );
  assert.ok(pump.flow.history.some((window) => window.count > 0 && window.mean > 0));
  assert.ok(pump.failureModes.some((mode) => mode.failureModeId === 'pump.bearing-wear'));
});

test('the AAS of a machine arrived with its twin', async () => {
  const { twinByTwinId } = await olivia.get<{
    twinByTwinId: { properties: { name: string; value: unknown }[] };
  }>('{ twinByTwinId(twinId: "P-101") { properties { name value } } }');
  assert.ok(
    twinByTwinId.properties.some(({ name }) => /manufacturer/i.test(name)),
    'a nameplate property',
  );
});

test('bad input is answered with what, where and what to do', async () => {
  const unknown = await olivia.ask('{ twin(id: "nonsense") { name } }');
  assert.equal(unknown.errors?.[0]?.extensions?.['code'], 'INVALID_ID');
  assert.ok(unknown.errors?.[0]?.extensions?.['advice']);
  const syntax = await olivia.ask('{ twin(');
  assert.match(syntax.errors?.[0]?.message ?? '', /Syntax Error/);
  const forbidden = await olivia.get<{ importModels: { errors: { code: string }[] } }>(
    'mutation { importModels(input: { documents: [{ name: "x", standard: DTDL, content: "{}" }] }) { errors { code message } } }',
  );
  assert.equal(forbidden.importModels.errors[0]?.code, 'FORBIDDEN');
  const invalid = await ines.get<{
    importModels: { errors: { code: string }[]; findings: { code: string; pointer: string }[] };
  }>(
    `mutation($c: String!) { importModels(input: { documents: [{ name: "pump.json", standard: DTDL, content: $c }] }) { errors { code message } findings { code pointer message } } }`,
    {
      c: JSON.stringify({
        '@context': 'dtmi:dtdl:context;3',
        '@type': 'Interface',
        '@id': 'dtmi:partner:Pump;1',
        contents: [{ '@type': 'Telemetry', name: 'flow rate', schema: 'doubel' }],
      }),
    },
  );
  assert.equal(invalid.importModels.errors[0]?.code, 'INVALID_MODEL');
  assert.ok(invalid.importModels.findings.some((finding) => finding.pointer.startsWith('/contents/0')));
});

test("a partner's model and twin are imported through the public API and take samples", async () => {
  const { importModels } = await ines.get<{
    importModels: { created: number; errors: unknown[]; findings: unknown[] };
  }>(
    'mutation($d: [ImportDocument!]!) { importModels(input: { documents: $d }) { created errors { code message path } findings { code message pointer severity } } }',
    { d: partnerFanDocuments },
  );
  assert.deepEqual(importModels.errors, [], JSON.stringify(importModels.findings));
  const { twinByTwinId: fan } = await ines.get<{
    twinByTwinId: { parent: { twinId: string }; signal: { id: string } };
  }>('{ twinByTwinId(twinId: "FAN-1") { parent { twinId } signal(name: "rpm") { id } } }');
  assert.equal(fan.parent.twinId, 'UTIL-CELL');
  const { recordSamples } = await ines.get<{ recordSamples: { stored: number; errors: unknown[] } }>(
    'mutation($id: ID!) { recordSamples(input: { samples: [{ signalId: $id, value: 900.5, sourceTime: "2026-01-01T00:00:00Z" }] }) { stored errors { code message path } } }',
    { id: fan.signal.id },
  );
  assert.deepEqual(recordSamples, { stored: 1, errors: [] });
  const { twinByTwinId } = await ines.get<{ twinByTwinId: { signal: { latest: { number: number } } } }>(
    '{ twinByTwinId(twinId: "FAN-1") { signal(name: "rpm") { latest { number } } } }',
  );
  assert.equal(twinByTwinId.signal.latest.number, 900.5);
});

test('a subscription delivers live values joined with fields of other subgraphs', async () => {
  const { twinByTwinId } = await olivia.get<{ twinByTwinId: { signals: { id: string }[] } }>(
    '{ twinByTwinId(twinId: "P-101") { signals(names: ["flow", "velocityRms"]) { id } } }',
  );
  const updates = olivia.subscribe<{
    signalUpdated: {
      sequence: number;
      sample: { number: number | null };
      signal: { name: string; unit: string; twin: { name: string; health: { state: string } | null } };
    };
  }>(
    'subscription($ids: [ID!]!) { signalUpdated(signalIds: $ids) { sequence sample { number quality } signal { name unit twin { name health { state } } } } }',
    { ids: twinByTwinId.signals.map((signal) => signal.id) },
  );
  const names = new Set<string>();
  for await (const { signalUpdated } of updates) {
    names.add(signalUpdated.signal.name);
    assert.ok(signalUpdated.signal.twin.name);
    assert.ok(signalUpdated.signal.unit);
    if (names.size === 2) break;
  }
  assert.deepEqual([...names].sort(), ['flow', 'velocityRms']);
});

test('bearing wear is noticed and explained, and a workflow waits for triage', async () => {
  await untilJudged(olivia, 'P-101');
  await scenario('start', 'bearing-wear', await plantEndpointOf(olivia));
  workflow = await eventually('a workflow for the pump', () => newestWorkflow(ravi, 'P-101'), 180_000);
  assert.equal(workflow.state, 'TRIAGE');
  const { twinByTwinId: pump } = await ravi.get<{
    twinByTwinId: {
      health: { state: string };
      recommendations: {
        title: string;
        confidence: number;
        failureMode: { failureModeId: string };
        findings: { text: string; comparedWith: string; since: string; signal: { name: string } }[];
        workflow: { state: string };
      }[];
    };
  }>(
    '{ twinByTwinId(twinId: "P-101") { health { state } recommendations { title confidence failureMode { failureModeId } findings { text comparedWith since signal { name } } workflow { state } } } }',
  );
  const [recommendation] = pump.recommendations;
  assert.equal(recommendation?.failureMode.failureModeId, 'pump.bearing-wear');
  assert.ok(
    recommendation.findings.length > 0 &&
      recommendation.findings.every((finding) => finding.text && finding.comparedWith && finding.signal.name),
  );
  assert.ok(recommendation.confidence > 0 && recommendation.confidence <= 1);
  assert.notEqual(pump.health.state, 'NORMAL');
});

test('the plan needs two persons, none of them the one who accepted, and each bound to what they read', async () => {
  const refused = await step(olivia, 'acceptRecommendation', { workflowId: workflow.id });
  assert.equal(refused.errors[0]?.code, 'FORBIDDEN');
  const accepted = await step(ravi, 'acceptRecommendation', {
    workflowId: workflow.id,
    expectedVersion: workflow.version,
  });
  assert.deepEqual(accepted.errors, []);
  assert.equal(accepted.workflow?.state, 'AWAITING_APPROVAL');
  assert.equal(accepted.workflow?.approvalsRequired, 2);
  const planHash = accepted.workflow?.plan?.hash ?? '';
  const stale = await step(petra, 'decideApproval', {
    workflowId: workflow.id,
    decision: 'APPROVED',
    planHash: '0'.repeat(64),
  });
  assert.equal(stale.errors[0]?.code, 'APPROVAL_STALE');
  const first = await step(petra, 'decideApproval', {
    workflowId: workflow.id,
    decision: 'APPROVED',
    planHash,
  });
  assert.equal(first.workflow?.state, 'AWAITING_APPROVAL');
  const twice = await step(petra, 'decideApproval', {
    workflowId: workflow.id,
    decision: 'APPROVED',
    planHash,
  });
  assert.equal(twice.errors[0]?.code, 'SAME_PERSON');
  const { inbox } = await marc.get<{ inbox: { id: string; allowedActions: string[] }[] }>(
    '{ inbox { id allowedActions } }',
  );
  assert.ok(inbox.some((one) => one.id === workflow.id && one.allowedActions.includes('APPROVE')));
  const second = await step(marc, 'decideApproval', {
    workflowId: workflow.id,
    decision: 'APPROVED',
    planHash,
    comment: 'go',
  });
  assert.deepEqual(second.errors, []);
  assert.notEqual(second.workflow?.state, 'AWAITING_APPROVAL');
});

test('SAP PM, MES and WMS take part, the repair is done and shows in the telemetry, and everybody watching sees each step', async () => {
  const seen: string[] = [];
  const changes = olivia.subscribe<{
    workflowChanged: { state: string; twin: { name: string; health: { state: string } | null } };
  }>('subscription($ids: [ID!]) { workflowChanged(ids: $ids) { state twin { name health { state } } } }', {
    ids: [workflow.id],
  });
  const watching = (async () => {
    for await (const { workflowChanged } of changes) {
      seen.push(workflowChanged.state);
      assert.ok(workflowChanged.twin.name);
      if (workflowChanged.state === 'AWAITING_FEEDBACK') return;
    }
  })();
  const verified = await untilState(ravi, workflow.id, ['AWAITING_FEEDBACK', 'VERIFICATION_FAILED'], 240_000);
  assert.equal(verified.state, 'AWAITING_FEEDBACK', verified.verification?.text);
  await watching;
  assert.ok(seen.includes('EXECUTING') && seen.includes('VERIFYING'), seen.join(' '));
  assert.equal(verified.verification?.passed, true);
  assert.match(verified.workOrder?.['order'] ?? '', /^\d+$/);
  assert.match(verified.workOrder?.['notification'] ?? '', /^\d+$/);
  assert.match(verified.workOrder?.['systemStatus'] ?? '', /TECO/);
  assert.ok(
    verified.workOrder?.['reservation'] &&
      verified.workOrder['materialDocument'] &&
      verified.workOrder['actualEnd'],
  );
  const systems = new Set(verified.messages.map((message) => message.system));
  assert.deepEqual([...systems].sort(), ['mes', 'sap-pm', 'wms']);
  const ids = verified.messages.map((message) => `${message.direction} ${message.messageId}`);
  assert.equal(new Set(ids).size, ids.length, 'no message twice');
});

test('feedback closes the workflow, and the evidence of every step can be verified offline', async () => {
  const closed = await step(ravi, 'giveFeedback', {
    workflowId: workflow.id,
    verdict: 'CONFIRMED',
    comment: 'outer race',
  });
  assert.deepEqual(closed.errors, []);
  assert.equal(closed.workflow?.state, 'CLOSED');
  await eventually('the recommendation is resolved', async () => {
    const { twinByTwinId } = await ravi.get<{
      twinByTwinId: { recommendations: { status: string; feedback: string }[] };
    }>('{ twinByTwinId(twinId: "P-101") { recommendations { status feedback } } }');
    return (
      twinByTwinId.recommendations[0]?.status === 'RESOLVED' &&
      twinByTwinId.recommendations[0].feedback === 'CONFIRMED'
    );
  });
  const { evidence } = await ravi.get<{
    evidence: { nodes: { kind: string; hash: string; previousHash: string }[] };
  }>('query($id: ID!) { evidence(first: 200, workflowId: $id) { nodes { kind hash previousHash } } }', {
    id: workflow.id,
  });
  assert.ok(evidence.nodes.length >= closed.workflow.history.length);
  assert.match(await twinhub('evidence', 'verify', '--data', hub.dataDir), /\d+ entr/);
  const denied = await olivia.ask('{ evidence { nodes { kind } } }');
  assert.equal(denied.errors?.[0]?.extensions?.['code'], 'FORBIDDEN');
});

test('a second start keeps all state', async () => {
  const before = await readWorkflow(ravi, workflow.id);
  await Promise.all([ravi, petra, marc, olivia, ines].map((client) => client.close()));
  const begun = performance.now();
  const code = await hub.stop();
  assert.equal(code, 0, 'SIGTERM drains and ends with exit code 0');
  assert.ok(performance.now() - begun < 15_000);
  hub = await startHub({ dataDir: hub.dataDir });
  ravi = await signIn(hub, 'ravi');
  const again = await readWorkflow(ravi, workflow.id);
  assert.deepEqual(again, before);
});
