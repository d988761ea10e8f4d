import type { Prng } from '../prng.ts';

/**
 * First-order lag towards `target`, exact for any step, so that an accelerated plant stays stable.
 * @param tauHours - time constant; after one the distance left is 37 %.
 */
export function approach(value: number, target: number, tauHours: number, dtHours: number): number {
  return target + (value - target) * Math.exp(-dtHours / tauHours);
}

/** Ornstein-Uhlenbeck process: wanders around 0 with standard deviation `sigma`, forgetting with `tauHours`. Exact for any step. */
export function wander(value: number, sigma: number, tauHours: number, dtHours: number, prng: Prng): number {
  const keep = Math.exp(-dtHours / tauHours);
  return value * keep + sigma * Math.sqrt(1 - keep * keep) * prng.gaussian();
}

/** `value`, not below `low` and not above `high`. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
