import { formatInstant } from '#kernel/clock.ts';
import { currentTraceparent } from '#kernel/trace-context.ts';
import type { EvidenceInput } from '#ontology/evidence.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type { StepDecision, WorkflowInstance } from '#ontology/ports/workflow-store.ts';
import type { Recommendation } from '#ontology/recommendation.ts';
import type { Workflow, WorkflowState } from '#ontology/workflow.ts';
import type { MaintenanceContext, MaintenanceInput } from './maintenance/context.ts';
import { isPersonEvent, type MachineEvent } from './maintenance/events.ts';
import { causeOf, eventName, narrate } from './maintenance/narrate.ts';
import { toWorkflow } from './maintenance/view.ts';
import type { Principal } from '#ontology/principal.ts';
import type { Effect, MachineSnapshot, MachineVersion, Transition } from './registry.ts';

type Taken = Extract<StepDecision, { kind: 'take' }>;

/** Where a message that caused a step came from, for the evidence; `null` for people and timers. */
export type MessageRef = { readonly id: string; readonly source: string } | null;

/** The first step of a workflow, as it is written. Pure. */
export function startStep(
  version: MachineVersion,
  input: MaintenanceInput,
  recommendation: Recommendation,
  message: MessageRef,
): Taken {
  const { tenant } = recommendation;
  const { snapshot } = version.start(input);
  const workflow = toWorkflow(snapshot.value, snapshot.context, { tenant, version: 1, startedAt: input.at });
  const step = {
    sequence: 1,
    at: input.at,
    event: 'analytics.recommendationRaised',
    from: snapshot.value,
    to: snapshot.value,
    by: 'Analytics',
    text: `Started for the recommendation "${recommendation.title}" on ${recommendation.twinId}.`,
  };
  const {
    id,
    twinId,
    failureModeId,
    severity,
    title,
    findings,
    confidence,
    alternatives,
    detector,
    since,
    raisedAt,
  } = recommendation;
  const body = {
    ...step,
    by: { system: 'Analytics', message },
    planHash: null,
    sent: [],
    machine: version.ref,
    recommendation: {
      id,
      twinId,
      failureModeId,
      severity,
      title,
      findings,
      confidence,
      alternatives,
      detector,
      since,
      raisedAt,
    },
  };
  return {
    kind: 'take',
    instance: { machine: version.ref, snapshot, workflow },
    step,
    outgoing: [],
    timer: null,
    evidence: { tenant, at: input.at, kind: 'workflow.started', subject: input.workflowId, body },
  };
}

/** A step of a running workflow, as it is written: snapshot, history, messages, timer and evidence. Pure. */
export function takenStep(
  current: WorkflowInstance,
  version: MachineVersion,
  event: MachineEvent,
  transition: Transition,
  message: MessageRef,
): Taken {
  const { tenant, startedAt } = current.workflow;
  const { snapshot, effects } = transition;
  const { context } = snapshot;
  const workflow = toWorkflow(snapshot.value, context, { tenant, version: event.step, startedAt });
  const [from, to] = [current.workflow.state, snapshot.value];
  const step = {
    sequence: event.step,
    at: event.at,
    event: eventName(event),
    from,
    to,
    by: causeOf(event),
    text: narrate(event, from, to, context),
  };
  const outgoing = effects.map((effect) => toMessage(effect, tenant, context));
  return {
    kind: 'take',
    instance: { machine: version.ref, snapshot, workflow },
    step,
    outgoing,
    timer: context.timer,
    evidence: evidenceOf(event, step, workflow, outgoing, message),
  };
}

const haltedPrefix = 'Halted:';

/** Whether a workflow waits for its machine to be known again. */
export function isHalted(workflow: Workflow): boolean {
  return workflow.state === 'MANUAL_INTERVENTION' && workflow.attention?.startsWith(haltedPrefix) === true;
}

/** The step that takes a halted workflow up again, in the state its snapshot has, with its timer. Pure. */
export function resumedStep(
  current: WorkflowInstance,
  version: MachineVersion,
  snapshot: MachineSnapshot,
  decision: { readonly at: number; readonly by: Principal; readonly comment: string },
): Taken {
  const { tenant, id, state, startedAt } = current.workflow;
  const { at, by, comment } = decision;
  const sequence = current.workflow.version + 1;
  const workflow = {
    ...toWorkflow(snapshot.value, snapshot.context, { tenant, version: sequence, startedAt }),
    updatedAt: at,
  };
  const step = {
    sequence,
    at,
    event: 'RETRY',
    from: state,
    to: snapshot.value,
    by: by.name,
    text: `Taken up again${comment ? `: ${comment}` : '.'}`,
  };
  const { personId, subject, name, authTime, acr } = by;
  const body = {
    ...step,
    by: { personId, subject, name, authTime, acr },
    planHash: workflow.planHash,
    sent: [],
    machine: version.ref,
  };
  return {
    kind: 'take',
    instance: { machine: version.ref, snapshot, workflow },
    step,
    outgoing: [],
    timer: snapshot.context.timer,
    evidence: { tenant, at, kind: 'workflow.step', subject: id, body },
  };
}

/** The step that hands a workflow of an unknown machine to a person: its snapshot is not touched. Pure. */
export function haltedStep(current: WorkflowInstance, at: number, reason: string): Taken {
  const { tenant, id, state } = current.workflow;
  const sequence = current.workflow.version + 1;
  const workflow: Workflow = {
    ...current.workflow,
    state: 'MANUAL_INTERVENTION',
    attention: `${haltedPrefix} ${reason}`,
    actions: ['RETRY'],
    version: sequence,
    updatedAt: at,
  };
  const step = {
    sequence,
    at,
    event: 'hub.halted',
    from: state,
    to: 'MANUAL_INTERVENTION' as const,
    by: 'Twinhub',
    text: reason,
  };
  const body = { ...step, by: { system: 'Twinhub' }, planHash: workflow.planHash, sent: [] };
  return {
    kind: 'take',
    instance: { ...current, workflow },
    step,
    outgoing: [],
    timer: 'hold',
    evidence: { tenant, at, kind: 'workflow.halted', subject: id, body },
  };
}

/** The message an effect becomes; its id follows from workflow, step and effect, so a repeat is known as one. */
function toMessage(
  effect: Effect,
  tenant: TenantId,
  { workflowId, step, now }: MaintenanceContext,
): OutgoingMessage {
  const body = effect.kind === 'command' ? effect.command : effect.settled;
  return {
    exchange: effect.kind === 'command' ? 'hub.cmd' : 'hub.evt',
    routingKey: body.type,
    message: {
      id: `${workflowId}:${step}:${body.type}`,
      type: body.type,
      source: 'twinhub/workflows',
      tenant,
      time: formatInstant(now),
      key: workflowId,
      correlationId: null,
      traceparent: currentTraceparent(),
      body,
    },
  };
}

/** The step whose command a message answers, when its correlation id is one of ours; else `null`. */
export function answeredStep(workflowId: string, correlationId: string | null): number | null {
  const [id, step] = correlationId?.split(':') ?? [];
  return id === workflowId && step !== undefined && /^\d{1,9}$/.test(step) ? Number(step) : null;
}

function evidenceOf(
  event: MachineEvent,
  step: {
    readonly sequence: number;
    readonly at: number;
    readonly from: WorkflowState;
    readonly to: WorkflowState;
  },
  workflow: Workflow,
  outgoing: readonly OutgoingMessage[],
  message: MessageRef,
): EvidenceInput {
  const { live, at, step: _number, ...said } = event;
  const body = {
    ...step,
    by: isPersonEvent(event) ? event.by : { system: causeOf(event), message },
    said,
    planHash: workflow.planHash,
    checked: {
      equipment: live.asset.equipment,
      functionalLocation: live.asset.functionalLocation,
      criticality: live.asset.criticality,
    },
    sent: outgoing.map((one) => one.message.id),
  };
  return { tenant: workflow.tenant, at, kind: 'workflow.step', subject: workflow.id, body };
}
