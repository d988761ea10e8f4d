import { areConvertible, convert } from '../../units.ts';
import { valueOf } from '../values.ts';
import { childrenOf, textOf, type Placed, type ReadScope } from './elements.ts';
import type { SeriesVariable } from './time-series.ts';

/** A time variable of the records. */
export interface TimeVariable {
  readonly name: string;
  /** `time.utc`, `time.tai`, `time.relativePoint` or `time.relativeDuration`. */
  readonly term: string;
  readonly unit: string | null;
}

/** Values of one moment. */
export interface SeriesRecord {
  /** Epoch ms UTC. */
  readonly time: number;
  readonly values: Readonly<Record<string, number | boolean | string>>;
}

/** TAI is ahead of UTC since 2017; earlier leap seconds do not matter for what plants send today. */
const taiAheadMs = 37_000;

/** The records of an internal segment, in order; those whose time or values cannot be read are reported once. */
export function readRecords(
  records: readonly Placed[],
  times: readonly TimeVariable[],
  variables: readonly SeriesVariable[],
  startTime: string | null,
  scope: ReadScope,
): SeriesRecord[] {
  const start = startTime === null ? Number.NaN : Date.parse(startTime);
  const found: SeriesRecord[] = [];
  let previous = start;
  let without = 0;
  for (const record of records) {
    const inside = childrenOf(record);
    const time = timeOf(inside, times, start, previous);
    const values = valuesOf(inside, variables);
    if (time === null || !Object.keys(values).length) without += 1;
    else found.push({ time: Math.round(time), values });
    if (time !== null) previous = time;
  }
  if (without)
    scope.report(
      'hub:recordsNotRead',
      records[0]?.pointer ?? '',
      `${without} of ${records.length} records have no time or no value that can be read; they are kept in the source.`,
    );
  return found;
}

function timeOf(
  inside: readonly Placed[],
  times: readonly TimeVariable[],
  start: number,
  previous: number,
): number | null {
  for (const placed of inside) {
    const variable = times.find(({ name }) => name === placed.element.idShort) ?? ownTime(placed);
    const text = variable && textOf(placed);
    if (!variable || !text) continue;
    const time = momentOf(text, variable, start, previous);
    if (Number.isFinite(time)) return time;
  }
  return null;
}

function ownTime({ element, term }: Placed): TimeVariable | null {
  return term?.term.startsWith('time.') ? { name: element.idShort ?? '', term: term.term, unit: null } : null;
}

function momentOf(text: string, { term, unit }: TimeVariable, start: number, previous: number): number {
  switch (term) {
    case 'time.utc':
      return Date.parse(zoned(text));
    case 'time.tai':
      return Date.parse(zoned(text)) - taiAheadMs;
    case 'time.relativePoint':
      return start + spanMs(text, unit);
    case 'time.relativeDuration':
      return previous + spanMs(text, unit);
    default:
      return Number.NaN;
  }
}

/** UtcTime is UTC also where it names no zone. */
function zoned(text: string): string {
  return /([Zz]|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
}

/** A span as number (in its unit, else seconds) or as ISO 8601 duration of days and less. */
function spanMs(text: string, unit: string | null): number {
  const [, days, hours, minutes, seconds] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text) ?? [];
  if (text.startsWith('P'))
    return (
      ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000 +
      Number(seconds ?? 0) * 1000
    );
  const value = Number(text);
  return unit && areConvertible(unit, 'ms') ? convert(value, unit, 'ms') : value * 1000;
}

function valuesOf(
  inside: readonly Placed[],
  variables: readonly SeriesVariable[],
): Record<string, number | boolean | string> {
  return Object.fromEntries(
    inside.flatMap((placed) => {
      const variable = variables.find(({ name }) => name === placed.element.idShort);
      const text = variable && textOf(placed);
      const value = variable && text ? valueOf(text, variable.valueType) : null;
      return variable && isScalar(value) ? [[variable.name, value] as const] : [];
    }),
  );
}

function isScalar(value: unknown): value is number | boolean | string {
  return ['number', 'boolean', 'string'].includes(typeof value);
}
