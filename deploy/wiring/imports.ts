import { randomUUID } from 'node:crypto';
import type { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Lifecycle } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { createUploadFolder } from '#connectors/upload-folder/index.ts';
import { createUploadRoutes, UploadLimiter } from '#gateway/uploads/routes.ts';
import type { HttpRoute } from '#gateway/http-route.ts';
import { formatGlobalId } from '#ontology/ids.ts';
import { createImportService, type ImportService } from '#subgraphs/assets/imports/service.ts';
import type { TwinChange } from '#subgraphs/assets/schema.ts';
import type { HubConfig } from '../config.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Stores } from './stores.ts';

/** How often uploads past their time are looked for, ms. */
const expireEveryMs = 600_000;

/** Imports as jobs, and the way in for their files. */
export interface Imports {
  readonly service: ImportService;
  readonly routes: readonly HttpRoute[];
}

/** Opens the imports and takes up what an earlier run left. */
export async function openImports(
  config: HubConfig,
  deps: {
    readonly stores: Stores;
    readonly changes: Broadcast<TwinChange>;
    readonly folder: DataFolder;
    readonly lifecycle: Lifecycle;
    readonly clock: Clock;
    readonly log: Logger;
  },
): Promise<Imports> {
  const { stores, changes, folder, lifecycle, clock, log } = deps;
  const { maxUploadBytes, maxStoredBytes, uploadLifetimeMs } = config.imports;
  const uploads = createUploadFolder(
    {
      path: folder.file('uploads'),
      maxUploadBytes,
      maxTenantBytes: maxStoredBytes,
      lifetimeMs: uploadLifetimeMs,
    },
    { clock, newId: randomUUID },
  );
  const service = lifecycle.add(
    'imports',
    createImportService(config.imports, {
      jobs: stores.importJobs,
      changeSets: stores.changeSets,
      uploads,
      twins: stores.twins,
      evidence: stores.evidence,
      series: stores.series,
      files: { store: stores.files, links: stores.fileLinks },
      changes,
      clock,
      log,
      newId: randomUUID,
    }),
  );
  await service.resume();
  const expiry = setInterval(() => {
    uploads.expire().catch((error: unknown) => log.warn('Old uploads could not be removed', { error }));
  }, expireEveryMs);
  lifecycle.add('expiry of uploads', { close: () => clearInterval(expiry) });
  const routes = createUploadRoutes({
    uploads,
    log,
    rules: config.gateway,
    limiter: new UploadLimiter(clock, config.gateway.uploads),
    maxBytes: maxUploadBytes,
    startImport: async (principal, ids, options) => {
      const { tenant, id } = await service.start(principal, { documents: [], uploads: ids, options });
      return formatGlobalId('ImportJob', tenant, id);
    },
  });
  return { service, routes };
}
