import type { TenantId } from '#ontology/ids.ts';
import type { Workflow, WorkflowAction, WorkflowState } from '#ontology/workflow.ts';
import { attentionOf } from './attention.ts';
import type { MaintenanceContext } from './context.ts';
import { amendable, cancellable, workDone } from './rules.ts';

/** What readers see of a workflow after a step. */
export function toWorkflow(
  state: WorkflowState,
  context: MaintenanceContext,
  identity: { readonly tenant: TenantId; readonly version: number; readonly startedAt: number },
): Workflow {
  const { plan, workOrder, recommendation } = context;
  return {
    tenant: identity.tenant,
    id: context.workflowId,
    twinId: context.asset.twinId,
    recommendationId: recommendation.id,
    title: recommendation.title,
    priority: plan?.priority ?? recommendation.severity,
    state,
    attention: attentionOf(state, context),
    plan,
    planHash: context.planHash,
    plannedBy: context.planner?.personId ?? null,
    approvals: context.approvals,
    approvalsRequired: context.approvalsRequired,
    workOrder: workOrder.notification === null ? null : workOrder,
    verification: context.verification,
    feedback: context.feedback,
    actions: actionsIn(state, context),
    version: identity.version,
    startedAt: identity.startedAt,
    updatedAt: context.now,
  };
}

/** What a state accepts of people, whoever asks. Agrees with the machine's guards (there is a test that says so). */
export function actionsIn(state: WorkflowState, context: MaintenanceContext): WorkflowAction[] {
  switch (state) {
    case 'TRIAGE':
      return ['ACCEPT', 'DISMISS'];
    case 'AWAITING_APPROVAL':
      return ['AMEND', 'APPROVE', 'REJECT', 'CANCEL'];
    case 'WAITING_FOR_PARTS':
    case 'WAITING_FOR_WINDOW':
      return ['RETRY', 'CANCEL'];
    case 'NOTIFYING':
    case 'ORDERING':
    case 'RESERVING':
    case 'SCHEDULING':
    case 'RELEASING':
    case 'ISSUING':
    case 'EXECUTING':
      return ['CANCEL'];
    case 'VERIFICATION_FAILED':
      return ['REWORK', 'CLOSE_UNVERIFIED'];
    case 'AWAITING_FEEDBACK':
      return ['GIVE_FEEDBACK'];
    case 'MANUAL_INTERVENTION':
      return [
        'RETRY',
        ...(amendable(context) ? (['AMEND'] as const) : []),
        ...(workDone(context) ? (['CLOSE_UNVERIFIED'] as const) : []),
        ...(cancellable(context) ? (['CANCEL'] as const) : []),
      ];
    default:
      return [];
  }
}
