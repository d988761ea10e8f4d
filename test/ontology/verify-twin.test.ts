import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { parseModelId } from '#ontology/ids.ts';
import type { Model, PropertyContent } from '#ontology/model.ts';
import { assertProperties, verifyProperties } from '#ontology/verify-twin.ts';

const id = parseModelId('dtmi:test:M;1');
const base = { displayName: {}, description: {}, declaredBy: id };
const property = (
  name: string,
  valueType: PropertyContent['valueType'],
  enumValues: PropertyContent['enumValues'] = null,
): PropertyContent => ({
  ...base,
  kind: 'property',
  name,
  valueType,
  enumValues,
  unit: null,
  quantity: null,
  writable: true,
});
const model = (contents: Model['contents'], modelId = id): Model => ({
  id: modelId,
  standard: 'DTDL',
  standardVersion: '3',
  displayName: {},
  description: {},
  extends: [],
  contents,
  source: {},
});
const partId = parseModelId('dtmi:test:Part;1');
const lineage = [
  model([
    property('flag', 'boolean'),
    property('count', 'integer'),
    property('size', 'number'),
    property('label', 'string'),
    property('at', 'dateTime'),
    property('took', 'duration'),
    property('curve', 'number[]'),
    property('map', 'object'),
    property('grade', 'string', ['A', 'B']),
    property('step', 'integer', [1, 2]),
    { ...base, kind: 'component', name: 'part', schema: partId },
    { ...base, kind: 'relationship', name: 'feeds', target: null, maxMultiplicity: null },
  ]),
];
const scope = {
  lineages: [lineage],
  componentLineage: (wanted: string) =>
    wanted === partId ? [model([property('power', 'number')], partId)] : null,
};

test('values of every type pass when they fit', () => {
  const good = [
    { flag: true },
    { count: 3 },
    { count: -3 },
    { size: 1.5 },
    { label: '' },
    { at: '2026-01-31T08:00:00Z' },
    { at: '2026-01-31T08:00:00.123+01:00' },
    { took: 'PT15M' },
    { took: 'P1DT2H' },
    { curve: [] },
    { curve: [1, 2.5] },
    { map: { a: 1 } },
    { map: [] },
    { grade: 'A' },
    { step: 2 },
    { part: {} },
    { part: { $metadata: {}, power: 3 } },
    { part: null },
    { count: null },
  ];
  for (const properties of good)
    assert.deepEqual([...verifyProperties(properties, scope)], [], JSON.stringify(properties));
});

test('values that do not fit are named with path and rule', () => {
  const bad: [Record<string, unknown>, string, string[]][] = [
    [{ flag: 'true' }, 'wrongType', ['flag']],
    [{ count: 1.5 }, 'wrongType', ['count']],
    [{ count: 2 ** 60 }, 'wrongType', ['count']],
    [{ size: Number.NaN }, 'wrongType', ['size']],
    [{ size: '1' }, 'wrongType', ['size']],
    [{ label: 1 }, 'wrongType', ['label']],
    [{ at: '2026-02-31' }, 'wrongType', ['at']],
    [{ at: '2026-01-31T25:00:00Z' }, 'wrongType', ['at']],
    [{ took: 'P' }, 'wrongType', ['took']],
    [{ took: 'PT' }, 'wrongType', ['took']],
    [{ curve: [1, null] }, 'wrongType', ['curve']],
    [{ map: 'x' }, 'wrongType', ['map']],
    [{ grade: 'C' }, 'notInEnumeration', ['grade']],
    [{ step: 3 }, 'notInEnumeration', ['step']],
    [{ part: 5 }, 'wrongType', ['part']],
    [{ part: { power: 'x' } }, 'wrongType', ['part', 'power']],
    [{ part: { colour: 1 } }, 'unknownProperty', ['part', 'colour']],
    [{ colour: 1 }, 'unknownProperty', ['colour']],
    [{ feeds: 1 }, 'unknownProperty', ['feeds']],
    [{ __proto__x: 1 }, 'unknownProperty', ['__proto__x']],
    [{ $aas: [] }, 'reservedName', ['$aas']],
    [JSON.parse('{"__proto__": 1}') as Record<string, unknown>, 'unknownProperty', ['__proto__']],
  ];
  for (const [properties, rule, path] of bad) {
    assert.deepEqual(
      [...verifyProperties(properties, scope)].map((violation) => [violation.rule, violation.path]),
      [[rule, path]],
      JSON.stringify(properties),
    );
  }
});

test("all violations come in one error, the first one's place in front", () => {
  assert.throws(
    () => assertProperties({ count: 'x', Flag: true }, scope, ['input', 'properties']),
    (error) =>
      isHubError(error, 'INVALID_INPUT') &&
      (error.details['violations'] as unknown[]).length === 2 &&
      error.message.startsWith('input/properties/count:'),
  );
  assert.match([...verifyProperties({ Flag: true }, scope)][0]?.message ?? '', /Is flag meant\?/);
});
