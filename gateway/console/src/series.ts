/** A window of time with the numbers of its samples. Times in epoch ms. */
interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
  bad: number;
}

/** A window as the hub's history has it. */
export interface HistoryWindow {
  readonly start: string;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly count: number;
  readonly badCount: number;
}

/** Columns for a plot: epoch seconds, and null where the line has a gap. */
export interface Columns {
  readonly x: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/** Length of windows and of what is kept, and from which pause on the line has a gap; ms. */
export interface SeriesSize {
  readonly windowMs: number;
  readonly lastMs: number;
  readonly gapMs: number;
}

/** A signal over time in windows of one length: the stored past and the live samples, bounded. */
export class Series {
  readonly #size: SeriesSize;
  readonly #buckets = new Map<number, Bucket>();

  constructor(size: SeriesSize) {
    this.#size = size;
  }

  /** Takes the stored past in; where live samples know more of a window they stay. */
  load(windows: readonly HistoryWindow[]): void {
    for (const { start, mean, min, max, count, badCount } of windows) {
      const at = this.#startOf(Date.parse(start));
      if ((this.#buckets.get(at)?.count ?? -1) > count) continue;
      this.#buckets.set(at, {
        count: mean === null ? 0 : count,
        sum: (mean ?? 0) * count,
        min: min ?? Number.POSITIVE_INFINITY,
        max: max ?? Number.NEGATIVE_INFINITY,
        bad: badCount,
      });
    }
  }

  /** @param value - null for a sample that cannot be trusted. */
  add(at: number, value: number | null): void {
    const start = this.#startOf(at);
    const bucket = this.#buckets.get(start) ?? emptyBucket();
    this.#buckets.set(start, bucket);
    if (value === null) {
      bucket.bad += 1;
      return;
    }
    bucket.count += 1;
    bucket.sum += value;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
  }

  /** What lies in the stretch that ends at `now`; forgets what is older. */
  columns(now: number): Columns {
    const { windowMs, lastMs, gapMs } = this.#size;
    const x: number[] = [];
    const mean: (number | null)[] = [];
    const min: (number | null)[] = [];
    const max: (number | null)[] = [];
    const push = (at: number, bucket: Bucket | null) => {
      const known = bucket !== null && bucket.count > 0;
      x.push(at / 1000);
      mean.push(known ? bucket.sum / bucket.count : null);
      min.push(known ? bucket.min : null);
      max.push(known ? bucket.max : null);
    };
    let before = Number.NaN;
    for (const start of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      if (start < now - lastMs - windowMs) {
        this.#buckets.delete(start);
        continue;
      }
      if (start - before > gapMs) push(before + windowMs, null);
      push(Math.max(start, Math.min(start + windowMs / 2, now)), this.#buckets.get(start) ?? null);
      before = start;
    }
    return { x, mean, min, max };
  }

  #startOf(at: number): number {
    return Math.floor(at / this.#size.windowMs) * this.#size.windowMs;
  }
}

function emptyBucket(): Bucket {
  return { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, bad: 0 };
}

/**
 * A value axis that stays where it is as long as the data fit and fill a third of it, so that a chart does not twitch
 * with every sample. `minSpan` keeps noise from looking like an event.
 */
export function calmRange(
  before: readonly [number, number] | null,
  low: number,
  high: number,
  minSpan: number,
): [number, number] {
  const span = Math.max(high - low, minSpan, 1e-9);
  if (before) {
    const [from, to] = before;
    const fits = low >= from && high <= to;
    if (fits && to - from <= span * 3) return [from, to];
  }
  const middle = (low + high) / 2;
  return [middle - span * 0.65, middle + span * 0.65];
}

/** The least span of a signal's axis: a fiftieth of its plausible range, or of its size where none is known. */
export function leastSpan(
  range: { readonly low: number; readonly high: number } | null | undefined,
  value: number | null | undefined,
): number {
  if (range && range.high > range.low) return (range.high - range.low) / 50;
  return Math.abs(value ?? 0) / 50;
}
