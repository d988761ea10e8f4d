import type { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { ConfigReader } from '#kernel/config.ts';
import { messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { SampleSink } from '#ontology/ports/field-device.ts';
import type { SignalRef, TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { Sample, SignalSample } from '#ontology/sample.ts';
import { LatestCache } from './latest-cache.ts';
import { WriteBehind, type WriteBehindConfig, type WriteBehindStatus } from './write-behind.ts';

export type IngestConfig = WriteBehindConfig;

export const defaultIngestConfig: IngestConfig = {
  batchMs: 200,
  batchSize: 1_000,
  bufferSize: 200_000,
  retryMs: 250,
  retryMaxMs: 5_000,
};

/** Reads TWINHUB_INGEST_BATCH_MS (200) and TWINHUB_INGEST_BUFFER (200,000 samples). */
export function readIngestConfig(reader: ConfigReader): IngestConfig {
  return {
    ...defaultIngestConfig,
    batchMs: reader.integer('TWINHUB_INGEST_BATCH_MS', { default: 200, min: 1, max: 60_000 }),
    bufferSize: reader.integer('TWINHUB_INGEST_BUFFER', { default: 200_000, min: 1_000, max: 10_000_000 }),
  };
}

export interface IngestDeps {
  readonly store: TimeSeriesStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Gets each sample at once, before it is stored. */
  readonly live: Broadcast<LiveSample>;
}

/** Where all samples come in. */
export interface Ingest extends Closable {
  /** For plants: hands the samples on at once and stores them shortly after. Never throws, never waits. */
  readonly sink: SampleSink;
  /**
   * For programs: resolves once the samples survive a crash, and hands them on then.
   * @throws {HubError} STORE_UNAVAILABLE - none of them is taken.
   */
  record(tenant: TenantId, samples: readonly SignalSample[]): Promise<void>;
  /** The newest sample of each signal, in the order asked. @throws {HubError} STORE_UNAVAILABLE - see LatestCache */
  latest(tenant: TenantId, refs: readonly SignalRef[]): Promise<readonly (Sample | null)[]>;
  /** Stores what waits now; see WriteBehind. */
  flush(): Promise<void>;
  status(): WriteBehindStatus;
  close(): Promise<void>;
}

/** Makes the one way in for samples: live first, stored in batches, the newest kept at hand. */
export function createIngest(deps: IngestDeps, config: IngestConfig = defaultIngestConfig): Ingest {
  const { store, live, log } = deps;
  const cache = new LatestCache(store);
  const behind = new WriteBehind(config, deps);
  let sequence = 0;
  const announce = (tenant: TenantId, samples: readonly SignalSample[]) => {
    for (const item of samples) {
      cache.put(tenant, item);
      live.publish({
        tenant,
        twinId: item.twinId,
        signal: item.signal,
        sample: item.sample,
        sequence: ++sequence,
      });
    }
  };
  return {
    sink: (tenant, samples) => {
      // Storing comes first: a listener that breaks its promise and throws must not cost the samples.
      behind.add(tenant, samples);
      try {
        announce(tenant, samples);
      } catch (error) {
        log.error('A listener of live samples failed', { error: messageOf(error) });
      }
    },
    record: async (tenant, samples) => {
      await store.write(tenant, samples);
      announce(tenant, samples);
    },
    latest: (tenant, refs) => cache.latest(tenant, refs),
    flush: () => behind.flush(),
    status: () => behind.status,
    close: () => behind.close(),
  };
}
