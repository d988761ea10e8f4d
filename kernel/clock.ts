/** Where time comes from: epoch milliseconds UTC, and waiting. */
export interface Clock {
  /** Epoch milliseconds, UTC. */
  now(): number;
  /** Resolves after `delayMs`, or rejects with the signal's reason when aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/** A clock that moves only when told to. For tests and replays. */
export class SimulatedClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: this.#now + delayMs, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => this.#sleepers.delete(sleeper) && reject(signal.reason), {
        once: true,
      });
    });
  }

  /** Moves time on and wakes, in order of their deadlines, all who slept until then. */
  async advance(byMs: number): Promise<void> {
    const target = this.#now + byMs;
    for (;;) {
      const due = [...this.#sleepers]
        .filter((sleeper) => sleeper.at <= target)
        .sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#sleepers.delete(due);
      this.#now = due.at;
      due.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = target;
  }
}

/** RFC 3339 text in UTC with milliseconds. */
export function formatInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
