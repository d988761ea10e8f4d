import type { AggregateWindow, TimeRange } from '#ontology/ports/time-series-store.ts';
import type { Sample } from '#ontology/sample.ts';
import { valueKinds } from '#ontology/time-series.ts';
import type { DuckDbClient } from './client.ts';
import { sampleSelect, toSample, toWindow, type Cell } from './map.ts';

const inRange = 'series = ? AND time >= ? AND time < ?';
const numberKind = valueKinds.indexOf('number');
const usable = `quality < 2 AND kind = ${numberKind}`;

const rawQuery = `SELECT ${sampleSelect} FROM samples WHERE ${inRange} ORDER BY time, seq DESC LIMIT ?`;

/**
 * The samples of one series, oldest first, up to `wanted`. Repeated times are sorted out here: the first of each is the
 * last written, and letting the database stop after enough rows is much cheaper than a window over all of them.
 */
export async function readRaw(
  client: DuckDbClient,
  series: number,
  range: TimeRange,
  wanted: number,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let from = range.from; samples.length < wanted;) {
    const fetch = wanted - samples.length;
    const rows = await client.query(rawQuery, [series, BigInt(from), BigInt(range.to), fetch]);
    let last = -1;
    for (const row of rows) {
      const time = Number(row[0]);
      if (time !== last) samples.push(toSample(row));
      last = time;
    }
    if (rows.length < fetch) break;
    from = last + 1;
  }
  return samples;
}

// Only a sample marked late can share its time with another one; without any in the range there is nothing to sort out.
const anyLate = `SELECT 1 FROM samples WHERE ${inRange} AND late = 1 LIMIT 1`;
const each = `SELECT time, kind, num, quality FROM samples WHERE ${inRange}`;
const lastWritten = `${each} QUALIFY row_number() OVER (PARTITION BY time ORDER BY seq DESC) = 1`;

const aggregateOver = (
  source: string,
): string => `SELECT time - time % ? AS start, count(*) FILTER (${usable}),
    count(*) FILTER (quality = 2), avg(num) FILTER (${usable}), min(num) FILTER (${usable}), max(num) FILTER (${usable}),
    arg_min(num, time) FILTER (${usable}), arg_max(num, time) FILTER (${usable}), stddev_samp(num) FILTER (${usable})
  FROM (${source}) WHERE quality = 2 OR kind = ${numberKind} GROUP BY start ORDER BY start`;

/** Windows of `windowMs` aligned to the epoch, oldest first, those without any numeric or bad sample left out. */
export async function readWindows(
  client: DuckDbClient,
  series: number,
  range: TimeRange,
  windowMs: number,
): Promise<AggregateWindow[]> {
  const place: Cell[] = [series, BigInt(range.from), BigInt(range.to)];
  const late = await client.query(anyLate, place);
  const rows = await client.query(aggregateOver(late.length ? lastWritten : each), [
    BigInt(windowMs),
    ...place,
  ]);
  return rows.map((row) => toWindow(row, windowMs));
}
