import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { systemClock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import type { GatewayConfig } from '../config.ts';
import { createEngine } from '../engine/engine.ts';
import { overridesWithLabels } from '../engine/overrides.ts';
import { createAccessRules, principalPolicies } from '../guards/auth/index.ts';
import { createPlanner } from '../planner.ts';
import {
  canBeForwarded,
  forwardHeaders,
  identityHeaders,
  pickHeaders,
  traceHeaders,
} from '../remote/headers.ts';
import { EntityBatcher } from '../realtime/entity-batcher.ts';
import { createRemoteExecutor, type RemoteExecutor, type RemoteLimits } from '../remote/remote-executor.ts';
import { serveEngine, type Gateway } from '../server.ts';
import { Telemetry } from '../telemetry/index.ts';
import { joinGraphs, parseSupergraph, type JoinGraph } from './join-graphs.ts';

/** A gateway over a supergraph alone: whoever reaches it may ask. */
export interface OpenGatewayOptions {
  readonly supergraphSdl: string;
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
 * @throws {HubError} CONFIG_INVALID - the supergraph, an address, a header's name, or no planner for this machine.
 */
export async function createOpenGateway(options: OpenGatewayOptions): Promise<Gateway> {
  const { supergraphSdl, config, log } = options;
  const graphs = joinGraphs(parseSupergraph(supergraphSdl));
  assertKnown(options, graphs);
  const planner = await createPlanner(supergraphSdl);
  const executors = Object.fromEntries(graphs.map((graph) => [graph.name, executorOf(graph, options)]));
  const batcher = new EntityBatcher();
  const telemetry = new Telemetry(config.telemetry, log);
  const access = createAccessRules(supergraphSdl, principalPolicies);
  const engine = createEngine({
    supergraphSdl,
    planner,
    executors: Object.fromEntries(
      Object.entries(executors).map(([name, executor]) => [name, batcher.wrap(executor)]),
    ),
    planCacheSize: config.planCacheSize,
    introspection: options.introspection,
    overrides: overridesWithLabels(options.overrideLabels),
    observer: telemetry.observer,
    ...(access ? { access } : {}),
  });
  const identify = (headers: IncomingHttpHeaders) =>
    Promise.resolve(anybody(headers, options.forwardHeaders));
  const gateway = await serveEngine(
    engine,
    config,
    {
      clock: systemClock,
      log,
      telemetry,
      newId: randomUUID,
      authenticate: identify,
      authenticateSocket: (_parameters, headers) => identify(headers),
      scopeKey: (principal) => JSON.stringify(identityHeaders(principal)),
      health: () => Promise.resolve({ ok: true, subgraphs: graphs.map(({ name }) => name) }),
      routes: [],
    },
    { path: options.path, healthPath: options.healthPath, graphiql: false, batcher },
  );
  return { ...gateway, close: () => closeAll(gateway, Object.values(executors), telemetry) };
}

async function closeAll(
  gateway: Gateway,
  executors: readonly RemoteExecutor[],
  telemetry: Telemetry,
): Promise<void> {
  await gateway.close();
  await Promise.all(executors.map((executor) => executor.close()));
  await telemetry.close();
}

function executorOf({ name, url }: JoinGraph, { urls, limits }: OpenGatewayOptions): RemoteExecutor {
  return createRemoteExecutor({ name, url: urls[name] ?? url, passErrors: true, limits });
}

function assertKnown(
  { urls, forwardHeaders: names }: OpenGatewayOptions,
  graphs: readonly JoinGraph[],
): void {
  const unknown = Object.keys(urls).filter((name) => !graphs.some((graph) => graph.name === name));
  if (unknown.length)
    throw new HubError(
      'CONFIG_INVALID',
      `The supergraph has no subgraph ${unknown.join(', ')}; it has ${graphs.map(({ name }) => name).join(', ')}.`,
    );
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
