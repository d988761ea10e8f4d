import type { Clock } from '#kernel/clock.ts';
import { messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { DueTimer, WorkflowStore } from '#ontology/ports/workflow-store.ts';
import type { WorkflowRuntime } from './runtime.ts';

/** What the timer loop needs. */
export interface TimerLoopDeps {
  readonly store: WorkflowStore;
  readonly runtime: WorkflowRuntime;
  readonly clock: Clock;
  readonly log: Logger;
}

const longestSleepMs = 30_000;
const pauseAfterFaultMs = 5_000;
const batch = 50;

/**
 * Lets timers fall due: rows in the store, so those that fell due while the hub was down fire at the start. Held ones
 * are let go first. One that cannot be handled is tried again after 5 s and does not keep back the others.
 */
export function startTimerLoop(deps: TimerLoopDeps): Closable {
  const { runtime } = deps;
  const closing = new AbortController();
  let wake = new AbortController();
  const stopListening = runtime.changes.listen(() => wake.abort());
  const backoff = new Map<string, number>();

  const fire = async (timer: DueTimer) => {
    const id = `${timer.tenant}/${timer.workflowId}/${timer.token}`;
    if ((backoff.get(id) ?? 0) > deps.clock.now()) return;
    try {
      await runtime.fireTimer(timer);
      backoff.delete(id);
    } catch (error) {
      backoff.set(id, deps.clock.now() + pauseAfterFaultMs);
      deps.log.error('A timer could not be handled; it is tried again', {
        workflowId: timer.workflowId,
        timer: timer.name,
        error,
      });
    }
  };

  /** @returns how long to sleep, ms. */
  const round = async (): Promise<number> => {
    const due = await deps.store.dueTimers(deps.clock.now(), batch + backoff.size);
    for (const timer of due) if (!closing.signal.aborted) await fire(timer);
    const next = await deps.store.nextTimerAt();
    const untilNext = next === null ? longestSleepMs : next - deps.clock.now();
    return Math.min(longestSleepMs, untilNext > 0 ? untilNext : backoff.size ? pauseAfterFaultMs : 0);
  };

  const run = async () => {
    const released = await deps.store.releaseTimers().catch(() => 0);
    if (released) deps.log.info('Timers that were held may fall due again', { released });
    while (!closing.signal.aborted) {
      wake = new AbortController();
      const sleepMs = await round().catch((error: unknown) => {
        deps.log.error('Timers could not be read; tried again', { reason: messageOf(error) });
        return pauseAfterFaultMs;
      });
      await deps.clock.sleep(sleepMs, AbortSignal.any([closing.signal, wake.signal])).catch(() => {});
    }
  };
  const running = run();
  return {
    async close() {
      stopListening();
      closing.abort();
      await running;
    },
  };
}
