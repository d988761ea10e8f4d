import { useNow } from '../clock.ts';
import { trailMs, type TrailPoint } from '../live-values.ts';

/** From this pause on the line has a gap, ms. */
const gapMs = 5_000;

/**
 * The last minute of a signal as a small line; its number stands beside it.
 * @param minSpan - the least span of its axis, so that noise stays small.
 */
export function Sparkline({ trail, minSpan }: { trail: readonly TrailPoint[]; minSpan: number }) {
  const now = useNow();
  const values = trail.flatMap(({ value }) => (value === null ? [] : [value]));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = Math.max(high - low, minSpan) || 1;
  const middle = (low + high) / 2;
  let path = '';
  let before: TrailPoint | null = null;
  for (const point of trail) {
    if (point.value !== null) {
      const x = 100 - ((now - point.at) / trailMs) * 100;
      const y = 12 - ((point.value - middle) / span) * 20;
      const joined = before !== null && before.value !== null && point.at - before.at < gapMs;
      path += `${joined ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    }
    before = point;
  }
  return (
    <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {values.length > 1 && <path d={path} fill="none" vector-effect="non-scaling-stroke" />}
    </svg>
  );
}
