import type { TenantId, TwinId } from './ids.ts';
import type { MaintenancePlan } from './maintenance.ts';
import { isAllowed, type Permission, type Principal } from './principal.ts';
import type { FeedbackVerdict, Severity } from './recommendation.ts';

/** Where a maintenance workflow stands; the words of the GraphQL enum WorkflowState. */
export const workflowStates = [
  'TRIAGE',
  'AWAITING_APPROVAL',
  'NOTIFYING',
  'ORDERING',
  'RESERVING',
  'WAITING_FOR_PARTS',
  'SCHEDULING',
  'WAITING_FOR_WINDOW',
  'RELEASING',
  'ISSUING',
  'EXECUTING',
  'CONFIRMING',
  'VERIFYING',
  'VERIFICATION_FAILED',
  'AWAITING_FEEDBACK',
  'MANUAL_INTERVENTION',
  'WITHDRAWING',
  'CLOSED',
  'DISMISSED',
  'REJECTED',
  'CANCELLED',
] as const;
export type WorkflowState = (typeof workflowStates)[number];

/** States in which nothing happens any more. */
export const terminalStates: readonly WorkflowState[] = ['CLOSED', 'DISMISSED', 'REJECTED', 'CANCELLED'];

/** States in which the workflow goes on only when a person decides. */
export const waitingStates: readonly WorkflowState[] = [
  'TRIAGE',
  'AWAITING_APPROVAL',
  'VERIFICATION_FAILED',
  'AWAITING_FEEDBACK',
  'MANUAL_INTERVENTION',
];

/** Whether the workflow has ended. */
export function isTerminal(state: WorkflowState): boolean {
  return terminalStates.includes(state);
}

/** What people decide; the words of the GraphQL enum WorkflowAction. */
export const workflowActions = [
  'ACCEPT',
  'DISMISS',
  'AMEND',
  'APPROVE',
  'REJECT',
  'CANCEL',
  'RETRY',
  'REWORK',
  'CLOSE_UNVERIFIED',
  'GIVE_FEEDBACK',
] as const;
export type WorkflowAction = (typeof workflowActions)[number];

/** What each action needs of the one who takes it. */
export const actionPermissions: Readonly<Record<WorkflowAction, Permission>> = {
  ACCEPT: 'recommendations.triage',
  DISMISS: 'recommendations.triage',
  AMEND: 'recommendations.triage',
  APPROVE: 'workflows.approve',
  REJECT: 'workflows.approve',
  CANCEL: 'workflows.cancel',
  RETRY: 'workflows.resume',
  REWORK: 'workflows.resume',
  CLOSE_UNVERIFIED: 'workflows.resume',
  GIVE_FEEDBACK: 'workflows.feedback',
};

/** A decision of one person on one plan. */
export interface Approval {
  readonly by: string;
  readonly personId: string;
  /** The account used. */
  readonly subject: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly comment: string;
  /** Epoch ms. */
  readonly at: number;
  /** When the person had last signed in, epoch ms. */
  readonly authTime: number;
  /** SHA-256 of the plan's canonical JSON it is bound to. */
  readonly planHash: string;
  /** False once the plan was amended or the approval expired. */
  readonly valid: boolean;
}

/** The maintenance order with the numbers of the systems that hold it. Times RFC 3339. */
export interface WorkOrder {
  readonly notification: string | null;
  readonly order: string | null;
  readonly systemStatus: string | null;
  readonly reservation: string | null;
  readonly materialDocument: string | null;
  readonly jobOrderId: string | null;
  readonly scheduledStart: string | null;
  readonly scheduledEnd: string | null;
  readonly actualStart: string | null;
  readonly actualEnd: string | null;
  readonly performedBy: string | null;
}

/** What the telemetry said after the repair. Times RFC 3339. */
export interface Verification {
  readonly passed: boolean;
  readonly text: string;
  readonly observedFrom: string;
  readonly observedTo: string;
}

/** What a person said the recommendation was worth. */
export interface Feedback {
  readonly verdict: FeedbackVerdict;
  readonly comment: string;
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
}

/** One workflow as readers see it; kept beside the machine's snapshot and independent of the machine's version. */
export interface Workflow {
  readonly tenant: TenantId;
  readonly id: string;
  readonly twinId: TwinId;
  readonly recommendationId: string;
  readonly title: string;
  /** Of the plan once there is one, else of the recommendation. */
  readonly priority: Severity;
  readonly state: WorkflowState;
  /** Why it needs a person or waits; `null` when it goes on by itself. */
  readonly attention: string | null;
  readonly plan: MaintenancePlan | null;
  readonly planHash: string | null;
  /** `personId` of who accepted or last amended. */
  readonly plannedBy: string | null;
  readonly approvals: readonly Approval[];
  readonly approvalsRequired: number;
  readonly workOrder: WorkOrder | null;
  readonly verification: Verification | null;
  readonly feedback: Feedback | null;
  /** What its state accepts, whoever asks. */
  readonly actions: readonly WorkflowAction[];
  /** Counts its steps, from 1. */
  readonly version: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** One step of a workflow. */
export interface WorkflowStep {
  /** Equals the workflow's version after it. */
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
  /** What caused it, e.g. `APPROVE`, `erp.orderCreated`, `timer.stepDeadline`. */
  readonly event: string;
  readonly from: WorkflowState;
  readonly to: WorkflowState;
  /** A person's name, or the system it came from. */
  readonly by: string;
  /** One sentence for an operator. */
  readonly text: string;
}

/** The actions of a workflow's state that this person may take: role, and another person where dual control asks for one. */
export function allowedActions(workflow: Workflow, principal: Principal): readonly WorkflowAction[] {
  if (principal.tenant !== workflow.tenant) return [];
  return workflow.actions.filter(
    (action) =>
      isAllowed(principal, actionPermissions[action]) &&
      (action !== 'APPROVE' || !hasActedBefore(workflow, principal.personId)),
  );
}

/** Whether dual control bars this person from approving: planned it last, or approved it already. */
export function hasActedBefore(
  workflow: Pick<Workflow, 'plannedBy' | 'approvals'>,
  personId: string,
): boolean {
  const approved = workflow.approvals.some(
    (approval) => approval.valid && approval.decision === 'APPROVED' && approval.personId === personId,
  );
  return workflow.plannedBy === personId || approved;
}

/**
 * Whether the workflow waits for something this person may do. What only calls off or changes (cancel, reject, amend at
 * leisure) does not count: nobody waits for it.
 */
export function waitsFor(workflow: Workflow, principal: Principal): boolean {
  if (!waitingStates.includes(workflow.state)) return false;
  return allowedActions(workflow, principal).some(
    (action) =>
      action !== 'CANCEL' &&
      action !== 'REJECT' &&
      (action !== 'AMEND' || workflow.state === 'MANUAL_INTERVENTION'),
  );
}
