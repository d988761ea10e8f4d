import { unreachable } from '#kernel/errors.ts';
import type { WorkflowState } from '#ontology/workflow.ts';
import { stepNames, systemName } from './attention.ts';
import type { MaintenanceContext } from './context.ts';
import { isPersonEvent, type MachineEvent, type PersonEvent, type SystemEvent } from './events.ts';

/** Who caused a step: a person's name, or the system the event came from. */
export function causeOf(event: MachineEvent): string {
  if (isPersonEvent(event)) return event.by.name;
  return event.type === 'TIMER' ? 'Twinhub' : systemName(event.type);
}

/** The name of the event as it stands in the history. */
export function eventName(event: MachineEvent): string {
  return event.type === 'TIMER' ? `timer.${event.name}` : event.type;
}

/** One sentence on a step for an operator. `after` is the context after it. */
export function narrate(
  event: MachineEvent,
  from: WorkflowState,
  to: WorkflowState,
  after: MaintenanceContext,
): string {
  const said =
    event.type === 'TIMER'
      ? timerText(event.name, from)
      : isPersonEvent(event)
        ? personText(event, after)
        : systemText(event);
  const handedOver =
    to === 'MANUAL_INTERVENTION' &&
    from !== to &&
    event.type !== 'TIMER' &&
    !('command' in event) &&
    after.attention !== null;
  return handedOver ? `${said} ${after.attention}` : said;
}

function timerText(name: string, from: WorkflowState): string {
  if (name === 'approvalExpiry') return 'The approvals were not complete in time and have expired.';
  if (name === 'retry')
    return from === 'WAITING_FOR_PARTS' ? 'Asked again for the parts.' : 'Asked again for a window.';
  return `No answer in time to ${from in stepNames ? stepNames[from as keyof typeof stepNames] : from}.`;
}

function personText(event: PersonEvent, after: MaintenanceContext): string {
  const because = event.comment ? `: ${event.comment}` : '.';
  const given = after.approvals.filter(
    (approval) => approval.valid && approval.decision === 'APPROVED',
  ).length;
  switch (event.type) {
    case 'ACCEPT':
      return `Accepted with plan "${event.plan.action}", ${event.plan.workHours} h, until ${event.plan.latestEnd}.`;
    case 'DISMISS':
      return `Dismissed as ${event.verdict}${because}`;
    case 'AMEND':
      return 'Plan amended; approvals given before are void.';
    case 'APPROVE':
      return `Approved (${given} of ${after.approvalsRequired})${because}`;
    case 'REJECT':
      return `Rejected${because}`;
    case 'CANCEL':
      return `Cancelled${because}`;
    case 'RETRY':
      return `Tried again${because}`;
    case 'REWORK':
      return `Sent back for rework${because}`;
    case 'CLOSE_UNVERIFIED':
      return `Closed without verification${because}`;
    case 'GIVE_FEEDBACK':
      return `Feedback ${event.verdict}${because}`;
    default:
      return unreachable(event);
  }
}

function systemText(event: SystemEvent): string {
  switch (event.type) {
    case 'erp.notificationCreated':
      return `Notification ${event.notification} created in SAP PM.`;
    case 'erp.orderCreated':
      return `Order ${event.order} created in SAP PM, status ${event.systemStatus}.`;
    case 'erp.orderReleased':
      return `Order ${event.order} released in SAP PM, status ${event.systemStatus}.`;
    case 'erp.orderCompleted':
      return `Work confirmed and order ${event.order} technically completed in SAP PM, status ${event.systemStatus}.`;
    case 'wms.partsReserved':
      return `Parts reserved in the WMS, reservation ${event.reservation}.`;
    case 'wms.partsShort':
      return `${event.missing} of ${event.product} missing in the WMS${event.expectedAt ? `, expected ${event.expectedAt}` : ''}.`;
    case 'wms.partsIssued':
      return `Parts issued, material document ${event.materialDocument}.`;
    case 'wms.reservationCancelled':
      return `Reservation ${event.reservation} cancelled in the WMS.`;
    case 'mes.windowGranted':
      return `MES granted the window ${event.start} to ${event.end}.`;
    case 'mes.windowRefused':
      return `MES has no window: ${event.reason}${event.nextPossibleStart ? `; next from ${event.nextPossibleStart}` : ''}.`;
    case 'mes.jobStarted':
      return `Job ${event.jobOrderId} started at ${event.startedAt}.`;
    case 'mes.jobEnded':
      return `Job ${event.jobOrderId} ended at ${event.endedAt}, ${event.workHours} h by ${event.performedBy}. ${event.text}`.trim();
    case 'mes.jobAborted':
      return `Job ${event.jobOrderId} aborted: ${event.reason}.`;
    case 'mes.jobCancelled':
      return `Job for order ${event.order} cancelled in the MES.`;
    case 'analytics.repairVerified':
      return `${event.passed ? 'The repair shows in the telemetry' : 'The repair does not show in the telemetry'}: ${event.text}`;
    case 'erp.refused':
    case 'wms.refused':
    case 'mes.refused':
      return `${systemName(event.type)} refused ${event.command}: ${event.reason} (${event.code}).`;
    default:
      return unreachable(event);
  }
}
