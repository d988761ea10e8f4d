import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JsonText } from '#ontology/json-text.ts';
import { compileModel } from '#ontology/dtdl/instances/compile-model.ts';
import { Walk } from '#ontology/dtdl/instances/check.ts';
import { toLexical } from '#ontology/dtdl/instances/lexical.ts';
import { parseModelId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';

const id = parseModelId('dtmi:test:M;1');

/** A model of whose source alone the checks are made. */
function modelOf(contents: unknown, more: object = {}): Model {
  return {
    id,
    standard: 'DTDL',
    standardVersion: '4',
    displayName: {},
    description: {},
    extends: [],
    contents: [],
    source: { '@context': 'dtmi:dtdl:context;4', '@id': id, '@type': 'Interface', contents, ...more },
  };
}

/** What is wrong with a JSON text as the value of a schema: `path rule`, joined. */
function verdict(schema: unknown, json: string, more: object = {}): string {
  const model = modelOf([{ '@type': 'Property', name: 'p', schema }], more);
  const check = compileModel(model)?.property('p');
  assert.ok(check, 'the property has a check');
  const walk = new Walk();
  check(toLexical(JsonText.parse(json).root), walk);
  return walk.found.map(({ path, rule }) => `${path.join('/')} ${rule}`.trim()).join(', ');
}

const cases: Readonly<Record<string, { right: readonly string[]; wrong: readonly string[] }>> = {
  boolean: { right: ['true', 'false'], wrong: ['0', '"true"', 'null', '[]'] },
  byte: { right: ['-128', '127', '0', '-0'], wrong: ['-129', '128', '1.0', '1e0', '"1"'] },
  short: { right: ['-32768', '32767'], wrong: ['-32769', '32768', '0.5'] },
  integer: {
    right: ['3', '-2147483648', '2147483647', '0'],
    wrong: ['3.0', '3e0', '2147483648', '-2147483649', '"3"', 'true', '{}', 'null', '3.5'],
  },
  long: {
    right: ['9223372036854775807', '-9223372036854775808', '9007199254740993', '5'],
    wrong: ['9223372036854775808', '-9223372036854775809', '1e3', '5.0', '1e400'],
  },
  unsignedByte: { right: ['0', '255'], wrong: ['-1', '256', '1.0'] },
  unsignedShort: { right: ['0', '65535'], wrong: ['-1', '65536'] },
  unsignedInteger: { right: ['0', '4294967295'], wrong: ['-1', '4294967296'] },
  unsignedLong: {
    right: ['0', '18446744073709551615', '18446744073709551614'],
    wrong: ['-1', '18446744073709551616', '2e3'],
  },
  float: {
    right: ['1', '3.0', '3.4028234663852886e38', '-3.4e38', '1e-60', '0.1'],
    wrong: ['3.5e38', '-1e39', '1e400', '"1"', 'null'],
  },
  double: { right: ['1.7976931348623157e308', '3', '-0.0', '1e-400'], wrong: ['1e309', '-1e400', '"1.5"'] },
  decimal: {
    right: ['"0"', '"-1.50"', '"+12345678901234567890.5"', '"1."'],
    wrong: ['1.5', '"1e3"', '""', '".5"', '"007"', '"1,5"', '"--1"'],
  },
  string: { right: ['""', '"a\\u0000b"'], wrong: ['1', 'null', '["a"]'] },
  uuid: {
    right: ['"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"', '"F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"'],
    wrong: ['"f81d4fae7dec11d0a76500a0c91e6bf6"', '"{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"', '1'],
  },
  bytes: {
    right: ['""', '"AA=="', '"AAA="', '"+/+/"'],
    wrong: ['"A"', '"AA="', '"A==="', '"-_-_"', '"AA ="'],
  },
  date: {
    right: ['"2024-02-29"', '"2000-02-29"', '"0001-12-31"'],
    wrong: [
      '"2023-02-29"',
      '"1900-02-29"',
      '"2024-13-01"',
      '"2024-00-10"',
      '"2024-04-31"',
      '"24-01-01"',
      '"20240101"',
    ],
  },
  time: {
    right: ['"00:00:00Z"', '"23:59:59.999999+14:00"', '"23:59:60Z"', '"18:59:60-05:00"', '"07:00:00-00:00"'],
    wrong: [
      '"12:00:00"',
      '"24:00:00Z"',
      '"12:60:00Z"',
      '"12:00:61Z"',
      '"12:00:60Z"',
      '"12:00Z"',
      '"12:00:00+1:00"',
      '"12:00:00+24:00"',
    ],
  },
  dateTime: {
    right: ['"2024-02-29T12:00:00Z"', '"2024-02-29T12:00:00.5-07:30"', '"2016-12-31T23:59:60Z"'],
    wrong: [
      '"2024-02-29T12:00:00"',
      '"2024-02-30T12:00:00Z"',
      '"2024-02-29 12:00:00Z"',
      '"2024-02-29"',
      '1700000000',
      '"2024-02-29T25:00:00Z"',
    ],
  },
  duration: {
    right: ['"P1D"', '"P1Y2M3DT4H5M6.7S"', '"PT0.5H"', '"P2W"', '"P0.5Y"', '"PT36H"'],
    wrong: ['"P"', '"PT"', '"P1DT"', '"P0.5YT1H"', '"1D"', '"P1S"', '"-P1D"', '"P1W2M"', '"P1.D"', '5'],
  },
  point: {
    right: ['{"type":"Point","coordinates":[1,2]}', '{"type":"Point","coordinates":[1.5,2,3]}'],
    wrong: [
      '{"type":"Point","coordinates":[1]}',
      '{"type":"Point","coordinates":[1,2,3,4]}',
      '{"type":"Point","coordinates":[1,"2"]}',
      '{"type":"point","coordinates":[1,2]}',
      '{"type":"Point"}',
      '{"coordinates":[1,2]}',
      '{"type":"Point","coordinates":[1,2],"extra":1}',
      '[1,2]',
    ],
  },
  multiPoint: {
    right: ['{"type":"MultiPoint","coordinates":[]}', '{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}'],
    wrong: ['{"type":"MultiPoint","coordinates":[1,2]}'],
  },
  lineString: {
    right: ['{"type":"LineString","coordinates":[[1,2],[3,4]]}'],
    wrong: ['{"type":"LineString","coordinates":[[1,2]]}'],
  },
  multiLineString: {
    right: ['{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}'],
    wrong: [
      '{"type":"MultiLineString","coordinates":[[[1,2]]]}',
      '{"type":"MultiLineString","coordinates":[[1,2],[3,4]]}',
    ],
  },
  polygon: {
    right: [
      '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0.0,0]],[[1,1],[2,1],[2,2],[1,1]]]}',
    ],
    wrong: [
      '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
      '{"type":"Polygon","coordinates":[]}',
    ],
  },
  multiPolygon: {
    right: ['{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}'],
    wrong: ['{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[2,2]]]]}'],
  },
  scaledDecimal: {
    right: ['{"scale":7,"value":"1234.56"}', '{"scale":-3}', '{}'],
    wrong: ['{"scale":7.0,"value":"1"}', '{"scale":1,"value":1}', '{"scale":40000}', '{"shift":1}', '"1"'],
  },
};

describe('values of the standard schemas', () => {
  for (const [schema, { right, wrong }] of Object.entries(cases)) {
    test(schema, () => {
      for (const json of right) assert.equal(verdict(schema, json), '', `${json} is a ${schema}`);
      for (const json of wrong) assert.notEqual(verdict(schema, json), '', `${json} is no ${schema}`);
    });
  }

  test('a schema may be named by its identifier', () => {
    assert.equal(verdict('dtmi:dtdl:instance:Schema:integer;2', '3.5'), 'wrongType');
    assert.equal(
      verdict('dtmi:standard:schema:geospatial:point;3', '{"type":"Point","coordinates":[1]}'),
      'coordinates geometry',
    );
  });
});

const grade = {
  '@type': 'Enum',
  valueSchema: 'integer',
  enumValues: [
    { name: 'low', enumValue: 1 },
    { name: 'high', enumValue: 2 },
  ],
};

describe('values of complex schemas', () => {
  test('an enumeration takes its values alone, with the texts of numbers', () => {
    assert.equal(verdict(grade, '2'), '');
    assert.equal(verdict(grade, '3'), 'notInEnumeration');
    assert.equal(verdict(grade, '2.0'), 'wrongType');
    assert.equal(verdict(grade, '"low"'), 'wrongType');
  });

  test('lists, maps and objects are checked to their leaves, each fault with its path', () => {
    const schema = {
      '@type': 'Object',
      fields: [
        { name: 'list', schema: { '@type': 'Array', elementSchema: grade } },
        {
          name: 'map',
          schema: {
            '@type': 'Map',
            mapKey: { name: 'k', schema: 'string' },
            mapValue: { name: 'v', schema: 'double' },
          },
        },
      ],
    };
    assert.equal(verdict(schema, '{}'), '');
    assert.equal(verdict(schema, '{"list":[1,2],"map":{"a":1,"__proto__":2.5}}'), '');
    assert.equal(
      verdict(schema, '{"list":[1,9],"map":{"a":"x","__proto__":"y"},"other":1}'),
      'list/1 notInEnumeration, map/a wrongType, map/__proto__ wrongType, other unknownField',
    );
    assert.equal(verdict(schema, '{"list":{},"map":[]}'), 'list wrongType, map wrongType');
    assert.equal(verdict(schema, '[]'), 'wrongType');
    assert.equal(verdict(schema, '{"map":{"a":null}}'), 'map/a wrongType');
  });

  test('a schema of the interface is found by its identifier, long member names are read', () => {
    const more = {
      schemas: [
        { '@id': 'dtmi:test:pair;1', '@type': 'Array', 'dtmi:dtdl:property:elementSchema;4': 'integer' },
      ],
    };
    assert.equal(verdict('dtmi:test:pair;1', '[1,2]', more), '');
    assert.equal(verdict('dtmi:test:pair;1', '[1,2.5]', more), '1 wrongType');
  });

  test('a schema that contains itself (DTDL 4) is followed as far as the value goes', () => {
    const more = {
      schemas: {
        '@id': 'dtmi:test:tree;1',
        '@type': 'Object',
        fields: [
          { name: 'size', schema: 'integer' },
          { name: 'parts', schema: { '@type': 'Array', elementSchema: 'dtmi:test:tree;1' } },
        ],
      },
    };
    assert.equal(verdict('dtmi:test:tree;1', '{"size":1,"parts":[{"parts":[{"size":2}]}]}', more), '');
    assert.equal(
      verdict('dtmi:test:tree;1', '{"parts":[{"parts":[{"size":"2"}]}]}', more),
      'parts/0/parts/0/size wrongType',
    );
  });

  test('a value nested without end is refused, not followed until the stack is gone', () => {
    const more = {
      schemas: { '@id': 'dtmi:test:list;1', '@type': 'Array', elementSchema: 'dtmi:test:list;1' },
    };
    const check = compileModel(
      modelOf([{ '@type': 'Property', name: 'p', schema: 'dtmi:test:list;1' }], more),
    )?.property('p');
    let value: unknown = [];
    for (let i = 0; i < 100_000; i++) value = [value];
    const walk = new Walk();
    check?.(value, walk);
    assert.deepEqual(
      walk.found.map(({ rule }) => rule),
      ['tooDeep'],
    );
  });

  test('of very many faults the first hundred are told', () => {
    const model = modelOf([
      { '@type': 'Property', name: 'p', schema: { '@type': 'Array', elementSchema: 'integer' } },
    ]);
    const walk = new Walk();
    compileModel(model)?.property('p')?.(
      Array.from({ length: 5_000 }, () => 'x'),
      walk,
    );
    assert.equal(walk.found.length, 100);
  });
});

test('a model is compiled once', () => {
  const model = modelOf([{ '@type': 'Property', name: 'p', schema: 'integer' }]);
  assert.equal(compileModel(model), compileModel(model));
  assert.equal(compileModel(model)?.property('p'), compileModel(model)?.property('p'));
  assert.equal(compileModel(model)?.property('q'), null);
  assert.equal(compileModel({ ...model, standard: 'AAS' }), null);
});
