import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DtdlReadOptions, readDtdl } from '#ontology/dtdl/index.ts';
import { JsonText } from '#ontology/json-text.ts';

const read = (documents: readonly unknown[], options: DtdlReadOptions = {}) => {
  const texts = documents.map((document, i) => ({
    name: `${i}.json`,
    text: JsonText.parse(JSON.stringify(document)),
  }));
  const { findings, unresolved } = readDtdl(texts, new Map(), options);
  const codes = findings.filter(({ severity }) => severity === 'ERROR').map(({ code }) => code);
  return { codes, unresolved };
};

const dtdl = (version: number) => `dtmi:dtdl:context;${version}`;
const extension = (name: string, version: number) => `dtmi:dtdl:extension:${name};${version}`;
const thing = (context: unknown, rest: object = {}) => ({
  '@context': context,
  '@id': 'dtmi:test:Thing;1',
  '@type': 'Interface',
  ...rest,
});
const telemetry = (rest: object) => ({ '@type': 'Telemetry', name: 'value', schema: 'double', ...rest });

describe('undefined extensions', () => {
  const foreign = (version: number) => thing([dtdl(version), 'dtmi:example:extension:foreign;1']);

  test('are refused when disallowed', () => {
    for (const version of [2, 3, 4])
      assert.equal(read([foreign(version)], { undefinedExtensions: 'disallow' }).codes.length, 1);
  });

  test('are read over when allowed', () => {
    for (const version of [3, 4])
      assert.deepEqual(read([foreign(version)], { undefinedExtensions: 'allow' }).codes, []);
  });

  test('take undefined co-types and properties with them', () => {
    const contents = [telemetry({ '@type': ['Telemetry', 'Foreign'], foreign: 1 })];
    const model = thing([dtdl(4), 'dtmi:example:extension:foreign;1'], { contents });
    assert.deepEqual(read([model], { undefinedExtensions: 'allow' }).codes, []);
    assert.notDeepEqual(read([thing(dtdl(4), { contents })]).codes, []);
  });
});

describe('limit contexts', () => {
  const limits = 'dtmi:dtdl:limits:onvif;1';
  const model = thing([`${dtdl(4)}#limitless`, limits]);

  test('stand when allowed', () => {
    assert.deepEqual(read([model]).codes, []);
    assert.deepEqual(read([model], { limitContexts: [limits] }).codes, []);
  });

  test('are refused when not', () => {
    assert.deepEqual(read([model], { limitContexts: [] }).codes, ['disallowedLimitContext']);
  });
});

test('a version above the highest that is asked for is refused', () => {
  assert.deepEqual(read([thing(dtdl(3))], { maxVersion: 3 }).codes, []);
  assert.deepEqual(read([thing(dtdl(4))], { maxVersion: 3 }).codes, ['disallowedContextVersion']);
});

test('references that nothing defines are told, each once; several documents are one', () => {
  const base = { ...thing(dtdl(4)), '@id': 'dtmi:test:Base;1' };
  const two = [
    thing(dtdl(4), { extends: 'dtmi:test:Base;1' }),
    { ...thing(dtdl(4), { extends: 'dtmi:test:Base;1' }), '@id': 'dtmi:test:Other;1' },
  ];
  assert.deepEqual(read(two).unresolved, ['dtmi:test:Base;1']);
  assert.deepEqual(read([...two, base]), { codes: [], unresolved: [] });
});

describe('QuantitativeTypes has words from a version on', () => {
  const measured = (version: number, type: string, unit: string) =>
    read([
      thing([dtdl(4), extension('quantitativeTypes', version)], {
        contents: [telemetry({ '@type': ['Telemetry', type], unit })],
      }),
    ]).codes;

  for (const [type, unit] of [
    ['DynamicViscosity', 'poise'],
    ['Velocity', 'millimetrePerSecond'],
    ['Efficiency', 'percent'],
    ['ReciprocalTime', 'reciprocalMinute'],
  ] as const)
    test(`${type} in ${unit}`, () => {
      assert.deepEqual(measured(3, type, unit), []);
      assert.notDeepEqual(measured(2, type, unit), []);
    });

  test('a unit of another kind is refused', () => {
    assert.notDeepEqual(measured(3, 'KinematicViscosity', 'poise'), []);
  });
});

describe('errors of commands, with the MQTT extension', () => {
  const answering = (version: number, types: readonly [result: string, normal: string, error: string]) => {
    const [result, normal, error] = types;
    const schema = {
      '@type': ['Object', result],
      fields: [
        { '@type': ['Field', normal], name: 'done', schema: 'boolean' },
        {
          '@type': ['Field', error],
          name: 'failed',
          schema: {
            '@type': ['Object', 'Error'],
            fields: [{ '@type': ['Field', 'ErrorMessage'], name: 'text', schema: 'string' }],
          },
        },
      ],
    };
    const response = { '@type': 'CommandResponse', name: 'answer', schema };
    const contents = [{ '@type': 'Command', name: 'run', response }];
    return read([thing([dtdl(4), extension('mqtt', version)], { contents })]).codes;
  };

  test('are described since its version 3', () => {
    for (const version of [3, 4])
      assert.deepEqual(answering(version, ['Result', 'NormalResult', 'ErrorResult']), []);
    assert.notDeepEqual(answering(2, ['Result', 'NormalResult', 'ErrorResult']), []);
  });

  test('stand in a result only, each kind once', () => {
    assert.ok(answering(4, ['Error', 'NormalResult', 'ErrorResult']).length > 0);
    assert.ok(answering(4, ['Result', 'ErrorResult', 'ErrorResult']).length > 0);
  });
});

test('requirement 2 is for properties as well', () => {
  const required = (version: number) =>
    read([
      thing([dtdl(4), extension('requirement', version)], {
        contents: [{ '@type': ['Property', 'Required'], name: 'value', schema: 'double' }],
      }),
    ]).codes;
  assert.deepEqual(required(2), []);
  assert.deepEqual(required(1), ['invalidCotype']);
});

describe('depth', () => {
  test('a chain of 1,000 interfaces is refused for its length', () => {
    const chain = Array.from({ length: 1000 }, (_, i) => ({
      '@context': dtdl(4),
      '@id': `dtmi:test:Thing${i};1`,
      '@type': 'Interface',
      ...(i ? { extends: `dtmi:test:Thing${i - 1};1` } : {}),
    }));
    assert.ok(read([chain]).codes.includes('excessiveDepthNarrow'));
    assert.deepEqual(read([chain.slice(0, 13)]).codes, []);
  });

  test('300 levels of arrays, each by reference, are refused for their depth', () => {
    const id = (i: number) => `dtmi:test:Level${i};1`;
    const schemas = Array.from({ length: 300 }, (_, i) => ({
      '@id': id(i),
      '@type': 'Array',
      elementSchema: i ? id(i - 1) : 'double',
    }));
    const contents = [telemetry({ schema: id(299) })];
    assert.ok(read([thing(dtdl(4), { contents, schemas })]).codes.includes('excessiveDepthWide'));
  });
});
