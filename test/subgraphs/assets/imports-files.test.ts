import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { graphql } from 'graphql';
import { openFolderFileStore } from '#connectors/file-store/index.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteFileLinks } from '#connectors/sqlite/file-links.ts';
import { systemClock } from '#kernel/clock.ts';
import { writePackage } from '#ontology/aas/package/index.ts';
import { parseModelId, parseTwinId } from '#ontology/ids.ts';
import type { ImportJob, ImportOptions } from '#ontology/import-job.ts';
import { failureModeLibrary } from '#ontology/failure-modes/index.ts';
import { createAssetsSubgraph } from '#subgraphs/assets/schema.ts';
import { ended, openImports, temporaryFolder } from './imports-support.ts';
import { contextOf, demo, other, type Answer } from './support.ts';

const ada = contextOf(demo).principal;
const page = { first: 50, after: null };
const pump = parseTwinId('P-101');
const encode = (text: string) => new TextEncoder().encode(text);

/** Imports over real stores, with a pump to attach shells to. */
async function openHub(t: TestContext, limits: { maxTenantBytes?: number } = {}) {
  const folder = temporaryFolder(t);
  const db = new Database(join(folder, 'links.sqlite'));
  const links = new SqliteFileLinks(db);
  const config = { path: join(folder, 'files'), maxFileBytes: 2 ** 24, maxTenantBytes: 2 ** 30, ...limits };
  const store = await openFolderFileStore(config, { clock: systemClock });
  const hub = openImports(t, { folder, deps: { files: { store, links } } });
  t.after(() => db.close());
  const { schema } = createAssetsSubgraph({ ...hub, fileLinks: links, failureModes: failureModeLibrary });
  const run = async (variables: Record<string, unknown>) => {
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      contextValue: contextOf(demo),
    });
    return result as unknown as { data: Answer; errors?: { message: string }[] };
  };
  const modelId = parseModelId('dtmi:acme:Pump;1');
  const model = {
    id: modelId,
    standard: 'DTDL',
    standardVersion: '3',
    displayName: {},
    description: {},
    extends: [],
    contents: [],
    source: {},
  } as const;
  const twin = { id: pump, kind: 'ASSET', name: 'Pump', modelId, parentId: null, properties: {} } as const;
  await hub.twins.apply(demo, { models: [model], twins: [twin] });
  const importPackage = async (
    bytes: Uint8Array,
    options: Partial<ImportOptions> = {},
  ): Promise<ImportJob> => {
    const { id } = await hub.uploads.create({
      tenant: demo,
      name: 'pump.aasx',
      by: 'a',
      length: bytes.length,
    });
    await hub.uploads.append(demo, id, 0, pieces(bytes));
    const wanted = { dryRun: false, atomicity: 'ALL_OR_NOTHING', strict: false, ...options } as const;
    return ended(
      hub.imports,
      await hub.imports.start(ada, { documents: [], uploads: [id], options: wanted }),
    );
  };
  return { ...hub, importPackage, run, store, links };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const file = (idShort: string, value: string) => ({
  modelType: 'File',
  idShort,
  contentType: 'application/pdf',
  value,
});

function environment(elements: readonly unknown[], thumbnail?: string): string {
  return JSON.stringify({
    assetAdministrationShells: [
      {
        modelType: 'AssetAdministrationShell',
        id: 'https://acme.example/shell/1',
        assetInformation: {
          assetKind: 'Instance',
          globalAssetId: 'https://acme.example/asset/P-101',
          ...(thumbnail ? { defaultThumbnail: { path: thumbnail, contentType: 'image/png' } } : {}),
        },
        submodels: [
          { type: 'ModelReference', keys: [{ type: 'Submodel', value: 'https://acme.example/submodel/1' }] },
        ],
      },
    ],
    submodels: [
      {
        modelType: 'Submodel',
        id: 'https://acme.example/submodel/1',
        idShort: 'Docs',
        submodelElements: elements,
      },
    ],
  });
}

const xmlEnvironment = `<?xml version="1.0" encoding="utf-8"?>
<environment xmlns="https://admin-shell.io/aas/3/0">
  <assetAdministrationShells><assetAdministrationShell>
    <id>https://acme.example/shell/1</id>
    <assetInformation><assetKind>Instance</assetKind><globalAssetId>https://acme.example/asset/P-101</globalAssetId></assetInformation>
    <submodels><reference><type>ModelReference</type><keys><key><type>Submodel</type><value>https://acme.example/submodel/1</value></key></keys></reference></submodels>
  </assetAdministrationShell></assetAdministrationShells>
  <submodels><submodel>
    <idShort>Docs</idShort><id>https://acme.example/submodel/1</id>
    <submodelElements><file><idShort>Manual</idShort><value>/aasx/suppl/manual%201.pdf</value><contentType>application/pdf</contentType></file></submodelElements>
  </submodel></submodels>
</environment>`;

interface Supplement {
  readonly path: string;
  readonly text: string;
}

function packageOf(json: string, supplements: readonly Supplement[], thumbnail?: Supplement): Uint8Array {
  const part = ({ path, text }: Supplement, contentType: string) => ({
    path,
    contentType,
    bytes: encode(text),
  });
  return writePackage({
    environments: [part({ path: '/aasx/data.json', text: json }, 'application/json')],
    supplements: supplements.map((one) => part(one, 'application/octet-stream')),
    ...(thumbnail ? { thumbnail: part(thumbnail, 'image/png') } : {}),
  });
}

const manual = { path: '/aasx/suppl/manual%201.pdf', text: 'the manual' };
const collection = {
  modelType: 'SubmodelElementCollection',
  idShort: 'Handover',
  value: [file('Manual', manual.path)],
};
const query = `query ($first: Int!, $after: String) { twinByTwinId(twinId: "P-101") {
  files(first: $first, after: $after) { nodes { element path name contentType size sha256 url } pageInfo { hasNextPage endCursor } } } }`;

describe('files of a package', () => {
  test('belong to the twin of their shell once the import is done', async (t) => {
    const hub = await openHub(t);
    const json = environment([
      collection,
      file('Web', 'https://acme.example/manual.pdf'),
      file('Missing', '/aasx/suppl/missing.pdf'),
      { modelType: 'Property', idShort: 'Pressure', valueType: 'xs:double', value: '10' },
    ]);
    const bytes = packageOf(json, [manual, { path: '/vendor.bin', text: 'x' }], {
      path: '/photo.png',
      text: 'photo',
    });
    const dry = await hub.importPackage(bytes, { dryRun: true });
    assert.deepEqual([dry.state, dry.failure], ['DONE', null]);
    assert.equal(await hub.store.usage(demo), 0, 'a dry run keeps nothing');
    const job = await hub.importPackage(bytes);
    assert.deepEqual([job.state, job.failure], ['DONE', null]);
    const { data } = await hub.run({ first: 50, after: null });
    const [photo, found, ...more] = data.twinByTwinId.files.nodes;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [photo.element, photo.name, photo.contentType],
      ['$thumbnail', 'photo.png', 'image/png'],
    );
    assert.deepEqual(
      [found.element, found.path, found.name, found.contentType, found.size, found.url],
      ['Docs.Handover.Manual', manual.path, 'manual 1.pdf', 'application/pdf', 10, `/files/${found.sha256}`],
    );
    assert.ok(await hub.store.find(demo, found.sha256));
    assert.equal((await hub.store.list(demo, page)).items.length, 2, 'what no twin refers to is not kept');
    assert.equal((await hub.links.ofTwin(other, pump, page)).items.length, 0);
    const { items } = await hub.jobs.findings(demo, job.id, { severity: 'WARNING' }, page);
    assert.deepEqual(
      items
        .filter(({ code }) => code === 'hub:fileMissing')
        .map(({ document, pointer }) => [document, pointer]),
      [['pump.aasx!/aasx/data.json', '/submodels/0/submodelElements/2/value']],
    );
  });

  test('belong to the twin as well when the environment is XML', async (t) => {
    const hub = await openHub(t);
    const job = await hub.importPackage(
      writePackage({
        environments: [{ path: '/aasx/data.xml', contentType: 'text/xml', bytes: encode(xmlEnvironment) }],
        supplements: [{ path: manual.path, contentType: 'application/pdf', bytes: encode(manual.text) }],
      }),
    );
    assert.deepEqual([job.state, job.failure], ['DONE', null]);
    const { data } = await hub.run({ first: 50, after: null });
    const [found, ...more] = data.twinByTwinId.files.nodes;
    assert.deepEqual(more, []);
    assert.deepEqual([found.element, found.name, found.size], ['Docs.Manual', 'manual 1.pdf', 10]);
  });

  test('are listed page by page', async (t) => {
    const hub = await openHub(t);
    const supplements = Array.from({ length: 5 }, (_, i) => ({ path: `/s/${i}.pdf`, text: `text ${i}` }));
    const json = environment(supplements.map(({ path }, i) => file(`F${i}`, path)));
    await hub.importPackage(packageOf(json, supplements));
    const found: string[] = [];
    for (let after: string | null = null; ;) {
      const { data } = await hub.run({ first: 2, after });
      const { nodes, pageInfo } = data.twinByTwinId.files;
      found.push(...nodes.map(({ element }: { element: string }) => element));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    assert.deepEqual(found, ['Docs.F0', 'Docs.F1', 'Docs.F2', 'Docs.F3', 'Docs.F4']);
    const { errors } = await hub.run({ first: 501, after: null });
    assert.match(errors?.[0]?.message ?? '', /first is 501/);
  });

  test('are replaced by the next import, and come back when it is taken back', async (t) => {
    const hub = await openHub(t);
    const texts = async () => {
      const { data } = await hub.run({ first: 50, after: null });
      return data.twinByTwinId.files.nodes.map(({ path, size }: { path: string; size: number }) => [
        path,
        size,
      ]);
    };
    await hub.importPackage(
      packageOf(environment([file('Manual', '/a.pdf')]), [{ path: '/a.pdf', text: 'old' }]),
    );
    assert.deepEqual(await texts(), [['/a.pdf', 3]]);
    const second = await hub.importPackage(
      packageOf(environment([file('Manual', '/a.pdf')]), [{ path: '/a.pdf', text: 'newer' }]),
    );
    assert.equal(second.state, 'DONE');
    assert.deepEqual(await texts(), [['/a.pdf', 5]]);
    const back = await hub.imports.rollBack(ada, second.id);
    assert.equal(back.state, 'ROLLED_BACK');
    assert.deepEqual(await texts(), [['/a.pdf', 3]]);
    await hub.importPackage(packageOf(environment([file('Manual', '/b.pdf')]), []));
    assert.deepEqual(await texts(), [], 'a value that changed no longer means the file it came with');
  });

  test('of a package that is refused are not kept, and the finding says where', async (t) => {
    const hub = await openHub(t);
    const json = environment([file('Manual', manual.path)]).replace('P-101', 'P-999');
    const job = await hub.importPackage(packageOf(json, [manual]));
    assert.equal(job.state, 'FAILED');
    const { items } = await hub.jobs.findings(demo, job.id, { severity: 'ERROR' }, page);
    assert.deepEqual(
      items.map(({ code, document }) => [code, document]),
      [['hub:shellWithoutTwin', 'pump.aasx!/aasx/data.json']],
    );
    assert.equal(await hub.store.usage(demo), 0);
    const broken = packageOf(json, [manual]);
    broken.fill(0, 40, 60);
    const refused = await hub.importPackage(broken);
    assert.equal(refused.state, 'FAILED');
    const findings = await hub.jobs.findings(demo, refused.id, { severity: 'ERROR' }, page);
    assert.match(findings.items[0]?.code ?? '', /^hub:package/);
  });

  test('for which there is no room let the import fail, and nothing is written', async (t) => {
    const hub = await openHub(t, { maxTenantBytes: 5 });
    const job = await hub.importPackage(packageOf(environment([file('Manual', manual.path)]), [manual]));
    assert.deepEqual([job.state, job.failure?.code], ['FAILED', 'LIMIT_EXCEEDED']);
    const [twin] = await hub.twins.twins(demo, [pump]);
    assert.deepEqual(twin?.properties, {});
    assert.equal((await hub.links.ofTwin(demo, pump, page)).items.length, 0);
    assert.equal(
      (await hub.links.needed(demo, [createHash('sha256').update(manual.text).digest('hex')])).size,
      0,
    );
  });
});
