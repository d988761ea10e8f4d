import type { AggregateWindow } from '#ontology/ports/time-series-store.ts';
import { qualities, timeOf, type Sample, type SampleValue } from '#ontology/sample.ts';
import { valueKindOf, valueKinds, type ValueKind } from '#ontology/time-series.ts';

/** A cell of the driver: BIGINT as bigint, DOUBLE[] as numbers. */
export type Cell = number | bigint | string | null | readonly number[];

/** The columns of `samples` in the order of the table, as the appender takes them. */
export const sampleColumns = [
  'series',
  'time',
  'seq',
  'late',
  'kind',
  'num',
  'text',
  'lines',
  'unit',
  'quality',
  'status',
  'source_time',
  'received_time',
] as const;

/** The columns that `toSample` reads, in its order. */
export const sampleSelect = 'time, kind, num, text, lines, unit, quality, status, source_time, received_time';

/** What the store knows of a sample beside itself. */
export interface Place {
  readonly series: number;
  /** Grows with each write: of two samples at one time the greater wins. */
  readonly seq: number;
  /** Not newer than all before it in its series: only such a sample can share its time with another. */
  readonly late: boolean;
}

/** One row for the appender. Booleans are kept as 0 and 1 in `num`. */
export function toRow(sample: Sample, { series, seq, late }: Place): Cell[] {
  const { value, unit, quality, status, sourceTime, receivedTime } = sample;
  const kind = valueKindOf(value);
  return [
    series,
    BigInt(timeOf(sample)),
    BigInt(seq),
    late ? 1 : 0,
    valueKinds.indexOf(kind),
    kind === 'number' || kind === 'boolean' ? Number(value) : null,
    kind === 'string' ? (value as string) : null,
    kind === 'number[]' ? (value as readonly number[]) : null,
    unit,
    qualities.indexOf(quality),
    status,
    sourceTime === null ? null : BigInt(sourceTime),
    BigInt(receivedTime),
  ];
}

/** A row of `sampleSelect` as a Sample. */
export function toSample(row: readonly Cell[]): Sample {
  const [, kind, num, text, lines, unit, quality, status, sourceTime, receivedTime] = row;
  return {
    value: toValue(
      valueKinds[Number(kind)] ?? 'null',
      num as number,
      text as string,
      lines as readonly number[],
    ),
    unit: unit as string | null,
    quality: qualities[Number(quality)] ?? 'BAD',
    status: status as string | null,
    sourceTime: sourceTime === null ? null : Number(sourceTime),
    receivedTime: Number(receivedTime),
  };
}

function toValue(kind: ValueKind, num: number, text: string, lines: readonly number[]): SampleValue {
  switch (kind) {
    case 'null':
      return null;
    case 'number':
      return num;
    case 'boolean':
      return num === 1;
    case 'string':
      return text;
    case 'number[]':
      return lines;
  }
}

/** A row of the aggregation: start, count, badCount, mean, min, max, first, last, stddev. */
export function toWindow(row: readonly Cell[], windowMs: number): AggregateWindow {
  const [start, count, badCount, mean, min, max, first, last, stddev] = row.map((cell) =>
    cell === null ? null : Number(cell),
  );
  return {
    start: start ?? 0,
    end: (start ?? 0) + windowMs,
    count: count ?? 0,
    badCount: badCount ?? 0,
    mean: mean ?? null,
    min: min ?? null,
    max: max ?? null,
    first: first ?? null,
    last: last ?? null,
    stddev: stddev ?? null,
  };
}
