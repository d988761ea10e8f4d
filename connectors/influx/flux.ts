import {
  flux,
  fluxDateTime,
  fluxDuration,
  fluxExpression,
  type ParameterizedQuery,
} from '@influxdata/influxdb-client';
import type { TenantId } from '#ontology/ids.ts';
import type { SignalRef, TimeRange } from '#ontology/ports/time-series-store.ts';
import { latestTime } from '#ontology/time-series.ts';
import { measurement } from './map.ts';

/** Which points: everything in it becomes a Flux literal, so no text of a caller is read as Flux. */
export interface Place {
  readonly bucket: string;
  readonly tenant: TenantId;
  readonly signal: SignalRef;
  readonly range: TimeRange;
}

const instant = (epochMs: number) => fluxDateTime(new Date(epochMs).toISOString());

function from({ bucket, tenant, signal, range }: Place): ParameterizedQuery {
  return flux`from(bucket: ${bucket})
  |> range(start: ${instant(range.from)}, stop: ${instant(range.to)})
  |> filter(fn: (r) => r._measurement == ${measurement} and r.tenant == ${tenant} and r.twin == ${signal.twinId} and r.signal == ${signal.signal})`;
}

/** Single fields; `toPoints` puts them together. */
const fields = fluxExpression('keep(columns: ["_time", "_field", "_value"])');

/**
 * The first `wanted` values of each field. `kind` is in every point, so its values stand at the times wanted, and any
 * other field has no more values up to there (but may have later ones, of points without a `kind` here).
 */
export function rawQuery(place: Place, wanted: number): ParameterizedQuery {
  return flux`${from(place)}
  |> limit(n: ${wanted})
  |> ${fields}`;
}

/**
 * The newest value of each field of each signal. Those of the newest sample are at the time of `kind`, which is in every
 * point; others are older.
 */
export function latestQuery(
  bucket: string,
  tenant: TenantId,
  signals: readonly SignalRef[],
): ParameterizedQuery {
  const one = ({ twinId, signal }: SignalRef) => flux`(r.twin == ${twinId} and r.signal == ${signal})`;
  const any = fluxExpression(signals.map((ref) => one(ref).toString()).join(' or '));
  return flux`from(bucket: ${bucket})
  |> range(start: ${instant(0)}, stop: ${instant(latestTime)})
  |> filter(fn: (r) => r._measurement == ${measurement} and r.tenant == ${tenant} and (${any}))
  |> last()
  |> keep(columns: ["_time", "_field", "_value", "twin", "signal"])`;
}

/** Flux functions over `num`, each the name of its yield. */
const statistics = ['count', 'mean', 'min', 'max', 'first', 'last', 'stddev'];

/**
 * Windows as the database computes them from the `num` field alone, which holds usable numbers only; beside them how
 * many points are usable (`usable`) and how many bad (`badCount`). A window with more numbers than usable points holds
 * one that a later write has replaced, see `numbersQuery`. Each reads `from` for itself: only then the storage engine
 * aggregates (a variable that several streams share is read whole, measured 4 times slower). `stddev` is of a sample
 * (n-1) by default.
 */
export function windowsQuery(place: Place, windowMs: number): ParameterizedQuery {
  const every = fluxDuration(`${windowMs}ms`);
  const windowed = (name: string, filter: string, fn: string) => flux`${from(place)}
  |> filter(fn: (r) => ${fluxExpression(filter)})
  |> aggregateWindow(every: ${every}, fn: ${fluxExpression(fn)}, createEmpty: false, timeSrc: "_start")
  |> yield(name: ${name})`;
  const parts = [
    ...statistics.map((name) => windowed(name, 'r._field == "num"', name)),
    windowed('usable', 'r._field == "usable" and r._value == true', 'count'),
    windowed('badCount', 'r._field == "quality" and r._value == 2', 'count'),
  ];
  return fluxExpression(parts.join('\n'));
}

/** The numbers of a range with the mark that tells which of them still count. */
export function numbersQuery(place: Place): ParameterizedQuery {
  return flux`${from(place)}
  |> filter(fn: (r) => r._field == "num" or r._field == "usable")
  |> ${fields}`;
}
