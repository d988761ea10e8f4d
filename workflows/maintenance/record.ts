import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import type { Approval, WorkOrder } from '#ontology/workflow.ts';
import { approvalsFor, type MaintenanceContext } from './context.ts';
import {
  isPersonEvent,
  type Cause,
  type MachineEvent,
  type MachineEventType,
  type PersonEvent,
  type SystemEvent,
} from './events.ts';

type Change = Partial<MaintenanceContext>;

/** Which command an answer belongs to. Events that tell of more than one command's end name them all. */
export const answeredCommands: Readonly<
  Partial<Record<MachineEventType, readonly MaintenanceCommand['type'][]>>
> = {
  'erp.notificationCreated': ['erp.createNotification'],
  'erp.orderCreated': ['erp.createOrder'],
  'erp.orderReleased': ['erp.releaseOrder'],
  'erp.orderCompleted': ['erp.completeOrder'],
  'wms.partsReserved': ['wms.reserveParts'],
  'wms.partsShort': ['wms.reserveParts'],
  'wms.partsIssued': ['wms.issueParts'],
  'wms.reservationCancelled': ['wms.cancelReservation'],
  'mes.windowGranted': ['mes.requestWindow'],
  'mes.windowRefused': ['mes.requestWindow'],
  'mes.jobEnded': ['mes.dispatchJob', 'mes.cancelJob'],
  'mes.jobAborted': ['mes.dispatchJob', 'mes.cancelJob'],
  'mes.jobCancelled': ['mes.cancelJob', 'mes.dispatchJob', 'mes.requestWindow'],
  'analytics.repairVerified': ['analytics.verifyRepair'],
};

/** The context after an event, without what belongs to entering a state. Pure: equal input gives equal output. */
export function record(context: MaintenanceContext, event: MachineEvent): MaintenanceContext {
  const base: MaintenanceContext = { ...context, now: event.at, step: event.step };
  if (event.type === 'TIMER')
    return { ...base, ...(event.name === 'approvalExpiry' ? { approvals: voided(context.approvals) } : {}) };
  if (isPersonEvent(event)) return { ...base, ...decided(context, event) };
  return { ...base, outstanding: stillOutstanding(context, event), ...answered(context, event) };
}

function decided(context: MaintenanceContext, event: PersonEvent & Cause): Change {
  switch (event.type) {
    case 'ACCEPT':
    case 'AMEND':
      return {
        plan: event.plan,
        planHash: event.planHash,
        planner: { personId: event.by.personId, name: event.by.name },
        approvals: voided(context.approvals),
        approvalsRequired: approvalsFor(event.live.asset.criticality),
        // What the ERP holds is for the former data: they are taken over only while nothing was created there.
        asset: context.workOrder.notification === null ? event.live.asset : context.asset,
        afterApproval:
          context.resumeAt === 'AWAITING_APPROVAL' || context.resumeAt === 'WITHDRAWING'
            ? context.afterApproval
            : context.resumeAt,
        partsTries: 0,
        windowTries: 0,
        partsExpectedAt: null,
        nextPossibleStart: null,
      };
    case 'APPROVE':
    case 'REJECT':
      return {
        approvals: [...context.approvals, approvalOf(event)],
        approvalsRequired: Math.max(context.approvalsRequired, approvalsFor(event.live.asset.criticality)),
      };
    case 'RETRY':
      return {
        partsTries: 0,
        windowTries: 0,
        ...(context.resumeAt === 'AWAITING_APPROVAL' ? { approvals: voided(context.approvals) } : {}),
      };
    case 'REWORK':
      return {
        verification: null,
        windowTries: 0,
        nextPossibleStart: null,
        workOrder: {
          ...context.workOrder,
          jobOrderId: null,
          scheduledStart: null,
          scheduledEnd: null,
          actualStart: null,
          actualEnd: null,
          performedBy: null,
        },
      };
    case 'CANCEL':
      return { cancelReason: event.comment };
    case 'DISMISS':
    case 'GIVE_FEEDBACK':
      return {
        feedback: { verdict: event.verdict, comment: event.comment, by: event.by.name, at: event.at },
      };
    default:
      return {};
  }
}

function answered(context: MaintenanceContext, event: SystemEvent & Cause): Change {
  const order = (change: Partial<WorkOrder>) => ({ workOrder: { ...context.workOrder, ...change } });
  switch (event.type) {
    case 'erp.notificationCreated':
      return order({ notification: event.notification });
    case 'erp.orderCreated':
      return isSecondOrder(context, event.order)
        ? {
            warnings: [
              ...context.warnings,
              `SAP PM reports a second order ${event.order} beside ${context.workOrder.order}: check it and set one of them to not performed.`,
            ],
          }
        : order({
            order: event.order,
            systemStatus: event.systemStatus,
            reservation: context.workOrder.reservation ?? event.reservation,
          });
    case 'erp.orderReleased':
      return { ...order({ systemStatus: event.systemStatus }), orderReleased: true };
    case 'erp.orderCompleted':
      return order({ systemStatus: event.systemStatus });
    case 'wms.partsReserved':
      return {
        ...order({ reservation: event.reservation }),
        partsHeld: true,
        partsTries: 0,
        partsExpectedAt: null,
      };
    case 'wms.partsShort':
      return { partsTries: context.partsTries + 1, partsExpectedAt: event.expectedAt };
    case 'wms.partsIssued':
      return { ...order({ materialDocument: event.materialDocument }), partsIssued: true, partsHeld: false };
    case 'wms.reservationCancelled':
      return { partsHeld: false };
    case 'mes.windowGranted':
      return {
        ...order({ scheduledStart: event.start, scheduledEnd: event.end }),
        jobHeld: true,
        windowTries: 0,
      };
    case 'mes.windowRefused':
      return {
        jobHeld: false,
        windowTries: context.windowTries + 1,
        nextPossibleStart: event.nextPossibleStart,
      };
    case 'mes.jobStarted':
      return order({ jobOrderId: event.jobOrderId, actualStart: event.startedAt });
    case 'mes.jobEnded':
      return {
        ...order({
          jobOrderId: event.jobOrderId,
          actualStart: event.startedAt,
          actualEnd: event.endedAt,
          performedBy: event.performedBy,
        }),
        workHours: event.workHours,
        jobText: event.text,
        jobHeld: false,
        jobDispatched: false,
      };
    case 'mes.jobAborted':
      return { ...order({ jobOrderId: event.jobOrderId }), jobHeld: false, jobDispatched: false };
    case 'mes.jobCancelled':
      return { jobHeld: false, jobDispatched: false };
    case 'analytics.repairVerified':
      return {
        verification: {
          passed: event.passed,
          text: event.text,
          observedFrom: event.observedFrom,
          observedTo: event.observedTo,
        },
      };
    default:
      return {};
  }
}

/** Whether the ERP reports an order that is not the one this workflow has. */
export function isSecondOrder(context: MaintenanceContext, order: string): boolean {
  return context.workOrder.order !== null && context.workOrder.order !== order;
}

function stillOutstanding(
  context: MaintenanceContext,
  event: SystemEvent,
): MaintenanceContext['outstanding'] {
  const ended = 'command' in event ? [event.command] : (answeredCommands[event.type] ?? []);
  return context.outstanding.filter((command) => !ended.includes(command));
}

const voided = (approvals: readonly Approval[]): Approval[] =>
  approvals.map((approval) => ({ ...approval, valid: false }));

function approvalOf(event: Extract<PersonEvent, { type: 'APPROVE' | 'REJECT' }> & Cause): Approval {
  const { by, comment, at, planHash } = event;
  const decision = event.type === 'APPROVE' ? 'APPROVED' : 'REJECTED';
  return {
    by: by.name,
    personId: by.personId,
    subject: by.subject,
    decision,
    comment,
    at,
    authTime: by.authTime,
    planHash,
    valid: true,
  };
}
