import type { Clock } from '#kernel/clock.ts';
import { BoundedCache } from '../engine/bounded-cache.ts';

/** How much may be taken in a span of time. */
export interface RateLimit {
  /** Units; 0 stands for no limit. */
  readonly amount: number;
  readonly windowMs: number;
}

/** Keys whose buckets are kept; those used longest ago are forgotten, which fills them again. */
const maxKeys = 50_000;

/** What a bucket says to a request. */
export interface Taken {
  readonly ok: boolean;
  /** Units left; what is left now when it was refused. */
  readonly remaining: number;
  /** Until enough is there, 0 when it was granted; milliseconds. */
  readonly retryAfterMs: number;
}

/** Token buckets: each key may spend `amount` at once and gets it back evenly over the window. */
export class TokenBuckets {
  readonly limit: RateLimit;
  readonly #clock: Clock;
  readonly #buckets = new BoundedCache<string, { left: number; at: number }>(maxKeys);

  constructor(clock: Clock, limit: RateLimit) {
    this.#clock = clock;
    this.limit = limit;
  }

  /** Takes `units` of a key's bucket if they are there. More than a whole bucket is never there. */
  take(key: string, units: number): Taken {
    const { amount, windowMs } = this.limit;
    const bucket = this.#filled(key);
    // What costs nothing runs also for those who owe.
    if (units > 0 && bucket.left < units) {
      const missing = Math.min(units, amount) - bucket.left;
      return {
        ok: false,
        remaining: Math.max(0, Math.floor(bucket.left)),
        retryAfterMs: Math.max(1, Math.ceil((missing / amount) * windowMs)),
      };
    }
    bucket.left -= units;
    return { ok: true, remaining: Math.floor(bucket.left), retryAfterMs: 0 };
  }

  /**
   * Takes units (or gives them back, below 0) of what is done already, whether they are there or not. What is owed is at
   * most one whole bucket, so that nobody waits longer than two windows.
   * @returns units left, not below 0.
   */
  settle(key: string, units: number): number {
    const { amount } = this.limit;
    const bucket = this.#filled(key);
    bucket.left = Math.min(amount, Math.max(-amount, bucket.left - units));
    return Math.max(0, Math.floor(bucket.left));
  }

  #filled(key: string): { left: number; at: number } {
    const { amount, windowMs } = this.limit;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { left: amount, at: now };
    // A clock that is set back gives nothing and takes nothing.
    const passed = Math.max(0, now - bucket.at);
    bucket.left = Math.min(amount, bucket.left + (passed / windowMs) * amount);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
