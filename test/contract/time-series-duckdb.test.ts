import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { openDuckDbTimeSeriesStore, type DuckDbConfig } from '#connectors/duckdb/index.ts';
import { SimulatedClock, systemClock, type Clock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { timeSeriesContract } from './time-series.ts';
import { at, t0, twinId } from './time-series-data.ts';
import { freshTenant } from './twin-store-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-time-series-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function open(name: string, more: Partial<DuckDbConfig> = {}, clock: Clock = systemClock) {
  const log = createMemoryLogger();
  return openDuckDbTimeSeriesStore({ path: join(folder, name), ...more }, { clock, log });
}

const sizeOf = (name: string): number => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;

timeSeriesContract('DuckDB', { open: () => open('telemetry.duckdb') });

/** A writing process; `acknowledged` grows with each batch it has been told is stored. */
async function startWriter(name: string, first: number, checkpointSamples: number) {
  const script = join(import.meta.dirname, 'time-series-writer.ts');
  const args = [script, join(folder, name), String(first), '100', String(checkpointSamples)];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = new Set<number>();
  const opened = Promise.withResolvers<void>();
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => (line === 'open' ? opened.resolve() : acknowledged.add(Number(line))));
  const kill = async () => {
    child.kill('SIGKILL');
    await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  };
  child.once('exit', () => opened.reject(new Error('the writer ended')));
  await opened.promise;
  return { acknowledged, kill };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('the DuckDB store', () => {
  test('loses nothing acknowledged when its process is killed, and keeps batches whole', async () => {
    const seen = new Set<number>();
    let first = 1;
    // 400 samples a checkpoint: the kill hits commits, checkpoints and what lies between.
    for (const [acknowledgements, checkpointSamples] of [
      [40, 400],
      [7, 400],
      [60, 400],
      [25, 500_000],
      [33, 1000],
    ] as const) {
      const writer = await startWriter('crash.duckdb', first, checkpointSamples);
      await until(() => writer.acknowledged.size >= acknowledgements);
      await writer.kill();
      for (const batch of writer.acknowledged) seen.add(batch);
      const store = await open('crash.duckdb');
      const found = new Map<number, number>();
      for (let signal = 0; signal < 10; signal++) {
        const range = { from: 0, to: 10_000_000 };
        const { samples, truncated } = await store.raw(
          parseTenantId('crash'),
          { twinId, signal: `s${signal}` },
          range,
          10_000,
        );
        assert.equal(truncated, false);
        for (const { value } of samples) found.set(Number(value), (found.get(Number(value)) ?? 0) + 1);
      }
      for (const batch of seen) assert.equal(found.get(batch), 100, `batch ${batch} was acknowledged`);
      for (const [batch, count] of found) assert.equal(count, 100, `batch ${batch} is whole`);
      const newest = Math.max(...found.keys());
      const [latest] = await store.latest(parseTenantId('crash'), [{ twinId, signal: 's9' }]);
      assert.equal(latest?.value, newest);
      await store.close();
      first = newest + 1;
    }
  });

  test('cannot be opened while another process or this one has it open', async () => {
    const writer = await startWriter('locked.duckdb', 1, 500_000);
    const locked = (error: unknown) =>
      isHubError(error, 'STORE_LOCKED') && error.message.includes('locked.duckdb');
    await assert.rejects(
      open('locked.duckdb'),
      (error) => locked(error) && /the process \d+ holds it/.test(String(error)),
    );
    await writer.kill();
    const store = await open('locked.duckdb');
    await assert.rejects(
      open('locked.duckdb'),
      (error) => locked(error) && /this process/.test(String(error)),
    );
    await store.close();
    await (await open('locked.duckdb')).close();
  });

  test('says so when the file is not one of its own', async () => {
    writeFileSync(join(folder, 'text.duckdb'), 'not a database '.repeat(1000));
    await assert.rejects(open('text.duckdb'), (error) => isHubError(error, 'STORE_UNAVAILABLE'));
    await assert.rejects(open('text.duckdb/below'), (error) => isHubError(error, 'STORE_UNAVAILABLE'));
  });

  test('folds its write-ahead log into the file by count, by time, and on closing', async () => {
    const clock = new SimulatedClock(t0);
    const store = await open('wal.duckdb', { checkpointSamples: 20_000, checkpointMs: 60_000 }, clock);
    const tenant = freshTenant();
    const write = (batch: number) =>
      store.write(
        tenant,
        Array.from({ length: 1000 }, (_, n) => at(batch * 1000 + n, Math.random())),
      );
    let largest = 0;
    for (let batch = 0; batch < 100; batch++) {
      await write(batch);
      largest = Math.max(largest, sizeOf('wal.duckdb.wal'));
    }
    assert.ok(largest < 5_000_000, `the log grew to ${largest} bytes`);
    const before = sizeOf('wal.duckdb.wal');
    assert.ok(before > 0);
    await clock.advance(60_000);
    await write(100);
    assert.ok(sizeOf('wal.duckdb.wal') < before);
    await store.close();
    assert.equal(sizeOf('wal.duckdb.wal'), 0);
    const again = await open('wal.duckdb');
    assert.equal((await again.latest(tenant, [{ twinId, signal: 'flow' }]))[0]?.sourceTime, t0 + 100_999);
    assert.deepEqual(
      (
        await again.aggregate(tenant, { twinId, signal: 'flow' }, { from: t0, to: t0 + 200_000 }, 200_000)
      ).map(({ count }) => count),
      [101_000],
    );
    await again.close();
  });

  test('goes on taking writes while queries run', async () => {
    const store = await open('busy.duckdb', { checkpointSamples: 50_000 });
    const tenant = freshTenant();
    const batch = (start: number) => Array.from({ length: 5000 }, (_, n) => at(start + n, n));
    for (let n = 0; n < 40; n++) await store.write(tenant, batch(n * 5000));
    let querying = true;
    const query = async () => {
      while (querying)
        await store.aggregate(tenant, { twinId, signal: 'flow' }, { from: t0, to: t0 + 1_000_000 }, 1000);
    };
    const queries = Array.from({ length: 6 }, query);
    const waits: number[] = [];
    for (let n = 40; n < 60; n++) {
      const start = performance.now();
      await store.write(tenant, batch(n * 5000));
      waits.push(performance.now() - start);
    }
    querying = false;
    await Promise.all(queries);
    await store.close();
    assert.ok(Math.max(...waits) < 2000, `a write waited ${Math.max(...waits)} ms`);
  });

  test('closing waits for the writes under way', async () => {
    const store = await open('closing.duckdb');
    const tenant = freshTenant();
    const writes = Array.from({ length: 20 }, (_, n) => store.write(tenant, [at(n, n)]));
    await Promise.all([store.close(), ...writes]);
    const again = await open('closing.duckdb');
    assert.equal(
      (await again.raw(tenant, { twinId, signal: 'flow' }, { from: t0, to: t0 + 100 }, 100)).samples.length,
      20,
    );
    await again.close();
  });
});
