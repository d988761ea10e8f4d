import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { createApolloHttp } from './apollo.ts';
import { composeSupergraph, type SubgraphDefinition } from './compose.ts';
import type { GatewayConfig } from './config.ts';
import { createScopeFactory, hubClosing, type NewScope, type OnSignOut } from './context.ts';
import { DocumentStore } from './documents.ts';
import { createEngine, type EngineStats, type FederationEngine } from './engine/engine.ts';
import type { SubgraphExecutor } from './engine/types.ts';
import { createGraphiqlRoutes } from './graphiql/routes.ts';
import { Front } from './http/front.ts';
import { createGraphqlRoutes } from './http/graphql-route.ts';
import { createHealthRoute, type HealthReport } from './http/health-route.ts';
import { createListener } from './http/listener.ts';
import type { HttpRoute } from './http-route.ts';
import { createPlanner } from './planner.ts';
import { OperationRunner } from './realtime/operation-runner.ts';
import { accountScope } from './realtime/scope-key.ts';
import { SseServer } from './realtime/sse.ts';
import { SubscriptionHub, type HubStats } from './realtime/subscription-hub.ts';
import { Heartbeat } from './realtime/timing.ts';
import { WebSocketServer } from './realtime/websocket-server.ts';

/** A subgraph and how to reach it. */
export interface GatewaySubgraph extends SubgraphDefinition {
  readonly executor: SubgraphExecutor;
}

/** What the gateway needs of the others. */
export interface GatewayDeps {
  readonly subgraphs: readonly GatewaySubgraph[];
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
}

/** Counters of the gateway. */
export interface GatewayStats extends HubStats {
  /** HTTP requests that run at present, streams included. */
  readonly requestsInFlight: number;
  /** Open WebSocket connections. */
  readonly webSockets: number;
  /** Open server-sent event streams. */
  readonly eventStreams: number;
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
  const { clock, log } = deps;
  const engine = await composeEngine(config, deps);
  const newScope = createScopeFactory(clock, config.requestTimeoutMs);
  const apollo = await createApolloHttp({
    engine,
    limits: config.limits,
    maxBodyBytes: config.maxBodyBytes,
    log,
  });
  const { hub, sse, webSockets } = createRealtime(config, deps, engine, newScope);
  const front = new Front(config, deps, [
    createHealthRoute(deps.health),
    ...createGraphqlRoutes({
      apollo,
      sse,
      rules: config,
      newScope,
      requestIdOf: (res) => String(res.getHeader('x-request-id')),
    }),
    ...createGraphiqlRoutes(log),
    ...deps.routes,
  ]);
  const listener = createListener({
    clock,
    onRequest: (req, res) => void front.handle(req, res),
    onUpgrade: (req, socket, head) => webSockets.upgrade(req, socket, head),
    onDrained: () => webSockets.terminate(),
  });
  const closeAll = async () => {
    front.drain();
    webSockets.close();
    sse.close(hubClosing());
    await listener.drain(config.drainTimeoutMs);
    await apollo.stop();
  };
  let closing: Promise<void> | undefined;
  return {
    engine,
    listen: () => listener.listen(config.port, config.host),
    close: () => (closing ??= closeAll()),
    stats: () => ({
      ...hub.stats(),
      requestsInFlight: front.inFlight,
      webSockets: webSockets.connections,
      eventStreams: sse.connections,
      engine: engine.stats(),
    }),
  };
}

/** The streaming transports and the hub they share. */
function createRealtime(
  config: GatewayConfig,
  deps: GatewayDeps,
  engine: FederationEngine,
  newScope: NewScope,
) {
  const { clock, log, newId } = deps;
  const hub = new SubscriptionHub({
    engine,
    clock,
    log,
    newId,
    newScope,
    scopeKey: deps.scopeKey ?? accountScope,
    startTimeoutMs: config.requestTimeoutMs,
    maxBufferedBytes: config.maxBufferedBytes,
  });
  const documents = new DocumentStore(engine.schema, config.limits);
  const runner = new OperationRunner({ engine, documents, hub, log, newId, newScope });
  const heartbeat = new Heartbeat(clock, config.keepAliveMs);
  const onSignOut = deps.onSignOut ?? (() => () => {});
  const sse = new SseServer({ runner, clock, log, heartbeat, onSignOut, maxBodyBytes: config.maxBodyBytes });
  const webSockets = new WebSocketServer({
    runner,
    clock,
    log,
    heartbeat,
    newId,
    rules: config,
    authenticate: deps.authenticateSocket,
    onSignOut,
    initTimeoutMs: config.initTimeoutMs,
    maxOperations: config.maxOperationsPerConnection,
    maxMessageBytes: config.maxBodyBytes,
  });
  return { hub, sse, webSockets };
}

async function composeEngine(
  config: GatewayConfig,
  { subgraphs, log }: GatewayDeps,
): Promise<FederationEngine> {
  const { supergraphSdl, hints } = composeSupergraph(subgraphs);
  for (const hint of hints) log.warn('A hint of the composition', { hint });
  return createEngine({
    supergraphSdl,
    planner: await createPlanner(supergraphSdl),
    executors: Object.fromEntries(subgraphs.map(({ name, executor }) => [name, executor])),
    planCacheSize: config.planCacheSize,
  });
}
