/** Middle value; the mean of the two middle ones for an even count; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Standard deviation estimated from the median absolute deviation (factor 1.4826 for normal data): outliers hardly count. */
export function robustDeviation(values: readonly number[], centre = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** `value`, not beyond `limit` on either side. */
export function winsorize(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
