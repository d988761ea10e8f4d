import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Model } from '#ontology/model.ts';
import { diffModels } from '#ontology/model-graph/index.ts';
import { idOf, model, property } from './model-graph-support.ts';

/** Changes as `breaking|compatible path change`. */
function changes(before: readonly Model[], after: readonly Model[]): readonly string[] {
  return diffModels(before, after).changes.map(
    ({ breaking, path, change }) => `${breaking ? 'breaking' : 'compatible'} ${path} ${change}`,
  );
}

/** The changes from one list of contents to another, of one model. */
const between = (before: readonly object[], after: readonly object[]) =>
  changes([model('M', { contents: before })], [model('M', { contents: after, version: '2' })]);

const enumOf = (...values: readonly string[]) => ({
  '@type': 'Enum',
  valueSchema: 'string',
  enumValues: values.map((enumValue) => ({ name: enumValue, enumValue })),
});
const objectOf = (fields: Readonly<Record<string, unknown>>) => ({
  '@type': 'Object',
  fields: Object.entries(fields).map(([name, schema]) => ({ name, schema })),
});

describe('the difference of two models', () => {
  test('is nothing between equal ones, whatever the version in their ids', () => {
    assert.deepEqual(
      diffModels(
        [model('M', { contents: [property('a')] })],
        [model('M', { contents: [property('a')], version: '2' })],
      ),
      {
        verdict: 'COMPATIBLE',
        changes: [],
      },
    );
  });

  const cases: readonly (readonly [
    what: string,
    before: readonly object[],
    after: readonly object[],
    expected: readonly string[],
  ])[] = [
    ['a new property', [], [property('a')], ['compatible a added']],
    ['a property gone', [property('a')], [], ['breaking a removed']],
    [
      'a property that has become telemetry',
      [property('a')],
      [{ ...property('a'), '@type': 'Telemetry' }],
      ['breaking a changed'],
    ],
    ['a wider number', [property('a', 'integer')], [property('a', 'long')], ['compatible a.schema widened']],
    [
      'a whole number that may have a fraction',
      [property('a', 'long')],
      [property('a', 'double')],
      ['compatible a.schema widened'],
    ],
    [
      'a narrower number',
      [property('a', 'double')],
      [property('a', 'float')],
      ['breaking a.schema narrowed'],
    ],
    [
      'an unsigned number of the same size',
      [property('a', 'integer')],
      [property('a', 'unsignedInteger')],
      ['breaking a.schema changed'],
    ],
    [
      'an unsigned number that fits',
      [property('a', 'unsignedByte')],
      [property('a', 'short')],
      ['compatible a.schema widened'],
    ],
    [
      'a text of any kind',
      [property('a', 'date')],
      [property('a', 'string')],
      ['compatible a.schema widened'],
    ],
    [
      'another kind of value',
      [property('a', 'string')],
      [property('a', 'boolean')],
      ['breaking a.schema changed'],
    ],
    [
      'more values',
      [property('a', enumOf('x'))],
      [property('a', enumOf('x', 'y'))],
      ['compatible a.schema widened'],
    ],
    [
      'fewer and other values',
      [property('a', enumOf('x', 'y'))],
      [property('a', enumOf('y', 'z'))],
      ['breaking a.schema narrowed', 'compatible a.schema widened'],
    ],
    [
      'an enumeration freed',
      [property('a', enumOf('x'))],
      [property('a', 'string')],
      ['compatible a.schema widened'],
    ],
    ['a text bound', [property('a', 'string')], [property('a', enumOf('x'))], ['breaking a.schema narrowed']],
    [
      'a field more',
      [property('a', objectOf({ x: 'double' }))],
      [property('a', objectOf({ x: 'double', y: 'double' }))],
      ['compatible a.schema.y widened'],
    ],
    [
      'a field less',
      [property('a', objectOf({ x: 'double', y: 'double' }))],
      [property('a', objectOf({ x: 'double' }))],
      ['breaking a.schema.y narrowed'],
    ],
    [
      'a type within a list',
      [property('a', { '@type': 'Array', elementSchema: 'integer' })],
      [property('a', { '@type': 'Array', elementSchema: 'boolean' })],
      ['breaking a.schema[] changed'],
    ],
    [
      'a unit said first',
      [property('a')],
      [property('a', 'double', { '@type': ['Property', 'Length'], unit: 'metre' })],
      ['compatible a.unit added', 'compatible a.@type added'],
    ],
    [
      'another unit',
      [property('a', 'double', { unit: 'metre' })],
      [property('a', 'double', { unit: 'foot' })],
      ['breaking a.unit changed'],
    ],
    [
      'a unit gone',
      [property('a', 'double', { unit: 'metre' })],
      [property('a')],
      ['breaking a.unit removed'],
    ],
    [
      'no longer writable',
      [property('a', 'double', { writable: true })],
      [property('a')],
      ['breaking a.writable narrowed'],
    ],
    [
      'writable',
      [property('a')],
      [property('a', 'double', { writable: true })],
      ['compatible a.writable widened'],
    ],
  ];
  for (const [what, before, after, expected] of cases)
    test(`of properties: ${what}`, () => assert.deepEqual(between(before, after), expected));

  const link = (more: object) => ({ '@type': 'Relationship', name: 'r', ...more });
  test('of relationships: multiplicity, target, properties', () => {
    assert.deepEqual(between([link({})], [link({ maxMultiplicity: 3 })]), [
      'breaking r.maxMultiplicity narrowed',
    ]);
    assert.deepEqual(between([link({ maxMultiplicity: 3 })], [link({ maxMultiplicity: 5 })]), [
      'compatible r.maxMultiplicity widened',
    ]);
    assert.deepEqual(between([link({ target: 'dtmi:test:X;1' })], [link({})]), [
      'compatible r.target widened',
    ]);
    assert.deepEqual(between([link({})], [link({ target: 'dtmi:test:X;1' })]), [
      'breaking r.target narrowed',
    ]);
    assert.deepEqual(between([link({ target: 'dtmi:test:X;1' })], [link({ target: 'dtmi:test:Y;1' })]), [
      'breaking r.target changed',
    ]);
    assert.deepEqual(
      between(
        [link({ properties: [property('a'), property('b')] })],
        [link({ properties: [property('a', 'integer'), property('c')] })],
      ),
      ['breaking r.a.schema narrowed', 'breaking r.b removed', 'compatible r.c added'],
    );
  });

  test('of a target: a base takes in more, a derived model less', () => {
    const world = [model('Base'), model('Derived', { extends: ['Base'] })];
    const to = (target: string, version: string) =>
      model('M', { version, contents: [link({ target: idOf(target) })] });
    assert.deepEqual(changes([...world, to('Derived', '1')], [...world, to('Base', '2')]), [
      'compatible r.target widened',
    ]);
    assert.deepEqual(changes([...world, to('Base', '1')], [...world, to('Derived', '2')]), [
      'breaking r.target changed',
    ]);
  });

  test('of commands: requests may widen, responses narrow', () => {
    const command = (request: string, response: string) => ({
      '@type': 'Command',
      name: 'c',
      request: { name: 'in', schema: request },
      response: { name: 'out', schema: response },
    });
    assert.deepEqual(between([command('integer', 'long')], [command('long', 'integer')]), [
      'compatible c.request.schema widened',
      'compatible c.response.schema narrowed',
    ]);
    assert.deepEqual(between([command('long', 'integer')], [command('integer', 'long')]), [
      'breaking c.request.schema narrowed',
      'breaking c.response.schema widened',
    ]);
    assert.deepEqual(between([{ '@type': 'Command', name: 'c' }], [command('long', 'integer')]), [
      'breaking c.request added',
      'compatible c.response added',
    ]);
  });

  test('of bases: one gone breaks, one more does not, a newer version of it is told at the base', () => {
    const base = model('Base', { contents: [property('a')] });
    assert.deepEqual(
      changes([base, model('M', { extends: ['Base'] })], [base, model('M', { version: '2' })]),
      ['breaking extends removed'],
    );
    assert.deepEqual(changes([base, model('M')], [base, model('M', { version: '2', extends: ['Base'] })]), [
      'compatible extends added',
    ]);
    const newBase = model('Base', { version: '2', contents: [property('a', 'boolean')] });
    const diff = diffModels(
      [base, model('M', { extends: ['Base'] })],
      [newBase, model('M', { version: '2', extends: ['dtmi:test:Base;2'] })],
    );
    assert.deepEqual(
      diff.changes.map(({ modelId, path }) => `${modelId} ${path}`),
      ['dtmi:test:Base;2 a.schema'],
    );
    assert.equal(diff.verdict, 'BREAKING');
  });

  test('a content that moves up to a base is still there', () => {
    assert.deepEqual(
      changes(
        [model('Base'), model('M', { extends: ['Base'], contents: [property('a')] })],
        [model('Base', { contents: [property('a')] }), model('M', { extends: ['Base'], version: '2' })],
      ),
      ['compatible a added'],
    );
  });

  test('of sets: models are matched by their newest version; one gone breaks', () => {
    const before = [model('A'), model('B')];
    const diff = diffModels(before, [
      model('A', { version: '2' }),
      model('A', { version: '10', contents: [property('x')] }),
      model('C'),
    ]);
    assert.deepEqual(
      diff.changes.map(({ modelId, change, path }) => `${modelId} ${path}${change}`),
      ['dtmi:test:A;10 xadded', 'dtmi:test:B;1 removed', 'dtmi:test:A;2 added', 'dtmi:test:C;1 added'],
    );
    assert.equal(diff.verdict, 'BREAKING');
  });

  test('of schemas that contain themselves comes to an end', () => {
    const tree = (leaf: string) => [
      {
        '@id': 'dtmi:test:tree;1',
        '@type': 'Object',
        fields: [
          { name: 'leaf', schema: leaf },
          { name: 'down', schema: 'dtmi:test:tree;1' },
        ],
      },
    ];
    const of = (leaf: string, version: string) =>
      model('M', { version, contents: [property('a', 'dtmi:test:tree;1')], schemas: tree(leaf) });
    assert.deepEqual(changes([of('integer', '1')], [of('boolean', '2')]), ['breaking a.schema.leaf changed']);
  });

  test('what only grows is never breaking, and back again it is', () => {
    const schemas = fc.constantFrom('boolean', 'integer', 'long', 'double', 'string', 'date');
    const contents = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-f]$/), schemas), {
      selector: ([name]) => name,
      maxLength: 6,
    });
    fc.assert(
      fc.property(contents, fc.stringMatching(/^[g-k]$/), schemas, (old, name, schema) => {
        const before = old.map(([oldName, oldSchema]) => property(oldName, oldSchema));
        const after = [...before, property(name, schema)];
        const [small, large] = [
          model('M', { contents: before }),
          model('M', { contents: after, version: '2' }),
        ];
        assert.equal(diffModels([small], [large]).verdict, 'COMPATIBLE');
        assert.equal(diffModels([large], [small]).verdict, 'BREAKING');
      }),
      { numRuns: 100 },
    );
  });
});
