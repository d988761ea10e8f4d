import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHubError } from '#kernel/errors.ts';
import { areConvertible, convert, isKnownUnit } from '#ontology/units.ts';

/** Units the demo plant and its partners use, grouped by what they measure. */
const groups = {
  flow: ['m3/h', 'L/min', 'L/s', 'm3/s', '[gal_us]/min', '[cft_i]/min'],
  pressure: ['bar', 'kPa', 'Pa', 'mbar', '[psi]', 'MPa', 'm[H2O]', "[in_i'Hg]", 'atm'],
  temperature: ['Cel', 'K', '[degF]', '[degR]'],
  speed: ['{rev}/min', 'Hz', '/min', '{rev}/s'],
  velocity: ['mm/s', 'm/s', 'km/h', '[in_i]/s', '[mi_i]/h'],
  acceleration: ['m/s2', '[g]', 'mm/s2'],
  current: ['A', 'mA', 'kA'],
  power: ['kW', 'W', 'MW', '[HP]', 'J/s'],
  energy: ['kW.h', 'J', 'MJ', '[Btu_IT]'],
  torque: ['N.m', 'kN.m', 'mN.m', '[lbf_av].[ft_i]'],
  volume: ['mL', 'L', 'm3', '[gal_us]'],
  rate: ['{bottle}/h', '{bottle}/min'],
  length: ['mm', 'm', 'um', '[in_i]'],
  angle: ['deg', 'rad', 'circ'],
  ratio: ['%', '1', '[ppm]', '10*-3'],
  level: ['dB', 'B', 'Np'],
} as const;

const closeTo = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const mismatch = (error: unknown) => isHubError(error, 'UNIT_MISMATCH');

test('every unit of the plant is known and converts within its group only', () => {
  const all = Object.entries(groups).flatMap(([group, units]) => units.map((unit) => ({ group, unit })));
  for (const a of all) {
    assert.ok(isKnownUnit(a.unit), a.unit);
    for (const b of all) {
      const related =
        a.group === b.group ||
        [a.group, b.group].every((g) => ['energy', 'torque'].includes(g)) ||
        [a.group, b.group].every((g) => ['ratio', 'level'].includes(g));
      const perTime =
        [a, b].some((x) => x.group === 'rate') &&
        [a, b].some((x) => x.group === 'speed' && !x.unit.includes('{'));
      assert.equal(areConvertible(a.unit, b.unit), related || perTime, `${a.unit} to ${b.unit}`);
    }
  }
});

test('known values convert to what the tables say', () => {
  const cases: [number, string, string, number][] = [
    [212, '[degF]', 'Cel', 100],
    [0, 'Cel', 'K', 273.15],
    [-40, 'Cel', '[degF]', -40],
    [101.325, 'kPa', 'bar', 1.01325],
    [1, 'bar', 'kPa', 100],
    [1480, '{rev}/min', 'Hz', 1480 / 60],
    [60, '{rev}/min', 'rad/s', 2 * Math.PI],
    [Math.PI, 'rad/s', '{rev}/s', 0.5],
    [7.1, 'mm/s', 'm/s', 0.0071],
    [1, '[g]', 'm/s2', 9.80665],
    [60, 'm3/h', 'L/min', 1000],
    [36_000, '{bottle}/h', '{bottle}/min', 600],
    [1, '[psi]', 'kPa', 6.894757293168361],
    [1, '[HP]', 'W', 745.6998715822702],
    [180, 'deg', 'rad', Math.PI],
    [20, 'dB', '1', 100],
    [94, 'dB[SPL]', 'Pa', 1.0023744672545445],
    [1, 'kW.h', 'MJ', 3.6],
    [50, '%', '1', 0.5],
    [1, '(kg.m)/s2', 'N', 1],
    [5, '10*3/mL', '/uL', 5],
    [2, 'J/(kg.K)', 'J/kg/K', 2],
  ];
  for (const [value, from, to, expected] of cases) closeTo(convert(value, from, to), expected);
});

test('101.3 kPa is exactly 1.013 bar', () => {
  assert.equal(convert(101.3, 'kPa', 'bar'), 1.013);
});

test('a conversion there and back gives the value again', () => {
  const pair = fc
    .constantFrom(...Object.values(groups).filter((g) => g !== groups.level))
    .chain((units) => fc.tuple(fc.constantFrom(...units), fc.constantFrom(...units)));
  fc.assert(
    fc.property(pair, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([a, b], value) => {
      closeTo(convert(convert(value, a, b), b, a), value, 1e-8);
    }),
  );
});

test('a conversion through a third unit equals the direct one', () => {
  const triple = fc
    .constantFrom(...Object.values(groups).filter((g) => g !== groups.level))
    .chain((units) =>
      fc.tuple(fc.constantFrom(...units), fc.constantFrom(...units), fc.constantFrom(...units)),
    );
  fc.assert(
    fc.property(triple, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([a, b, c], value) => {
      const direct = convert(value, a, c);
      const detour = convert(convert(value, a, b), b, c);
      assert.ok(
        Math.abs(direct - detour) <= 1e-8 * Math.max(1e-3, Math.abs(direct), Math.abs(value)),
        `${direct} and ${detour}`,
      );
    }),
  );
});

test('different kinds are refused with both units named', () => {
  for (const [from, to] of [
    ['bar', 'Cel'],
    ['m3/h', 'kg/h'],
    ['{rev}/min', '{bottle}/h'],
    ['mm/s{rms}', 'mm/s{peak}'],
    ['A', 'W'],
  ] as const) {
    assert.throws(
      () => convert(1, from, to),
      (error) =>
        mismatch(error) && (error as Error).message.includes(from) && (error as Error).message.includes(to),
    );
  }
});

test('what is not UCUM is refused, also when both sides are equal', () => {
  for (const code of [
    '',
    'furlong',
    'mm//s',
    'mm/',
    '(m',
    'm)',
    'm s',
    '°C',
    'Cel/s',
    'Cel2',
    'kbar2x',
    '__proto__',
    'constructor',
    '{rev',
    'x'.repeat(300),
    '('.repeat(200),
  ]) {
    assert.equal(isKnownUnit(code), false, code.slice(0, 20));
    assert.throws(() => convert(1, code, code), mismatch);
  }
});

test('no text makes the reader fail in another way than by saying no', () => {
  fc.assert(
    fc.property(
      fc.string({
        maxLength: 40,
        unit: fc.constantFrom(...'mskgKCel[]{}()./-+*^0123456789barN%µ '.split('')),
      }),
      (text) => typeof isKnownUnit(text) === 'boolean',
    ),
  );
});
