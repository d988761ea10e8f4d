import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbTimeSeriesStore } from '#connectors/duckdb/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId, parseTwinId } from '#ontology/ids.ts';
import type { SignalRef, TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { SignalSample } from '#ontology/sample.ts';

export const tenantA = parseTenantId('acme');
export const tenantB = parseTenantId('bolt');
export const pump = parseTwinId('P-101');

export function ref(signal: string): SignalRef {
  return { twinId: pump, signal };
}

export function sampleAt(at: number, value: number, signal = 'flow'): SignalSample {
  return {
    twinId: pump,
    signal,
    sample: { value, unit: 'm3/h', quality: 'GOOD', status: null, sourceTime: at, receivedTime: at },
  };
}

/** Runs `work` with a telemetry store of its own in a folder that goes away. */
export async function withStore(work: (store: TimeSeriesStore) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'twinhub-telemetry-'));
  const store = await openDuckDbTimeSeriesStore(
    { path: join(folder, 'telemetry.duckdb') },
    { clock: systemClock, log: createMemoryLogger() },
  );
  try {
    await work(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
