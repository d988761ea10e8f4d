import { formatInstant } from '#kernel/clock.ts';
import type { WorkflowState } from '#ontology/workflow.ts';
import { checkedStates, type MaintenanceContext } from './context.ts';
import type { MachineEvent } from './events.ts';

/**
 * Why the plan no longer holds right before a step is taken, or `null` when it does.
 * @param context - as it is after the event was recorded.
 * @param target - the state about to be entered.
 */
export function staleness(
  context: MaintenanceContext,
  event: MachineEvent,
  target: WorkflowState,
): string | null {
  const { plan, asset, workOrder } = context;
  if (!checkedStates.includes(target) || !plan) return null;
  const live = event.live;
  if (live.asset.equipment === null)
    return `${asset.twinId} has no SAP equipment number: set its property equipmentNumber, then amend the plan.`;
  if (live.asset.equipment !== asset.equipment || live.asset.functionalLocation !== asset.functionalLocation)
    return (
      `${asset.twinId} changed since the plan was made: equipment ${asset.equipment ?? 'none'} at ${asset.functionalLocation || 'no location'} is now ` +
      `${live.asset.equipment} at ${live.asset.functionalLocation || 'no location'}. ` +
      (workOrder.order
        ? `Order ${workOrder.order} is for the former one: cancel.`
        : 'Amend the plan so that it is approved for what is there now.')
    );
  if (live.recommendationStatus === 'DISMISSED' || live.recommendationStatus === 'RESOLVED')
    return `The recommendation was ${live.recommendationStatus.toLowerCase()} meanwhile: cancel this workflow.`;
  if (Date.parse(plan.latestEnd) <= event.at)
    return `The plan's window ended at ${plan.latestEnd}: amend it so that it is approved with a new one.`;
  if (target === 'EXECUTING' && windowPassed(context, event.at))
    return `The window agreed with MES ended at ${workOrder.scheduledEnd}: try again to agree on a new one.`;
  return null;
}

/** Whether the window agreed with the MES is over (or there is none). */
export function windowPassed(context: MaintenanceContext, at: number): boolean {
  const end = context.workOrder.scheduledEnd;
  return end === null || Date.parse(end) <= at;
}

/** Why a window the MES grants does not fit the approved plan, or `null` when it does. */
export function windowFault(context: MaintenanceContext): string | null {
  const { plan, workOrder } = context;
  const [start, end] = [Date.parse(workOrder.scheduledStart ?? ''), Date.parse(workOrder.scheduledEnd ?? '')];
  if (!plan || (start >= Date.parse(plan.earliestStart) && end <= Date.parse(plan.latestEnd) && end > start))
    return null;
  return `MES granted ${workOrder.scheduledStart} to ${workOrder.scheduledEnd}, outside the approved ${plan.earliestStart} to ${plan.latestEnd}: amend the plan or try again.`;
}

/** Why waiting for parts or a window makes no sense any more, or `null` while it does. */
export function hopelessness(context: MaintenanceContext, what: 'parts' | 'window'): string | null {
  const { plan, settings, partsTries, windowTries, partsExpectedAt, nextPossibleStart } = context;
  const latestEnd = Date.parse(plan?.latestEnd ?? '');
  const tries = what === 'parts' ? partsTries : windowTries;
  const expected = what === 'parts' ? partsExpectedAt : nextPossibleStart;
  if (expected !== null && Date.parse(expected) >= latestEnd)
    return `${what === 'parts' ? 'Parts are expected' : 'MES has no window before'} ${expected}, after the plan's end at ${formatInstant(latestEnd)}: amend the plan or cancel.`;
  if (tries > settings.maxRetries)
    return `Asked ${tries} times for ${what === 'parts' ? 'parts' : 'a window'} without success: decide how to go on.`;
  return null;
}
