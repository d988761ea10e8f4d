import type { StreamEvent } from './stream-event.ts';

export interface RetentionLimits {
  /** Events kept of one stream. */
  readonly events: number;
  /** Bytes of payload kept of one stream. */
  readonly bytes: number;
}

/** Bytes that the streams of one tenant keep together. */
export interface RetentionBudget {
  used: number;
  readonly max: number;
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
  readonly #budget: RetentionBudget;
  #closed = false;
  /** Oldest first; the first `#gone` places are empty and are given back now and then. */
  #events: StreamEvent[] = [];
  #first = 0;
  #bytes = 0;

  /** @param budget - shared with the other streams of the tenant; one that has no room left keeps less of this one. */
  constructor(limits: RetentionLimits, budget: RetentionBudget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  get size(): number {
    return this.#events.length - this.#first;
  }

  add(event: StreamEvent): void {
    if (this.#closed) return;
    this.#events.push(event);
    this.#bytes += event.payload.length;
    this.#budget.used += event.payload.length;
    while (this.size && this.#isTooMuch()) this.#dropOldest();
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

  /** The stream has ended: gives its share of the budget back and keeps nothing more. */
  close(): void {
    this.#budget.used -= this.#bytes;
    this.#bytes = 0;
    this.#events = [];
    this.#first = 0;
    this.#closed = true;
  }

  #isTooMuch(): boolean {
    const { events, bytes } = this.#limits;
    return this.size > events || this.#bytes > bytes || this.#budget.used > this.#budget.max;
  }

  #dropOldest(): void {
    const bytes = this.#events[this.#first]?.payload.length ?? 0;
    this.#bytes -= bytes;
    this.#budget.used -= bytes;
    this.#first += 1;
    if (this.#first < 64 || this.#first * 2 < this.#events.length) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
