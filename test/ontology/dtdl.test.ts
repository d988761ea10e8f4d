import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDtdl } from '#ontology/dtdl/index.ts';
import { noLookups, planImport } from '#ontology/import.ts';
import { JsonText } from '#ontology/json-text.ts';
import { casesIn } from './data.ts';

const plan = (content: unknown, name = 'a.json') =>
  planImport(
    [{ name, standard: 'DTDL', content: typeof content === 'string' ? content : JSON.stringify(content) }],
    noLookups,
  );

describe('valid DTDL is read without an error', () => {
  for (const { name, document } of casesIn('dtdl/valid', 'DTDL')) {
    test(name, async () => {
      const { ok, findings, changes } = await planImport([document], noLookups);
      assert.ok(ok, JSON.stringify(findings));
      assert.ok(changes.models.length > 0);
    });
  }
});

describe('invalid DTDL is refused for its reason', () => {
  for (const { name, reason, document } of casesIn('dtdl/invalid', 'DTDL')) {
    test(name, async () => {
      const { ok, findings, changes } = await planImport([document], noLookups);
      assert.equal(ok, false);
      const codes = findings.filter((finding) => finding.severity === 'ERROR').map((finding) => finding.code);
      assert.ok(codes.includes(reason), `got ${codes.join(', ')}`);
      assert.deepEqual(changes, { models: [], twins: [], relationships: [] });
    });
  }
});

describe('interfaces become models', () => {
  const modelOf = async (file: string, id = 'dtmi:test:Thing;1') => {
    const found = casesIn('dtdl/valid', 'DTDL').find((entry) => entry.name === file);
    assert.ok(found);
    const { changes } = await planImport([found.document], noLookups);
    const model = changes.models.find((entry) => entry.id === id);
    assert.ok(model);
    return model;
  };

  test('with units as UCUM, quantity, range and sampling period', async () => {
    const { contents, standardVersion } = await modelOf('v3-quantities.json');
    assert.equal(standardVersion, '3');
    assert.deepEqual(contents[0], {
      kind: 'signal',
      name: 'velocityRms',
      displayName: {},
      description: {},
      declaredBy: 'dtmi:test:Thing;1',
      valueType: 'number',
      unit: 'mm/s',
      quantity: 'Velocity',
      range: { low: 0, high: 30 },
      samplingPeriodMs: 1000,
    });
    assert.deepEqual(
      [
        contents[1]?.kind === 'property' && contents[1].unit,
        contents[1]?.kind === 'property' && contents[1].valueType,
      ],
      ['kg', 'integer'],
    );
  });

  test('with value types for every kind of schema', async () => {
    const { contents } = await modelOf('v3-schemas.json');
    const types = contents.map((content) =>
      'valueType' in content
        ? [content.name, content.valueType, 'enumValues' in content ? content.enumValues : null]
        : [],
    );
    assert.deepEqual(types, [
      ['shape', 'object', null],
      ['level', 'integer', [1, 2]],
      ['tags', 'object', null],
      ['spectrum', 'number[]', null],
      ['where', 'object', null],
      ['shared', 'object', null],
    ]);
  });

  test('with relationships and components; a command is kept in the source and reported', async () => {
    const model = await modelOf('v3-component-relationship-command.json', 'dtmi:test:Whole;1');
    assert.deepEqual(
      model.contents.map((content) => content.kind),
      ['component', 'relationship'],
    );
    assert.deepEqual(model.contents[1], {
      kind: 'relationship',
      name: 'feeds',
      displayName: {},
      description: {},
      declaredBy: model.id,
      target: 'dtmi:elsewhere:Unknown;7',
      maxMultiplicity: 3,
    });
    assert.equal((model.source as { contents: unknown[] }).contents.length, 3);
    const entry = casesIn('dtdl/valid', 'DTDL').find(
      ({ name }) => name === 'v3-component-relationship-command.json',
    );
    const { findings } = await planImport(entry ? [entry.document] : [], noLookups);
    assert.deepEqual(
      findings.map(({ code, pointer }) => [code, pointer]),
      [['hub:commandNotUsed', '/1/contents/2']],
    );
  });

  test('with texts by language and the document as source', async () => {
    const model = await modelOf('texts.json');
    assert.deepEqual(
      [model.displayName, model.description],
      [
        { en: 'Thing', 'de-DE': 'Ding' },
        { en: 'A thing', de: 'Ein Ding' },
      ],
    );
    assert.equal((model.source as { comment: string }).comment, 'free');
  });
});

describe('places', () => {
  test('a finding names line and column of the member at fault', async () => {
    const { findings } = await plan(
      '{\n  "@context": "dtmi:dtdl:context;3",\n  "@id": "dtmi:test:Thing;1",\n  "@type": "Interface",\n  "contents": [\n    { "@type": "Property", "name": "x",\n      "schema": "nothing" }\n  ]\n}',
    );
    const [first] = findings.map(({ pointer, line, column, code }) => ({ pointer, line, column, code }));
    assert.deepEqual(first, { pointer: '/contents/0/schema', line: 7, column: 7, code: 'badDtmiOrTerm' });
  });

  test('a syntax error names the place where reading stopped', async () => {
    const { findings } = await plan('{\n  "a": 1,\n  b: 2\n}');
    assert.deepEqual([findings[0]?.code, findings[0]?.line, findings[0]?.column], ['hub:notJson', 3, 3]);
  });
});

describe('hostile and huge input gets an answer', () => {
  const base = (id: string, more: object = {}) => ({
    '@context': 'dtmi:dtdl:context;3',
    '@id': id,
    '@type': 'Interface',
    ...more,
  });

  test('a lattice of bases costs no more than its size', () => {
    // Two bases on each of 10 levels: 2^10 ways up from the lowest, and the limit counts interfaces, not ways.
    const levels = Array.from({ length: 10 }, (_, i) =>
      ['A', 'B'].map((side) =>
        base(
          `dtmi:test:${side}${i};1`,
          i
            ? { extends: [`dtmi:test:A${i - 1};1`, `dtmi:test:B${i - 1};1`] }
            : { contents: [{ '@type': 'Property', name: `p${side}`, schema: 'double' }] },
        ),
      ),
    );
    const { findings, models } = readDtdl([
      { name: 'lattice', text: JsonText.parse(JSON.stringify(levels.flat())) },
    ]);
    assert.deepEqual(findings, []);
    assert.equal(models.length, 20);
  });

  test('a chain of 3,000 interfaces is refused for its depth, in time', () => {
    const chain = Array.from({ length: 3000 }, (_, i) =>
      base(`dtmi:test:I${i};1`, i ? { extends: `dtmi:test:I${i - 1};1` } : {}),
    );
    const begun = performance.now();
    const { findings } = readDtdl([{ name: 'chain', text: JsonText.parse(JSON.stringify(chain)) }]);
    assert.ok(findings.some((finding) => finding.code === 'excessiveDepthNarrow'));
    assert.equal(findings.at(-1)?.code, 'hub:tooManyFindings');
    assert.ok(performance.now() - begun < 10_000);
  });

  test('200 levels of arrays are refused for their depth', async () => {
    const schema = Array.from({ length: 200 }).reduce<unknown>(
      (inner) => ({ '@type': 'Array', elementSchema: inner }),
      'double',
    );
    const { findings } = await plan(
      base('dtmi:test:Thing;1', { contents: [{ '@type': 'Telemetry', name: 'x', schema }] }),
    );
    assert.ok(findings.some((finding) => finding.code === 'excessiveDepthWide'));
  });

  test('100,000 opening brackets are refused without running out of stack', async () => {
    assert.equal((await plan('['.repeat(100_000))).findings[0]?.code, 'hub:jsonTooDeep');
    assert.equal((await plan('{"a":'.repeat(100_000))).findings[0]?.code, 'hub:jsonTooDeep');
  });

  test('names such as __proto__ and constructor are names like any other', async () => {
    const text =
      '{"@context":["dtmi:dtdl:context;2"],"@id":"dtmi:test:Thing;1","@type":["Interface","Unknown"],"__proto__":{"polluted":true},"constructor":{"prototype":1},"displayName":{"en":"x"}}';
    const { ok, changes } = await plan(text);
    assert.ok(ok);
    assert.equal(JSON.stringify(changes.models[0]?.source), text);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  test('an interface above 1 MiB is refused', async () => {
    const contents = Array.from({ length: 12_000 }, (_, i) => ({
      '@type': 'Property',
      name: `p${i}`,
      schema: 'double',
      comment: 'x'.repeat(60),
    }));
    assert.ok(
      (await plan(base('dtmi:test:Thing;1', { contents }))).findings.some(
        (finding) => finding.code === 'partitionTooLarge',
      ),
    );
  });
});
