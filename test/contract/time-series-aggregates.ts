import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantId } from '#ontology/ids.ts';
import type { AggregateWindow, TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { Sample, SignalSample } from '#ontology/sample.ts';
import { all, at, bad, ref, rejectsWith, t0 } from './time-series-data.ts';
import { freshTenant } from './twin-store-data.ts';

/** The aggregation as the port's words define it. */
function windowsOf(samples: readonly Sample[], windowMs: number): AggregateWindow[] {
  const starts = [
    ...new Set(samples.map(({ sourceTime }) => Math.floor((sourceTime ?? 0) / windowMs) * windowMs)),
  ].sort((a, b) => a - b);
  return starts.flatMap((start) => {
    const inside = samples.filter(
      ({ sourceTime }) => (sourceTime ?? 0) >= start && (sourceTime ?? 0) < start + windowMs,
    );
    const badCount = inside.filter(({ quality }) => quality === 'BAD').length;
    const numbers = inside.flatMap(({ quality, value }) =>
      quality !== 'BAD' && typeof value === 'number' ? [value] : [],
    );
    if (!numbers.length && !badCount) return [];
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (numbers.length - 1);
    const some = numbers.length > 0;
    return [
      {
        start,
        end: start + windowMs,
        count: numbers.length,
        badCount,
        mean: some ? mean : null,
        min: some ? Math.min(...numbers) : null,
        max: some ? Math.max(...numbers) : null,
        first: numbers[0] ?? null,
        last: numbers.at(-1) ?? null,
        stddev: numbers.length > 1 ? Math.sqrt(variance) : null,
      },
    ];
  });
}

/** Equal up to the last digits of a floating-point sum. */
function assertWindows(actual: readonly AggregateWindow[], expected: readonly AggregateWindow[]): void {
  const rounded = (windows: readonly AggregateWindow[]) =>
    windows.map((window) =>
      Object.fromEntries(
        Object.entries(window).map(([name, value]) => [
          name,
          typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(9) : value,
        ]),
      ),
    );
  assert.deepEqual(rounded(actual), rounded(expected));
}

/** The cases of `aggregate`; `opened` gives the store under test. */
export function aggregateCases(opened: () => TimeSeriesStore): void {
  const written = async (...samples: SignalSample[]): Promise<TenantId> => {
    const tenant = freshTenant();
    await opened().write(tenant, samples);
    return tenant;
  };
  const raw = (tenant: TenantId) => opened().raw(tenant, ref('flow'), all, 10_000);

  test('windows are aligned to the epoch and left out when empty', async () => {
    const tenant = await written(at(-1, 1), at(0, 2), at(999, 4), at(5000, 8), at(5001, 16), at(5002, 9));
    const windows = await opened().aggregate(tenant, ref('flow'), { from: t0 - 1, to: t0 + 5002 }, 1000);
    assertWindows(windows, [
      {
        start: t0 - 1000,
        end: t0,
        count: 1,
        badCount: 0,
        mean: 1,
        min: 1,
        max: 1,
        first: 1,
        last: 1,
        stddev: null,
      },
      {
        start: t0,
        end: t0 + 1000,
        count: 2,
        badCount: 0,
        mean: 3,
        min: 2,
        max: 4,
        first: 2,
        last: 4,
        stddev: Math.SQRT2,
      },
      {
        start: t0 + 5000,
        end: t0 + 6000,
        count: 2,
        badCount: 0,
        mean: 12,
        min: 8,
        max: 16,
        first: 8,
        last: 16,
        stddev: Math.sqrt(32),
      },
    ]);
  });

  test('bad samples are counted apart, uncertain ones are part of the numbers', async () => {
    const tenant = await written(
      at(0, 2),
      at(10, 1000, bad),
      at(20, 4, { quality: 'UNCERTAIN' }),
      at(30, null, bad),
      at(2000, null, bad),
    );
    const windows = await opened().aggregate(tenant, ref('flow'), { from: t0, to: t0 + 10_000 }, 1000);
    const nothing = { mean: null, min: null, max: null, first: null, last: null, stddev: null };
    assertWindows(windows, [
      {
        start: t0,
        end: t0 + 1000,
        count: 2,
        badCount: 2,
        mean: 3,
        min: 2,
        max: 4,
        first: 2,
        last: 4,
        stddev: Math.SQRT2,
      },
      { start: t0 + 2000, end: t0 + 3000, count: 0, badCount: 1, ...nothing },
    ]);
  });

  test('a value that a later write replaced is in no window', async () => {
    const tenant = await written(at(0, 1), at(10, 2), at(20, 3), at(30, 4), at(1000, 5), at(2000, 6));
    await opened().write(tenant, [
      at(0, 7),
      at(10, null, bad),
      at(20, 'text'),
      at(30, 8, bad),
      at(1000, null, bad),
      at(2000, 'x'),
    ]);
    const windows = await opened().aggregate(tenant, ref('flow'), { from: t0, to: t0 + 10_000 }, 1000);
    const nothing = { mean: null, min: null, max: null, first: null, last: null, stddev: null };
    assertWindows(windows, [
      {
        start: t0,
        end: t0 + 1000,
        count: 1,
        badCount: 2,
        mean: 7,
        min: 7,
        max: 7,
        first: 7,
        last: 7,
        stddev: null,
      },
      { start: t0 + 1000, end: t0 + 2000, count: 0, badCount: 1, ...nothing },
    ]);
  });

  test('texts, booleans and spectra have no windows', async () => {
    const tenant = await written(
      at(0, 'a', {}, 'batch'),
      at(0, true, {}, 'running'),
      at(0, [1, 2], {}, 'envelopeSpectrum'),
    );
    for (const signal of ['batch', 'running', 'envelopeSpectrum'])
      assert.deepEqual(await opened().aggregate(tenant, ref(signal), { from: t0, to: t0 + 1000 }, 1000), []);
  });

  test('aggregates agree with the definition on 3,000 samples of every quality, with repeats and late ones', async () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const tenant = freshTenant();
    const kept = new Map<number, Sample>();
    for (let batch = 0; batch < 3; batch++) {
      const samples = Array.from({ length: 1000 }, () => {
        const draw = random();
        const offset = Math.floor(random() * 100_000);
        if (draw < 0.05) return at(offset, null, bad);
        if (draw < 0.1) return at(offset, 1e6, bad);
        return at(offset, 50 + 20 * (random() - 0.5), draw < 0.2 ? { quality: 'UNCERTAIN' } : {});
      });
      for (const { sample } of samples) kept.set(sample.sourceTime ?? 0, sample);
      await opened().write(tenant, samples);
    }
    const sorted = [...kept].sort(([a], [b]) => a - b).map(([, sample]) => sample);
    assert.deepEqual((await raw(tenant)).samples, sorted);
    for (const windowMs of [777, 10_000, 3_600_000]) {
      const range = { from: t0 + 1234, to: t0 + 98_765 };
      const inside = sorted.filter(
        ({ sourceTime }) => (sourceTime ?? 0) >= range.from && (sourceTime ?? 0) < range.to,
      );
      assertWindows(
        await opened().aggregate(tenant, ref('flow'), range, windowMs),
        windowsOf(inside, windowMs),
      );
    }
  });

  test('windows are whole milliseconds from 1, and at most 10,000 of them', async () => {
    const tenant = await written(at(0, 1), at(1, 2));
    const windows = await opened().aggregate(tenant, ref('flow'), { from: t0, to: t0 + 10_000 }, 1);
    assert.deepEqual(
      windows.map(({ start, mean }) => [start, mean]),
      [
        [t0, 1],
        [t0 + 1, 2],
      ],
    );
    await rejectsWith(
      'LIMIT_EXCEEDED',
      opened().aggregate(tenant, ref('flow'), { from: t0, to: t0 + 10_001 }, 1),
      '10,000',
    );
    for (const wrong of [0, -1, 0.5, NaN])
      await rejectsWith(
        'INVALID_INPUT',
        opened().aggregate(tenant, ref('flow'), { from: t0, to: t0 + 1 }, wrong),
      );
  });
}
