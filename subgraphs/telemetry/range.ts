import { HubError } from '#kernel/errors.ts';
import type { TimeRange } from '#ontology/ports/time-series-store.ts';

/** TimeRangeInput with scalars parsed: epoch ms and ms. */
export interface TimeRangeInput {
  readonly from?: number | null;
  readonly to?: number | null;
  readonly last?: number | null;
}

/** Most samples in one answer and windows in one history. */
export const readLimits = { samples: 10_000, windows: 10_000 } as const;

/**
 * The stretch of time that an input means.
 * @throws {HubError} INVALID_INPUT - neither `last` alone nor `from` and `to`, or `to` is not after `from`.
 */
export function toTimeRange(input: TimeRangeInput, now: number): TimeRange {
  const { from, to, last } = input;
  if (last != null) {
    if (from != null || to != null)
      throw invalid('range has last and from or to; give either last alone, or from and to.');
    // One ms more than now, so that a sample of this very moment is in it.
    return { from: now + 1 - last, to: now + 1 };
  }
  if (from == null || to == null) throw invalid('range needs last, or both from and to.');
  if (to <= from)
    throw invalid(
      `range.to (${new Date(to).toISOString()}) is not after range.from (${new Date(from).toISOString()}).`,
    );
  return { from, to };
}

/** @throws {HubError} LIMIT_EXCEEDED - not within 1 and 10,000. */
export function assertSampleLimit(limit: number): void {
  if (limit >= 1 && limit <= readLimits.samples) return;
  throw new HubError('LIMIT_EXCEEDED', `limit is ${limit}; allowed is 1 to ${readLimits.samples}.`, {
    details: { path: ['limit'], limit: readLimits.samples },
  });
}

/** @throws {HubError} LIMIT_EXCEEDED - the range has more than 10,000 windows of this length. */
export function assertWindow(range: TimeRange, windowMs: number): void {
  const windows = Math.ceil((range.to - range.from) / windowMs);
  if (windowMs >= 1 && windows <= readLimits.windows) return;
  const shortest = Math.ceil((range.to - range.from) / readLimits.windows / 1000);
  throw new HubError(
    'LIMIT_EXCEEDED',
    `The range has ${windows} windows; allowed are ${readLimits.windows}. Take a window of PT${shortest}S or longer, or a shorter range.`,
    {
      details: { path: ['window'], limit: readLimits.windows },
    },
  );
}

function invalid(message: string): HubError {
  return new HubError('INVALID_INPUT', message, { details: { path: ['range'] } });
}
