import type { MaintenanceContext, SystemState } from './context.ts';

/** States that do not last for ever by themselves. */
export type TimedState =
  SystemState | 'AWAITING_APPROVAL' | 'WAITING_FOR_PARTS' | 'WAITING_FOR_WINDOW' | 'WITHDRAWING';

/** The timer armed on entering a state. Its token is the step that armed it, so one of an earlier entry is known as stale. */
export function timerOf(
  state: TimedState,
  context: MaintenanceContext,
): NonNullable<MaintenanceContext['timer']> {
  const { now, step: token, settings, plan, partsExpectedAt, workOrder } = context;
  switch (state) {
    case 'AWAITING_APPROVAL':
      return {
        name: 'approvalExpiry',
        dueAt: Math.min(now + settings.approvalExpiryMs, until(plan?.latestEnd, now)),
        token,
      };
    case 'WAITING_FOR_PARTS':
      return {
        name: 'retry',
        dueAt: Math.max(
          now + 1_000,
          partsExpectedAt === null ? now + settings.retryMs : Date.parse(partsExpectedAt),
        ),
        token,
      };
    case 'WAITING_FOR_WINDOW':
      return { name: 'retry', dueAt: now + settings.retryMs, token };
    case 'EXECUTING':
      return {
        name: 'stepDeadline',
        dueAt: until(workOrder.scheduledEnd, now) + settings.executionGraceMs,
        token,
      };
    case 'VERIFYING':
      return { name: 'stepDeadline', dueAt: now + settings.verifyTimeoutMs, token };
    default:
      return { name: 'stepDeadline', dueAt: now + settings.stepTimeoutMs, token };
  }
}

function until(instant: string | null | undefined, atLeast: number): number {
  return Math.max(atLeast, instant ? Date.parse(instant) : Number.MAX_SAFE_INTEGER);
}
