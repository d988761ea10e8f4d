import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Environment } from '#ontology/aas/environment.ts';
import { aasVersions, type AasVersion } from '#ontology/aas/metamodel/index.ts';
import { readAasJson, readAasXml } from '#ontology/aas/read.ts';
import { writeAasXml } from '#ontology/aas/xml/write.ts';
import { JsonText } from '#ontology/json-text.ts';
import { classesOf } from './faults.ts';
import { referenceCopy } from './reference.ts';
import { placed } from './samples.ts';

const fromJson = (environment: unknown, version: AasVersion): Environment | null =>
  readAasJson('a.json', JsonText.parse(JSON.stringify(environment)), { version }).environment;

describe('an environment with everything, class by class,', () => {
  for (const version of aasVersions) {
    test(`comes back from JSON as it was, and from XML as well, in ${version}`, () => {
      for (const name of classesOf(version)) {
        for (const maximal of [false, true]) {
          const environment = placed(name, version, maximal)?.environment;
          const read = fromJson(environment, version);
          assert.equal(JSON.stringify(read), JSON.stringify(environment), name);
          const xml = writeAasXml(read as Environment, version, { indent: maximal });
          const again = readAasXml('a.xml', xml);
          assert.deepEqual(again.findings, []);
          assert.deepEqual(again.environment, environment, name);
          assert.equal(writeAasXml(again.environment as Environment, version, { indent: maximal }), xml);
        }
      }
    });
  }

  test('is understood by the reference implementation as we understand it', () => {
    for (const name of classesOf('3.0')) {
      const environment = placed(name, '3.0', true)?.environment;
      assert.deepEqual(referenceCopy(fromJson(environment, '3.0')), environment, name);
    }
  });
});

describe('what the metamodel does not know', () => {
  test('comes back from XML to XML', () => {
    const text =
      '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel><id>urn:test:sm</id>' +
      '<v:a xmlns:v="urn:v" v:x="1 &#10; &quot;"><v:b/>text</v:a><w>&lt;</w></submodel></submodels></environment>';
    const first = readAasXml('a.xml', text, { mode: 'import' });
    const written = writeAasXml(first.environment as Environment, '3.1');
    const second = readAasXml('a.xml', written, { mode: 'import' });
    assert.deepEqual(second.environment, first.environment);
    assert.equal(writeAasXml(second.environment as Environment, '3.1'), written);
    assert.match(written, /<a xmlns="urn:v" xmlns:ns0="urn:v" ns0:x="1 &#xA; &quot;">text<b\/><\/a>/);
  });

  test('is named when XML has no place for it', () => {
    const omitted: string[] = [];
    const environment = {
      submodels: [
        {
          modelType: 'Submodel',
          id: 'urn:test:sm',
          'a/b': 1,
          kept: { $xml: '<broken' },
          submodelElements: 'x',
        },
      ],
    };
    const written = writeAasXml(environment as unknown as Environment, '3.0', {
      onOmitted: (pointer) => omitted.push(pointer),
    });
    assert.deepEqual(omitted, ['/submodels/0/submodelElements', '/submodels/0/a~1b', '/submodels/0/kept']);
    assert.deepEqual(readAasXml('a.xml', written).findings, []);
  });
});

describe('text', () => {
  test('comes back with every character that XML can carry', () => {
    const value = 'a\r\nb\rc\td  <&>"\' ]]> ä \u{1f600} \u0085 \u2028 \ufffd';
    const environment = {
      submodels: [
        {
          modelType: 'Submodel',
          id: 'urn:test:sm',
          submodelElements: [{ modelType: 'Property', idShort: 'ab', valueType: 'xs:string', value }],
        },
      ],
    };
    const xml = writeAasXml(environment, '3.0');
    assert.deepEqual(readAasXml('a.xml', xml).environment, environment);
  });

  test('that XML cannot carry is refused', () => {
    for (const id of ['\u0000', '\ud800', '\ufffe', '\u001b'])
      assert.throws(() => writeAasXml({ submodels: [{ modelType: 'Submodel', id }] }, '3.0'), /AASd-130/);
  });
});
