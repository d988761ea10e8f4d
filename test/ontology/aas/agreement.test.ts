import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAasJson, checkAasXml } from '#ontology/aas/check.ts';
import type { Environment } from '#ontology/aas/environment.ts';
import { aasVersions, type AasVersion } from '#ontology/aas/metamodel/index.ts';
import { writeAasXml } from '#ontology/aas/xml/write.ts';
import { constraintCases } from './constraint-cases.ts';
import { referenceCases, shapeCases, valueCases, type FaultCase } from './faults.ts';
import { referenceFault } from './reference.ts';
import { xmlCases } from './xml-faults.ts';

/** One in four of all cases, which is enough to see whether two forms are read alike. */
function* casesOf(version: AasVersion): Generator<FaultCase> {
  let i = 0;
  for (const cases of [
    shapeCases(version),
    valueCases(version, false),
    referenceCases(version),
    constraintCases(version),
  ])
    for (const one of cases) if (i++ % 4 === 0) yield one;
}

/** Where the reference implementation (1.0.5) differs from the standard, and we from it on purpose. */
const known: readonly { readonly why: string; readonly is: (id: string, code: string) => boolean }[] = [
  {
    why: 'it does not look at members it does not know',
    is: (_, code) => code === 'aas:unknownMember' || code === 'hub:notAas',
  },
  { why: 'it counts UTF-16 units, the standard counts characters', is: (id) => id.endsWith('astral') },
  {
    why: 'it rounds long years, and so mistakes which are leap years',
    is: (id) => /"?12345678901234567890\d*-02-29/.test(id),
  },
  { why: 'it throws on -0 of xs:unsignedLong', is: (id) => id.endsWith('xs:unsignedLong "-0"') },
  {
    why: 'an object that says it is a Submodel is judged as one',
    is: (id) => id.endsWith('Environment modelType other'),
  },
];

describe('the rules for JSON of V3.0', () => {
  for (const [name, cases] of Object.entries({ shapeCases, referenceCases, constraintCases })) {
    test(`agree with the reference implementation on all ${name}`, () => compare(cases('3.0')));
  }

  test('agree with the reference implementation on values of every type', () =>
    compare(valueCases('3.0', true)));
});

function compare(cases: Iterable<FaultCase>): void {
  let [count, valid] = [0, 0];
  for (const { id, environment } of cases) {
    const text = JSON.stringify(environment);
    const fault = referenceFault(JSON.parse(text));
    const { valid: ours, findings } = checkAasJson(id, text, { version: '3.0' });
    count++;
    valid += Number(ours);
    if (ours === (fault === null)) continue;
    assert.ok(
      known.some(({ is }) => is(id, findings[0]?.code ?? '')),
      `${id}: the reference says ${fault ?? 'valid'}, we say ${findings[0]?.message ?? 'valid'}`,
    );
  }
  assert.ok(count > 1000 && valid > 100 && valid < count, `${valid} of ${count} are valid`);
}

describe('JSON and XML of the same environment', () => {
  for (const version of aasVersions) {
    test(`get the same verdict in ${version}`, () => {
      let count = 0;
      for (const { id, environment } of casesOf(version)) {
        const json = checkAasJson(id, JSON.stringify(environment), { version });
        if (id.endsWith('Environment modelType other')) continue; // judged as a Submodel
        const xml = json.findings.some(({ code }) => onlyInJson.includes(code))
          ? null
          : inXml(environment, version);
        if (xml === null) continue;
        count++;
        const same = checkAasXml(id, xml);
        assert.equal(
          same.valid,
          json.valid,
          `${id}: ${JSON.stringify([json.findings[0], same.findings[0]])}`,
        );
        assert.equal(same.version, version);
      }
      assert.ok(count > 1000, `${count} cases`);
    });
  }
});

/** Faults that XML has no counterpart of: there, everything is text or elements. */
const onlyInJson = ['aas:type', 'aas:null', 'aas:unknownMember', 'aas:modelType', 'hub:notAas'];

/** The XML of an environment, `null` when XML has no way to write it. */
function inXml(environment: unknown, version: AasVersion): string | null {
  let isWhole = true;
  try {
    const xml = writeAasXml(environment as Environment, version, { onOmitted: () => (isWhole = false) });
    return isWhole ? xml : null;
  } catch {
    return null;
  }
}

describe('the form of XML', () => {
  for (const version of aasVersions) {
    test(`is checked at every level in ${version}`, () => {
      for (const { id, text, valid } of xmlCases(version, 2)) {
        const found = checkAasXml(id, text);
        assert.equal(found.valid, valid, `${id}: ${JSON.stringify(found.findings[0])}`);
      }
    });
  }
});
