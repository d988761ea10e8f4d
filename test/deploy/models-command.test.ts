import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { isHubError } from '#kernel/errors.ts';
import { writePackage } from '#ontology/aas/package/index.ts';
import { badThing, run, submodel, thing, write, xml } from './models-command-support.ts';

const isUsage = (error: unknown) => isHubError(error, 'INVALID_INPUT');
before(() => {
  write('good.json', JSON.stringify(thing('Good')));
  write('bad.json', JSON.stringify(badThing, null, 2));
  write('needs.json', JSON.stringify(thing('Needs', { extends: 'dtmi:com:example:Base;1' })));
  write('models/dtmi/com/example/base-1.json', JSON.stringify(thing('Base')));
  write(
    'foreign.json',
    JSON.stringify(thing('Foreign', { '@context': ['dtmi:dtdl:context;3', 'dtmi:foreign:ext;1'] })),
  );
  write('aas/data.json', JSON.stringify({ submodels: [submodel] }));
  write('aas/data.xml', xml);
  write('aas/picture.xml', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write(
    'aas/data.aasx',
    writePackage({
      environments: [{ path: '/aasx/data.xml', contentType: 'text/xml', bytes: Buffer.from(xml) }],
    }),
  );
  write('aas/loose.json', JSON.stringify({ submodels: [{ ...submodel, id: '', colour: 'red' }] }));
  write('aas/broken.aasx', 'PK\u0003\u0004 and no more');
  write('mixed/good.json', JSON.stringify(thing('Good')));
  write('mixed/data.json', JSON.stringify({ submodels: [submodel] }));
  write('latin.json', Buffer.from([0x7b, 0xe4, 0x7d]));
});

describe('models check', () => {
  test('takes JSON, XML and packages, and names what holds no model', async () => {
    const { code, out, err } = await run(['check', 'aas/data.json', 'aas/data.xml', 'aas/data.aasx']);
    assert.equal(code, 0, out.join('\n'));
    assert.match(err.at(-1) ?? '', /^3 document\(s\), 0 error\(s\)/);
    const all = await run(['check', 'aas']);
    assert.equal(all.code, 1);
    assert.ok(
      all.err.some((line) => line.startsWith(join('aas', 'picture.xml: left out'))),
      all.err.join('\n'),
    );
    assert.ok(
      all.out.some((line) => line.startsWith(join('aas', 'broken.aasx:1:1 '))),
      all.out.join('\n'),
    );
  });

  test('tells a finding with file, line and column', async () => {
    const { code, out } = await run(['check', 'bad.json']);
    assert.equal(code, 1);
    assert.match(out[0] ?? '', /^bad\.json:8:7 stringInvalid /);
  });

  test('a text that is not UTF-8 is a finding', async () => {
    const { code, out } = await run(['check', 'latin.json']);
    assert.equal(code, 1);
    assert.match(out[0] ?? '', /^latin\.json:1:1 hub:notUtf8 /);
  });

  test('--standard leaves the other standard out', async () => {
    assert.match((await run(['check', 'mixed'])).err.at(-1) ?? '', /^2 document/);
    assert.match((await run(['check', '--standard', 'dtdl', 'mixed'])).err.at(-1) ?? '', /^1 document/);
    assert.match((await run(['check', '--standard', 'aas', 'mixed'])).err.at(-1) ?? '', /^1 document/);
  });

  test('--strict holds AAS to the letter', async () => {
    const { out } = await run(['check', '--json', 'aas/data.json']);
    assert.deepEqual((JSON.parse(out.join('\n')) as { errors: number }).errors, 0);
    assert.equal((await run(['check', '--strict', 'aas/data.json'])).code, 0);
    const strict = await run(['check', '--strict', 'aas/loose.json']);
    assert.equal(strict.code, 1);
    assert.ok(
      strict.out.length && strict.out.every((line) => line.startsWith(join('aas', 'loose.json:1:'))),
      strict.out.join('\n'),
    );
  });

  test('options of DTDL are handed on', async () => {
    assert.equal((await run(['check', 'foreign.json'])).code, 1);
    assert.equal((await run(['check', '--undefined-extensions', 'allow', 'foreign.json'])).code, 0);
    assert.equal((await run(['check', '--max-version', '2', 'good.json'])).code, 1);
  });

  test('--repository, or its setting, brings in what is referred to', async () => {
    const alone = await run(['check', 'needs.json']);
    assert.equal(alone.code, 1);
    assert.equal((await run(['check', '--repository', 'models', 'needs.json'])).code, 0);
    assert.equal(
      (await run(['check', 'needs.json'], { env: { TWINHUB_MODELS_REPOSITORY: 'models' } })).code,
      0,
    );
    await assert.rejects(run(['check', '--repository', 'http://127.0.0.1:9/', 'needs.json']), (error) =>
      isHubError(error, 'CONNECTOR_UNREACHABLE'),
    );
  });

  test('--json is one document', async () => {
    const { code, json } = await run(['check', '--json', 'bad.json']);
    const { documents, errors, warnings, findings } = json() as {
      documents: number;
      errors: number;
      warnings: number;
      findings: object[];
    };
    assert.deepEqual([code, documents, errors, warnings], [1, 1, 1, 0]);
    assert.deepEqual(Object.keys(findings[0] ?? {}), [
      'file',
      'line',
      'column',
      'path',
      'code',
      'severity',
      'message',
    ]);
    assert.partialDeepStrictEqual(findings, [
      {
        file: 'bad.json',
        line: 8,
        column: 7,
        path: '/contents/0/name',
        code: 'stringInvalid',
        severity: 'ERROR',
      },
    ]);
  });

  test('--sarif is a SARIF 2.1.0 log, with files as relative addresses', async () => {
    write('with space/ä#1.json', JSON.stringify(badThing));
    const { code, json } = await run(['check', '--sarif', 'bad.json', 'with space', 'aas/broken.aasx']);
    assert.equal(code, 1);
    const log = json();
    const validate = new Ajv({ allErrors: true, strict: false }).compile(sarifEssentials);
    // As a plain function: what it says about the type is of no use here.
    const isLog: (value: unknown) => boolean = validate;
    assert.ok(isLog(log), JSON.stringify(validate.errors));
    const [sarifRun] = (log as SarifLog).runs;
    const uris = sarifRun?.results.map(
      ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri,
    );
    assert.deepEqual([...new Set(uris)], ['bad.json', 'with%20space/%C3%A4%231.json', 'aas/broken.aasx']);
    for (const { ruleId, ruleIndex } of sarifRun?.results ?? [])
      assert.equal(sarifRun?.tool.driver.rules[ruleIndex]?.id, ruleId);
    const none = (await run(['check', '--sarif', 'good.json'])).json();
    assert.ok(isLog(none));
    assert.deepEqual((none as SarifLog).runs[0]?.results, []);
  });

  test('wrong words are told as such', async () => {
    for (const args of [
      ['check', '--standard', 'opcua', 'good.json'],
      ['check', '--json', '--sarif', 'good.json'],
      ['check', '--max-version', 'new', 'good.json'],
      ['check', '--undefined-extensions', 'maybe', 'good.json'],
      ['check', '--batch', 'nowhere.jsonl'],
      ['check', '--batch', 'models'],
      ['check', '--batch', '-', 'good.json'],
      ['diff', 'good.json'],
      ['diff', 'good.json', 'nowhere'],
      ['export', '--standard', 'dtdl', '--format', 'xml'],
    ])
      await assert.rejects(run(args), isUsage, args.join(' '));
  });
});

interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

/** What SARIF 2.1.0 demands of the parts that are written. @see OASIS SARIF 2.1.0, 3.13, 3.14, 3.18, 3.19, 3.27, 3.28 to 3.30, 3.49 */
const sarifEssentials = {
  type: 'object',
  required: ['version', 'runs'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', format: undefined },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                properties: {
                  name: { type: 'string', minLength: 1 },
                  semanticVersion: { type: 'string', pattern: String.raw`^\d+\.\d+\.\d+` },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id'],
                      properties: {
                        id: { type: 'string' },
                        shortDescription: { type: 'object', required: ['text'] },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message', 'ruleId', 'locations'],
              properties: {
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { enum: ['none', 'note', 'warning', 'error'] },
                message: {
                  type: 'object',
                  required: ['text'],
                  properties: { text: { type: 'string', minLength: 1 } },
                },
                partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
                locations: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation', 'region'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            required: ['uri'],
                            properties: {
                              uri: { type: 'string', pattern: '^[!-~]+$' },
                              uriBaseId: { type: 'string' },
                            },
                          },
                          region: {
                            type: 'object',
                            required: ['startLine'],
                            properties: {
                              startLine: { type: 'integer', minimum: 1 },
                              startColumn: { type: 'integer', minimum: 1 },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

describe('models diff', () => {
  const of = (schema: string, version: number) =>
    JSON.stringify({
      ...thing('M'),
      '@id': `dtmi:com:example:M;${version}`,
      contents: [{ '@type': 'Property', name: 'p', schema }],
    });

  test('ends with 0 for compatible, 1 for breaking, and says why', async () => {
    write('old.json', of('integer', 1));
    write('wide.json', of('long', 2));
    write('other.json', of('boolean', 2));
    const fine = await run(['diff', 'old.json', 'wide.json']);
    assert.deepEqual([fine.code, fine.out.at(-1), fine.out.length], [0, 'COMPATIBLE', 2]);
    assert.match(fine.out[0] ?? '', /^compatible dtmi:com:example:M;2 p\.schema integer has become long/);
    const broken = await run(['diff', 'old.json', 'other.json']);
    assert.deepEqual([broken.code, broken.out.at(-1)], [1, 'BREAKING']);
    const { verdict, changes } = (await run(['diff', '--json', 'old.json', 'other.json'])).json() as {
      verdict: string;
      changes: object[];
    };
    assert.equal(verdict, 'BREAKING');
    assert.partialDeepStrictEqual(changes, [
      { modelId: 'dtmi:com:example:M;2', path: 'p.schema', change: 'changed', breaking: true },
    ]);
  });

  test('says nothing about models that are wrong', async () => {
    const { code, out } = await run(['diff', 'good.json', 'bad.json']);
    assert.equal(code, 3);
    assert.match(out[0] ?? '', /^bad\.json:8:7 stringInvalid /);
  });
});
