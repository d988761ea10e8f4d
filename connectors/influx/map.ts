import { Point } from '@influxdata/influxdb-client';
import type { TenantId } from '#ontology/ids.ts';
import {
  qualities,
  timeOf,
  type Quality,
  type Sample,
  type SampleValue,
  type SignalSample,
} from '#ontology/sample.ts';
import { valueKindOf, valueKinds } from '#ontology/time-series.ts';
import type { FluxRow } from './client.ts';

/** The one measurement; tags tenant, twin and signal. */
export const measurement = 'sample';

/**
 * Stand for "none", as a field cannot be cleared. No text is ever empty: Flux 0.19x panics ("arrow/array: index out of
 * range") when `limit` meets a table of texts whose last one is.
 */
const noTime = -1;
const noText = '-';

/** Kinds as `kind` counts them: those of the ontology, and the empty text, which has no field. */
const emptyTextKind = valueKinds.length;

/**
 * One sample as a line.
 *
 * A second write at the same time merges its fields into the point and clears none. So all fields but the value are
 * written each time, with a mark for none, and `kind` says which of the value's fields counts. Quality is a
 * field, not a tag: as a tag it would make a second point beside the first instead of taking its place.
 */
export function toLine(tenant: TenantId, { twinId, signal, sample }: SignalSample): string {
  const { value, unit, quality, status, sourceTime, receivedTime } = sample;
  const kind = valueKindOf(value);
  const point = new Point(measurement)
    .tag('tenant', tenant)
    .tag('twin', twinId)
    .tag('signal', signal)
    .intField('kind', value === '' ? emptyTextKind : valueKinds.indexOf(kind))
    .intField('quality', qualities.indexOf(quality))
    .booleanField('usable', kind === 'number' && quality !== 'BAD')
    .stringField('unit', escapeText(unit || noText))
    .stringField('status', escapeText(status || noText))
    .intField('source', sourceTime ?? noTime)
    .intField('received', receivedTime)
    .timestamp(timeOf(sample));
  return withValue(point, value, quality).toLineProtocol({ convertTime: String }) as string;
}

function withValue(point: Point, value: SampleValue, quality: Quality): Point {
  switch (typeof value) {
    case 'number':
      return point.floatField(numberField(quality), value);
    case 'boolean':
      return point.booleanField('bool', value);
    case 'string':
      return value === '' ? point : point.stringField('text', escapeText(value));
    default:
      return value === null ? point : point.stringField('lines', JSON.stringify(value));
  }
}

/** A bad number stands apart, so that the database can aggregate `num` as it is. */
const numberField = (quality: Quality): string => (quality === 'BAD' ? 'badNum' : 'num');

/** The fields of one point by name. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Rows of single fields (`_time`, `_field`, `_value`) as points, oldest first. Done here, so that the
 * server only streams its columns: a `pivot` would build the whole result in its memory first.
 */
export function toPoints(rows: readonly FluxRow[]): { readonly time: number; readonly fields: Fields }[] {
  const points = new Map<number, Record<string, unknown>>();
  for (const row of rows) {
    const time = toTime(row['_time']);
    const fields = points.get(time) ?? {};
    fields[String(row['_field'])] = row['_value'];
    points.set(time, fields);
  }
  return [...points].map(([time, fields]) => ({ time, fields })).sort((a, b) => a.time - b.time);
}

/** The fields of a point as a Sample. */
export function toSample(row: Fields): Sample {
  const source = Number(row['source']);
  const quality = qualities[Number(row['quality'])] ?? 'BAD';
  return {
    value: toValue(row, quality),
    unit: toText(row['unit']),
    quality,
    status: toText(row['status']),
    sourceTime: source === noTime ? null : source,
    receivedTime: Number(row['received']),
  };
}

const toText = (value: unknown): string | null =>
  value === noText || value === undefined ? null : unescapeText(String(value));

/** The server answers in CSV with its own line ends, so a line end within a text would come back as another one. */
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const plain: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };
const escapeText = (text: string): string => text.replace(/[\\\n\r]/g, (found) => escapes[found] ?? found);
const unescapeText = (text: string): string => text.replace(/\\[\\nr]/g, (found) => plain[found] ?? found);

function toValue(row: Fields, quality: Quality): SampleValue {
  if (Number(row['kind']) === emptyTextKind) return '';
  switch (valueKinds[Number(row['kind'])]) {
    case 'number':
      return Number(row[numberField(quality)]);
    case 'boolean':
      return row['bool'] === true;
    case 'string':
      return unescapeText(String(row['text']));
    case 'number[]':
      return JSON.parse(String(row['lines'])) as number[];
    default:
      return null;
  }
}

/** Epoch ms of a Flux time column. */
export function toTime(value: unknown): number {
  return Date.parse(String(value));
}
