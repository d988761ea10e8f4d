import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearingGeometry, bearingLines } from '#gateway/console/src/bearing.ts';
import { formatNumber, formatName, formatUnit, localTimes } from '#gateway/console/src/format.ts';
import { Series, calmRange, leastSpan } from '#gateway/console/src/series.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const size = { windowMs: 1000, lastMs: 10_000, gapMs: 3000 };
const stored = (at: number, mean: number | null, count = 5) => ({
  start: new Date(at).toISOString(),
  mean,
  min: mean,
  max: mean,
  count,
  badCount: mean === null ? 1 : 0,
});

test('live samples go on where the stored past ends, in windows of the same length', () => {
  const series = new Series(size);
  series.load([stored(start, 1), stored(start + 1000, 2)]);
  series.add(start + 2100, 3);
  series.add(start + 2900, 5);
  const { x, mean, min, max } = series.columns(start + 3000);
  assert.deepEqual(mean, [1, 2, 4]);
  assert.deepEqual([min[2], max[2]], [3, 5]);
  assert.deepEqual(
    x,
    [start + 500, start + 1500, start + 2500].map((at) => at / 1000),
  );
});

test('a pause and a sample that cannot be trusted are gaps in the line', () => {
  const series = new Series(size);
  series.add(start, 1);
  series.add(start + 5000, 2);
  series.add(start + 6000, null);
  assert.deepEqual(series.columns(start + 7000).mean, [1, null, 2, null]);
});

test('what is older than the stretch is forgotten', () => {
  const series = new Series(size);
  for (let second = 0; second < 100; second += 1) series.add(start + second * 1000, second);
  const { mean } = series.columns(start + 99_500);
  assert.ok(mean.length <= 12);
  assert.deepEqual(series.columns(start + 10 * 60_000).mean, []);
});

test('live samples that know more of a window than the store stay', () => {
  const series = new Series(size);
  for (const value of [7, 8, 9]) series.add(start + 100, value);
  series.load([stored(start, 7, 1)]);
  assert.deepEqual(series.columns(start + 1000).mean, [8]);
});

test('a value axis does not move while the data fit and fill a third of it', () => {
  const first = calmRange(null, 10, 20, 1);
  assert.deepEqual(calmRange(first, 11, 19, 1), first);
  assert.notDeepEqual(calmRange(first, 9, 25, 1), first);
  const [low, high] = calmRange(first, 15, 15.1, 2);
  assert.ok(high - low < 3, 'it closes in on little movement');
  assert.ok(high - low >= 2, 'but never below the least span: noise stays small');
  assert.equal(leastSpan({ low: 0, high: 100 }, 3), 2);
});

test('bearing frequencies are those of the maker tables', () => {
  // 6311/C3 at 1480 rev/min: BPFO 3.05, BPFI 4.95, BSF 2.00, FTF 0.38 times the shaft's.
  const geometry = bearingGeometry([
    { name: 'rollingElements', value: 8 },
    { name: 'ballDiameter', value: 20.6 },
    { name: 'pitchDiameter', value: 87.5 },
  ]);
  assert.ok(geometry);
  const orders = bearingLines(geometry, 60).map((line) => [line.label, Number(line.frequency.toFixed(2))]);
  assert.deepEqual(orders, [
    ['FTF', 0.38],
    ['BSF', 2.01],
    ['BPFO', 3.06],
    ['BPFI', 4.94],
  ]);
  assert.deepEqual(bearingLines(geometry, 0), []);
  assert.equal(bearingGeometry([]), null);
});

test('numbers keep their decimals while they move, units read as people write them', () => {
  const range = { low: -1, high: 6 };
  assert.deepEqual(
    [0.0157, -0.00064, 1].map((value) => formatNumber(value, range)),
    ['0.016', '-0.001', '1.000'],
  );
  assert.equal(formatNumber(-0.0001, range), '0.000');
  assert.equal(formatNumber(11_872.4), '11\u2009872');
  assert.deepEqual(['m3/h', 'm2/s4', '{bottle}/h', '{rev}/min', 'Cel', 'N.m', '1'].map(formatUnit), [
    'm³/h',
    'm²/s⁴',
    'bottles/h',
    'rpm',
    '°C',
    'N·m',
    '',
  ]);
  assert.equal(formatName('URIOfTheProduct'), 'URI of the product');
  assert.doesNotMatch(localTimes('until 2026-11-21T06:38:31.202Z (101 values)'), /T06/);
});
