import type { StreamEvent } from './stream-event.ts';

export interface RetentionLimits {
  /** Events kept of one stream. */
  readonly events: number;
  /** Bytes of payload kept of one stream. */
  readonly bytes: number;
}

/** What a reader has missed and what of it is still there. */
export interface Replay {
  readonly events: readonly StreamEvent[];
  /** First and last sequence that are gone, or `null`. */
  readonly gone: { readonly from: number; readonly to: number } | null;
}

/** The newest events of one stream, for readers that come back. */
export class Retention {
  readonly #limits: RetentionLimits;
  /** Oldest first; the first `#gone` places are empty and are given back now and then. */
  #events: StreamEvent[] = [];
  #first = 0;
  #bytes = 0;

  constructor(limits: RetentionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#events.length - this.#first;
  }

  add(event: StreamEvent): void {
    this.#events.push(event);
    this.#bytes += event.payload.length;
    while (this.size > this.#limits.events || (this.#bytes > this.#limits.bytes && this.size))
      this.#dropOldest();
  }

  /** What follows `sequence` up to `newest`. */
  after(sequence: number, newest: number): Replay {
    const kept = this.#events.slice(this.#first);
    const oldest = kept[0]?.sequence ?? newest + 1;
    const from = sequence + 1;
    return {
      events: kept.filter((event) => event.sequence > sequence),
      gone: from < oldest ? { from, to: oldest - 1 } : null,
    };
  }

  #dropOldest(): void {
    this.#bytes -= this.#events[this.#first]?.payload.length ?? 0;
    this.#first += 1;
    if (this.#first < 64 || this.#first * 2 < this.#events.length) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
