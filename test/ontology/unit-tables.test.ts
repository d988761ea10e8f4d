import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areConvertible, isKnownUnit } from '#ontology/units.ts';
import { dtdlSemanticTypes, dtdlUnit, dtdlUnits, unitTypeOf } from '#ontology/units/dtdl.ts';
import { ucumOfUnece, uneceOfUnitId } from '#ontology/units/unece.ts';

test('every DTDL unit has a UCUM code the hub knows, all of one unit type convertible, or none at all', () => {
  for (const [type, units] of Object.entries(dtdlUnits)) {
    const codes = Object.values(units).filter((code) => code !== null);
    for (const code of codes) {
      assert.ok(isKnownUnit(code), `${type} ${code}`);
      assert.ok(areConvertible(code, codes[0] ?? code), `${type}: ${code} and ${codes[0]}`);
    }
  }
});

test('every semantic type of QuantitativeTypes 1 has its unit type', () => {
  assert.equal(dtdlSemanticTypes.length, 52);
  assert.equal(unitTypeOf('Humidity'), 'DensityUnit');
  assert.equal(unitTypeOf('TimeSpan'), 'TimeUnit');
  assert.equal(unitTypeOf('Charge'), null);
  assert.deepEqual(dtdlUnit('cubicMetrePerHour'), { unitType: 'VolumeFlowRateUnit', ucum: 'm3/h' });
  assert.equal(dtdlUnit('furlong'), null);
});

test('an OPC UA unit id gives its UNECE code and unit', () => {
  assert.equal(uneceOfUnitId(4408652), 'CEL');
  assert.equal(ucumOfUnece('CEL'), 'Cel');
  assert.equal(ucumOfUnece(uneceOfUnitId(0x4b5041)), 'kPa');
  assert.equal(ucumOfUnece('__proto__'), null);
});
