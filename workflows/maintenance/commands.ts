import { formatInstant } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { MaintenanceCommand, MaintenancePlan, RecommendationSettled } from '#ontology/maintenance.ts';
import type { MaintenanceContext, SystemState } from './context.ts';

/** The command a system step sends when it is entered. */
export function commandOf(state: SystemState, context: MaintenanceContext): MaintenanceCommand {
  const { workflowId, failureMode, recommendation, workOrder } = context;
  const plan = known(context.plan, 'plan', state);
  const equipment = known(context.asset.equipment, 'equipment', state);
  const asset = { equipment, functionalLocation: context.asset.functionalLocation };
  const order = () => known(workOrder.order, 'order', state);
  switch (state) {
    case 'NOTIFYING':
      return {
        type: 'erp.createNotification',
        workflowId,
        ...asset,
        text: headline(context),
        longText: longText(context, plan),
        priority: plan.priority,
        codes: failureMode.codes,
        malfunctionStart: formatInstant(recommendation.since),
        requiredEnd: plan.latestEnd,
        reportedBy: context.planner?.name || 'twinhub',
      };
    case 'ORDERING':
      return {
        type: 'erp.createOrder',
        workflowId,
        notification: known(workOrder.notification, 'notification', state),
        ...asset,
        text: headline(context),
        priority: plan.priority,
        workHours: plan.workHours,
        parts: plan.parts,
        basicStart: plan.earliestStart,
        basicEnd: plan.latestEnd,
      };
    case 'RESERVING':
      return {
        type: 'wms.reserveParts',
        workflowId,
        order: order(),
        parts: plan.parts,
        requiredAt: plan.earliestStart,
      };
    case 'SCHEDULING':
      return {
        type: 'mes.requestWindow',
        workflowId,
        equipment,
        order: order(),
        durationHours: plan.workHours,
        needsStop: plan.needsStop,
        earliestStart: latest(plan.earliestStart, context.nextPossibleStart),
        latestEnd: plan.latestEnd,
      };
    case 'RELEASING':
      return { type: 'erp.releaseOrder', workflowId, order: order() };
    case 'ISSUING':
      return {
        type: 'wms.issueParts',
        workflowId,
        order: order(),
        reservation: known(workOrder.reservation, 'reservation', state),
      };
    case 'EXECUTING':
      return {
        type: 'mes.dispatchJob',
        workflowId,
        equipment,
        order: order(),
        failureModeId: plan.failureModeId,
        action: plan.action,
        start: known(workOrder.scheduledStart, 'window', state),
        end: known(workOrder.scheduledEnd, 'window', state),
      };
    case 'CONFIRMING':
      return {
        type: 'erp.completeOrder',
        workflowId,
        order: order(),
        notification: known(workOrder.notification, 'notification', state),
        actualWorkHours: known(context.workHours, 'work hours', state),
        actualStart: known(workOrder.actualStart, 'start of work', state),
        actualEnd: known(workOrder.actualEnd, 'end of work', state),
        text: context.jobText,
      };
    case 'VERIFYING':
      return {
        type: 'analytics.verifyRepair',
        workflowId,
        twinId: plan.twinId,
        recommendationId: plan.recommendationId,
        repairedAt: known(workOrder.actualEnd, 'end of work', state),
      };
  }
}

/** The commands that take back what other systems hold for the workflow. */
export function withdrawals(context: MaintenanceContext): MaintenanceCommand[] {
  const { workflowId, workOrder, jobHeld, partsHeld } = context;
  return [
    ...(jobHeld && workOrder.order !== null
      ? [{ type: 'mes.cancelJob' as const, workflowId, order: workOrder.order }]
      : []),
    ...(partsHeld && workOrder.reservation !== null
      ? [{ type: 'wms.cancelReservation' as const, workflowId, reservation: workOrder.reservation }]
      : []),
  ];
}

/** What analytics is told about the recommendation. */
export function settlement(
  context: MaintenanceContext,
  status: RecommendationSettled['status'],
  comment: string,
): RecommendationSettled {
  const feedback = status === 'ACCEPTED' ? null : (context.feedback?.verdict ?? 'UNKNOWN');
  const { recommendation, asset, failureMode } = context;
  return {
    type: 'workflows.recommendationSettled',
    recommendationId: recommendation.id,
    twinId: asset.twinId,
    failureModeId: failureMode.id,
    status,
    feedback,
    comment,
  };
}

function headline({ failureMode, asset }: MaintenanceContext): string {
  return `${asset.twinId}: ${failureMode.name}`;
}

/** At most 1,333 characters, the length of SAP's MaintNotifLongTextForEdit. */
function longText(
  { recommendation, approvals, planHash }: MaintenanceContext,
  plan: MaintenancePlan,
): string {
  const approvers = approvals.filter((a) => a.valid && a.decision === 'APPROVED').map((a) => a.by);
  const lines = [
    recommendation.title,
    ...recommendation.findings.map((finding) => `- ${finding.text}`),
    `Action: ${plan.action}`,
    ...(plan.comment ? [plan.comment] : []),
    `Approved by ${approvers.join(' and ')} (plan ${planHash?.slice(0, 12)}).`,
  ];
  const text = lines.join('\n');
  return text.length > 1333 ? `${text.slice(0, 1330)}...` : text;
}

function latest(a: string, b: string | null): string {
  return b !== null && Date.parse(b) > Date.parse(a) ? b : a;
}

function known<T>(value: T | null, what: string, state: SystemState): T {
  if (value === null) throw new HubError('INTERNAL', `The workflow reached ${state} without ${what}.`);
  return value;
}
