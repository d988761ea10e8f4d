import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { systemClock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import type { GatewayConfig } from '../config.ts';
import { overridesWithLabels } from '../engine/overrides.ts';
import { ExecutorPool } from '../graph/executor-pool.ts';
import { LiveGraph } from '../graph/live-graph.ts';
import { SupergraphSource, type SupergraphInput } from '../graph/supergraph-source.ts';
import { watchFiles } from '../graph/watch-files.ts';
import { principalPolicies } from '../guards/auth/index.ts';
import { PlanningRates } from '../guards/index.ts';
import {
  canBeForwarded,
  forwardHeaders,
  identityHeaders,
  pickHeaders,
  traceHeaders,
} from '../remote/headers.ts';
import { EntityBatcher } from '../realtime/entity-batcher.ts';
import type { RemoteLimits } from '../remote/remote-executor.ts';
import { serveEngine, type Gateway, type LiveGateway } from '../server.ts';
import { Telemetry } from '../telemetry/index.ts';

/** A gateway over a supergraph alone: whoever reaches it may ask. */
export interface OpenGatewayOptions {
  readonly supergraph: SupergraphInput;
  readonly config: GatewayConfig;
  readonly path: string;
  readonly healthPath: string;
  readonly introspection: boolean;
  /** Addresses that replace those of the supergraph, by subgraph. */
  readonly urls: Readonly<Record<string, string>>;
  /** Headers of clients that go on to subgraphs, in lower case; those of the trace do anyway. */
  readonly forwardHeaders: readonly string[];
  /** Labels of progressive `@override`s that are on; the id of each request decides about percentages. */
  readonly overrideLabels: readonly string[];
  readonly limits: RemoteLimits;
  readonly log: Logger;
}

/**
 * Makes a gateway over remote subgraphs, of any Federation 2 supergraph. What subgraphs report as errors clients see as
 * it is.
 *
 * @throws {HubError} CONFIG_INVALID - the supergraph, an address, a header's name, or no native planner for this machine.
 */
export async function createOpenGateway(options: OpenGatewayOptions): Promise<LiveGateway> {
  const { config, log } = options;
  assertForwardable(options.forwardHeaders);
  const batcher = new EntityBatcher();
  const telemetry = new Telemetry(config.telemetry, log);
  const pool = new ExecutorPool({
    wrap: (executor) => batcher.wrap(executor),
    retireAfterMs: config.requestTimeoutMs,
    clock: systemClock,
    log,
  });
  const source = new SupergraphSource({ ...options, pool });
  const graph = await LiveGraph.open(source, {
    auth: principalPolicies,
    planner: config.planner,
    planCacheSize: config.planCacheSize,
    planning: new PlanningRates(systemClock, config.guards.planning),
    introspection: options.introspection,
    overrides: overridesWithLabels(options.overrideLabels),
    observer: telemetry.observer,
    clock: systemClock,
    log,
  });
  const stopWatching = watchFiles(
    () => source.versions,
    () => graph.reload(),
  );
  telemetry.metrics?.watchGraph(() => ({ ...graph.status, peers: graph.peers }));
  const gateway = await serve(options, graph, { batcher, telemetry });
  return {
    ...gateway,
    graph,
    async close() {
      stopWatching();
      await gateway.close();
      await graph.close();
      await telemetry.close();
    },
  };
}

function serve(
  { config, log, forwardHeaders, path, healthPath }: OpenGatewayOptions,
  graph: LiveGraph,
  { batcher, telemetry }: { batcher: EntityBatcher; telemetry: Telemetry },
): Promise<Gateway> {
  const identify = (headers: IncomingHttpHeaders) => Promise.resolve(anybody(headers, forwardHeaders));
  return serveEngine(
    graph.engine,
    config,
    {
      clock: systemClock,
      log,
      telemetry,
      newId: randomUUID,
      authenticate: identify,
      authenticateSocket: (_parameters, headers) => identify(headers),
      scopeKey: (principal) => JSON.stringify(identityHeaders(principal)),
      health: () => Promise.resolve({ ok: true, ...healthOf(graph) }),
      routes: [],
    },
    { path, healthPath, graphiql: false, batcher },
  );
}

/** Answers anybody, so it names no files and no reasons. */
function healthOf({ status: { generation, subgraphs, refused } }: LiveGraph) {
  return { subgraphs, generation, ...(refused ? { lastChangeRefused: true } : {}) };
}

function assertForwardable(names: readonly string[]): void {
  const refused = names.filter((name) => !canBeForwarded(name));
  if (refused.length)
    throw new HubError('CONFIG_INVALID', `These headers cannot be sent on: ${refused.join(', ')}.`);
}

const tenant = parseTenantId('open');

/** Whoever asks. Callers differ only by what is sent on for them. */
function anybody(headers: IncomingHttpHeaders, allowed: readonly string[]): Principal {
  const sentOn = pickHeaders(headers, [...traceHeaders, ...allowed]);
  const subject = subjectOf(pickHeaders(headers, allowed));
  const principal: Principal = {
    tenant,
    subject,
    personId: subject,
    name: 'anybody',
    roles: [],
    authTime: 0,
    acr: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
    // Nobody is asked who they are, so what needs a sign-in stays closed.
    anonymous: true,
  };
  forwardHeaders(principal, sentOn);
  return principal;
}

/** The same headers give the same subject, and the subject does not give them away. */
function subjectOf(headers: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(headers)).digest('base64url');
}
