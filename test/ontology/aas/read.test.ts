import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAasJson, checkAasXml } from '#ontology/aas/check.ts';
import { readAasJson, readAasXml, type AasReading } from '#ontology/aas/read.ts';
import { JsonText } from '#ontology/json-text.ts';
import { planImport, noLookups } from '#ontology/import.ts';

const submodel = (element: unknown, more: object = {}): object => ({
  submodels: [{ modelType: 'Submodel', id: 'urn:test:sm', submodelElements: [element], ...more }],
});
const importJson = (environment: object): AasReading =>
  readAasJson('x.json', JsonText.parse(JSON.stringify(environment)), { mode: 'import' });
const importXml = (content: string, version = '3/0'): AasReading =>
  readAasXml('x.xml', `<environment xmlns="https://admin-shell.io/aas/${version}">${content}</environment>`, {
    mode: 'import',
  });
const codesOf = ({ findings }: { readonly findings: AasReading['findings'] }): string[] =>
  findings.map(({ code }) => code);
const elementOf = ({ environment }: AasReading): unknown =>
  environment?.submodels?.[0]?.submodelElements?.[0];

describe('a finding', () => {
  test('in JSON names pointer, line and column', () => {
    const text = '{\n  "submodels": [\n    { "modelType": "Submodel", "id": "" }\n  ]\n}';
    const [finding] = readAasJson('a.json', JsonText.parse(text)).findings;
    assert.deepEqual(finding, {
      document: 'a.json',
      pointer: '/submodels/0/id',
      line: 3,
      column: 32,
      code: 'aas:minLength',
      message: 'The text is empty.',
      severity: 'ERROR',
    });
  });

  test('in XML names the same pointer, and the line and column of the element', () => {
    const text =
      '<?xml version="1.0"?>\n<environment xmlns="https://admin-shell.io/aas/3/1">\n <submodels>\n  <submodel>\n' +
      '   <id>urn:test:sm</id><submodelElements>\n    <operation><idShort>op1</idShort><inputVariables><operationVariable>\n' +
      '     <value><property><idShort>-</idShort><valueType>xs:int</valueType></property></value>\n' +
      '    </operationVariable></inputVariables></operation>\n   </submodelElements></submodel></submodels></environment>';
    const { findings, version } = readAasXml('a.xml', text);
    assert.equal(version, '3.1');
    assert.deepEqual(
      findings.map(({ pointer, line, column, code }) => ({ pointer, line, column, code })),
      [
        {
          pointer: '/submodels/0/submodelElements/0/inputVariables/0/value/idShort',
          line: 7,
          column: 23,
          code: 'AASd-002',
        },
      ],
    );
  });
});

describe('a document of another version', () => {
  const old: Readonly<Record<string, string>> = {
    'V2 JSON with assets':
      '{"assetAdministrationShells":[],"assets":[],"submodels":[],"conceptDescriptions":[]}',
    'V2 JSON with identifications':
      '{"submodels":[{"identification":{"id":"x","idType":"IRI"},"modelType":{"name":"Submodel"}}]}',
    'V1 XML': '<aas:aasenv xmlns:aas="http://www.admin-shell.io/aas/1/0"/>',
    'V2 XML': '<aasenv xmlns="http://www.admin-shell.io/aas/2/0"><assets/></aasenv>',
  };
  for (const [what, text] of Object.entries(old)) {
    test(`is refused with the way out: ${what}`, () => {
      for (const mode of ['strict', 'import'] as const) {
        const found = text.startsWith('<')
          ? readAasXml('x', text, { mode })
          : readAasJson('x', JsonText.parse(text), { mode });
        assert.deepEqual(codesOf(found), ['hub:aasOldVersion']);
        assert.equal(found.environment, null);
        assert.match(found.findings[0]?.message ?? '', /V1 or V2.*save it again/);
      }
    });
  }

  for (const namespace of [
    'https://admin-shell.io/aas/4/0',
    'https://admin-shell.io/aas/3/9',
    'https://admin-shell.io/aas/3/0/RC02',
  ])
    test(`is refused: ${namespace}`, () => {
      assert.deepEqual(codesOf(readAasXml('x', `<environment xmlns="${namespace}"/>`)), [
        'hub:aasUnknownVersion',
      ]);
    });

  test('is no AAS at all', () => {
    for (const text of ['<html/>', '<environment/>', '<a xmlns="urn:x"/>'])
      assert.deepEqual(codesOf(readAasXml('x', text)), ['hub:notAas']);
    for (const text of ['[]', '1', '"x"', 'null', '{"anything":1}'])
      assert.deepEqual(codesOf(readAasJson('x', JsonText.parse(text))), ['hub:notAas']);
  });
});

describe('the version of a JSON document', () => {
  const versionOf = (environment: object): string => checkAasJson('x', JSON.stringify(environment)).version;

  test('is the oldest whose rules it keeps', () => {
    assert.equal(versionOf(submodel({ modelType: 'Capability', idShort: 'ab' })), '3.0');
    assert.equal(versionOf(submodel({ modelType: 'Capability', idShort: 'a-b' })), '3.1');
    assert.equal(versionOf(submodel({ modelType: 'File', idShort: 'ab' })), '3.1');
    assert.equal(
      versionOf({
        ...submodel(
          { modelType: 'File', idShort: 'ab' },
          { administration: { createdAt: '2026-01-01T00:00:00Z' } },
        ),
      }),
      '3.2',
    );
  });

  test('can be given', () => {
    const text = JSON.stringify(submodel({ modelType: 'Capability', idShort: 'a-b' }));
    assert.deepEqual(codesOf(checkAasJson('x', text, { version: '3.0' })), ['AASd-002']);
  });
});

describe('importing', () => {
  test('takes in values without quotes, and says so', () => {
    const found = importJson(submodel({ modelType: 'Property', idShort: 'ab', valueType: 'int', value: 7 }));
    assert.deepEqual(elementOf(found), {
      modelType: 'Property',
      idShort: 'ab',
      valueType: 'xs:int',
      value: '7',
    });
    assert.deepEqual(codesOf(found), ['aas:enum', 'aas:type']);
    assert.ok(found.findings.every(({ severity }) => severity === 'WARNING'));
  });

  test('keeps members of others, leaves out what cannot be used, and names both', () => {
    const found = importJson({
      ...submodel({
        modelType: 'Property',
        idShort: 'ab',
        valueType: 'xs:string',
        'vendor:x': { a: [1] },
        semanticId: { type: 'ExternalReference' },
      }),
      $vendor: true,
    });
    assert.deepEqual(elementOf(found), {
      modelType: 'Property',
      idShort: 'ab',
      valueType: 'xs:string',
      'vendor:x': { a: [1] },
    });
    assert.equal((found.environment as Record<string, unknown>)['$vendor'], true);
    assert.deepEqual(codesOf(found).sort(), [
      'aas:leftOut',
      'aas:required',
      'aas:unknownMember',
      'aas:unknownMember',
    ]);
  });

  test('names places in the document, also behind what was left out', () => {
    const found = importJson({
      submodels: [
        {
          modelType: 'Submodel',
          id: 'urn:test:sm',
          submodelElements: [
            { modelType: 'Unknown' },
            { modelType: 'Capability' },
            { modelType: 'Capability', idShort: '-' },
          ],
        },
      ],
    });
    assert.deepEqual(
      found.findings.map(({ code, pointer }) => [
        code,
        pointer.replace('/submodels/0/submodelElements/', ''),
      ]),
      [
        ['aas:modelType', '0/modelType'],
        ['AASd-002', '2/idShort'],
        ['AASd-117', '1'],
      ],
    );
  });

  test('reads null as absent and one element as a list of one', () => {
    const found = importJson(
      submodel({
        modelType: 'Capability',
        idShort: 'ab',
        category: null,
        description: { language: 'en', text: 'x' },
      }),
    );
    assert.deepEqual(elementOf(found), {
      modelType: 'Capability',
      idShort: 'ab',
      description: [{ language: 'en', text: 'x' }],
    });
    assert.deepEqual(codesOf(found), ['aas:null', 'aas:type']);
  });

  test('refuses what has no id', () => {
    const found = importJson({ submodels: [{ modelType: 'Submodel' }] });
    assert.deepEqual([found.environment, ...codesOf(found)], [null, 'aas:required', 'aas:leftOut']);
  });

  test('keeps foreign elements of XML as text', () => {
    const found = importXml(
      '<submodels><submodel><v:note xmlns:v="urn:v" v:lang="en">a &lt; b<v:more/></v:note><id>urn:test:sm</id></submodel></submodels>',
    );
    assert.deepEqual(codesOf(found), ['aas:namespace']);
    assert.deepEqual(found.environment?.submodels?.[0], {
      modelType: 'Submodel',
      note: { $xml: '<note xmlns="urn:v" xmlns:ns0="urn:v" ns0:lang="en">a &lt; b<more/></note>' },
      id: 'urn:test:sm',
    });
  });

  test('takes elements in any order and reports it', () => {
    const found = importXml(
      '<submodels><submodel><submodelElements><property><valueType>xs:int</valueType><idShort>ab</idShort></property></submodelElements><id>urn:test:sm</id></submodel></submodels>',
    );
    assert.deepEqual(elementOf(found), { modelType: 'Property', valueType: 'xs:int', idShort: 'ab' });
    assert.deepEqual(codesOf(found), ['aas:order', 'aas:order']);
  });

  test('plans XML like JSON', async () => {
    const content =
      '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel><idShort>Data</idShort><id>urn:test:sm</id>' +
      '<submodelElements><property><idShort>Count</idShort><valueType>xs:int</valueType><value>7</value></property></submodelElements></submodel></submodels></environment>';
    const { ok, changes } = await planImport([{ name: 'a.xml', standard: 'AAS', content }], noLookups);
    const [model] = changes.models;
    assert.ok(ok);
    assert.deepEqual(
      [model?.id, model?.standardVersion, model?.contents[0]?.name],
      ['urn:test:sm', '3.1', 'Data.Count'],
    );
  });
});

describe('one element by itself', () => {
  test('is judged by its model type in JSON and by its name in XML', () => {
    assert.ok(checkAasJson('x', '{"modelType":"Submodel","id":"urn:test:sm"}').valid);
    assert.ok(!checkAasJson('x', '{"modelType":"Submodel"}').valid);
    assert.ok(checkAasJson('x', '{"modelType":"Capability"}').valid);
    assert.ok(
      checkAasXml(
        'x',
        '<key xmlns="https://admin-shell.io/aas/3/0"><type>Submodel</type><value>a</value></key>',
      ).valid,
    );
    assert.ok(
      !checkAasXml('x', '<key xmlns="https://admin-shell.io/aas/3/0"><type>Submodel</type></key>').valid,
    );
  });
});
