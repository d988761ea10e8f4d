/**
 * A process that writes numbered batches into a DuckDB file and prints the number of each one acknowledged, until it is
 * killed. Arguments: file, first batch number, samples per batch, samples per checkpoint.
 */
import { writeSync } from 'node:fs';
import { openDuckDbTimeSeriesStore } from '#connectors/duckdb/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { parseTenantId, type TwinId } from '#ontology/ids.ts';

const [path = '', first = '0', size = '100', checkpointSamples = '500000'] = process.argv.slice(2);
const store = await openDuckDbTimeSeriesStore(
  { path, checkpointSamples: Number(checkpointSamples) },
  { clock: systemClock, log: createJsonLogger() },
);
writeSync(1, 'open\n');

async function writeFrom(start: number, step: number): Promise<never> {
  for (let batch = start; ; batch += step) {
    const samples = Array.from({ length: Number(size) }, (_, n) => ({
      twinId: 'P-101' as TwinId,
      signal: `s${n % 10}`,
      sample: {
        value: batch,
        unit: null,
        quality: 'GOOD' as const,
        status: null,
        sourceTime: batch * 1000 + n,
        receivedTime: 0,
      },
    }));
    await store.write(parseTenantId('crash'), samples);
    writeSync(1, `${batch}\n`);
  }
}

// Three writers at once, so that groups of several calls are cut as well.
await Promise.all([0, 1, 2].map((n) => writeFrom(Number(first) + n, 3)));
