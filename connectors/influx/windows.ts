import type { AggregateWindow } from '#ontology/ports/time-series-store.ts';
import type { FluxRow } from './client.ts';
import { toPoints, toTime } from './map.ts';

/** The values of one window by the name of their yield. */
export type WindowValues = Map<string, number>;

/**
 * Rows of an aggregation by the start of their window, epoch ms, oldest first. The first window of a range begins there
 * for Flux; here it begins where the epoch's grid says.
 */
export function groupWindows(rows: readonly FluxRow[], windowMs: number): Map<number, WindowValues> {
  const windows = new Map<number, WindowValues>();
  for (const row of rows) {
    const time = toTime(row['_time']);
    const start = time - (time % windowMs);
    const values = windows.get(start) ?? new Map<string, number>();
    windows.set(start, values);
    if (typeof row['_value'] === 'number') values.set(String(row['result']), row['_value']);
  }
  return new Map([...windows].sort(([a], [b]) => a - b));
}

/** Whether the window's numbers include one that a later write has replaced by something else. */
export function isStale(values: WindowValues): boolean {
  return (values.get('count') ?? 0) > (values.get('usable') ?? 0);
}

/** Puts the right numbers into a stale window; `rows` are the fields `num` and `usable` of its points. */
export function correct(values: WindowValues, rows: readonly FluxRow[]): void {
  const numbers = toPoints(rows).flatMap(({ fields }) =>
    fields['usable'] === true ? [Number(fields['num'])] : [],
  );
  const count = numbers.length;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / count;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  values
    .set('count', count)
    .set('mean', mean)
    .set('stddev', Math.sqrt(squares / (count - 1)));
  values.set(
    'min',
    numbers.reduce((low, value) => Math.min(low, value), Infinity),
  );
  values.set(
    'max',
    numbers.reduce((high, value) => Math.max(high, value), -Infinity),
  );
  values.set('first', numbers[0] ?? NaN).set('last', numbers.at(-1) ?? NaN);
}

/** The window of the port, or `null` when it holds neither a usable number nor a bad sample. */
export function toWindow(start: number, windowMs: number, values: WindowValues): AggregateWindow | null {
  const count = values.get('count') ?? 0;
  const badCount = values.get('badCount') ?? 0;
  if (count === 0 && badCount === 0) return null;
  const number = (name: string): number | null => (count === 0 ? null : (values.get(name) ?? null));
  return {
    start,
    end: start + windowMs,
    count,
    badCount,
    mean: number('mean'),
    min: number('min'),
    max: number('max'),
    first: number('first'),
    last: number('last'),
    stddev: count < 2 ? null : number('stddev'),
  };
}
