import type { Clock } from '#kernel/clock.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { SampleSink } from '#ontology/ports/field-device.ts';
import type { SignalSample } from '#ontology/sample.ts';

/** Hands samples on together, at most once in `periodMs`; after a pause at once, with all that came in the same turn. */
export class SampleBatch {
  readonly #periodMs: number;
  readonly #deps: { clock: Clock; sink: SampleSink; tenant: TenantId };
  #waiting: SignalSample[] = [];
  #armed = false;
  #count = 0;
  #flushedAt = -Infinity;

  constructor(periodMs: number, deps: { clock: Clock; sink: SampleSink; tenant: TenantId }) {
    this.#periodMs = periodMs;
    this.#deps = deps;
  }

  /** Samples handed on or waiting, since the beginning. */
  get count(): number {
    return this.#count;
  }

  add(sample: SignalSample): void {
    this.#waiting.push(sample);
    this.#count += 1;
    if (this.#armed) return;
    this.#armed = true;
    // Never longer than a period: a clock that is set back must not hold the samples back as long.
    const waitMs = Math.min(
      this.#periodMs,
      Math.max(0, this.#flushedAt + this.#periodMs - this.#deps.clock.now()),
    );
    void this.#deps.clock.sleep(waitMs).then(() => this.flush());
  }

  /** Hands on at once what waits. */
  flush(): void {
    this.#armed = false;
    this.#flushedAt = this.#deps.clock.now();
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length) this.#deps.sink(this.#deps.tenant, batch);
  }
}
