import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { graphql } from 'graphql';
import { openFolderFileStore } from '#connectors/file-store/index.ts';
import { SqliteFileLinks } from '#connectors/sqlite/file-links.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { exportFiles } from '#deploy/commands/models/export.ts';
import { createFilesRoute } from '#gateway/http/files-route.ts';
import { sendError, sendJson } from '#gateway/http/respond.ts';
import { routeRequest } from '#gateway/http/router.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { readPackage } from '#ontology/aas/package/index.ts';
import { failureModeLibrary } from '#ontology/failure-modes/index.ts';
import { parseModelId, parseTwinId } from '#ontology/ids.ts';
import { lookupsOf, planImport } from '#ontology/import.ts';
import type { FileLink } from '#ontology/ports/file-links.ts';
import { createAssetsSubgraph, type TwinChange } from '#subgraphs/assets/schema.ts';
import { temporaryFolder } from '#test/subgraphs/assets/imports-support.ts';
import { contextOf, demo } from '#test/subgraphs/assets/support.ts';

const context = contextOf(demo);

/** A server that answers GraphQL of the assets subgraph and downloads, for whoever has the token. */
async function openHub(t: TestContext) {
  const folder = temporaryFolder(t);
  const db = new Database(join(folder, 'hub.sqlite'));
  const log = createMemoryLogger();
  const twins = new SqliteTwinStore(db, systemClock);
  const links = new SqliteFileLinks(db);
  const config = { path: join(folder, 'files'), maxFileBytes: 2 ** 24, maxTenantBytes: 2 ** 30 };
  const files = await openFolderFileStore(config, { clock: systemClock });
  const changes = new Broadcast<TwinChange>();
  const deps = {
    twins,
    fileLinks: links,
    failureModes: failureModeLibrary,
    clock: systemClock,
    log,
    changes,
  };
  const { schema } = createAssetsSubgraph(deps);
  const answer = async (req: IncomingMessage) => {
    let body = '';
    for await (const piece of req.setEncoding('utf8')) body += piece;
    const { query: source, variables: variableValues } = JSON.parse(body) as {
      query: string;
      variables: object;
    };
    return graphql({ schema, source, variableValues: { ...variableValues }, contextValue: context });
  };
  const graphqlRoute = {
    method: 'POST',
    path: '/graphql',
    public: false,
    handle: async (req: IncomingMessage, res: Parameters<typeof sendJson>[0]) =>
      sendJson(res, 200, await answer(req)),
  };
  const routes = [graphqlRoute, createFilesRoute({ files, links })];
  const server = createServer((req, res) => {
    const who = async ({ authorization }: IncomingHttpHeaders) =>
      authorization === 'Bearer token' ? context.principal : null;
    routeRequest(req, res, routes, who).catch((error: unknown) =>
      sendError(res, error, { log, requestId: 'r' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await files.close();
    db.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return { url, twins, links, files, folder };
}

const environment = (id: string, twin: string, path: string) =>
  JSON.stringify({
    assetAdministrationShells: [
      {
        modelType: 'AssetAdministrationShell',
        id: `https://acme.example/shell/${id}`,
        assetInformation: { assetKind: 'Instance', globalAssetId: `https://acme.example/asset/${twin}` },
        submodels: [
          {
            type: 'ModelReference',
            keys: [{ type: 'Submodel', value: `https://acme.example/submodel/${id}` }],
          },
        ],
      },
    ],
    submodels: [
      {
        modelType: 'Submodel',
        id: `https://acme.example/submodel/${id}`,
        idShort: 'Docs',
        submodelElements: [
          { modelType: 'File', idShort: 'Manual', contentType: 'application/pdf', value: path },
        ],
      },
    ],
  });

type Hub = Awaited<ReturnType<typeof openHub>>;

/** A twin with a shell, its manual and its picture. */
async function addTwin(hub: Hub, id: string, path: string, text: string): Promise<void> {
  const modelId = parseModelId('dtmi:acme:Pump;1');
  const texts = { displayName: {}, description: {} };
  const model = {
    id: modelId,
    standard: 'DTDL',
    standardVersion: '3',
    ...texts,
    extends: [],
    contents: [],
    source: {},
  };
  const twinId = parseTwinId(id);
  const twin = { id: twinId, kind: 'ASSET', name: id, modelId, parentId: null, properties: {} } as const;
  await hub.twins.apply(demo, { models: [{ ...model, standard: 'DTDL' }], twins: [twin] });
  const content = environment(id, id, path);
  const plan = await planImport([{ name: 'e', standard: 'AAS', content }], lookupsOf(hub.twins, demo));
  assert.deepEqual(
    plan.files.map(({ element }) => element),
    ['Docs.Manual'],
  );
  await hub.twins.apply(demo, plan.changes);
  const link = async (element: string, at: string, what: string, contentType: string): Promise<FileLink> => {
    const { sha256, size } = await hub.files.put(demo, new TextEncoder().encode(what));
    return { twinId, element, path: at, sha256, size, name: 'x', contentType };
  };
  await hub.links.attach(demo, [
    await link('Docs.Manual', path, text, 'application/pdf'),
    await link('$thumbnail', `/${id}.png`, `picture of ${id}`, 'image/png'),
  ]);
}

async function exported(hub: Hub, ids: readonly string[]) {
  const said: string[] = [];
  const terminal = {
    cwd: hub.folder,
    env: {},
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
  };
  const deps = { terminal, token: async () => 'token' };
  const options = { standard: 'aas', format: 'aasx', output: 'out.aasx' } as const;
  await exportFiles(ids, options, { url: hub.url }, deps);
  const read = await readPackage('out.aasx', readFileSync(join(hub.folder, 'out.aasx')));
  const texts = await Promise.all(
    read.files.map(async ({ path, role, bytes }) => [path, role, new TextDecoder().decode(await bytes())]),
  );
  return { read, texts: texts.sort(), said };
}

test('a package that is exported has the files its environment refers to', async (t) => {
  const hub = await openHub(t);
  await addTwin(hub, 'P-1', '/aasx/files/a%20manual.pdf', 'the manual');
  const { read, texts } = await exported(hub, ['P-1']);
  assert.deepEqual(read.findings, []);
  assert.deepEqual(texts, [
    ['/P-1.png', 'thumbnail', 'picture of P-1'],
    ['/aasx/files/a%20manual.pdf', 'supplement', 'the manual'],
  ]);
  const [environmentPart] = read.environments;
  assert.ok(environmentPart);
  const file = read.find('/aasx/files/a%20manual.pdf', environmentPart.part);
  assert.equal(file?.contentType, 'application/pdf');
});

test('files of twins that were not asked for stay out, and of two with one path one is told about', async (t) => {
  const hub = await openHub(t);
  await addTwin(hub, 'P-1', '/manual.pdf', 'manual of P-1');
  await addTwin(hub, 'P-2', '/manual.pdf', 'manual of P-2');
  await addTwin(hub, 'P-3', '/other.pdf', 'manual of P-3');
  const one = await exported(hub, ['P-2']);
  assert.deepEqual(one.texts, [
    ['/P-2.png', 'thumbnail', 'picture of P-2'],
    ['/manual.pdf', 'supplement', 'manual of P-2'],
  ]);
  const all = await exported(hub, []);
  assert.deepEqual(
    all.texts.map(([path]) => path),
    ['/manual.pdf', '/other.pdf'],
  );
  assert.ok(
    all.said.some((line) => line.startsWith('P-2 Docs.Manual: left out')),
    all.said.join('\n'),
  );
});
