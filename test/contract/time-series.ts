import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { Quality, SignalSample } from '#ontology/sample.ts';
import { aggregateCases } from './time-series-aggregates.ts';
import { all, at, bad, ref, rejectsWith, t0, valuesOf, type TimeSeriesHarness } from './time-series-data.ts';
import { freshTenant } from './twin-store-data.ts';

/** What every TimeSeriesStore does, whatever it keeps its data in. */
export function timeSeriesContract(name: string, harness: TimeSeriesHarness): void {
  describe(`TimeSeriesStore contract: ${name}`, () => {
    let store: TimeSeriesStore;
    before(async () => void (store = await harness.open()));
    after(() => store.close());

    const written = async (...samples: SignalSample[]): Promise<TenantId> => {
      const tenant = freshTenant();
      await store.write(tenant, samples);
      return tenant;
    };
    const raw = (tenant: TenantId, signal = 'flow', limit = 10_000) =>
      store.raw(tenant, ref(signal), all, limit);

    test('every kind of value comes back as it was written', async () => {
      const spectrum = Array.from({ length: 400 }, (_, line) => Math.sin(line) / 3);
      const samples: SignalSample[] = [
        at(0, 12.5),
        at(1, -0.1 - 0.2),
        at(2, 5e-324, { unit: null }),
        at(3, 1.7976931348623157e308),
        at(4, 0),
        at(5, true, { unit: null }, 'running'),
        at(6, false, { unit: null }, 'running'),
        at(7, 'Käse "x", y=\\ \n 🏭', {}, 'batch'),
        at(8, '', {}, 'batch'),
        at(9, spectrum, { unit: 'm/s2' }, 'envelopeSpectrum'),
        at(10, [], {}, 'envelopeSpectrum'),
        at(11, null, bad, 'flow'),
        at(12, 3, { quality: 'UNCERTAIN', status: 'UncertainLastUsableValue' }),
        at(13, 9, { ...bad, status: 'a "quoted", spaced\\ =status\nin two lines' }),
      ];
      const tenant = await written(...samples);
      for (const signal of ['flow', 'running', 'batch', 'envelopeSpectrum']) {
        const expected = samples.filter((item) => item.signal === signal).map(({ sample }) => sample);
        assert.deepEqual(await raw(tenant, signal), { samples: expected, truncated: false });
        assert.deepEqual(await store.latest(tenant, [ref(signal)]), [expected.at(-1)]);
      }
    });

    test('a sample without a source time stands at the time it was received', async () => {
      const tenant = await written(
        at(0, 1),
        at(0, 2, { sourceTime: null, receivedTime: t0 + 50 }),
        at(100, 3),
      );
      const { samples } = await raw(tenant);
      assert.deepEqual(
        samples.map(({ value, sourceTime }) => [value, sourceTime]),
        [
          [1, t0],
          [2, null],
          [3, t0 + 100],
        ],
      );
    });

    test('reading is ordered by time, whatever the order of writing', async () => {
      const tenant = await written(at(300, 3), at(100, 1), at(400, 4));
      await store.write(tenant, [at(200, 2), at(0, 0)]);
      assert.deepEqual(valuesOf(await raw(tenant)), [0, 1, 2, 3, 4]);
      assert.equal((await store.latest(tenant, [ref('flow')]))[0]?.value, 4);
    });

    test('of two samples at one time the later write wins, within a batch and across', async () => {
      const tenant = await written(at(0, 1), at(100, 2), at(0, 10));
      assert.deepEqual(valuesOf(await raw(tenant)), [10, 2]);
      await store.write(tenant, [at(100, 20, { unit: 'L/s' })]);
      assert.deepEqual((await store.latest(tenant, [ref('flow')]))[0], at(100, 20, { unit: 'L/s' }).sample);
      assert.deepEqual(valuesOf(await raw(tenant)), [10, 20]);
    });

    test('the later write wins also with another kind of value, quality, unit or status', async () => {
      const tenant = await written(
        at(0, 1),
        at(100, 'text'),
        at(200, null, bad),
        at(300, 7, bad),
        at(400, [1, 2]),
      );
      const later = [
        at(0, null, bad),
        at(100, 2),
        at(200, 3, { unit: null }),
        at(300, true),
        at(400, 'x', { sourceTime: null, receivedTime: t0 + 400 }),
      ];
      await store.write(tenant, later);
      assert.deepEqual(
        (await raw(tenant)).samples,
        later.map(({ sample }) => sample),
      );
      assert.deepEqual((await store.latest(tenant, [ref('flow')]))[0], later.at(-1)?.sample);
    });

    test('concurrent writes keep the order of their calls', async () => {
      const tenant = freshTenant();
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => store.write(tenant, [at(0, n), at(1000 + n, n)])),
      );
      assert.deepEqual(valuesOf(await raw(tenant)), [49, ...Array.from({ length: 50 }, (_, n) => n)]);
    });

    test('a caller may change its objects after the write', async () => {
      const lines = [1, 2, 3];
      const tenant = await written(at(0, lines, {}, 'envelopeSpectrum'));
      lines[0] = 99;
      assert.deepEqual((await store.latest(tenant, [ref('envelopeSpectrum')]))[0]?.value, [1, 2, 3]);
    });

    test('latest answers in the order asked, null where there is none', async () => {
      const tenant = await written(at(0, 1), at(5, 2, {}, 'power'));
      const found = await store.latest(tenant, [
        ref('power'),
        ref('unknown'),
        ref('flow'),
        ref('power'),
        { twinId: 'P-1' as TwinId, signal: 'flow' },
      ]);
      assert.deepEqual(
        found.map((sample) => sample?.value ?? null),
        [2, null, 1, 2, null],
      );
      assert.deepEqual(await store.latest(tenant, []), []);
    });

    test('a late sample does not become the latest', async () => {
      const tenant = await written(at(1000, 5));
      await store.write(tenant, [at(500, 4)]);
      assert.equal((await store.latest(tenant, [ref('flow')]))[0]?.value, 5);
    });

    test('latest of 300 signals in one call', async () => {
      const samples = Array.from({ length: 300 }, (_, n) => at(n, n, {}, `s${n}`));
      const tenant = await written(...samples);
      const found = await store.latest(
        tenant,
        samples.map(({ signal }) => ref(signal)),
      );
      assert.deepEqual(
        found.map((sample) => sample?.value),
        samples.map(({ sample }) => sample.value),
      );
    });

    test('a range has its start and not its end', async () => {
      const tenant = await written(at(0, 0), at(1, 1), at(2, 2), at(3, 3));
      assert.deepEqual(
        valuesOf(await store.raw(tenant, ref('flow'), { from: t0 + 1, to: t0 + 3 }, 10)),
        [1, 2],
      );
    });

    test('empty and reversed ranges and unknown signals give nothing', async () => {
      const tenant = await written(at(0, 0));
      const none = { samples: [], truncated: false };
      for (const range of [
        { from: t0, to: t0 },
        { from: t0 + 1, to: t0 },
        { from: t0 + 1, to: t0 + 9 },
        { from: -9, to: 0 },
      ]) {
        assert.deepEqual(await store.raw(tenant, ref('flow'), range, 10), none);
        assert.deepEqual(await store.aggregate(tenant, ref('flow'), range, 1000), []);
      }
      assert.deepEqual(await raw(tenant, 'unknown'), none);
      assert.deepEqual(await store.aggregate(tenant, ref('unknown'), { from: t0, to: t0 + 1000 }, 100), []);
      assert.deepEqual(
        valuesOf(await store.raw(tenant, ref('flow'), { from: 0, to: Number.MAX_SAFE_INTEGER }, 10)),
        [0],
      );
    });

    test('a limit cuts and says so, also where times repeat', async () => {
      const tenant = await written(...Array.from({ length: 20 }, (_, n) => at(n * 10, n)));
      await store.write(
        tenant,
        Array.from({ length: 10 }, (_, n) => at(n * 10, n + 100)),
      );
      const cut = await raw(tenant, 'flow', 12);
      assert.deepEqual(
        [valuesOf(cut), cut.truncated],
        [[...Array.from({ length: 10 }, (_, n) => n + 100), 10, 11], true],
      );
      const whole = await raw(tenant, 'flow', 20);
      assert.deepEqual([whole.samples.length, whole.truncated], [20, false]);
      for (const wrong of [0, 10_001, 1.5, NaN])
        await rejectsWith('INVALID_INPUT', raw(tenant, 'flow', wrong), String(wrong));
    });

    test('a limit cuts right where samples have values of several kinds', async () => {
      const mixed = [1, null, 'a', 2, [3], null, true, 4, null, 5].map((value, n) =>
        at(n, value, value === null ? bad : {}),
      );
      const tenant = await written(...mixed);
      assert.deepEqual(
        (await raw(tenant, 'flow', 4)).samples,
        mixed.slice(0, 4).map(({ sample }) => sample),
      );
    });

    test('what cannot be kept exactly is refused, with nothing of the batch written', async () => {
      const tenant = freshTenant();
      const wrong: SignalSample[] = [
        at(1, NaN),
        at(1, Infinity),
        at(1, [1, NaN]),
        at(1, 1, { sourceTime: -11_644_473_600_000 }),
        at(1, 1, { sourceTime: t0 + 0.5 }),
        at(1, 1, { receivedTime: Number.MAX_SAFE_INTEGER }),
        at(1, 1, { quality: 'FINE' as Quality }),
        at(1, 1, {}, 'no spaces'),
        at(1, 1, {}, ''),
        at(1, 'x'.repeat(20_000)),
      ];
      for (const item of wrong)
        await rejectsWith('INVALID_INPUT', store.write(tenant, [at(0, 1), item]), 'Sample 1');
      assert.deepEqual(valuesOf(await raw(tenant)), []);
      assert.deepEqual(await store.latest(tenant, [ref('flow')]), [null]);
      await store.write(tenant, []);
    });

    test('tenants see nothing of one another', async () => {
      const one = await written(at(0, 1));
      const other = await written(at(0, 2), at(1, 3));
      assert.deepEqual(valuesOf(await raw(one)), [1]);
      assert.deepEqual(valuesOf(await raw(other)), [2, 3]);
      assert.deepEqual((await store.latest(one, [ref('flow')]))[0]?.value, 1);
      assert.equal((await store.aggregate(one, ref('flow'), { from: t0, to: t0 + 10 }, 10))[0]?.count, 1);
      assert.deepEqual(valuesOf(await raw(freshTenant())), []);
    });

    test('twins and signals with names alike are kept apart', async () => {
      const tenant = freshTenant();
      const named = (twin: string, signal: string, value: number) => ({
        ...at(0, value, {}, signal),
        twinId: twin as TwinId,
      });
      await store.write(tenant, [
        named('P-1', 'flow', 1),
        named('P-1.motor', 'flow', 2),
        named('p-1', 'flow', 3),
        named('P-1', 'Flow', 4),
      ]);
      const refs = ['P-1', 'P-1.motor', 'p-1'].map((twin) => ({ twinId: twin as TwinId, signal: 'flow' }));
      assert.deepEqual(
        (await store.latest(tenant, [...refs, { twinId: 'P-1' as TwinId, signal: 'Flow' }])).map(
          (sample) => sample?.value,
        ),
        [1, 2, 3, 4],
      );
    });

    test('a name is a name, whatever a query language would read into it', async () => {
      const tenant = await written(at(0, 1));
      for (const text of [
        'flow" or true)) |> yield() //',
        "flow' OR 1=1 --",
        '${r.signal}',
        'flow\\',
        '*',
        '',
      ]) {
        assert.deepEqual(await raw(tenant, text), { samples: [], truncated: false });
        assert.deepEqual(await store.aggregate(tenant, ref(text), { from: t0, to: t0 + 1000 }, 1000), []);
        assert.deepEqual(
          await store.latest(tenant, [ref(text), { twinId: text as TwinId, signal: 'flow' }]),
          [null, null],
        );
        assert.deepEqual((await store.raw(text as TenantId, ref('flow'), all, 10)).samples, []);
      }
    });

    test('batches of 5,000 samples are taken whole', async () => {
      const tenant = freshTenant();
      const batch = (start: number) =>
        Array.from({ length: 5000 }, (_, n) => at(start + n, n, {}, n % 2 ? 'flow' : 'power'));
      await Promise.all([store.write(tenant, batch(0)), store.write(tenant, batch(5000))]);
      for (const signal of ['flow', 'power']) {
        const { samples, truncated } = await raw(tenant, signal);
        assert.deepEqual([samples.length, truncated], [5000, false]);
      }
      const windows = await store.aggregate(tenant, ref('flow'), { from: t0, to: t0 + 10_000 }, 1000);
      assert.deepEqual(
        windows.map(({ count }) => count),
        Array.from({ length: 10 }, () => 500),
      );
    });

    aggregateCases(() => store);

    test('what was written is there after closing and opening again', async () => {
      const tenant = freshTenant();
      await store.close();
      const first = await harness.open();
      await first.write(tenant, [at(0, 1), at(10, 2), at(10, 3), at(5, [1, 2], {}, 'envelopeSpectrum')]);
      await first.close();
      store = await harness.open();
      assert.deepEqual(valuesOf(await raw(tenant)), [1, 3]);
      assert.deepEqual(
        (await store.latest(tenant, [ref('flow'), ref('envelopeSpectrum')])).map((sample) => sample?.value),
        [3, [1, 2]],
      );
      await store.write(tenant, [at(10, 4)]);
      assert.deepEqual(valuesOf(await raw(tenant)), [1, 4]);
    });

    test('a closed store says STORE_UNAVAILABLE', async () => {
      await store.close();
      await rejectsWith('STORE_UNAVAILABLE', store.write(freshTenant(), [at(0, 1)]));
      await rejectsWith('STORE_UNAVAILABLE', raw(freshTenant()));
      await store.close();
      store = await harness.open();
    });
  });
}
