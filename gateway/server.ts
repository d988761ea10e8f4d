import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'graphql';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { composeSupergraph, type SubgraphDefinition } from './compose.ts';
import type { GatewayConfig } from './config.ts';
import { createScopeFactory, type OnSignOut } from './context.ts';
import { createEngine, type EngineStats, type FederationEngine } from './engine/engine.ts';
import type { SubgraphExecutor } from './engine/types.ts';
import { createAccessRules, principalPolicies, type AuthPort } from './guards/auth/index.ts';
import { createGuard, type ManifestEntry } from './guards/index.ts';
import { createGraphiqlRoutes } from './graphiql/routes.ts';
import { Front } from './http/front.ts';
import { GraphqlHttp } from './http/graphql-http.ts';
import { createGraphqlRoutes } from './http/graphql-route.ts';
import { createHealthRoute, type HealthReport } from './http/health-route.ts';
import { createListener } from './http/listener.ts';
import { takesLongBody, type HttpRoute } from './http-route.ts';
import { createPlanner } from './planner.ts';
import { coalesceRulesOf, type CoalesceRules } from './realtime/coalesce-key.ts';
import { EntityBatcher } from './realtime/entity-batcher.ts';
import { createRealtime, type RealtimeStats } from './realtime/realtime.ts';
import { accountScope } from './realtime/scope-key.ts';
import { createMetricsRoute, type Telemetry } from './telemetry/index.ts';

/** A subgraph and how to reach it. */
export interface GatewaySubgraph extends SubgraphDefinition {
  readonly executor: SubgraphExecutor;
}

/** What the gateway needs of the others. */
export interface GatewayDeps extends ServeDeps {
  readonly subgraphs: readonly GatewaySubgraph[];
}

/** What serving an engine needs of the others. */
export interface ServeDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** Makes request ids; never the same twice. */
  readonly newId: () => string;
  /** Who sent an HTTP request; `null` when it carries no sign-in. @throws {HubError} UNAUTHENTICATED */
  readonly authenticate: (headers: IncomingHttpHeaders) => Promise<Principal | null>;
  /** Who opened a WebSocket; `connectionParams` is the payload of `connection_init`. @throws {HubError} UNAUTHENTICATED */
  readonly authenticateSocket: (
    connectionParams: Readonly<Record<string, unknown>> | undefined,
    headers: IncomingHttpHeaders,
  ) => Promise<Principal | null>;
  /** Tells when a principal signs out, so that its streams end. @default nobody signs out */
  readonly onSignOut?: OnSignOut;
  readonly health: () => Promise<HealthReport>;
  /** Console, sign-in and others, in the order they are tried. */
  readonly routes: readonly HttpRoute[];
  /** Principals with the same key may share a subscription's stream. @default accountScope */
  readonly scopeKey?: (principal: Principal) => string;
  /** Documents that run where only trusted ones do, beside the console's and those of manifests. */
  readonly trustedDocuments?: readonly ManifestEntry[];
  /** @default no traces, no metrics */
  readonly telemetry?: Telemetry;
  /** Who holds which scopes and policies of the auth directives. @default principalPolicies */
  readonly auth?: AuthPort;
}

/** Counters of the gateway. */
export interface GatewayStats extends RealtimeStats {
  /** HTTP requests that run at present, streams included. */
  readonly requestsInFlight: number;
  readonly engine: EngineStats;
}

export interface Gateway {
  readonly engine: FederationEngine;
  /** @throws {HubError} CONFIG_INVALID - the address cannot be had. */
  listen(): Promise<{ readonly url: string }>;
  /** Ends streams with a reason, lets running requests finish, then closes. Closing twice is harmless. */
  close(): Promise<void>;
  stats(): GatewayStats;
}

/**
 * Composes the subgraphs and makes the gateway; it listens when told to.
 *
 * @throws {HubError} COMPOSITION_FAILED - the subgraphs do not fit; CONFIG_INVALID - no planner for this machine.
 */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Gateway> {
  const coalesce = coalesceRulesOf(deps.subgraphs.map(({ sdl }) => parse(sdl)));
  const batcher = new EntityBatcher();
  return serveEngine(await composeEngine(config, deps, batcher), config, deps, { coalesce, batcher });
}

/** What a gateway offers beside its engine, and where. */
export interface ServeOptions {
  /** Path of GraphQL over HTTP and WebSocket; server-sent events also under `PATH/stream`. @default /graphql */
  readonly path?: string;
  /** @default /health */
  readonly healthPath?: string;
  /** GraphiQL at `/graphiql`, to which pages opened at `path` are sent. @default true */
  readonly graphiql?: boolean;
  /** Which events may replace one another for a reader that lags behind. @default none */
  readonly coalesce?: CoalesceRules;
  /** Wraps the engine's executors. @default each event asks for its entities by itself */
  readonly batcher?: EntityBatcher;
}

/** Makes a gateway over an engine; it listens when told to. */
export async function serveEngine(
  engine: FederationEngine,
  config: GatewayConfig,
  deps: ServeDeps,
  options: ServeOptions = {},
): Promise<Gateway> {
  const { path = '/graphql', healthPath = '/health', graphiql = true, coalesce = new Map() } = options;
  const { clock, log } = deps;
  const newScope = createScopeFactory(clock, config.requestTimeoutMs);
  const { limits, maxBodyBytes, maxBatch } = config;
  const guard = await createGuard(config.guards, {
    engine,
    limits,
    clock,
    log,
    trustedDocuments: deps.trustedDocuments,
  });
  const { telemetry } = deps;
  const graphql = new GraphqlHttp({ engine, guard, maxBodyBytes, maxBatch, log, telemetry });
  const realtime = createRealtime(
    { ...config, rules: config, path, coalesce },
    {
      ...deps,
      engine,
      newScope,
      batcher: options.batcher,
      guard,
      scopeKey: deps.scopeKey ?? accountScope,
      onSignOut: deps.onSignOut ?? (() => () => {}),
    },
  );
  const front = new Front(config, deps, [
    createHealthRoute(deps.health, healthPath),
    ...createGraphqlRoutes({
      graphql,
      telemetry,
      streams: realtime.streams,
      rules: config,
      newScope,
      requestIdOf: (res) => String(res.getHeader('x-request-id')),
      path,
      page: graphiql ? '/graphiql' : null,
    }),
    ...(graphiql ? createGraphiqlRoutes(log) : []),
    ...(telemetry?.metrics ? [createMetricsRoute(telemetry.metrics, telemetry.config)] : []),
    ...deps.routes,
  ]);
  const listener = createListener({
    clock,
    maxHeaderBytes: config.maxHeaderBytes,
    isLong: (req) => takesLongBody(deps.routes, req),
    onRequest: (req, res) => void front.handle(req, res),
    onUpgrade: (req, socket, head) => realtime.upgrade(req, socket, head),
    onDrained: () => realtime.terminate(),
  });
  const closeAll = async () => {
    front.drain();
    realtime.close();
    await listener.drain(config.drainTimeoutMs);
  };
  let closing: Promise<void> | undefined;
  const stats = (): GatewayStats => ({
    ...realtime.stats(),
    requestsInFlight: front.inFlight,
    engine: engine.stats(),
  });
  telemetry?.metrics?.watch(() => ({ ...stats(), cachedPlans: engine.stats().cached }));
  return {
    engine,
    listen: () => listener.listen(config.port, config.host),
    close: () => (closing ??= closeAll()),
    stats,
  };
}

async function composeEngine(
  config: GatewayConfig,
  { subgraphs, log, telemetry, auth = principalPolicies }: GatewayDeps,
  batcher: EntityBatcher,
): Promise<FederationEngine> {
  const { supergraphSdl, hints } = composeSupergraph(subgraphs);
  for (const hint of hints) log.warn('A hint of the composition', { hint });
  const access = createAccessRules(supergraphSdl, auth);
  return createEngine({
    supergraphSdl,
    ...(access ? { access } : {}),
    observer: telemetry?.observer,
    planner: await createPlanner(supergraphSdl),
    executors: Object.fromEntries(subgraphs.map(({ name, executor }) => [name, batcher.wrap(executor)])),
    planCacheSize: config.planCacheSize,
  });
}
