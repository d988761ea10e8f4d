import type { Clock } from '#kernel/clock.ts';

/** The longest time a Node timer holds, milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls `then` at `atMs` (epoch ms), unless the signal is aborted first. */
export function callAt(clock: Clock, atMs: number, signal: AbortSignal, then: () => void): void {
  const wait = async () => {
    for (let left = atMs - clock.now(); left > 0; left = atMs - clock.now()) {
      await clock.sleep(Math.min(left, longestTimerMs), signal);
    }
    if (!signal.aborted) then();
  };
  wait().catch(() => {});
}

/** Calls everybody who is registered once in `intervalMs`. Its timer runs only while somebody is. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #beats = new Set<() => void>();
  #stop: AbortController | undefined;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** @returns a function that takes it out again. */
  add(beat: () => void): () => void {
    this.#beats.add(beat);
    if (!this.#stop) void this.#run((this.#stop = new AbortController()).signal);
    return () => this.#remove(beat);
  }

  #remove(beat: () => void): void {
    this.#beats.delete(beat);
    if (this.#beats.size) return;
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #run(stopped: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#clock.sleep(this.#intervalMs, stopped);
        for (const beat of [...this.#beats]) beat();
      }
    } catch {
      // Nobody is registered any more.
    }
  }
}
