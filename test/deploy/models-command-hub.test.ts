import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { graphql } from 'graphql';
import { createUploadRoutes } from '#gateway/uploads/routes.ts';
import { modelsCommand } from '#deploy/commands/models.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { isHubError } from '#kernel/errors.ts';
import { readPackage, writePackage } from '#ontology/aas/package/index.ts';
import { openImports, temporaryFolder } from '../subgraphs/assets/imports-support.ts';
import { contextOf, demo } from '../subgraphs/assets/support.ts';

/** A hub as far as `models` needs one: the assets subgraph, its imports and their uploads, over HTTP. */
async function startHub(t: TestContext) {
  const { schema, imports, uploads, twins } = openImports(t);
  const { principal } = contextOf(demo);
  const routes = createUploadRoutes({
    uploads,
    rules: { allowedHosts: ['127.0.0.1'], allowedOrigins: [] },
    maxBytes: 100_000_000,
    startImport: async () => 'unused',
    log: createMemoryLogger(),
  });
  const upload = routes.find(({ method, path }) => method === 'POST' && path === '/import');
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/import')) void upload?.handle(req, res, principal);
    else void answer(req, res);
  });
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of req as AsyncIterable<Buffer>) parts.push(part);
    const { query, variables } = JSON.parse(Buffer.concat(parts).toString('utf8')) as {
      query: string;
      variables: Record<string, unknown>;
    };
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      contextValue: contextOf(demo),
    });
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(result));
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, twins, imports };
}

/** The command in a folder of its own. */
function commandIn(t: TestContext, url: string) {
  const folder = temporaryFolder(t);
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  const run = async (...args: readonly string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      env: {},
      cwd: folder,
    };
    const code = await modelsCommand([...args, '--url', url], {
      terminal,
      token: async () => 'token',
      base: async () => assert.fail('no base is needed'),
    });
    return { code, out, err };
  };
  return { folder, write, run, read: (name: string) => readFileSync(join(folder, name)) };
}

const thing = (name: string, more: object = {}) => ({
  '@context': 'dtmi:dtdl:context;3',
  '@id': `dtmi:com:example:${name};1`,
  '@type': 'Interface',
  ...more,
});
const submodel = {
  modelType: 'Submodel',
  id: 'urn:test:data',
  idShort: 'Data',
  submodelElements: [{ modelType: 'Property', idShort: 'Text', valueType: 'xs:string', value: 'a' }],
};

test(
  'a large file and a package are imported as a job, followed to its end',
  { timeout: 120_000 },
  async (t) => {
    const { url, twins } = await startHub(t);
    const { run, write } = commandIn(t, url);
    const many = Array.from({ length: 200 }, (_, i) =>
      thing(`T${i}`, {
        comment: 'c'.repeat(500),
        contents: Array.from({ length: 25 }, (_unused, j) => ({
          '@type': 'Property',
          name: `p${j}`,
          comment: 'd'.repeat(450),
          schema: 'double',
        })),
      }),
    );
    write('models/large.json', JSON.stringify(many));
    write(
      'models/data.aasx',
      writePackage({
        environments: [
          {
            path: '/aasx/data.json',
            contentType: 'application/json',
            bytes: Buffer.from(JSON.stringify({ submodels: [submodel] })),
          },
        ],
      }),
    );
    const dry = await run('import', '--dry-run', 'models');
    assert.deepEqual([dry.code, dry.err.at(-1)], [0, 'would be created 201, changed 0, equal 0']);
    assert.equal((await twins.listModels(demo, { first: 1, after: null })).items.length, 0);
    const done = await run('import', 'models');
    assert.deepEqual([done.code, done.err.at(-1)], [0, 'created 201, changed 0, equal 0']);
    assert.equal((await twins.listModels(demo, { first: 500, after: null })).items.length, 201);

    write(
      'models/large.json',
      JSON.stringify([
        ...many,
        thing('Bad', { contents: [{ '@type': 'Property', name: '1', schema: 'double' }] }),
      ]),
    );
    const bad = await run('import', 'models/large.json');
    assert.equal(bad.code, 1);
    assert.ok(
      bad.out.some((line) => / stringInvalid /.test(line)),
      bad.out.join('\n'),
    );
  },
);

test('what is exported can be imported again, in every format', { timeout: 120_000 }, async (t) => {
  const { url } = await startHub(t);
  const { run, write, read } = commandIn(t, url);
  const machine = thing('Machine', {
    contents: [
      { '@type': 'Property', name: 'size', schema: 'double' },
      { '@type': 'Relationship', name: 'feeds' },
    ],
  });
  write('models.json', JSON.stringify([machine]));
  write(
    'twins.json',
    JSON.stringify({
      digitalTwinsGraph: {
        digitalTwins: ['m1', 'm2'].map((id) => ({
          $dtId: id,
          $metadata: { $model: machine['@id'] },
          size: 1.5,
        })),
        relationships: [
          { $relationshipId: 'r', $sourceId: 'm1', $targetId: 'm2', $relationshipName: 'feeds' },
        ],
      },
    }),
  );
  write('data.json', JSON.stringify({ submodels: [submodel] }));
  assert.equal(
    (await run('import', 'models.json', 'twins.json', 'data.json')).err.at(-1),
    'created 5, changed 0, equal 0',
  );

  const exports = [
    ['dtdl', 'json', 'out/models.json'],
    ['twins', 'json', 'out/twins.json'],
    ['aas', 'json', 'out/data.json'],
  ] as const;
  write('out/.keep', '');
  for (const [standard, format, file] of exports)
    assert.equal((await run('export', '--standard', standard, '--format', format, '-o', file)).code, 0);
  assert.deepEqual(JSON.parse(read('out/models.json').toString()), machine);
  assert.deepEqual(JSON.parse(read('out/data.json').toString()), { submodels: [submodel] });
  assert.equal((await run('import', 'out')).err.at(-1), 'created 0, changed 0, equal 5');

  await run('export', '--standard', 'aas', '--format', 'xml', '-o', 'data.xml');
  assert.equal((await run('import', 'data.xml')).err.at(-1), 'created 0, changed 0, equal 1');
  await assert.rejects(run('export', 'dtmi:com:example:Nobody;1'), (error) =>
    isHubError(error, 'CONNECTOR_REFUSED'),
  );
});

test('a package is exported with its environment', { timeout: 120_000 }, async (t) => {
  const { url } = await startHub(t);
  const { run, write, read } = commandIn(t, url);
  write('data.json', JSON.stringify({ submodels: [submodel] }));
  await run('import', 'data.json');
  const { code, err } = await run('export', '--standard', 'aas', '--format', 'aasx', '-o', 'data.aasx');
  assert.equal(code, 0);
  assert.match(err.at(-1) ?? '', /^data\.aasx: \d+ bytes$/);
  const { environments, findings } = await readPackage('data.aasx', read('data.aasx'));
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'ERROR'),
    [],
  );
  assert.ok(environments[0]?.text.includes('urn:test:data'));
});
