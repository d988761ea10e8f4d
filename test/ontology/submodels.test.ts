import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Submodel, SubmodelElement } from '#ontology/aas/environment.ts';
import { readBillOfMaterial } from '#ontology/aas/submodels/bom.ts';
import { readKnownSubmodel, recognise } from '#ontology/aas/submodels/index.ts';
import { readNameplate } from '#ontology/aas/submodels/nameplate.ts';
import { readTechnicalData } from '#ontology/aas/submodels/technical-data.ts';
import {
  entity,
  ids,
  list,
  mlp,
  prop,
  relation,
  scope,
  smc,
  submodel,
  valueOf,
} from './submodels-support.ts';

const nameplateIds = {
  '1.0': 'https://admin-shell.io/zvei/nameplate/1/0/Nameplate',
  '2.0': 'https://admin-shell.io/zvei/nameplate/2/0/Nameplate',
  '3.0': 'https://admin-shell.io/idta/nameplate/3/0/Nameplate',
};

describe('a submodel is recognised', () => {
  const kinds: readonly (readonly [id: string, kind: string])[] = [
    ...Object.values(nameplateIds).map((id) => [id, 'nameplate'] as const),
    ['https://admin-shell.io/ZVEI/TechnicalData/Submodel/1/1', 'technicalData'],
    ['https://admin-shell.io/ZVEI/TechnicalData/Submodel/1/2', 'technicalData'],
    ['0173-1#01-AHX837#002', 'technicalData'],
    ['https://admin-shell.io/idta/HierarchicalStructures/1/0/Submodel', 'bom'],
    ['https://admin-shell.io/idta/HierarchicalStructures/1/1/Submodel', 'bom'],
    ['https://admin-shell.io/idta/TimeSeries/1/1', 'timeSeries'],
    ['https://admin-shell.io/idta/CarbonFootprint/CarbonFootprint/0/9', 'carbonFootprint'],
    ['https://admin-shell.io/idta/CarbonFootprint/CarbonFootprint/1/0', 'carbonFootprint'],
    ['https://admin-shell.io/idta/SubmodelTemplate/MaintenanceInstructions/1/0', 'maintenance'],
    ['https://admin-shell.io/idta/iec62683/1/0/Reliability', 'reliability'],
    ['https://admin-shell.io/idta/SubmodelTemplate/PredictiveMaintenance/1/0', 'predictiveMaintenance'],
  ];
  for (const [id, kind] of kinds)
    test(`as ${kind}: ${id}`, () => assert.equal(recognise(submodel('urn:s', 'S', id, []))?.kind, kind));

  test('by a supplemental id, and not by an unknown one', () => {
    const bare: Submodel = { modelType: 'Submodel', id: 'urn:s' };
    const found = recognise({ ...bare, ...ids('urn:own', nameplateIds['3.0']) });
    assert.deepEqual(found, { kind: 'nameplate', match: 'SUPPLEMENTAL' });
    assert.equal(recognise({ ...bare, ...ids('urn:own') }), null);
    assert.equal(readKnownSubmodel(bare, '', scope()), null);
  });
});

describe('a nameplate', () => {
  const versions: Readonly<Record<keyof typeof nameplateIds, readonly SubmodelElement[]>> = {
    '1.0': [
      prop('ManufacturerName', '0173-1#02-AAO677#002', 'Muster'),
      mlp('ManufacturerProductDesignation', '0173-1#02-AAW338#001', { de: 'Pumpe', en: 'Pump' }),
      prop('SerialNumber', '0173-1#02-AAM556#002', 'S-1'),
      prop('YearOfConstruction', '0173-1#02-AAP906#001', '2020'),
    ],
    '2.0': [
      mlp('ManufacturerName', '0173-1#02-AAO677#002', { de: 'Muster' }),
      mlp('ManufacturerProductDesignation', '0173-1#02-AAW338#001 ', { de: 'Pumpe', en: 'Pump' }),
      prop('SerialNumber', '0173-1#02-AAM556#002', 'S-1'),
      prop('YearOfConstruction', '0173-1#02-AAP906#001', '2020'),
    ],
    '3.0': [
      mlp('ManufacturerName', '0112/2///61987#ABA565#009', { de: 'Muster' }),
      mlp('ManufacturerProductDesignation', '0112/2///61987#ABA567#009', { de: 'Pumpe', en: 'Pump' }),
      prop('SerialNumber', '0112/2///61987#ABA951#009', 'S-1'),
      prop('YearOfConstruction', '0112/2///61987#ABP000#002', '2020'),
    ],
  };
  for (const [version, elements] of Object.entries(versions))
    test(`of version ${version} gives the same canonical values`, () => {
      const at = scope();
      const { properties } = readNameplate(
        submodel('urn:n', 'Nameplate', nameplateIds['2.0'], elements),
        '',
        at,
      );
      assert.deepEqual(at.found, []);
      assert.equal(valueOf(properties, 'nameplate.serialNumber'), 'S-1');
      assert.equal(valueOf(properties, 'nameplate.yearOfConstruction'), '2020');
      assert.deepEqual(valueOf(properties, 'nameplate.manufacturerProductDesignation'), {
        de: 'Pumpe',
        en: 'Pump',
      });
      const name = valueOf(properties, 'nameplate.manufacturerName') as Record<string, string>;
      assert.deepEqual(Object.values(name), ['Muster']);
    });

  test('gives address and markings, in collections and in lists', () => {
    const marking = [
      prop('MarkingName', '0112/2///61987#ABA231#009', 'CE'),
      prop('IssueDate', '0112/2///61987#ABO097#001', '2024-03-15', 'xs:date'),
    ];
    const holders = [
      list('Markings', '0112/2///61360_7#AAS006#001', 'SubmodelElementCollection', [
        smc(null, null, marking),
      ]),
      smc('Markings', '0173-1#01-AGZ673#001', [smc('Marking00', '0173-1#01-AHD206#001', marking)]),
    ];
    for (const holder of holders) {
      const { address, markings } = readNameplate(
        submodel('urn:n', 'N', nameplateIds['3.0'], [
          smc(
            'AddressInformation',
            'https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation',
            [
              mlp('Street', '0173-1#02-AAO128#002', { de: 'Weg 1' }),
              mlp('CityTown', '0173-1#02-AAO132#002', { de: 'Ort' }),
            ],
          ),
          holder,
        ]),
        '',
        scope(),
      );
      assert.deepEqual(address, { street: 'Weg 1', city: 'Ort' });
      assert.deepEqual(
        markings.map(({ name, issueDate, expiryDate }) => [name, issueDate, expiryDate]),
        [['CE', '2024-03-15', null]],
      );
    }
  });

  test('takes the name for true where a semantic id is that of another field, and says so', () => {
    const at = scope();
    const { properties } = readNameplate(
      submodel('urn:n', 'N', nameplateIds['3.0'], [
        prop('CountryOfOrigin', '0112/2///61987#ABA302#006', 'DE'),
        prop('Own', '0112/2///61987#ABA951#009', 'S-2'),
      ]),
      '/submodels/0',
      at,
    );
    assert.equal(valueOf(properties, 'nameplate.countryOfOrigin'), 'DE');
    assert.equal(valueOf(properties, 'nameplate.firmwareVersion'), undefined);
    assert.equal(valueOf(properties, 'nameplate.serialNumber'), 'S-2');
    assert.deepEqual(at.found, [
      'hub:semanticIdMismatch /submodels/0/submodelElements/0',
      'hub:nameplateIncomplete /submodels/0',
      'hub:nameplateIncomplete /submodels/0',
    ]);
  });
});

test('technical data of 1.2 and 2.0 gives properties with unit and semantic id, and classifications', () => {
  const rated = prop('RatedFlow', '0173-1#02-AAB000#001', '60', 'xs:double');
  const range: SubmodelElement = {
    modelType: 'Range',
    idShort: 'Temperature',
    valueType: 'xs:double',
    min: '-5',
    max: '40',
  };
  const classification = [
    prop('ProductClassificationSystem', null, 'ECLASS'),
    prop('ProductClassId', null, '36-41-01-01'),
  ];
  const bodies = {
    'TechnicalProperties.': [
      smc('GeneralInformation', null, [prop('ManufacturerName', '0173-1#02-AAO677#002', 'Muster')]),
      smc('ProductClassifications', null, [smc('ProductClassificationItem01', null, classification)]),
      smc('TechnicalProperties', 'https://admin-shell.io/ZVEI/TechnicalData/TechnicalProperties/1/1', [
        smc('Main', null, [rated, range]),
      ]),
    ],
    'TechnicalPropertyAreas.': [
      smc('GeneralInformation', '0173-1#02-ABK161#002/0173-1#01-AHX838#002', [
        prop('ManufacturerName', '0173-1#02-AAO677#004', 'Muster'),
      ]),
      list('ProductClassifications', '0173-1#02-ABK162#002', 'SubmodelElementCollection', [
        smc(null, null, classification),
      ]),
      list('TechnicalPropertyAreas', '0173-1#02-ABK163#002', 'SubmodelElementCollection', [
        smc('Main', null, [rated, range]),
      ]),
    ],
  };
  for (const [area, elements] of Object.entries(bodies)) {
    const at = scope({ [`${area}Main.RatedFlow`]: 'm3/h' });
    const data = readTechnicalData(submodel('urn:t', 'T', '0173-1#01-AHX837#002', elements), '', at);
    assert.deepEqual(at.found, []);
    assert.deepEqual(
      data.technicalProperties.map(({ path, value, unit, semanticId }) => [path, value, unit, semanticId]),
      [
        ['Main.RatedFlow', 60, 'm3/h', '0173-1#02-AAB000#001'],
        ['Main.Temperature.min', -5, null, null],
        ['Main.Temperature.max', 40, null, null],
      ],
    );
    assert.deepEqual(data.classifications, [{ system: 'ECLASS', version: null, classId: '36-41-01-01' }]);
    assert.equal(valueOf(data.properties, 'technicalData.manufacturerName'), 'Muster');
  }
});

describe('a bill of material', () => {
  const id = 'urn:bom';
  const semantic = 'https://admin-shell.io/idta/HierarchicalStructures/1/1/Submodel';
  const archetype = (value: string) =>
    prop('ArcheType', 'https://admin-shell.io/idta/HierarchicalStructures/ArcheType/1/0', value);
  const read = (elements: readonly SubmodelElement[], at = scope()) => ({
    bom: readBillOfMaterial(submodel(id, 'Bom', semantic, elements), '', at),
    found: at.found,
  });
  const bulk = prop(
    'BulkCount',
    'https://admin-shell.io/idta/HierarchicalStructures/BulkCount/1/0',
    '8',
    'xs:unsignedLong',
  );

  test('of archetype Full: relationships say who is part of whom, nesting what they leave out', () => {
    const { bom, found } = read([
      archetype('Full'),
      entity(
        'Pump',
        'urn:pump',
        [
          entity('Motor', 'urn:motor', [entity('Rotor', null)]),
          entity('Screw', null, [bulk]),
          relation('HasPart', 'Motor', [id, 'Pump'], [id, 'Pump', 'Motor']),
          relation('IsPartOf', 'Screw', [id, 'Pump', 'Screw'], [id, 'Pump']),
        ],
        'EntryNode',
      ),
    ]);
    assert.deepEqual(found, []);
    assert.equal(bom?.archetype, 'Full');
    assert.deepEqual(bom?.parts, [
      { whole: 'Pump', part: 'Pump.Motor' },
      { whole: 'Pump', part: 'Pump.Screw' },
      { whole: 'Pump.Motor', part: 'Pump.Motor.Rotor' },
    ]);
    assert.deepEqual(
      bom?.nodes.map(({ path, selfManaged, bulkCount }) => [path, selfManaged, bulkCount]),
      [
        ['Pump', true, null],
        ['Pump.Motor', true, null],
        ['Pump.Motor.Rotor', false, null],
        ['Pump.Screw', false, 8],
      ],
    );
  });

  test('of archetype OneDown and OneUp: the entry node is the whole, or the part', () => {
    const nodes = (value: string) => [
      archetype(value),
      entity('A', 'urn:a', [entity('B', 'urn:b')], 'EntryNode'),
    ];
    assert.deepEqual(read(nodes('OneDown')).bom?.parts, [{ whole: 'A', part: 'A.B' }]);
    assert.deepEqual(read(nodes('OneUp')).bom?.parts, [{ whole: 'A.B', part: 'A' }]);
  });

  test('tells what is the same in other structures', () => {
    const { bom } = read([
      entity(
        'A',
        'urn:a',
        [entity('B', 'urn:b', [relation('SameAs', 'B', [id, 'A', 'B'], ['urn:other', 'EntryNode'])])],
        'EntryNode',
      ),
    ]);
    assert.deepEqual(bom?.nodes[1]?.sameAs, [{ submodel: 'urn:other', path: 'EntryNode' }]);
  });

  test('reports relationships that lead nowhere, two wholes, a wrong submodel and an unknown archetype', () => {
    const { bom, found } = read([
      archetype('Sideways'),
      entity(
        'A',
        'urn:a',
        [
          entity('B', null),
          entity('C', null),
          relation('HasPart', '1', [id, 'A'], [id, 'A', 'Nobody']),
          relation('HasPart', '2', ['wrong', 'A'], ['wrong', 'A', 'B']),
          relation('HasPart', '3', [id, 'A', 'C'], [id, 'A', 'B']),
        ],
        'EntryNode',
      ),
    ]);
    assert.deepEqual(
      found.map((line) => line.split(' ')[0]),
      ['hub:bomArchetype', 'hub:bomRelationEnds', 'hub:bomRelationSubmodel', 'hub:bomTwoWholes'],
    );
    assert.deepEqual(bom?.parts, [{ whole: 'A', part: 'A.B' }]);
    assert.deepEqual(read([archetype('Full')]).found, ['hub:bomWithoutEntryNode ']);
  });
});
