import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import type {
  AggregateWindow,
  SignalRef,
  TimeRange,
  TimeSeriesStore,
} from '#ontology/ports/time-series-store.ts';
import type { Sample, SignalSample } from '#ontology/sample.ts';
import { checkLimit, checkRange, checkSamples, checkWindow } from '#ontology/time-series.ts';
import { DuckDbClient } from './client.ts';
import type { DuckDbConfig } from './config.ts';
import { sampleSelect, toSample } from './map.ts';
import { readRaw, readWindows } from './queries.ts';
import { prepareTables, selectNewest } from './schema.ts';
import { SeriesIndex } from './series.ts';
import { GroupWriter, unavailable } from './writer.ts';

export { readDuckDbConfig, type DuckDbConfig } from './config.ts';

/** What the store needs of its surroundings. */
export interface DuckDbDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Opens the embedded telemetry store: one file, one writing process.
 *
 * @throws {HubError} STORE_LOCKED - the file is open already, here or in another process; STORE_UNAVAILABLE.
 */
export async function openDuckDbTimeSeriesStore(
  config: DuckDbConfig,
  deps: DuckDbDeps,
): Promise<TimeSeriesStore> {
  const client = await DuckDbClient.open(config);
  try {
    await prepareTables(client);
    const index = await readIndex(client);
    const [row] = await client.query(
      'SELECT greatest((SELECT max(seq) FROM samples), (SELECT max(seq) FROM newest_as_of))',
    );
    const writer = new GroupWriter(client, index, {
      ...deps,
      nextSeq: row?.[0] == null ? 0 : Number(row[0]) + 1,
      checkpoint: { samples: config.checkpointSamples ?? 500_000, intervalMs: config.checkpointMs ?? 60_000 },
    });
    return new DuckDbTimeSeriesStore(client, index, writer);
  } catch (error) {
    client.close();
    throw unavailable(config.path, error);
  }
}

async function readIndex(client: DuckDbClient): Promise<SeriesIndex> {
  const newest = new Map(
    (await client.query(selectNewest(sampleSelect))).map(([id, ...row]) => [Number(id), toSample(row)]),
  );
  const index = new SeriesIndex();
  for (const [id, tenant, twin, signal] of await client.query('SELECT id, tenant, twin, signal FROM series'))
    index.add({
      id: Number(id),
      tenant: tenant as TenantId,
      twin: String(twin),
      signal: String(signal),
      newest: newest.get(Number(id)) ?? null,
    });
  return index;
}

class DuckDbTimeSeriesStore implements TimeSeriesStore {
  readonly #client: DuckDbClient;
  readonly #index: SeriesIndex;
  readonly #writer: GroupWriter;
  #closing: Promise<void> | undefined;

  constructor(client: DuckDbClient, index: SeriesIndex, writer: GroupWriter) {
    this.#client = client;
    this.#index = index;
    this.#writer = writer;
  }

  async write(tenant: TenantId, samples: readonly SignalSample[]): Promise<void> {
    checkSamples(samples);
    this.#client.assertOpen();
    if (samples.length) await this.#writer.write(tenant, samples);
  }

  async latest(tenant: TenantId, signals: readonly SignalRef[]): Promise<readonly (Sample | null)[]> {
    this.#client.assertOpen();
    return signals.map(({ twinId, signal }) => this.#index.find(tenant, twinId, signal)?.newest ?? null);
  }

  async raw(
    tenant: TenantId,
    signal: SignalRef,
    range: TimeRange,
    limit: number,
  ): Promise<{ samples: readonly Sample[]; truncated: boolean }> {
    checkLimit(limit);
    const samples = await this.#in(tenant, signal, range, (series, cut) =>
      readRaw(this.#client, series, cut, limit + 1),
    );
    return { samples: samples.slice(0, limit), truncated: samples.length > limit };
  }

  async aggregate(
    tenant: TenantId,
    signal: SignalRef,
    range: TimeRange,
    windowMs: number,
  ): Promise<readonly AggregateWindow[]> {
    checkWindow(range, windowMs);
    return this.#in(tenant, signal, range, (series, cut) => readWindows(this.#client, series, cut, windowMs));
  }

  /** Waits for the writes under way, folds the log into the file and lets go of it. */
  close(): Promise<void> {
    return (this.#closing ??= this.#writer.close().finally(() => this.#client.close()));
  }

  async #in<T>(
    tenant: TenantId,
    { twinId, signal }: SignalRef,
    range: TimeRange,
    read: (series: number, range: TimeRange) => Promise<T[]>,
  ): Promise<T[]> {
    this.#client.assertOpen();
    const cut = checkRange(range);
    const series = this.#index.find(tenant, twinId, signal);
    if (!cut || !series) return [];
    try {
      return await read(series.id, cut);
    } catch (error) {
      throw unavailable(this.#client.path, error);
    }
  }
}
