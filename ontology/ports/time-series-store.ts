import type { Closable } from '#kernel/lifecycle.ts';
import type { TenantId, TwinId } from '../ids.ts';
import type { Sample, SignalSample } from '../sample.ts';

/** Which signal. */
export interface SignalRef {
  readonly twinId: TwinId;
  readonly signal: string;
}

/** A stretch of time [from, to), epoch ms UTC. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** One window of an aggregation: [start, start + windowMs). Numbers are over GOOD and UNCERTAIN numeric samples. */
export interface AggregateWindow {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** Samples in the window of quality BAD, not part of the numbers. */
  readonly badCount: number;
  /** `null` when count is 0. */
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** First and last value by time, `null` when count is 0. */
  readonly first: number | null;
  readonly last: number | null;
  /** Sample standard deviation (n-1), `null` when count is below 2. */
  readonly stddev: number | null;
}

/** Samples over time, per tenant. Two samples of one signal at the same time: the later write wins. */
export interface TimeSeriesStore extends Closable {
  /**
   * Resolves once the samples survive a crash. Ordered by `timeOf` on reading, whatever the order of writing.
   * @throws {HubError} STORE_UNAVAILABLE - nothing of the batch may be taken as written.
   */
  write(tenant: TenantId, samples: readonly SignalSample[]): Promise<void>;
  /** The newest sample (by `timeOf`) of each signal, in the order asked, `null` where there is none. */
  latest(tenant: TenantId, signals: readonly SignalRef[]): Promise<readonly (Sample | null)[]>;
  /** Oldest first, at most `limit` (1 to 10,000); `truncated` tells that there are more. */
  raw(
    tenant: TenantId,
    signal: SignalRef,
    range: TimeRange,
    limit: number,
  ): Promise<{ samples: readonly Sample[]; truncated: boolean }>;
  /**
   * Numeric samples over windows aligned to the epoch, oldest first, empty windows left out.
   * @param windowMs - at least 1; range / windowMs at most 10,000.
   */
  aggregate(
    tenant: TenantId,
    signal: SignalRef,
    range: TimeRange,
    windowMs: number,
  ): Promise<readonly AggregateWindow[]>;
}
