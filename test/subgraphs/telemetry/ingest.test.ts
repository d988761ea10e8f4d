import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Broadcast } from '#kernel/broadcast.ts';
import { systemClock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { SignalSample } from '#ontology/sample.ts';
import { createIngest, defaultIngestConfig, type IngestConfig } from '#subgraphs/telemetry/ingest.ts';
import { ref, sampleAt, tenantA, tenantB, withStore } from './support.ts';

/** The real store with a switch that cuts it off, as a full disk or a lost server does. */
function interruptible(store: TimeSeriesStore) {
  const control = { away: false, writes: 0 };
  const cut: TimeSeriesStore = {
    write: async (tenant, samples) => {
      if (control.away) throw new HubError('STORE_UNAVAILABLE', 'The store does not answer.');
      control.writes += 1;
      await store.write(tenant, samples);
    },
    latest: async (tenant, signals) => {
      if (control.away) throw new HubError('STORE_UNAVAILABLE', 'The store does not answer.');
      return store.latest(tenant, signals);
    },
    raw: (...args) => store.raw(...args),
    aggregate: (...args) => store.aggregate(...args),
    close: () => {},
  };
  return { control, store: cut };
}

function setUp(store: TimeSeriesStore, config: Partial<IngestConfig> = {}) {
  const { control, store: cut } = interruptible(store);
  const live = new Broadcast<LiveSample>();
  const log = createMemoryLogger();
  const ingest = createIngest(
    { store: cut, clock: systemClock, log, live },
    { ...defaultIngestConfig, ...config },
  );
  return { control, live, log, ingest };
}

const storedValues = async (store: TimeSeriesStore, tenant = tenantA) =>
  (await store.raw(tenant, ref('flow'), { from: 0, to: 1e15 }, 10_000)).samples.map(({ value }) => value);

test('a sample is handed on at once and stored shortly after', async () => {
  await withStore(async (store) => {
    const { ingest, live } = setUp(store, { batchMs: 20 });
    const seen: LiveSample[] = [];
    live.listen((sample) => seen.push(sample));
    ingest.sink(tenantA, [sampleAt(1000, 1), sampleAt(2000, 2)]);
    assert.deepEqual(
      seen.map(({ sample, sequence }) => [sample.value, sequence]),
      [
        [1, 1],
        [2, 2],
      ],
    );
    assert.equal(ingest.status().buffered, 2);
    await ingest.flush();
    assert.deepEqual(await storedValues(store), [1, 2]);
    await ingest.close();
  });
});

test('samples are written in batches, each tenant its own', async () => {
  await withStore(async (store) => {
    const { ingest, control } = setUp(store, { batchMs: 50 });
    for (let i = 0; i < 100; i += 1) ingest.sink(tenantA, [sampleAt(i, i)]);
    ingest.sink(tenantB, [sampleAt(1, -1)]);
    await ingest.flush();
    assert.equal(control.writes, 2);
    assert.equal((await storedValues(store)).length, 100);
    assert.deepEqual(await storedValues(store, tenantB), [-1]);
    await ingest.close();
  });
});

test('while the store is away samples are kept, tried again, and nothing is lost', async () => {
  await withStore(async (store) => {
    const { ingest, control, log } = setUp(store, { batchMs: 5, retryMs: 5, retryMaxMs: 10 });
    control.away = true;
    for (let i = 0; i < 50; i += 1) ingest.sink(tenantA, [sampleAt(i, i)]);
    await systemClock.sleep(60);
    assert.equal(ingest.status().buffered, 50);
    assert.ok(ingest.status().failures >= 2);
    control.away = false;
    while (ingest.status().buffered) await systemClock.sleep(5);
    assert.equal((await storedValues(store)).length, 50);
    assert.equal(ingest.status().lost, 0);
    assert.ok(log.lines.some(({ message }) => message.startsWith('Samples cannot be stored')));
    assert.ok(log.lines.some(({ message }) => message === 'Samples are stored again'));
    await ingest.close();
  });
});

test('what does not fit while the store is away is given up oldest first, counted and said', async () => {
  await withStore(async (store) => {
    const { ingest, control, log } = setUp(store, {
      batchMs: 5,
      retryMs: 5,
      retryMaxMs: 10,
      bufferSize: 100,
    });
    control.away = true;
    for (let i = 0; i < 250; i += 1) ingest.sink(tenantA, [sampleAt(i, i)]);
    await systemClock.sleep(30);
    control.away = false;
    while (ingest.status().buffered) await systemClock.sleep(5);
    const { lost, stored } = ingest.status();
    assert.equal(lost + stored, 250);
    assert.ok(lost >= 149 && lost <= 150, String(lost));
    assert.equal((await storedValues(store)).at(-1), 249);
    const said = log.lines.find(({ message }) => message === 'Samples were lost');
    assert.equal(said?.['lost'], lost);
    assert.equal(said?.['from'], '1970-01-01T00:00:00.000Z');
    await ingest.close();
  });
});

test('recorded samples are acknowledged when stored, and handed on only then', async () => {
  await withStore(async (store) => {
    const { ingest, control, live } = setUp(store);
    const seen: LiveSample[] = [];
    live.listen((sample) => seen.push(sample));
    control.away = true;
    await assert.rejects(ingest.record(tenantA, [sampleAt(1, 1)]), { code: 'STORE_UNAVAILABLE' });
    assert.equal(seen.length, 0);
    control.away = false;
    await ingest.record(tenantA, [sampleAt(2, 2)]);
    assert.deepEqual(await storedValues(store), [2]);
    assert.equal(seen.length, 1);
    await ingest.close();
  });
});

test('the newest value counts by its time and is known over a restart', async () => {
  await withStore(async (store) => {
    await store.write(tenantA, [sampleAt(5000, 5)]);
    const { ingest, control } = setUp(store);
    const newest = async () =>
      (await ingest.latest(tenantA, [ref('flow'), ref('speed')])).map((sample) => sample?.value ?? null);
    ingest.sink(tenantA, [sampleAt(4000, 4)]);
    assert.deepEqual(await newest(), [5, null]);
    ingest.sink(tenantA, [sampleAt(6000, 6)]);
    assert.deepEqual(await newest(), [6, null]);
    assert.equal((await ingest.latest(tenantB, [ref('flow')]))[0], null);
    control.away = true;
    assert.equal((await ingest.latest(tenantA, [ref('flow')]))[0]?.value, 6);
    await assert.rejects(ingest.latest(tenantA, [ref('power')]), { code: 'STORE_UNAVAILABLE' });
    control.away = false;
    await ingest.close();
  });
});

test('closing stores what waits; what cannot be stored is said to be lost', async () => {
  await withStore(async (store) => {
    const first = setUp(store, { batchMs: 60_000 });
    first.ingest.sink(tenantA, [sampleAt(1, 1)]);
    await first.ingest.close();
    assert.deepEqual(await storedValues(store), [1]);
    const second = setUp(store, { batchMs: 60_000 });
    second.control.away = true;
    second.ingest.sink(tenantA, [sampleAt(2, 2)]);
    await second.ingest.close();
    assert.equal(second.ingest.status().lost, 1);
    assert.ok(second.log.lines.some(({ message }) => message === 'Samples were lost'));
  });
});

test('a listener that throws costs no samples', async () => {
  await withStore(async (store) => {
    const { ingest, live } = setUp(store);
    live.listen(() => {
      throw new Error('broken');
    });
    const samples: SignalSample[] = [sampleAt(1, 1)];
    assert.doesNotThrow(() => ingest.sink(tenantA, samples));
    await ingest.flush();
    assert.deepEqual(await storedValues(store), [1]);
    await ingest.close();
  });
});
