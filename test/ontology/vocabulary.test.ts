import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  matchCarried,
  matchIds,
  parseSemanticId,
  quantityOfId,
  termLists,
  termOf,
  termOfId,
} from '#ontology/vocabulary/index.ts';

describe('a semantic id', () => {
  const notations: Readonly<Record<string, readonly string[]>> = {
    '0173-1#02-AAO677': [
      '0173-1#02-AAO677#002',
      '0173-1#02-AAO677',
      ' 0173-1#02-AAO677#004 ',
      '0173-1---02-AAO677#002',
      '0173/1///02#AAO677#002',
      '[IRDI] 0173-1#02-AAO677#002',
      'irdi:0173-1#02-AAO677#002',
      'https://api.eclass-cdp.com/0173-1-02-AAO677-004',
      '0173-1%2302-AAO677%23002',
    ],
    '0173-1#02-ABI500/0173-1#01-AHF579': [
      '0173-1#02-ABI500#001/0173-1#01-AHF579#001',
      '0173-1#02-ABI500#003/0173-1#01-AHF579#003*01',
      '0173-1#02-ABI500#001 /0173-1#01-AHF579#001',
      '0173-1#02-ABI500#001~0/0173-1#01-AHF579#001',
      'https://api.eclass-cdp.com/0173-1-02-ABI500-001/0173-1-01-AHF579-001',
    ],
    '0112/2///61987#ABA565': [
      '0112/2///61987#ABA565#009',
      '0112/2///61987#ABA565',
      '0112-2---61987#ABA565#009',
      'https://cdd.iec.ch/cdd/iec61987/0112-2---61987%23ABA565',
    ],
    'admin-shell.io/idta/timeseries': [
      'https://admin-shell.io/idta/TimeSeries/1/1',
      'http://admin-shell.io/idta/TimeSeries/1/1/',
      'https://admin-shell.io/idta/TimeSeries/1/1/1',
      'https://admin-shell.io/idta/timeseries',
    ],
    'dtmi:com:example:Pump': [
      'dtmi:com:example:Pump;1',
      'dtmi:com:example:Pump;2.1',
      'dtmi:com:example:Pump',
    ],
  };
  for (const [concept, texts] of Object.entries(notations))
    test(`is one concept in every notation: ${concept}`, () => {
      for (const text of texts) assert.equal(parseSemanticId(text).concept, concept, text);
    });

  test('keeps its version apart', () => {
    const versions = [
      ['0173-1#02-AAO677#002', '002'],
      ['0112/2///61987#ABA565#009', '009'],
      ['https://admin-shell.io/zvei/nameplate/2/0/Nameplate', '2/0'],
      ['https://admin-shell.io/idta/HierarchicalStructures/Node/1/0', '1/0'],
      ['dtmi:com:example:Pump;3', '3'],
      ['0173-1#02-AAO677', null],
      ['urn:x', null],
    ] as const;
    for (const [text, version] of versions) assert.equal(parseSemanticId(text).version, version, text);
  });

  test('reads any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const { concept, system } = parseSemanticId(text);
        return typeof concept === 'string' && typeof system === 'string';
      }),
    );
    assert.equal(parseSemanticId('%E0%A4%A').system, 'OTHER');
  });

  test('matches exactly, by value, and by version', () => {
    const cases = [
      ['0173-1#02-AAO677#002', '0173-1#02-AAO677#002', 'EXACT'],
      ['0173-1#02-AAO677#002', 'https://api.eclass-cdp.com/0173-1-02-AAO677-002', 'VALUE'],
      ['0173-1#02-AAO677#002', '0173-1#02-AAO677#004', 'VERSION'],
      ['0173-1#02-AAO677', '0173-1#02-AAO677#004', 'VERSION'],
      ['0173-1#02-AAO677#002', '0173-1#02-AAO678#002', null],
      ['0173-1#01-AAO677#002', '0173-1#02-AAO677#002', null],
      ['0112/2///61987#ABA565', '0112/2///61360_7#ABA565', null],
      ['urn:a', 'urn:a/', 'VALUE'],
      ['urn:a', 'urn:A', null],
    ] as const;
    for (const [a, b, level] of cases) {
      assert.equal(matchIds(a, b), level, `${a} ${b}`);
      assert.equal(matchIds(b, a), level, `${b} ${a}`);
    }
  });

  test('matches by a supplemental id when the main one does not', () => {
    const wanted = ['0173-1#02-AAO677#002'];
    const main = (id: string, ...supplemental: string[]) =>
      matchCarried({ main: [id], supplemental }, wanted);
    assert.equal(main('0173-1#02-AAO677#003', '0173-1#02-AAO677#002'), 'VERSION');
    assert.equal(main('urn:own', '0173-1#02-AAO677#002'), 'SUPPLEMENTAL');
    assert.equal(main('urn:own'), null);
  });
});

describe('the vocabulary', () => {
  test('has an origin, a licence and a version for each list, and one term for each concept', () => {
    const seen = new Map<string, string>();
    for (const { origin, licence, version, terms } of termLists) {
      assert.ok(origin.length > 10 && licence.length > 10 && version >= 1);
      for (const [id, term] of Object.entries(terms)) {
        const { concept } = parseSemanticId(id);
        assert.equal(seen.get(concept) ?? term, term, id);
        seen.set(concept, term);
        assert.match(term, /^[a-z][A-Za-z]*\.[a-z][A-Za-z0-9]*$/);
        assert.equal(termOfId(id)?.term, term);
      }
    }
    assert.deepEqual(
      termLists.map(({ terms }) => Object.keys(terms).length),
      [65, 38, 96],
    );
  });

  test('gives the same term for the ids of ECLASS, IEC CDD and IDTA', () => {
    for (const id of ['0173-1#02-AAM556#004', '0112/2///61987#ABA951#009'])
      assert.equal(termOfId(id)?.term, 'nameplate.serialNumber');
    assert.equal(termOfId('constructor'), null);
    assert.deepEqual(termOf({ main: ['urn:own'], supplemental: ['0173-1#02-AAM556'] }), {
      term: 'nameplate.serialNumber',
      match: 'SUPPLEMENTAL',
      id: '0173-1#02-AAM556',
    });
  });

  test('knows the quantities of DTDL', () => {
    assert.equal(quantityOfId('dtmi:standard:class:Temperature;2'), 'Temperature');
    assert.equal(quantityOfId('dtmi:dtdl:extension:quantitativeTypes:v1:class:Pressure'), 'Pressure');
    assert.equal(quantityOfId('dtmi:standard:class:Charm;2'), null);
    assert.equal(quantityOfId('0173-1#02-AAM556'), null);
  });
});
