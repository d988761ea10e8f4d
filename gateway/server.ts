import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '#kernel/clock.ts';
import type { Env } from '#kernel/config.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import type { SubgraphDefinition } from './compose.ts';
import type { GatewayConfig } from './config.ts';
import { createScopeFactory, type OnSignOut } from './context.ts';
import type { EngineStats, FederationEngine } from './engine/engine.ts';
import type { SubgraphExecutor } from './engine/types.ts';
import { ExecutorPool } from './graph/executor-pool.ts';
import { createGraphRoute } from './graph/graph-route.ts';
import { HubGraphSource } from './graph/hub-graph-source.ts';
import { IdentityTokens } from './graph/identity-tokens.ts';
import { LiveGraph } from './graph/live-graph.ts';
import { watchFiles } from './graph/watch-files.ts';
import { principalPolicies, type AuthPort } from './guards/auth/index.ts';
import { createGuard, PlanningRates, type ManifestEntry } from './guards/index.ts';
import { createGraphiqlRoutes } from './graphiql/routes.ts';
import { Front } from './http/front.ts';
import { GraphqlHttp } from './http/graphql-http.ts';
import { createGraphqlRoutes } from './http/graphql-route.ts';
import { createHealthRoute, type HealthReport } from './http/health-route.ts';
import { createListener } from './http/listener.ts';
import { takesLongBody, type HttpRoute } from './http-route.ts';
import type { CoalesceRules } from './realtime/coalesce-key.ts';
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
  /** Where the file of subgraphs looks up what it does not hold itself. @default nothing is set */
  readonly env?: Env;
  /** Signs who asks, for subgraphs of others that are told. @default none is told */
  readonly identityKey?: { readonly key: KeyObject; readonly issuer: () => string };
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

/** A gateway whose graph can be exchanged while it serves. */
export interface LiveGateway extends Gateway {
  readonly graph: Pick<LiveGraph, 'status' | 'reload'>;
}

/**
 * Composes the subgraphs, with those of `config.subgraphsFile`, and makes the gateway; it listens when told to. The graph
 * follows the file as long as the gateway lives.
 *
 * @throws {HubError} COMPOSITION_FAILED - the subgraphs do not fit; CONFIG_INVALID - the file, or no native planner for
 *   this machine.
 */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<LiveGateway> {
  const { clock, log, auth = principalPolicies, telemetry } = deps;
  const { planner, planCacheSize, requestTimeoutMs, subgraphsFile: file } = config;
  const batcher = new EntityBatcher();
  const wrap = (executor: SubgraphExecutor) => batcher.wrap(executor);
  const pool = new ExecutorPool({ wrap, retireAfterMs: requestTimeoutMs, clock, log });
  const identity = deps.identityKey ? new IdentityTokens({ ...deps.identityKey, clock }) : null;
  const own = deps.subgraphs.map((one) => ({ ...one, executor: wrap(one.executor) }));
  const source = new HubGraphSource({ own, file, env: deps.env ?? {}, pool, identity });
  const observer = telemetry?.observer;
  const planning = new PlanningRates(clock, config.guards.planning);
  const options = { auth, planner, planCacheSize, planning, observer, clock, log };
  const graph = await LiveGraph.open(source, options);
  const stopWatching = watchFiles(
    () => source.versions,
    () => graph.reload(),
  );
  telemetry?.metrics?.watchGraph(() => ({ ...graph.status, peers: graph.peers }));
  const routes = [...deps.routes, createGraphRoute(graph), ...(identity ? [identity.route()] : [])];
  const health = file === null ? deps.health : async () => ({ ...(await deps.health()), ...healthOf(graph) });
  const gateway = await serveEngine(graph.engine, config, { ...deps, routes, health }, { graph, batcher });
  return {
    ...gateway,
    graph,
    async close() {
      stopWatching();
      await gateway.close();
      await graph.close();
    },
  };
}

/** Answers anybody, so it names no subgraphs, files and reasons: those are under `/graph`. */
function healthOf({ status: { generation, refused } }: LiveGraph) {
  return { graph: { generation, lastChangeRefused: refused !== null } };
}

/** What a gateway offers beside its engine, and where. */
export interface ServeOptions {
  /** Path of GraphQL over HTTP and WebSocket; server-sent events also under `PATH/stream`. @default /graphql */
  readonly path?: string;
  /** @default /health */
  readonly healthPath?: string;
  /** GraphiQL at `/graphiql`, to which pages opened at `path` are sent. @default true */
  readonly graphiql?: boolean;
  /** Says which events may replace one another for a reader that lags behind. @default none */
  readonly graph?: Pick<LiveGraph, 'coalesce'>;
  /** Wraps the engine's executors. @default each event asks for its entities by itself */
  readonly batcher?: EntityBatcher;
}

const noRules: CoalesceRules = new Map();

/** Makes a gateway over an engine; it listens when told to. */
export async function serveEngine(
  engine: FederationEngine,
  config: GatewayConfig,
  deps: ServeDeps,
  options: ServeOptions = {},
): Promise<Gateway> {
  const { path = '/graphql', healthPath = '/health', graphiql = true, graph } = options;
  const { clock, log } = deps;
  const newScope = createScopeFactory(config.requestTimeoutMs);
  const { limits, maxBodyBytes, maxBatch } = config;
  const guard = await createGuard(config.guards, {
    engine,
    limits,
    clock,
    log,
    trustedDocuments: deps.trustedDocuments,
    costs: deps.telemetry?.metrics ?? undefined,
  });
  const { telemetry } = deps;
  const graphql = new GraphqlHttp({ engine, guard, maxBodyBytes, maxBatch, log, telemetry });
  const realtime = createRealtime(
    { ...config, rules: config, path, coalesce: () => graph?.coalesce ?? noRules },
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
