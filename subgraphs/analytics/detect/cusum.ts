import { winsorize } from './robust.ts';

/** Evidence in one direction. JSON, so that it can be stored. */
export interface Evidence {
  sum: number;
  /** Epoch ms: when the sum last left zero - the estimated time of change; `null` at zero. */
  since: number | null;
  /** Whether the sum passed the limit and has not fallen below the release level since. */
  active: boolean;
}

/** Page's cumulative sum in standard deviations. */
export interface CusumOptions {
  /** Deviation that is tolerated for ever. */
  readonly allowance: number;
  /** Sum at which the evidence becomes active. */
  readonly limit: number;
  /** The most one value counts: one spike alone never passes the limit. */
  readonly most: number;
}

export function noEvidence(): Evidence {
  return { sum: 0, since: null, active: false };
}

/**
 * Adds one deviation; positive speaks for the change. The sum is capped at twice the limit, so that evidence ends in
 * bounded time, and stays active down to a third of the limit.
 * @see E. S. Page: Continuous inspection schemes. Biometrika 41 (1954) 100-115
 */
export function accumulate(
  evidence: Evidence,
  deviation: number,
  weight: number,
  at: number,
  options: CusumOptions,
): void {
  const step = weight * (winsorize(deviation, options.most) - options.allowance);
  evidence.sum = Math.min(2 * options.limit, Math.max(0, evidence.sum + step));
  if (evidence.sum === 0) evidence.since = null;
  else evidence.since ??= at;
  if (evidence.sum >= options.limit) evidence.active = true;
  else if (evidence.sum < options.limit / 3) evidence.active = false;
}
