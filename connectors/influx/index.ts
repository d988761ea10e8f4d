import { HubError } from '#kernel/errors.ts';
import { GroupCommit } from '#kernel/group-commit.ts';
import type { TenantId } from '#ontology/ids.ts';
import type {
  AggregateWindow,
  SignalRef,
  TimeRange,
  TimeSeriesStore,
} from '#ontology/ports/time-series-store.ts';
import type { Sample, SignalSample } from '#ontology/sample.ts';
import { checkLimit, checkRange, checkSamples, checkWindow } from '#ontology/time-series.ts';
import { InfluxClient } from './client.ts';
import type { InfluxConfig } from './config.ts';
import { latestQuery, numbersQuery, rawQuery, windowsQuery } from './flux.ts';
import { toLine, toPoints, toSample } from './map.ts';
import { correct, groupWindows, isStale, toWindow } from './windows.ts';

export { readInfluxConfig, type InfluxConfig } from './config.ts';

/** Lines of one request: what the server's documentation calls optimal for its batches. */
const requestLines = 5_000;
/** Samples that may wait while a request is under way; who writes faster is told. */
const queueSamples = 1_000_000;
/** Signals of one query for newest samples: a longer filter costs more to plan than a second request. */
const latestSignals = 100;

/**
 * Connects to the telemetry database and reads once from the bucket, so that a wrong address, token or bucket shows now.
 *
 * @throws {HubError} STORE_UNAVAILABLE - naming which of them.
 */
export async function createInfluxTimeSeriesStore(config: InfluxConfig): Promise<TimeSeriesStore> {
  const client = new InfluxClient(config);
  await client.probe();
  return new InfluxTimeSeriesStore(client);
}

class InfluxTimeSeriesStore implements TimeSeriesStore {
  readonly #client: InfluxClient;
  // One request at a time: two under way could change places, and the earlier write would win.
  readonly #writes: GroupCommit<readonly string[]>;

  constructor(client: InfluxClient) {
    this.#client = client;
    this.#writes = new GroupCommit({
      sizeOf: (lines) => lines.length,
      groupSize: requestLines,
      queueSize: queueSamples,
      refuse: behind,
      commit: (calls) => this.#send(calls.flat()),
    });
  }

  async write(tenant: TenantId, samples: readonly SignalSample[]): Promise<void> {
    checkSamples(samples);
    this.#client.assertOpen();
    if (samples.length) await this.#writes.add(samples.map((sample) => toLine(tenant, sample)));
  }

  async #send(lines: readonly string[]): Promise<void> {
    for (let start = 0; start < lines.length; start += requestLines)
      await this.#client.write(lines.slice(start, start + requestLines));
  }

  async latest(tenant: TenantId, signals: readonly SignalRef[]): Promise<readonly (Sample | null)[]> {
    const wanted = [...new Map(signals.map((ref) => [keyOf(ref.twinId, ref.signal), ref])).values()];
    const found = new Map<string, Sample>();
    for (let start = 0; start < wanted.length; start += latestSignals) {
      const some = wanted.slice(start, start + latestSignals);
      const rows = await this.#client.query(latestQuery(this.#client.bucket, tenant, some));
      const bySignal = Map.groupBy(rows, (row) => keyOf(String(row['twin']), String(row['signal'])));
      for (const [key, own] of bySignal) {
        const newest = toPoints(own).at(-1);
        if (newest) found.set(key, toSample(newest.fields));
      }
    }
    return signals.map(({ twinId, signal }) => found.get(keyOf(twinId, signal)) ?? null);
  }

  async raw(
    tenant: TenantId,
    signal: SignalRef,
    range: TimeRange,
    limit: number,
  ): Promise<{ samples: readonly Sample[]; truncated: boolean }> {
    checkLimit(limit);
    const cut = checkRange(range);
    if (!cut) return { samples: [], truncated: false };
    const place = { bucket: this.#client.bucket, tenant, signal, range: cut };
    const points = toPoints(await this.#client.query(rawQuery(place, limit + 1))).filter(
      ({ fields }) => 'kind' in fields,
    );
    return {
      samples: points.slice(0, limit).map(({ fields }) => toSample(fields)),
      truncated: points.length > limit,
    };
  }

  async aggregate(
    tenant: TenantId,
    signal: SignalRef,
    range: TimeRange,
    windowMs: number,
  ): Promise<readonly AggregateWindow[]> {
    checkWindow(range, windowMs);
    const cut = checkRange(range);
    if (!cut) return [];
    const place = { bucket: this.#client.bucket, tenant, signal, range: cut };
    const windows = groupWindows(await this.#client.query(windowsQuery(place, windowMs)), windowMs);
    for (const [start, values] of windows)
      if (isStale(values)) {
        const range = { from: Math.max(cut.from, start), to: Math.min(cut.to, start + windowMs) };
        correct(values, await this.#client.query(numbersQuery({ ...place, range })));
      }
    return [...windows].flatMap(([start, values]) => toWindow(start, windowMs, values) ?? []);
  }

  async close(): Promise<void> {
    await this.#writes.idle();
    this.#client.close();
  }
}

const keyOf = (twin: string, signal: string): string => `${twin}/${signal}`;

function behind(queued: number): HubError {
  return new HubError(
    'STORE_UNAVAILABLE',
    `The telemetry store is behind: ${queued} samples wait for the server. Write again later.`,
    {
      details: { queued },
    },
  );
}
