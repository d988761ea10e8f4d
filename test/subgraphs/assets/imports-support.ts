import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { graphql } from 'graphql';
import { SqliteChangeSetStore } from '#connectors/sqlite/change-set-store.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteEvidenceLog } from '#connectors/sqlite/evidence-log.ts';
import { openEvidenceSigner } from '#connectors/sqlite/evidence-signer.ts';
import { SqliteImportJobStore } from '#connectors/sqlite/import-job-store.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { createUploadFolder } from '#connectors/upload-folder/index.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { systemClock } from '#kernel/clock.ts';
import { ConfigReader, type Env } from '#kernel/config.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { failureModeLibrary } from '#ontology/failure-modes/index.ts';
import type { TenantId } from '#ontology/ids.ts';
import { isEnded, type ImportJob, type ImportOptions } from '#ontology/import-job.ts';
import { readImportsConfig } from '#subgraphs/assets/imports/config.ts';
import type { ImportsDeps } from '#subgraphs/assets/imports/deps.ts';
import {
  createImportService,
  type ImportService,
  type InlineDocument,
} from '#subgraphs/assets/imports/service.ts';
import { createAssetsSubgraph, type TwinChange } from '#subgraphs/assets/schema.ts';
import { contextOf, demo, type Answer } from './support.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'twinhub-imports-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ids in order, different in each run of a hub. */
export function ids(run: string): () => string {
  let count = 0;
  return () => `${run}-${String((count += 1)).padStart(6, '0')}`;
}

/** The stores of a hub on the disk. */
export function openStores(folder: string, env: Env = {}, run = 'id') {
  const config = readImportsConfig(new ConfigReader(env));
  const db = new Database(join(folder, 'hub.sqlite'));
  const clock = systemClock;
  const newId = ids(run);
  const deps: ImportsDeps = {
    twins: new SqliteTwinStore(db, clock),
    changeSets: new SqliteChangeSetStore(db, clock),
    jobs: new SqliteImportJobStore(db),
    evidence: new SqliteEvidenceLog(db, { signer: openEvidenceSigner(folder), clock }),
    uploads: createUploadFolder(
      {
        path: join(folder, 'uploads'),
        maxUploadBytes: config.maxUploadBytes,
        maxTenantBytes: config.maxStoredBytes,
        lifetimeMs: config.uploadLifetimeMs,
      },
      { clock, newId },
    ),
    changes: new Broadcast<TwinChange>(),
    clock,
    log: createMemoryLogger(),
    newId,
  };
  return { config, deps, db };
}

export type Options = Partial<ImportOptions>;

/** A hub's imports over real stores in a folder; closed when the test ends. */
export function openImports(
  t: TestContext,
  options: { folder?: string; env?: Env; run?: string; deps?: Partial<ImportsDeps> } = {},
) {
  const folder = options.folder ?? temporaryFolder(t);
  const { config, deps: stores, db } = openStores(folder, options.env, options.run);
  const deps = { ...stores, ...options.deps };
  const imports = createImportService(config, deps);
  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await imports.close();
      db.close();
    })());
  t.after(close);
  const { schema } = createAssetsSubgraph({ ...deps, failureModes: failureModeLibrary, imports });
  const run = async (source: string, variables: Record<string, unknown> = {}, context = contextOf(demo)) => {
    const result = await graphql({ schema, source, variableValues: variables, contextValue: context });
    return structuredClone(JSON.parse(JSON.stringify(result))) as {
      data: Answer;
      errors?: { message: string }[];
    };
  };
  const start = (documents: readonly InlineDocument[], wanted: Options = {}) =>
    startInline(imports, documents, wanted);
  /** Imports and waits for the end. */
  const importAll = async (documents: readonly InlineDocument[], wanted: Options = {}) =>
    ended(imports, await start(documents, wanted));
  return { ...deps, folder, imports, schema, run, start, importAll, close };
}

export function startInline(
  imports: ImportService,
  documents: readonly InlineDocument[],
  options: Options,
): Promise<ImportJob> {
  return imports.start(contextOf(demo).principal, {
    documents,
    uploads: [],
    options: { dryRun: false, atomicity: 'ALL_OR_NOTHING', strict: false, ...options },
  });
}

/** The job when it has ended. */
export async function ended(
  imports: ImportService,
  { tenant, id }: Pick<ImportJob, 'tenant' | 'id'>,
): Promise<ImportJob> {
  const queue = imports.progress.subscribe({ filter: (job) => job.id === id });
  try {
    for (let job = await imports.get(tenant, id); ; job = (await queue.next()).value ?? null) {
      if (!job) throw new Error(`The import ${id} is gone.`);
      if (isEnded(job)) return (await imports.get(tenant, id)) ?? job;
    }
  } finally {
    await queue.return();
  }
}

/** Everything the twin store holds of a tenant, without times and revisions. */
export async function contentOf({ twins }: Pick<ImportsDeps, 'twins'>, tenant: TenantId = demo) {
  const found = [];
  for (let after: string | null = null; ;) {
    const page = await twins.listTwins(tenant, {}, { first: 500, after });
    found.push(...page.items);
    if (page.next === null) break;
    after = page.next;
  }
  const models = [];
  for (let after: string | null = null; ;) {
    const page = await twins.listModels(tenant, { first: 500, after });
    models.push(...page.items);
    if (page.next === null) break;
    after = page.next;
  }
  const links = await twins.relationshipsOf(
    tenant,
    found.map(({ id }) => id),
    'out',
  );
  return {
    models: models.map(({ id }) => id),
    twins: found.map(({ revision: _r, createdAt: _c, updatedAt: _u, ...twin }) => twin),
    links: links.flat(),
  };
}

/** A DTDL interface of a tank, version by version. */
export function tankModel(version = 1, more: readonly object[] = []): string {
  return JSON.stringify({
    '@context': 'dtmi:dtdl:context;3',
    '@id': `dtmi:acme:Tank;${version}`,
    '@type': 'Interface',
    displayName: 'Tank',
    contents: [
      { '@type': 'Property', name: 'name', schema: 'string' },
      { '@type': 'Property', name: 'volume', schema: 'double' },
      { '@type': 'Relationship', name: 'feeds', target: 'dtmi:acme:Tank;1' },
      ...more,
    ],
  });
}

/** A twin graph of tanks; each feeds the next. */
export function tanks(
  count: number,
  more: { volume?: unknown; prefix?: string; model?: string; broken?: readonly number[] } = {},
): string {
  const { volume = 1.5, prefix = 'T', model = 'dtmi:acme:Tank;1', broken = [] } = more;
  const id = (i: number) => `${prefix}-${String(i).padStart(6, '0')}`;
  return JSON.stringify({
    digitalTwinsFileInfo: { fileVersion: '1.0.0' },
    digitalTwinsGraph: {
      digitalTwins: Array.from({ length: count }, (_, i) => ({
        $dtId: id(i),
        $metadata: { $model: model },
        name: `Tank ${i}`,
        volume: broken.includes(i) ? 'much' : volume,
      })),
      relationships: Array.from({ length: Math.max(0, count - 1) }, (_, i) => ({
        $relationshipId: 'r',
        $relationshipName: 'feeds',
        $sourceId: id(i),
        $targetId: id(i + 1),
      })),
    },
  });
}
