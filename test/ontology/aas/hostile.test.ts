import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAasJson, checkAasXml, type AasVerdict } from '#ontology/aas/check.ts';
import type { Environment } from '#ontology/aas/environment.ts';
import { readAas } from '#ontology/aas/index.ts';
import { aasVersions } from '#ontology/aas/metamodel/index.ts';
import { readAasXml } from '#ontology/aas/read.ts';
import { writeAasXml } from '#ontology/aas/xml/write.ts';
import { JsonText, JsonTextError } from '#ontology/json-text.ts';
import { classesOf } from './faults.ts';
import { mutated, seeded } from './mutate.ts';
import { placed } from './samples.ts';

const xml = (content: string): string =>
  `<environment xmlns="https://admin-shell.io/aas/3/0">${content}</environment>`;
const codesOf = ({ findings }: AasVerdict): string[] => findings.map(({ code }) => code);

describe('XML that means harm', () => {
  const doctypes: Readonly<Record<string, string>> = {
    'entities that grow': `<!DOCTYPE a [<!ENTITY x0 "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY x${i + 1} "&x${i};&x${i};">`).join('')}]><a>&x30;</a>`,
    'an entity of a file': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    'an outside definition': '<!DOCTYPE environment SYSTEM "http://127.0.0.1/a.dtd"><environment/>',
    'parameter entities': '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/a.dtd"> %x;]><a/>',
    'a bare type': `<!DOCTYPE environment>${xml('')}`,
  };
  for (const [what, text] of Object.entries(doctypes))
    test(`is refused: ${what}`, () => assert.deepEqual(codesOf(checkAasXml('x', text)), ['hub:xmlDoctype']));

  test('is refused: entities that nobody declared', () => {
    assert.deepEqual(codesOf(checkAasXml('x', xml('&x;'))), ['hub:notXml']);
  });

  test('is refused: nesting without end, cut texts, nothing at all', () => {
    assert.deepEqual(codesOf(checkAasXml('x', '<a>'.repeat(100_000))), ['hub:xmlTooDeep']);
    const whole = writeAasXml(placed('Environment', '3.0', true)?.environment as Environment, '3.0');
    for (const text of [
      whole.slice(0, -1 - whole.length / 2),
      whole.slice(0, -2),
      '',
      ' ',
      '<',
      'a',
      `${whole}<a/>`,
    ])
      assert.deepEqual(codesOf(checkAasXml('x', text)), ['hub:notXml']);
  });

  test('is refused: attributes without end', () => {
    const attributes = Array.from({ length: 200_000 }, (_, i) => `a${i}="${'x'.repeat(30)}"`).join(' ');
    const verdict = checkAasXml('x', xml(`<submodels ${attributes}/>`));
    assert.deepEqual(codesOf(verdict), ['hub:xmlTooManyAttributes']);
  });

  test('with names that objects know is read like any other', () => {
    const text = xml(
      '<submodels><submodel><__proto__><a/></__proto__><constructor/><id>urn:a</id></submodel></submodels>',
    );
    const { environment, findings } = readAasXml('x', text, { mode: 'import' });
    assert.equal(findings.length, 2);
    const [submodel] = environment?.submodels ?? [];
    assert.equal(Object.getPrototypeOf(submodel), Object.prototype);
    assert.deepEqual(Object.keys(submodel ?? {}), ['modelType', '__proto__', 'constructor', 'id']);
  });
});

describe('JSON that means harm', () => {
  test('with names that objects know is refused, and imported as nothing special', () => {
    const text =
      '{"submodels":[{"modelType":"Submodel","id":"a","__proto__":{"id":"b"},"constructor":1,"toString":2}]}';
    assert.deepEqual(codesOf(checkAasJson('x', text)), [
      'aas:unknownMember',
      'aas:unknownMember',
      'aas:unknownMember',
    ]);
    const read = readAas('x', JsonText.parse(text));
    assert.deepEqual(
      read.submodels.map(({ model }) => model.id),
      ['a'],
    );
    assert.equal(({} as Record<string, unknown>)['id'], undefined);
    assert.ok(!checkAasJson('x', '{"submodels":[{"modelType":"constructor","id":"a"}]}').valid);
    for (const name of ['__proto__', 'Nothing', 'constructor'])
      assert.deepEqual(codesOf(checkAasJson('x', `{"modelType":"${name}"}`)), ['hub:notAas']);
  });

  test('with a member twice, too deep, or cut is refused', () => {
    assert.deepEqual(codesOf(checkAasJson('x', '{"submodels":[],"submodels":[]}')), [
      'duplicatePropertyName',
    ]);
    assert.deepEqual(codesOf(checkAasJson('x', '['.repeat(100_000))), ['hub:jsonTooDeep']);
    assert.deepEqual(codesOf(checkAasJson('x', '{"submodels":[')), ['hub:notJson']);
  });

  test('nested as deep as it may be is read', () => {
    let element: object = { modelType: 'Capability', idShort: 'ab' };
    for (let i = 0; i < 120; i++)
      element = { modelType: 'SubmodelElementCollection', idShort: 'ab', value: [element] };
    const environment = { submodels: [{ modelType: 'Submodel', id: 'a', submodelElements: [element] }] };
    assert.ok(checkAasJson('x', JSON.stringify(environment)).valid);
    assert.ok(checkAasXml('x', writeAasXml(environment as Environment, '3.2')).valid);
  });
});

test('broken copies of documents get a verdict or findings, never a crash', () => {
  const random = seeded(20260131);
  const json = aasVersions.flatMap((version) =>
    classesOf(version).map((name) => JSON.stringify(placed(name, version, true)?.environment)),
  );
  const texts = aasVersions.flatMap((version) =>
    classesOf(version).map((name) =>
      writeAasXml(placed(name, version, true)?.environment as Environment, version),
    ),
  );
  const all = [...json, ...texts];
  let valid = 0;
  for (let i = 0; i < 3000; i++) {
    const text = mutated(all[Math.floor(random() * all.length)] ?? '', random, all);
    const isXml = /^\s*</.test(text);
    const verdict = isXml ? checkAasXml('x', text) : checkAasJson('x', text);
    valid += Number(verdict.valid);
    for (const { line, column, code, message } of verdict.findings)
      assert.ok(line >= 1 && column >= 1 && code && message);
    importIt(text, isXml);
  }
  assert.ok(valid > 0 && valid < 3000, `${valid} of 3000 are valid`);
});

function importIt(text: string, isXml: boolean): void {
  try {
    const { sink } = readAas('x', isXml ? text : JsonText.parse(text));
    assert.ok(sink.findings.every(({ message }) => message));
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
  }
}
