import type { TwinId } from '#ontology/ids.ts';
import type { DamageCodes, MaintenanceCommand, MaintenancePlan } from '#ontology/maintenance.ts';
import type { Finding, RecommendationStatus, Severity } from '#ontology/recommendation.ts';
import type { Approval, Feedback, Verification, WorkflowState, WorkOrder } from '#ontology/workflow.ts';

/** Waits of a workflow, milliseconds; taken at its start and kept for its life, so that replays give the same. */
export interface MaintenanceSettings {
  /** For an answer of another system before a person is asked. */
  readonly stepTimeoutMs: number;
  /** For the check against telemetry. */
  readonly verifyTimeoutMs: number;
  /** After the end of the agreed window before a person is asked. */
  readonly executionGraceMs: number;
  /** Approvals not complete by then expire. */
  readonly approvalExpiryMs: number;
  /** Between two tries for parts (when the WMS names no date) or for a window. */
  readonly retryMs: number;
  /** Tries for parts, and for a window, before a person is asked. */
  readonly maxRetries: number;
}

/** Master data of the twin that the orders carry, as read at one moment. */
export interface AssetFacts {
  readonly twinId: TwinId;
  readonly name: string;
  /** SAP equipment number; `null` when neither the twin nor one above it has one. */
  readonly equipment: string | null;
  readonly functionalLocation: string;
  readonly criticality: 'A' | 'B' | 'C';
}

/** What is read anew right before each step. */
export interface LiveFacts {
  readonly asset: AssetFacts;
  readonly recommendationStatus: RecommendationStatus;
}

/** Steps that ask something of another system; RETRY repeats one of them (or the wait for approval). */
export const systemStates = [
  'NOTIFYING',
  'ORDERING',
  'RESERVING',
  'SCHEDULING',
  'RELEASING',
  'ISSUING',
  'EXECUTING',
  'CONFIRMING',
  'VERIFYING',
] as const satisfies readonly WorkflowState[];
export type SystemState = (typeof systemStates)[number];

/** System steps that come before the work: before each of them it is checked that the plan still holds. */
export const checkedStates: readonly WorkflowState[] = systemStates.slice(
  0,
  systemStates.indexOf('CONFIRMING'),
);

/** What a person can have repeated. */
export type ResumeState = SystemState | 'AWAITING_APPROVAL' | 'WITHDRAWING';

/** What a workflow starts from. */
export interface MaintenanceInput {
  readonly workflowId: string;
  readonly at: number;
  readonly live: LiveFacts;
  readonly settings: MaintenanceSettings;
  readonly recommendation: {
    readonly id: string;
    readonly severity: Severity;
    readonly title: string;
    readonly findings: readonly Finding[];
    readonly since: number;
  };
  readonly failureMode: { readonly id: string; readonly name: string; readonly codes: DamageCodes };
}

/** Everything the machine knows; a JSON value. */
export interface MaintenanceContext extends Pick<
  MaintenanceInput,
  'workflowId' | 'settings' | 'recommendation' | 'failureMode'
> {
  readonly asset: AssetFacts;
  /** Time (epoch ms) and number of the step being taken. */
  readonly now: number;
  readonly step: number;
  readonly plan: MaintenancePlan | null;
  readonly planHash: string | null;
  readonly planner: { readonly personId: string; readonly name: string } | null;
  readonly approvals: readonly Approval[];
  readonly approvalsRequired: number;
  /** What RETRY repeats, and whose late answer still counts. */
  readonly resumeAt: ResumeState;
  /** Where it goes on once the approvals are complete. */
  readonly afterApproval: SystemState;
  /** Why it needs a person or waits. */
  readonly attention: string | null;
  /** What stays to be looked after elsewhere, whatever the state. */
  readonly warnings: readonly string[];
  /** Commands whose answers are still to come. */
  readonly outstanding: readonly MaintenanceCommand['type'][];
  /** The step that sent the newest command. */
  readonly commandStep: number;
  readonly timer: { readonly name: TimerName; readonly dueAt: number; readonly token: number } | null;
  readonly workOrder: WorkOrder;
  readonly orderReleased: boolean;
  readonly partsIssued: boolean;
  /** A reservation that the WMS holds for us. */
  readonly partsHeld: boolean;
  /** A window or job that the MES holds (or may hold) for us. */
  readonly jobHeld: boolean;
  /** A job was dispatched and has neither ended nor been aborted. */
  readonly jobDispatched: boolean;
  readonly partsTries: number;
  readonly partsExpectedAt: string | null;
  readonly windowTries: number;
  readonly nextPossibleStart: string | null;
  readonly workHours: number | null;
  readonly jobText: string;
  readonly verification: Verification | null;
  readonly feedback: Feedback | null;
  /** What was given as reason when it was cancelled. */
  readonly cancelReason: string;
}

export const timerNames = ['stepDeadline', 'approvalExpiry', 'retry'] as const;
export type TimerName = (typeof timerNames)[number];

/** How many approvals a twin's criticality asks for. */
export function approvalsFor(criticality: AssetFacts['criticality']): number {
  return criticality === 'A' ? 2 : 1;
}

/** The context a workflow starts with. */
export function initialContext(input: MaintenanceInput): MaintenanceContext {
  const { workflowId, settings, recommendation, failureMode, live, at } = input;
  return {
    workflowId,
    settings,
    recommendation,
    failureMode,
    asset: live.asset,
    now: at,
    step: 1,
    plan: null,
    planHash: null,
    planner: null,
    approvals: [],
    approvalsRequired: approvalsFor(live.asset.criticality),
    resumeAt: 'NOTIFYING',
    afterApproval: 'NOTIFYING',
    attention: null,
    warnings: [],
    outstanding: [],
    commandStep: 0,
    timer: null,
    workOrder: {
      notification: null,
      order: null,
      systemStatus: null,
      reservation: null,
      materialDocument: null,
      jobOrderId: null,
      scheduledStart: null,
      scheduledEnd: null,
      actualStart: null,
      actualEnd: null,
      performedBy: null,
    },
    orderReleased: false,
    partsIssued: false,
    partsHeld: false,
    jobHeld: false,
    jobDispatched: false,
    partsTries: 0,
    partsExpectedAt: null,
    windowTries: 0,
    nextPossibleStart: null,
    workHours: null,
    jobText: '',
    verification: null,
    feedback: null,
    cancelReason: '',
  };
}
