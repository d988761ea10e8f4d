import { randomUUID } from 'node:crypto';
import { Broadcast } from '#kernel/broadcast.ts';
import { coalesce } from '#kernel/coalesce.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { Lifecycle, type Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { openSigningKey } from '#kernel/signing-key.ts';
import { createConsoleRoutes } from '#gateway/console/routes.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { createFilesRoute } from '#gateway/http/files-route.ts';
import { createGateway, type LiveGateway } from '#gateway/server.ts';
import { Telemetry, traceResolvers } from '#gateway/telemetry/index.ts';
import { failureModeLibrary } from '#ontology/failure-modes/index.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import { createAnalyticsSubgraph } from '#subgraphs/analytics/schema.ts';
import { createAssetsSubgraph, type TwinChange } from '#subgraphs/assets/schema.ts';
import type { Subgraph } from '#subgraphs/common/build.ts';
import { createTelemetrySubgraph } from '#subgraphs/telemetry/schema.ts';
import { createWorkflowsSubgraph } from '#subgraphs/workflows/schema.ts';
import { commandDocuments } from './commands/documents.ts';
import type { HubConfig } from './config.ts';
import { keepPrivate, lockDataFolder, openDataFolder } from './data-folder.ts';
import { plantLinkConfig } from './demo/plant-link.ts';
import { importBaseModels, importDemoModels } from './wiring/demo-models.ts';
import { startCounterparts, startPlant } from './wiring/demo.ts';
import { healthReport, watchHubStores, type StoreName } from './wiring/health.ts';
import { openIdentity } from './wiring/identity.ts';
import { openImports, type Imports } from './wiring/imports.ts';
import { connectPlant, type PlantLinks } from './wiring/plant.ts';
import { startServices, type Services } from './wiring/services.ts';
import { findSignalContent } from './wiring/signals.ts';
import type { StoreWatch } from './wiring/store-watch.ts';
import { openStores, type Stores } from './wiring/stores.ts';

/** A hub that answers. */
export interface RunningHub extends Closable, AsyncDisposable {
  readonly url: string;
  readonly places: Stores['places'];
  /** Where the plant is, or `null` without one. */
  readonly plantEndpoint: string | null;
  readonly gateway: LiveGateway;
  close(): Promise<void>;
}

/**
 * Starts everything, in an order in which each part finds what it needs; closing goes the other way. A start that
 * fails closes what is open already.
 * @param deps.signal - aborting it gives up a start that is under way. @throws its reason
 */
export async function startHub(
  config: HubConfig,
  deps: { log: Logger; clock?: Clock; signal?: AbortSignal },
): Promise<RunningHub> {
  const { log, clock = systemClock, signal } = deps;
  const lifecycle = new Lifecycle(log, { closeTimeoutMs: 15_000 });
  try {
    return await start(config, { log, clock, lifecycle, signal });
  } catch (error) {
    await lifecycle.close();
    throw error;
  }
}

interface Parts {
  readonly log: Logger;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly signal: AbortSignal | undefined;
}

/** The outcome of one step of the start, unless the start is given up meanwhile. */
async function unlessStopped<T>(step: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return step;
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([step, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function start(config: HubConfig, parts: Parts): Promise<RunningHub> {
  const { log, clock, lifecycle, signal } = parts;
  const folder = openDataFolder(config.dataDir);
  lifecycle.add('data folder', lockDataFolder(folder));
  keepPrivate(folder);
  // The plant's server takes the longest to start; everything else goes on meanwhile.
  const plantStarting = config.demo ? startPlant(config.demo, { folder, lifecycle, log }) : null;
  plantStarting?.catch(() => {});
  const stores = await openStores(config, { folder, lifecycle, clock, log });
  await importBaseModels(stores.twins, config.tenant, log);
  if (config.demo) await importDemoModels(stores.twins, config.tenant, log);
  signal?.throwIfAborted();
  const services = await startServices(config, { stores, lifecycle, clock, log });
  const watch = lifecycle.add(
    'store watch',
    watchHubStores(config, { stores, ingest: services.ingest, clock, log }),
  );
  const plantEndpoint = plantStarting
    ? await unlessStopped(plantStarting, signal)
    : (config.opcua?.endpoint ?? null);
  const counterparts =
    config.demo && plantEndpoint
      ? startCounterparts(config.demo, {
          folder,
          lifecycle,
          log,
          tenant: config.tenant,
          busAddress: stores.busAddress,
          plantEndpoint,
        })
      : null;
  counterparts?.catch(() => {});
  const plantLink = config.demo && plantEndpoint ? plantLinkConfig(plantEndpoint) : config.opcua;
  const links = await connectPlant(plantLink, config.tenant, {
    twins: stores.twins,
    sink: services.ingest.sink,
    folder,
    lifecycle,
    clock,
    log,
  });
  const gateway = await openGateway(config, { ...parts, folder, stores, services, links, watch });
  if (counterparts) await unlessStopped(counterparts, signal);
  const { url } = await gateway.listen();
  return {
    url: url.replace('127.0.0.1', 'localhost'),
    places: stores.places,
    plantEndpoint,
    gateway,
    close: () => lifecycle.close(),
    [Symbol.asyncDispose]: () => lifecycle.close(),
  };
}

interface GatewayParts extends Parts {
  readonly folder: ReturnType<typeof openDataFolder>;
  readonly stores: Stores;
  readonly services: Services;
  readonly links: PlantLinks;
  readonly watch: StoreWatch<StoreName>;
}

async function openGateway(config: HubConfig, parts: GatewayParts): Promise<LiveGateway> {
  const { log, clock, lifecycle, folder } = parts;
  const publicUrl = () => config.publicUrl ?? `http://localhost:${config.gateway.port}`;
  const { authenticator, routes, identity, onSignOut } = await openIdentity(config, {
    folder,
    clock,
    publicUrl,
  });
  lifecycle.add('identity', identity);
  const changes = twinChanges(parts);
  const imports = await openImports(config, { ...parts, changes });
  const telemetry = lifecycle.add('telemetry', new Telemetry(config.gateway.telemetry, log));
  const gateway = await createGateway(config.gateway, {
    subgraphs: createSubgraphs(parts, changes, imports).map(({ name, sdl, schema, eventTime }) => {
      if (telemetry.tracing) traceResolvers(schema, telemetry.tracing);
      return { name, sdl, executor: createLocalExecutor(schema, { eventTime }) };
    }),
    telemetry,
    clock,
    log,
    newId: randomUUID,
    authenticate: authenticator.request,
    authenticateSocket: authenticator.socket,
    onSignOut,
    env: config.env,
    identityKey: {
      key: config.gateway.subgraphIdentityKey ?? openSigningKey(folder.file('subgraph-identity-key.pem')),
      issuer: publicUrl,
    },
    health: () => healthReport(config.tenant, parts),
    trustedDocuments: commandDocuments(),
    routes: [
      ...routes,
      createFilesRoute({ files: parts.stores.files, links: parts.stores.fileLinks }),
      ...imports.routes,
      ...createConsoleRoutes(log),
    ],
  });
  return lifecycle.add('gateway', gateway);
}

/** Twins that are written. What was imported is watched at once; an import of a thousand twins is one look. */
function twinChanges({ services, log }: GatewayParts): Broadcast<TwinChange> {
  const changes = new Broadcast<TwinChange>();
  changes.listen(
    coalesce(() =>
      services.analytics
        .refresh()
        .catch((error: unknown) => log.warn('Looking for new twins failed', { error })),
    ),
  );
  return changes;
}

function createSubgraphs(
  { stores, services, links, clock, log }: GatewayParts,
  changes: Broadcast<TwinChange>,
  imports: Imports,
): readonly Subgraph[] {
  const { twins, series, recommendations, journal, evidence } = stores;
  const { live, ingest, analytics, workflows } = services;
  const signalOf = (tenant: TenantId, twinId: TwinId, name: string) =>
    findSignalContent(twins, tenant, twinId, name);
  const { healthChanges, recommendationChanges } = analytics;
  return [
    createAssetsSubgraph({
      twins,
      samples: series,
      fileLinks: stores.fileLinks,
      failureModes: failureModeLibrary,
      clock,
      log,
      changes,
      imports: imports.service,
    }),
    createTelemetrySubgraph({
      store: series,
      ingest,
      live,
      links: links.list,
      linkChanges: links.changes,
      signalOf,
      clock,
    }),
    createAnalyticsSubgraph({ recommendations, service: analytics, healthChanges, recommendationChanges }),
    createWorkflowsSubgraph({ workflows, journal, evidence }),
  ];
}
