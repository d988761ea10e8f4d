import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteEvidenceLog } from '#connectors/sqlite/evidence-log.ts';
import { openEvidenceSigner } from '#connectors/sqlite/evidence-signer.ts';
import { SqliteMessageJournal } from '#connectors/sqlite/message-journal.ts';
import { SqliteOutbox } from '#connectors/sqlite/outbox.ts';
import { SqliteRecommendationStore } from '#connectors/sqlite/recommendation-store.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { SqliteWorkflowStore } from '#connectors/sqlite/workflow-store.ts';
import { formatInstant, SimulatedClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { findFailureMode } from '#ontology/failure-modes/index.ts';
import { parseTenantId, parseTwinId } from '#ontology/ids.ts';
import type { MaintenanceEvent } from '#ontology/maintenance.ts';
import type { Message, OutgoingMessage } from '#ontology/message.ts';
import type { Decision } from '#ontology/ports/workflow-service.ts';
import type { Principal, Role } from '#ontology/principal.ts';
import type { Recommendation, Severity } from '#ontology/recommendation.ts';
import type { Workflow, WorkflowState } from '#ontology/workflow.ts';
import { MachineRegistry } from '#workflows/registry.ts';
import { createWorkflowRuntime, workflowIdFor } from '#workflows/runtime.ts';
import { twin as twinInput, model } from '../contract/twin-store-data.ts';

export const tenant = parseTenantId('demo');
export const startTime = Date.parse('2026-01-01T08:00:00Z');
export const hour = 3_600_000;
export const settings = {
  stepTimeoutMs: 60_000,
  verifyTimeoutMs: 10 * hour,
  executionGraceMs: 2 * hour,
  approvalExpiryMs: 24 * hour,
  retryMs: 600_000,
  maxRetries: 2,
};
export const config = { settings, stepUpMaxAgeMs: 12 * hour };

/** A person of the demo tenant who signed in at the start. */
export function person(name: string, role: Role, more: Partial<Principal> = {}): Principal {
  const personId = `person-${name}`;
  return {
    tenant,
    subject: `${name}@plant`,
    personId,
    name,
    roles: [role],
    authTime: startTime,
    acr: null,
    expiresAt: startTime + 1e9,
    ...more,
  };
}

export const rita = person('Rita', 'reliability-engineer');
export const paul = person('Paul', 'planner');
export const mona = person('Mona', 'maintenance-manager');
export const otto = person('Otto', 'operator');
export const mike = person('Mike', 'maintenance-manager');

export function recommendation(
  id: string,
  twinId: string,
  more: Partial<Recommendation> = {},
): Recommendation {
  const finding = {
    signal: 'velocityRms',
    text: 'Vibration is 7.1 mm/s instead of 1.9 mm/s.',
    unit: 'mm/s',
    observed: 7.1,
    expected: 1.9,
    comparedWith: 'mean of the 600 samples of normal operation',
    deviation: 12,
    since: startTime - hour,
    confidence: 0.9,
  };
  return {
    tenant,
    id,
    twinId: parseTwinId(twinId),
    failureModeId: 'pump.bearing-wear',
    severity: 'HIGH',
    title: `Bearing of ${twinId} wears`,
    findings: [finding],
    confidence: 0.9,
    alternatives: [],
    detector: 'bearing@1',
    since: startTime - hour,
    raisedAt: startTime,
    status: 'OPEN',
    feedback: null,
    updatedAt: startTime,
    ...more,
  };
}

export type Hub = Awaited<ReturnType<typeof openHub>>;

/** The runtime over real stores in one file of `folder`. */
export async function openHub(
  folder: string,
  options: { clock?: SimulatedClock; machines?: MachineRegistry } = {},
) {
  const clock = options.clock ?? new SimulatedClock(startTime);
  const db = new Database(join(folder, 'hub.sqlite'));
  const outbox = new SqliteOutbox(db);
  const signer = openEvidenceSigner(folder);
  const evidence = new SqliteEvidenceLog(db, { signer, clock, checkpointEvery: 4 });
  const store = new SqliteWorkflowStore(db, { outbox, evidence });
  const twins = new SqliteTwinStore(db, clock);
  const recommendations = new SqliteRecommendationStore(db, outbox);
  const journal = new SqliteMessageJournal(db);
  const log = createMemoryLogger();
  const deps = {
    store,
    evidence,
    recommendations,
    twins,
    failureMode: findFailureMode,
    machines: options.machines ?? new MachineRegistry(),
    clock,
    log,
  };
  const runtime = createWorkflowRuntime(config, deps);
  return {
    folder,
    db,
    clock,
    outbox,
    signer,
    evidence,
    store,
    twins,
    recommendations,
    journal,
    log,
    runtime,
  };
}

/** A plant with P-101 (criticality A), its bearing, and CV-101 (criticality B). */
export async function seedTwins(hub: Pick<Hub, 'twins'>, inTenant = tenant): Promise<void> {
  await hub.twins.apply(inTenant, {
    models: [model('Asset')],
    twins: [
      twinInput('P-101', null, {
        properties: { equipmentNumber: '10000101', functionalLocation: 'BP01-UTL-P101', criticality: 'A' },
      }),
      twinInput('P-101.bearing-de', 'P-101', { kind: 'COMPONENT', properties: {} }),
      twinInput('CV-101', null, {
        properties: { equipmentNumber: '10000103', functionalLocation: 'BP01-PKG-CV101', criticality: 'B' },
      }),
      twinInput('X-1', null, { properties: { criticality: 'C' } }),
    ],
  });
}

export const tempFolder = () => mkdtempSync(join(tmpdir(), 'twinhub-workflows-'));

/** A message from another system to the workflows. */
export function message(
  id: string,
  body: { readonly type: string; readonly [field: string]: unknown },
  key: string,
  more: Partial<Message> = {},
): Message {
  return {
    id,
    type: body.type,
    source: 'test',
    tenant,
    time: formatInstant(startTime),
    key,
    correlationId: null,
    traceparent: null,
    body,
    ...more,
  };
}

export const window = {
  start: formatInstant(startTime + 2 * hour),
  end: formatInstant(startTime + 6 * hour),
};
export const endedAt = formatInstant(startTime + 5 * hour);

type EventBody<T> = T extends MaintenanceEvent ? Omit<T, 'workflowId'> : never;

/** Drives one workflow through a hub; with `reload` the database is closed and opened anew before each step. */
export class Driver {
  hub: Hub;
  readonly reload: boolean;
  readonly workflowId: string;
  readonly recommendationId: string;
  #count = 0;

  constructor(hub: Hub, reload: boolean, recommendationId: string) {
    this.hub = hub;
    this.reload = reload;
    this.recommendationId = recommendationId;
    this.workflowId = workflowIdFor(tenant, recommendationId);
  }

  async start(twinId = 'P-101', severity: Severity = 'HIGH'): Promise<Workflow> {
    await this.hub.recommendations.raise(recommendation(this.recommendationId, twinId, { severity }), []);
    await this.hub.runtime.handleMessage(
      message(
        `raised-${this.recommendationId}`,
        { type: 'analytics.recommendationRaised', recommendationId: this.recommendationId },
        'x',
      ),
    );
    return this.workflow();
  }

  async workflow(): Promise<Workflow> {
    const [workflow] = await this.hub.store.get(tenant, [this.workflowId]);
    assert.ok(workflow);
    return workflow;
  }

  async decide(
    who: Principal,
    decision: Decision,
    more: { expectedVersion?: number } = {},
  ): Promise<Workflow> {
    await this.#between();
    const target = {
      workflowId: this.workflowId,
      expectedVersion: more.expectedVersion ?? null,
      decisionId: `d${(this.#count += 1)}-${this.workflowId}`,
    };
    return this.hub.runtime.decide(who, target, decision);
  }

  async approve(who: Principal): Promise<Workflow> {
    const { planHash } = await this.workflow();
    return this.decide(who, { action: 'APPROVE', planHash: planHash ?? '', comment: '' });
  }

  /** Tells an event twice, as an at-least-once queue may. */
  async tell(body: EventBody<MaintenanceEvent>, correlationId: string | null = null): Promise<Workflow> {
    await this.#between();
    const sent = message(
      `in-${this.workflowId}-${(this.#count += 1)}`,
      { ...body, workflowId: this.workflowId },
      this.workflowId,
      { correlationId },
    );
    await this.hub.runtime.handleMessage(sent);
    assert.equal((await this.hub.runtime.handleMessage(sent)).kind, 'repeated');
    return this.workflow();
  }

  /** Moves time on and fires what is due then. */
  async pass(ms: number): Promise<Workflow> {
    await this.#between();
    await this.hub.clock.advance(ms);
    for (const timer of await this.hub.store.dueTimers(this.hub.clock.now(), 100))
      await this.hub.runtime.fireTimer(timer);
    return this.workflow();
  }

  /** Everything sent so far, oldest first. */
  sent(): OutgoingMessage[] {
    return this.hub.outbox
      .pending(10_000)
      .map((one) => one.outgoing)
      .filter((one) => one.message.key === this.workflowId);
  }

  sentTypes(): string[] {
    return this.sent().map((one) => one.routingKey);
  }

  async expect(state: WorkflowState): Promise<Workflow> {
    const workflow = await this.workflow();
    assert.equal(workflow.state, state, workflow.attention ?? '');
    return workflow;
  }

  async accept(who = paul, plan: Extract<Decision, { action: 'ACCEPT' }>['plan'] = {}): Promise<Workflow> {
    return this.decide(who, { action: 'ACCEPT', plan });
  }

  /** Answers the command a state waits for, as the other system would when all goes well. */
  async answer(): Promise<Workflow> {
    const { state, workOrder } = await this.workflow();
    const order = workOrder?.order ?? '4000012';
    switch (state) {
      case 'NOTIFYING':
        return this.tell({ type: 'erp.notificationCreated', notification: '10000012' });
      case 'ORDERING':
        return this.tell({
          type: 'erp.orderCreated',
          order: '4000012',
          reservation: null,
          systemStatus: 'CRTD',
        });
      case 'RESERVING':
        return this.tell({ type: 'wms.partsReserved', reservation: 'R-1' });
      case 'SCHEDULING':
        return this.tell({ type: 'mes.windowGranted', ...window });
      case 'RELEASING':
        return this.tell({ type: 'erp.orderReleased', order, systemStatus: 'REL' });
      case 'ISSUING':
        return this.tell({ type: 'wms.partsIssued', materialDocument: 'M-1' });
      case 'EXECUTING':
        await this.tell({ type: 'mes.jobStarted', jobOrderId: 'J-1', startedAt: window.start });
        return this.tell({
          type: 'mes.jobEnded',
          jobOrderId: 'J-1',
          startedAt: window.start,
          endedAt,
          workHours: 3,
          performedBy: 'Tom',
          text: 'Bearing replaced.',
        });
      case 'CONFIRMING':
        return this.tell({ type: 'erp.orderCompleted', order, systemStatus: 'TECO CNF' });
      case 'VERIFYING':
        return this.tell({
          type: 'analytics.repairVerified',
          passed: true,
          text: 'Vibration is 1.9 mm/s.',
          findings: [],
          observedFrom: endedAt,
          observedTo: endedAt,
        });
      default:
        throw new Error(`Nothing to answer in ${state}`);
    }
  }

  /** Accepts, approves as two persons, and answers until `state` is reached. */
  async until(state: WorkflowState): Promise<Workflow> {
    if ((await this.workflow()).state === 'TRIAGE') await this.accept();
    if (state === 'AWAITING_APPROVAL') return this.workflow();
    if ((await this.workflow()).state === 'AWAITING_APPROVAL') {
      await this.approve(mona);
      if ((await this.workflow()).state === 'AWAITING_APPROVAL') await this.approve(mike);
    }
    for (let guard = 0; guard < 20; guard++) {
      const workflow = await this.workflow();
      if (workflow.state === state) return workflow;
      await this.answer();
    }
    throw new Error(`Did not reach ${state}`);
  }

  async reopen(options: { machines?: MachineRegistry } = {}): Promise<void> {
    const { folder, clock, db } = this.hub;
    db.close();
    this.hub = await openHub(folder, { clock, ...options });
  }

  async #between(): Promise<void> {
    if (this.reload) await this.reopen();
  }
}

let scenarios = 0;

/** A test that runs twice: straight, and with the store closed and opened anew before each step. */
export function scenario(name: string, run: (driver: Driver) => Promise<void>): void {
  for (const reload of [false, true])
    test(`${name}${reload ? ' (also when reloaded before each step)' : ''}`, async () => {
      const folder = tempFolder();
      const hub = await openHub(folder);
      const driver = new Driver(hub, reload, `rec-${(scenarios += 1)}`);
      try {
        await seedTwins(hub);
        await run(driver);
      } finally {
        driver.hub.db.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}
