import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAasJson } from '#ontology/aas/check.ts';
import { rulesOf } from '#ontology/aas/constraints/index.ts';
import { aasVersions, classOf, metamodelOf, type AasVersion } from '#ontology/aas/metamodel/index.ts';
import { isOfXsdType } from '#ontology/aas/lexical/xsd.ts';
import { classesOf } from './faults.ts';
import { placed } from './samples.ts';

const codesOf = (environment: unknown, version: AasVersion): string[] =>
  checkAasJson('x', JSON.stringify(environment), { version }).findings.map(({ code }) => code);
const submodel = (more: object): object => ({
  submodels: [{ modelType: 'Submodel', id: 'urn:test:sm', ...more }],
});
const external = (...types: string[]): object => ({
  type: 'ExternalReference',
  keys: types.map((type) => ({ type, value: 'x' })),
});
const list = (count: number): object => ({
  modelType: 'SubmodelElementList',
  idShort: 'l1',
  typeValueListElement: 'Capability',
  ...(count ? { value: Array.from({ length: count }, () => ({ modelType: 'Capability' })) } : {}),
});
const inCollection = (element: object): object => ({
  modelType: 'SubmodelElementCollection',
  idShort: 'c1',
  value: [element],
});

describe('the metamodel', () => {
  test('has the classes of each version, and an environment holds all but event payloads', () => {
    const concrete = aasVersions.map(
      (version) => [...metamodelOf(version).classes.values()].filter(({ abstract }) => !abstract).length,
    );
    assert.deepEqual(concrete, [38, 38, 41]);
    for (const version of aasVersions) {
      const unheld = [...metamodelOf(version).classes.values()].filter(
        ({ name, abstract }) => !abstract && placed(name, version, false) === null,
      );
      assert.deepEqual(
        unheld.map(({ name }) => name),
        ['EventPayload'],
      );
      assert.ok(classesOf(version).includes('SubmodelElementList'));
    }
  });

  test('has what each version added and made optional', () => {
    const required = (version: AasVersion, name: string): string[] =>
      classOf(version, name).properties.flatMap((one) => (one.required ? one.name : []));
    assert.deepEqual(required('3.0', 'File'), ['contentType']);
    assert.deepEqual(required('3.1', 'File'), []);
    assert.deepEqual(required('3.0', 'AnnotatedRelationshipElement'), ['first', 'second']);
    assert.deepEqual(required('3.1', 'AnnotatedRelationshipElement'), []);
    assert.deepEqual(required('3.1', 'ValueReferencePair'), ['value']);
    assert.ok(!classOf('3.1', 'AdministrativeInformation').byName.has('createdAt'));
    assert.ok(classOf('3.2', 'AdministrativeInformation').byName.has('createdAt'));
  });
});

describe('the constraints', () => {
  const always =
    'AASd-005 AASd-014 AASd-020 AASd-021 AASd-022 AASd-077 AASd-107 AASd-108 AASd-109 AASd-114 AASd-116 AASd-117 AASd-118 AASd-119 ' +
    'AASd-121 AASd-122 AASd-123 AASd-124 AASd-125 AASd-126 AASd-127 AASd-128 AASd-129 AASd-131 AASd-133 AASd-134 ' +
    'AASc-3a-002 AASc-3a-004 AASc-3a-005 AASc-3a-006 AASc-3a-007 AASc-3a-008 AASc-3a-009 AASc-3a-010';
  const named: Readonly<Record<AasVersion, string>> = {
    '3.0': `${always} AASd-090 AASd-120`,
    '3.1': always,
    '3.2': `${always} AASd-137 AASd-138`,
  };
  for (const version of aasVersions) {
    test(`of ${version} are complete (AASd-002 and AASd-130 stand with the string types)`, () => {
      const codes = new Set(rulesOf(version).flatMap(({ code }) => (code.startsWith('AAS') ? code : [])));
      assert.deepEqual([...codes].sort(), named[version].split(' ').sort());
    });
  }

  test('of 3.2 look for template qualifiers at any depth, except in operation variables', () => {
    const marked = {
      modelType: 'Capability',
      idShort: 'ab',
      qualifiers: [{ type: 't', kind: 'TemplateQualifier', valueType: 'xs:string' }],
    };
    const deep = submodel({ submodelElements: [inCollection(marked)] });
    assert.deepEqual([codesOf(deep, '3.1'), codesOf(deep, '3.2')], [[], ['AASd-129']]);
    const operation = { modelType: 'Operation', idShort: 'op', inputVariables: [{ value: marked }] };
    assert.deepEqual(codesOf(submodel({ submodelElements: [operation] }), '3.2'), []);
    assert.deepEqual(
      codesOf(submodel({ kind: 'Template', submodelElements: [inCollection(marked)] }), '3.2'),
      [],
    );
  });

  test('of 3.2 want exactly one item in lists of templates and operation variables', () => {
    for (const [count, codes] of [
      [0, ['AASd-138']],
      [1, []],
      [2, ['AASd-138']],
    ] as const) {
      assert.deepEqual(
        codesOf(submodel({ kind: 'Template', submodelElements: [inCollection(list(count))] }), '3.2'),
        codes,
      );
      const operation = {
        modelType: 'Operation',
        idShort: 'op',
        outputVariables: [{ value: inCollection(list(count)) }],
      };
      assert.deepEqual(codesOf(submodel({ submodelElements: [operation] }), '3.2'), codes);
      assert.deepEqual(codesOf(submodel({ submodelElements: [list(count)] }), '3.2'), []);
      assert.deepEqual(codesOf(submodel({ kind: 'Template', submodelElements: [list(count)] }), '3.1'), []);
    }
    assert.deepEqual(codesOf(submodel({ kind: 'Template' }), '3.2'), ['AASd-138']);
  });

  test('of 3.2 forbid referables in external references', () => {
    const referring = submodel({ semanticId: external('GlobalReference', 'Property', 'FragmentReference') });
    assert.deepEqual([codesOf(referring, '3.1'), codesOf(referring, '3.2')], [[], ['AASd-137']]);
    assert.deepEqual(
      codesOf(submodel({ semanticId: external('GlobalReference', 'FragmentReference') }), '3.2'),
      [],
    );
  });

  test('of 3.2 reserve globalAssetId in any case, and know batches and units', () => {
    const shell = (name: string, assetKind = 'Instance'): object => ({
      assetAdministrationShells: [
        {
          modelType: 'AssetAdministrationShell',
          id: 'urn:test:shell',
          assetInformation: { assetKind, globalAssetId: 'a', specificAssetIds: [{ name, value: 'b' }] },
        },
      ],
    });
    assert.deepEqual(
      [codesOf(shell('GlobalAssetID'), '3.1'), codesOf(shell('GlobalAssetID'), '3.2')],
      [[], ['AASd-116']],
    );
    assert.deepEqual(
      [codesOf(shell('x', 'Batch'), '3.1'), codesOf(shell('x', 'Batch'), '3.2')],
      [['aas:enum'], []],
    );
    assert.deepEqual(
      [codesOf(shell('x', 'Role'), '3.0'), codesOf(shell('x', 'Role'), '3.1')],
      [['aas:enum'], []],
    );
    const content = {
      modelType: 'DataSpecificationUom',
      preferredName: [{ language: 'en', text: 'metre' }],
      symbol: 'm',
    };
    const described = submodel({
      embeddedDataSpecifications: [
        { dataSpecification: external('GlobalReference'), dataSpecificationContent: content },
      ],
    });
    assert.deepEqual([codesOf(described, '3.1'), codesOf(described, '3.2')], [['aas:modelType'], []]);
  });
});

describe('values of XSD types', () => {
  const facts: readonly (readonly [type: string, yes: readonly string[], no: readonly string[]])[] = [
    [
      'xs:date',
      ['2024-02-29', '2000-02-29', '-0001-02-29', '-0005-02-29', '12026-01-01Z'],
      ['2023-02-29', '1900-02-29', '-0004-02-29', '0000-01-01', '2026-1-1'],
    ],
    [
      'xs:dateTime',
      ['2026-01-31T24:00:00', '2026-01-31T23:59:59.9-14:00'],
      ['2026-01-31T24:00:01', '2026-01-31T12:00:00+14:01', '2026-02-30T00:00:00'],
    ],
    ['xs:gMonthDay', ['--02-29'], ['--02-30', '--04-31']],
    ['xs:gYear', ['2026', '-2026', '20260'], ['226', '02026']],
    ['xs:byte', ['-128', '127', '+0000000000127'], ['128', '-129', '']],
    ['xs:unsignedLong', ['18446744073709551615', '-0'], ['18446744073709551616', '-1']],
    ['xs:float', ['3.4028235e38', 'INF', 'NaN', '1e-400'], ['3.5e38', '+INF', 'nan']],
    ['xs:double', ['1.7976931348623157e308', '1.'], ['1e309', '1e']],
    ['xs:decimal', ['.5', '+1.50'], ['1.', '1e3', 'INF']],
    ['xs:hexBinary', ['', '0fA0'], ['0', '0g']],
    ['xs:base64Binary', ['', 'AA==', 'A A A A'], ['AB==', 'AAA', 'AAAA ']],
    ['xs:duration', ['P1Y2M3DT4H5M6.7S', '-PT0S'], ['P', 'P1YT', 'P1H']],
    ['xs:string', ['', 'ä\n'], ['\u0000', '\ufffe', '\ud800']],
  ];
  for (const [type, yes, no] of facts)
    test(type, () => {
      for (const version of aasVersions) {
        for (const text of yes) assert.ok(isOfXsdType(text, type, version), text);
        for (const text of no) assert.ok(!isOfXsdType(text, type, version), text);
      }
    });

  test('xs:anyURI is an IRI in 3.0 and a URI from 3.1 on', () => {
    for (const text of ['http://例.jp/引', 'http://[::1]/a'] as const)
      assert.deepEqual(
        aasVersions.map((version) => isOfXsdType(text, 'xs:anyURI', version)),
        [true, text.includes('::'), text.includes('::')],
      );
    for (const version of aasVersions) assert.ok(!isOfXsdType('a b', 'xs:anyURI', version));
  });

  test('take linear time, however long they are', () => {
    const million = 1_000_000;
    for (const text of [
      '1'.repeat(million),
      `//${'a.'.repeat(million)}!`,
      `a${':'.repeat(million)} `,
      'P' + '1'.repeat(million),
      'A'.repeat(million),
      '%41'.repeat(million),
      `${'0'.repeat(million)}-01-01`,
    ])
      for (const version of aasVersions)
        for (const [type] of [...facts, ['xs:anyURI']])
          assert.equal(typeof isOfXsdType(text, type as string, version), 'boolean');
  });
});
