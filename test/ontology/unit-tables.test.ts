import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areConvertible, convert, isKnownUnit } from '#ontology/units.ts';
import { dtdlSemanticTypes, dtdlUnit, dtdlUnits, dtdlUnits3, unitTypeOf } from '#ontology/units/dtdl.ts';
import { ucumOfUnece, uneceCodes, uneceOfUnitId, uneceWithoutUcum } from '#ontology/units/unece.ts';

test('every DTDL unit has a UCUM code the hub knows, all of one unit type convertible', () => {
  const units = Object.entries(dtdlUnits).flatMap(([type, codes]) =>
    Object.entries(codes).map(([term, code]) => ({ type, term, code, first: Object.values(codes)[0] ?? '' })),
  );
  for (const { type, term, code, first } of units) {
    assert.ok(isKnownUnit(code), `${type} ${term} ${code}`);
    assert.ok(areConvertible(code, first), `${type}: ${code} and ${first}`);
    assert.deepEqual(dtdlUnit(term), { unitType: type, ucum: code });
  }
  assert.deepEqual([Object.keys(dtdlUnits).length, units.length], [43, 240]);
});

test('every unit of QuantitativeTypes 3 has a UCUM code and converts within its unit type', () => {
  const older: Readonly<Record<string, Readonly<Record<string, string>>>> = dtdlUnits;
  const units = Object.entries(dtdlUnits3).flatMap(([type, codes]) =>
    Object.entries(codes).map(([term, code]) => ({
      type,
      term,
      code,
      first: Object.values(older[type] ?? codes)[0] ?? '',
    })),
  );
  for (const { type, term, code, first } of units) {
    assert.ok(areConvertible(code, first), `${type}: ${code} and ${first}`);
    assert.deepEqual(dtdlUnit(term), { unitType: type, ucum: code });
    assert.ok(!older[type] || !(term in older[type]), term);
  }
  assert.equal(units.length, 28);
  assert.equal(convert(1, dtdlUnit('centipoise')?.ucum ?? '', 'mPa.s'), 1);
  assert.equal(convert(1, dtdlUnit('centistokes')?.ucum ?? '', 'mm2/s'), 1);
});

test('every semantic type of QuantitativeTypes 1 and 2 has its unit type', () => {
  assert.equal(dtdlSemanticTypes.length, 52);
  assert.equal(unitTypeOf('Humidity'), 'DensityUnit');
  assert.equal(unitTypeOf('TimeSpan'), 'TimeUnit');
  assert.equal(unitTypeOf('Charge'), null);
  assert.deepEqual(dtdlUnit('cubicMetrePerHour'), { unitType: 'VolumeFlowRateUnit', ucum: 'm3/h' });
  assert.equal(dtdlUnit('furlong'), null);
});

test('units that UCUM has no prefix or symbol for are written as exact products', () => {
  assert.equal(convert(1, dtdlUnit('exbibyte')?.ucum ?? '', 'By'), 2 ** 60);
  assert.equal(convert(1, dtdlUnit('zebibyte')?.ucum ?? '', 'By'), 2 ** 70);
  assert.equal(convert(1, dtdlUnit('yobibyte')?.ucum ?? '', 'By'), 2 ** 80);
  assert.equal(convert(1, dtdlUnit('ton')?.ucum ?? '', dtdlUnit('pound')?.ucum ?? ''), 2000);
});

test('every UNECE code has one UCUM code that the hub knows, or a reason why it has none', () => {
  const seen = new Set<string>();
  for (const [code, ucum] of uneceCodes) {
    assert.match(code, /^[A-Z0-9]{2,3}$/);
    assert.ok(isKnownUnit(ucum), `${code} ${ucum}`);
    assert.ok(!seen.has(code) && !uneceWithoutUcum.has(code), code);
    assert.equal(ucumOfUnece(code), ucum);
    seen.add(code);
  }
  for (const [code, reason] of uneceWithoutUcum) {
    assert.equal(ucumOfUnece(code), null, code);
    assert.ok(reason.length >= 5, code);
  }
  assert.deepEqual([seen.size, uneceWithoutUcum.size], [1752, 62]);
});

test('no valid code of revision 17 is forgotten: the numbered series have gaps only where the list has', () => {
  const gaps: Readonly<Record<string, string>> = {
    A: '46 72 92',
    B: '2 5 6 9',
    C: '1 2 4 5 6 77',
    D: '3 4 7 8 14 28 40 64 66 67 79 84 90 92 96 97 98 99',
    E: '1 2 3 5 6 13 24 26 29',
    F: '1 2 3 4 5 6 7 8 9 9',
    G: '1 4 5 6 7 8 9 22',
    H: '1 2 3 4 5 6 7 8 9 17 86 97',
    J: '1 3 4 5 6 7 8 9 11 37 77 80 86 88',
    K: '4 7 8 9 29 44 56 57 72',
    L: '1 3 4 5 6 7 8 9 22 97',
    M: '2 3 6 8 28 54',
    N: '2 4 5 6 7 8 9',
    P: '3 4 6 7 8 9',
  };
  const known = new Set([...uneceCodes.map(([code]) => code), ...uneceWithoutUcum.keys()]);
  for (const [letter, numbers] of Object.entries(gaps)) {
    const missing = Array.from({ length: 90 }, (_, i) => i + 10).filter((n) => !known.has(`${letter}${n}`));
    assert.deepEqual(
      missing.map(String),
      numbers.split(' ').filter((n) => n.length === 2),
      letter,
    );
  }
});

test('an OPC UA unit id gives its UNECE code and unit', () => {
  assert.equal(uneceOfUnitId(4408652), 'CEL');
  assert.equal(ucumOfUnece('CEL'), 'Cel');
  assert.equal(ucumOfUnece(uneceOfUnitId(0x4b5041)), 'kPa');
  assert.equal(ucumOfUnece('__proto__'), null);
});
