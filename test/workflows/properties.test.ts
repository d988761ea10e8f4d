import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatInstant } from '#kernel/clock.ts';
import { findFailureMode } from '#ontology/failure-modes/index.ts';
import { parseTwinId } from '#ontology/ids.ts';
import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import type { Decision } from '#ontology/ports/workflow-service.ts';
import { isTerminal, workflowActions, workflowStates, type WorkflowAction } from '#ontology/workflow.ts';
import { toDecisionEvent } from '#workflows/decision-event.ts';
import type { LiveFacts, MaintenanceInput, SystemState } from '#workflows/maintenance/context.ts';
import type { Cause, MachineEvent } from '#workflows/maintenance/events.ts';
import { narrate } from '#workflows/maintenance/narrate.ts';
import { actionsIn, toWorkflow } from '#workflows/maintenance/view.ts';
import {
  maintenanceMachineVersion as machine,
  type Effect,
  type MachineSnapshot,
} from '#workflows/registry.ts';
import { hour, mike, mona, paul, person, settings, startTime, tenant } from './support.ts';

const asset = {
  twinId: parseTwinId('P-101'),
  name: 'Pump',
  equipment: '10000101',
  functionalLocation: 'BP01',
  criticality: 'A' as const,
};
const live: LiveFacts = { asset, recommendationStatus: 'ACCEPTED' };
const mode = findFailureMode('pump.bearing-wear');
assert.ok(mode);
const input: MaintenanceInput = {
  workflowId: 'wf-1',
  at: startTime,
  live,
  settings,
  recommendation: { id: 'rec-1', severity: 'HIGH', title: 'Bearing wears', findings: [], since: startTime },
  failureMode: { id: mode.id, name: mode.name, codes: mode.sapCodes },
};

const systemEvents = [
  { type: 'erp.notificationCreated', notification: '1' },
  { type: 'erp.orderCreated', order: '4000012', reservation: null, systemStatus: 'CRTD' },
  { type: 'erp.orderReleased', order: '4000012', systemStatus: 'REL' },
  { type: 'erp.orderCompleted', order: '4000012', systemStatus: 'TECO' },
  { type: 'wms.partsReserved', reservation: 'R-1' },
  { type: 'wms.partsShort', product: 'P', missing: 1, expectedAt: null },
  { type: 'wms.partsIssued', materialDocument: 'M-1' },
  { type: 'wms.reservationCancelled', reservation: 'R-1' },
  { type: 'mes.windowRefused', reason: 'busy', nextPossibleStart: null },
  { type: 'mes.jobStarted', jobOrderId: 'J', startedAt: formatInstant(startTime) },
  { type: 'mes.jobAborted', jobOrderId: 'J', reason: 'no' },
  { type: 'mes.jobCancelled', order: '4000012' },
  ...(['createNotification', 'createOrder', 'releaseOrder', 'completeOrder'] as const).map((name) => ({
    type: 'erp.refused',
    command: `erp.${name}`,
    code: '1',
    reason: 'no',
  })),
  ...(['reserveParts', 'issueParts', 'cancelReservation'] as const).map((name) => ({
    type: 'wms.refused',
    command: `wms.${name}`,
    code: '1',
    reason: 'no',
  })),
  ...(['requestWindow', 'dispatchJob', 'cancelJob'] as const).map((name) => ({
    type: 'mes.refused',
    command: `mes.${name}`,
    code: '1',
    reason: 'no',
  })),
] as const;

type Step =
  | { kind: 'system'; index: number }
  | { kind: 'granted' }
  | { kind: 'ended' }
  | { kind: 'verified'; passed: boolean }
  | { kind: 'person'; action: WorkflowAction; who: number }
  | { kind: 'timer' }
  | { kind: 'wrong-timer' }
  | { kind: 'answer' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ kind: 'answer' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      action: fc.constantFrom(...workflowActions),
      who: fc.nat(3),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('system' as const), index: fc.nat(systemEvents.length - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      { kind: 'granted' },
      { kind: 'ended' },
      { kind: 'timer' },
      { kind: 'wrong-timer' },
      { kind: 'verified', passed: true },
      { kind: 'verified', passed: false },
    ),
  },
);

const people = [paul, mona, mike, person('Paul 2', 'planner', { personId: paul.personId })];

function decisionOf(action: WorkflowAction, snapshot: MachineSnapshot): Decision {
  const comment = 'because';
  switch (action) {
    case 'ACCEPT':
    case 'AMEND':
      return { action, plan: {} };
    case 'DISMISS':
    case 'GIVE_FEEDBACK':
      return { action, verdict: 'UNKNOWN', comment };
    case 'APPROVE':
    case 'REJECT':
      return { action, planHash: snapshot.context.planHash ?? '', comment };
    default:
      return { action, comment };
  }
}

const expected: Readonly<Record<SystemState, MaintenanceCommand['type']>> = {
  NOTIFYING: 'erp.createNotification',
  ORDERING: 'erp.createOrder',
  RESERVING: 'wms.reserveParts',
  SCHEDULING: 'mes.requestWindow',
  RELEASING: 'erp.releaseOrder',
  ISSUING: 'wms.issueParts',
  EXECUTING: 'mes.dispatchJob',
  CONFIRMING: 'erp.completeOrder',
  VERIFYING: 'analytics.verifyRepair',
};

function eventOf(one: Step, snapshot: MachineSnapshot, cause: Cause): MachineEvent | null {
  const common = { workflowId: 'wf-1', answersStep: null, ...cause };
  const [start, end] = [formatInstant(cause.at), formatInstant(cause.at + hour)];
  const ended = {
    ...common,
    type: 'mes.jobEnded' as const,
    jobOrderId: 'J',
    startedAt: start,
    endedAt: end,
    workHours: 1,
    performedBy: 'T',
    text: '',
  };
  const verified = (passed: boolean) => ({
    ...common,
    type: 'analytics.repairVerified' as const,
    passed,
    text: 'x',
    findings: [],
    observedFrom: start,
    observedTo: end,
  });
  switch (one.kind) {
    case 'system':
      return { ...common, ...systemEvents[one.index] } as MachineEvent;
    case 'granted':
      return { ...common, type: 'mes.windowGranted', start, end };
    case 'ended':
      return ended;
    case 'verified':
      return verified(one.passed);
    case 'timer':
    case 'wrong-timer':
      return {
        ...cause,
        type: 'TIMER',
        name: snapshot.context.timer?.name ?? 'retry',
        token: (snapshot.context.timer?.token ?? 0) - (one.kind === 'timer' ? 0 : 1),
      };
    case 'person':
      try {
        const who = { ...people[one.who % people.length]!, authTime: cause.at };
        return toDecisionEvent(decisionOf(one.action, snapshot), who, snapshot.context, cause, {
          failureMode: findFailureMode,
          stepUpMaxAgeMs: hour,
        });
      } catch {
        return null;
      }
    case 'answer': {
      const next = {
        NOTIFYING: 0,
        ORDERING: 1,
        RELEASING: 2,
        CONFIRMING: 3,
        RESERVING: 4,
        ISSUING: 6,
      } as Partial<Record<string, number>>;
      const index = next[snapshot.value];
      if (index !== undefined) return eventOf({ kind: 'system', index }, snapshot, cause);
      if (snapshot.value === 'SCHEDULING') return eventOf({ kind: 'granted' }, snapshot, cause);
      if (snapshot.value === 'EXECUTING') return ended;
      if (snapshot.value === 'VERIFYING') return verified(true);
      const action = (
        {
          TRIAGE: 'ACCEPT',
          AWAITING_APPROVAL: 'APPROVE',
          AWAITING_FEEDBACK: 'GIVE_FEEDBACK',
          MANUAL_INTERVENTION: 'RETRY',
        } as Partial<Record<string, WorkflowAction>>
      )[snapshot.value];
      const done = snapshot.context.approvals.filter((approval) => approval.valid).length;
      return action
        ? eventOf({ kind: 'person', action, who: action === 'APPROVE' ? 1 + (done % 2) : 0 }, snapshot, cause)
        : null;
    }
  }
}

function run(
  steps: readonly Step[],
  check: (
    before: MachineSnapshot,
    event: MachineEvent,
    after: MachineSnapshot | null,
    effects: readonly Effect[],
  ) => void,
): MachineSnapshot {
  let { snapshot } = machine.start(input);
  let number = 1;
  for (const one of steps) {
    const event = eventOf(one, snapshot, { at: startTime + number * 1_000, step: number + 1, live });
    if (!event) continue;
    const frozen = JSON.stringify(snapshot);
    const transition = machine.take(snapshot, event);
    assert.equal(JSON.stringify(snapshot), frozen, 'a transition changes nothing in place');
    check(snapshot, event, transition?.snapshot ?? null, transition?.effects ?? []);
    if (!transition) continue;
    number += 1;
    // As the store gives it back.
    snapshot = JSON.parse(JSON.stringify(transition.snapshot)) as MachineSnapshot;
  }
  return snapshot;
}

const runs = { numRuns: 300 };

test('whatever comes, the state is a known one, ended workflows stay ended, and every step can be told', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      run(steps, (before, event, after) => {
        if (isTerminal(before.value)) assert.equal(after, null, `${before.value} took ${event.type}`);
        if (!after) return;
        assert.ok(workflowStates.includes(after.value));
        assert.equal(after.context.step, before.context.step + 1);
        assert.ok(narrate(event, before.value, after.value, after.context).length > 5);
        assert.ok(
          toWorkflow(after.value, after.context, {
            tenant,
            version: after.context.step,
            startedAt: startTime,
          }).id,
        );
      });
    }),
    runs,
  );
});

test('entering a step sends exactly its command and arms its deadline; nothing is lost, nothing is sent twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      let orders = 0;
      let settled = 0;
      const end = run(steps, (before, event, after, effects) => {
        if (!after) return;
        const commands = effects.flatMap((effect) =>
          effect.kind === 'command' ? [effect.command.type] : [],
        );
        settled += effects.length - commands.length;
        assert.equal(
          new Set(effects.map((e) => (e.kind === 'command' ? e.command.type : e.settled.type))).size,
          effects.length,
          'message ids are unique',
        );
        if (after.value !== before.value && after.value in expected) {
          assert.deepEqual(
            commands,
            [expected[after.value as SystemState]],
            `${before.value} -> ${after.value} by ${event.type}`,
          );
          assert.equal(after.context.timer?.token, after.context.step);
        } else if (after.value !== 'WITHDRAWING')
          assert.deepEqual(commands, [], `${before.value} -> ${after.value} by ${event.type}`);
        if (commands.includes('erp.createOrder')) {
          assert.equal(after.context.workOrder.order, null, 'an order is asked for only while there is none');
          orders += 1;
        }
        if (commands.includes('mes.dispatchJob'))
          assert.ok(approversOf(after) >= 2, 'no job without two persons');
        if (['MANUAL_INTERVENTION', 'CLOSED', 'CANCELLED', 'TRIAGE'].includes(after.value))
          assert.equal(after.context.timer, null);
        if (after.value === 'CANCELLED' && before.value === 'WITHDRAWING')
          assert.ok(!after.context.jobHeld && !after.context.partsHeld);
      });
      const { value, context } = end;
      assert.equal(
        settled,
        (context.plan ? 1 : 0) + (isTerminal(value) ? 1 : 0),
        'the recommendation is told once on acceptance and once at the end',
      );
      const order = context.workOrder.order;
      if (orders > 1) assert.ok(order === null || order === '4000012');
    }),
    runs,
  );
});

function approversOf({ context }: MachineSnapshot): number {
  const valid = context.approvals.filter(
    (approval) =>
      approval.valid && approval.decision === 'APPROVED' && approval.planHash === context.planHash,
  );
  assert.ok(valid.every((approval) => approval.personId !== context.planner?.personId));
  return new Set(valid.map((approval) => approval.personId)).size;
}

test('the random runs of these properties come through every state', () => {
  const seen = new Set<string>();
  const steps = fc.sample(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), {
    numRuns: 500,
    seed: 7,
  });
  for (const one of steps)
    run(one, (before, _event, after) => seen.add(before.value).add(after?.value ?? before.value));
  assert.deepEqual(
    workflowStates.filter((state) => !seen.has(state)),
    [],
  );
});

test('the actions a state offers are those the machine takes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const snapshot = run(steps, () => {});
      const offered = actionsIn(snapshot.value, snapshot.context);
      const fresh = person('Nora', 'planner', { authTime: startTime + hour });
      for (const action of workflowActions) {
        const cause = { at: startTime + hour, step: snapshot.context.step + 1, live };
        let event: MachineEvent;
        try {
          event = toDecisionEvent(decisionOf(action, snapshot), fresh, snapshot.context, cause, {
            failureMode: findFailureMode,
            stepUpMaxAgeMs: hour,
          });
        } catch {
          assert.ok(!offered.includes(action), `${action} in ${snapshot.value}`);
          continue;
        }
        assert.equal(
          machine.take(snapshot, event) !== null,
          offered.includes(action),
          `${action} in ${snapshot.value}, resumes ${snapshot.context.resumeAt}`,
        );
      }
    }),
    runs,
  );
});

test('the same events give the same snapshot and effects', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const [a, b]: [string[], string[]] = [[], []];
      for (const trace of [a, b])
        run(steps, (_before, _event, after, effects) => trace.push(JSON.stringify([after, effects])));
      assert.deepEqual(a, b);
    }),
    { numRuns: 60 },
  );
});
