import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { noLookups, planImport, type ImportDocument } from '#ontology/import.ts';
import { JsonText, JsonTextError, toPlain } from '#ontology/json-text.ts';
import { casesIn } from './data.ts';

const parse = (text: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
};

test('the JSON reader accepts exactly what JSON.parse accepts, with the same value', () => {
  const text = fc.oneof(
    fc.json(),
    fc.string({ maxLength: 30, unit: fc.constantFrom(...'{}[]",:0123.eE+-truefalsn \\u\n\t'.split('')) }),
    fc
      .json()
      .chain((json) =>
        fc.nat(Math.max(0, json.length - 1)).map((at) => json.slice(0, at) + json.slice(at + 1)),
      ),
  );
  fc.assert(
    fc.property(text, (json) => {
      const expected = parse(json);
      try {
        const found = toPlain(JsonText.parse(json).root);
        assert.ok(expected, json);
        assert.equal(JSON.stringify(found), JSON.stringify(expected.value));
      } catch (error) {
        assert.ok(error instanceof JsonTextError, String(error));
        assert.equal(expected, null, json);
      }
    }),
    { numRuns: 2000 },
  );
});

/** Puts `value` in place of the `index`-th value inside, counted in the order written. */
function replaceAt(value: unknown, index: number, replacement: unknown): unknown {
  let left = index;
  const walk = (inner: unknown): unknown => {
    if (left-- === 0) return replacement;
    if (Array.isArray(inner)) return inner.map(walk);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, member]) => [name, walk(member)]));
  };
  return walk(value);
}

const samples: ImportDocument[] = [
  ...demoDocuments(),
  ...casesIn('dtdl/valid', 'DTDL').map(({ document }) => document),
  ...casesIn('twin-graph/valid', 'TWIN_GRAPH').map(({ document }) => document),
  ...casesIn('aas/valid', 'AAS').map(({ document }) => document),
];

test('a document with any one value replaced gets findings or a plan, never a crash', async () => {
  const words = fc.constantFrom(
    '',
    '__proto__',
    'Interface',
    'Property',
    'dtmi:dtdl:context;3',
    'dtmi:test:Thing;1',
    'double',
    'Temperature',
    'Property:x',
    '$dtId',
    'xs:int',
    'Submodel',
    'x'.repeat(3000),
  );
  const replacement = fc.oneof(words, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.nat(400),
      replacement,
      async (document, index, value) => {
        const content = JSON.stringify(replaceAt(JSON.parse(document.content), index, value));
        const { ok, findings } = await planImport([{ ...document, content }], noLookups);
        assert.equal(ok, !findings.some((finding) => finding.severity === 'ERROR'));
        for (const { line, column, code, message } of findings)
          assert.ok(line >= 1 && column >= 1 && code && message);
      },
    ),
    { numRuns: 600 },
  );
});
