import { unreachable } from '#kernel/errors.ts';
import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import type { WorkflowState } from '#ontology/workflow.ts';
import { hopelessness, staleness, windowFault } from './checks.ts';
import type { MaintenanceContext, ResumeState } from './context.ts';
import type { MachineEvent } from './events.ts';

/** Why a person is asked. */
export type InterventionReason =
  | 'refused'
  | 'deadline'
  | 'expired'
  | 'stale'
  | 'aborted'
  | 'windowOutsidePlan'
  | 'partsShort'
  | 'windowRefused';

/** What the hub asked for, in words. */
export const stepNames: Readonly<Record<ResumeState, string>> = {
  AWAITING_APPROVAL: 'the approvals',
  NOTIFYING: 'creating the notification in SAP PM',
  ORDERING: 'creating the order in SAP PM',
  RESERVING: 'reserving the parts in the WMS',
  SCHEDULING: 'agreeing on a window with the MES',
  RELEASING: 'releasing the order in SAP PM',
  ISSUING: 'issuing the parts in the WMS',
  EXECUTING: 'the job in the MES',
  CONFIRMING: 'confirming the work in SAP PM',
  VERIFYING: 'the check against telemetry',
  WITHDRAWING: 'withdrawing what was begun',
};

/** The name of the system a message or command of this type belongs to. */
export function systemName(type: MaintenanceCommand['type'] | MachineEvent['type']): string {
  const names: Readonly<Record<string, string>> = {
    erp: 'SAP PM',
    wms: 'WMS',
    mes: 'MES',
    analytics: 'Analytics',
  };
  return names[type.split('.')[0] ?? ''] ?? 'Twinhub';
}

/** One or two sentences: what happened and what a person can do. */
export function interventionText(
  context: MaintenanceContext,
  event: MachineEvent,
  reason: InterventionReason,
  resumeAt: ResumeState,
): string {
  const step = stepNames[resumeAt];
  switch (reason) {
    case 'refused':
      return 'reason' in event && 'code' in event
        ? `${systemName(event.type)} refused ${step}: ${event.reason} (${event.code}). Settle it there and try again, or cancel.`
        : `${step} was refused.`;
    case 'deadline':
      return `No answer in time to ${step}. Look there; a late answer still counts. Try again, or cancel.`;
    case 'expired':
      return 'The approvals were not complete in time and have expired. Ask again, amend the plan, or cancel.';
    case 'stale':
      return staleness(context, event, resumeAt) ?? `${step} does not fit the plan any more.`;
    case 'aborted':
      return `MES aborted the job: ${'reason' in event ? event.reason : 'no reason given'}. Try again with a new window, or cancel.`;
    case 'windowOutsidePlan':
      return windowFault(context) ?? 'The window does not fit the plan.';
    case 'partsShort':
      return hopelessness(context, 'parts') ?? 'Parts are missing.';
    case 'windowRefused':
      return hopelessness(context, 'window') ?? 'MES has no window.';
    default:
      return unreachable(reason);
  }
}

/** What is waited for, and until when. */
export function waitText(context: MaintenanceContext, what: 'parts' | 'window'): string {
  if (what === 'parts')
    return `Parts are missing${context.partsExpectedAt ? `, expected ${context.partsExpectedAt}` : ''}: asked again by itself (try ${context.partsTries} of ${context.settings.maxRetries}).`;
  return `MES has no window yet${context.nextPossibleStart ? `, the next from ${context.nextPossibleStart}` : ''}: asked again by itself (try ${context.windowTries} of ${context.settings.maxRetries}).`;
}

/** Why the workflow needs a person or waits, for every state; `null` when it goes on by itself and nothing is left over. */
export function attentionOf(state: WorkflowState, context: MaintenanceContext): string | null {
  const parts = [context.attention ?? restingText(state, context), ...context.warnings].filter(
    (text) => text !== null,
  );
  return parts.length ? parts.join(' ') : null;
}

function restingText(state: WorkflowState, context: MaintenanceContext): string | null {
  const given = context.approvals.filter(
    (approval) => approval.valid && approval.decision === 'APPROVED',
  ).length;
  switch (state) {
    case 'TRIAGE':
      return 'Decide whether to act on the recommendation.';
    case 'AWAITING_APPROVAL':
      return `${given} of ${context.approvalsRequired} approvals given.`;
    case 'VERIFICATION_FAILED':
      return `The repair does not show in the telemetry: ${context.verification?.text ?? ''} Rework it, or close it unverified.`;
    case 'AWAITING_FEEDBACK':
      return 'Say what the recommendation was worth.';
    default:
      return null;
  }
}
