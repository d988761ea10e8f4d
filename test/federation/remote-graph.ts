import { parse, validate } from 'graphql';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine, type FederationEngine, type EngineOptions } from '#gateway/engine/engine.ts';
import type { EngineResult } from '#gateway/engine/types.ts';
import {
  createRemoteExecutor,
  defaultRemoteLimits,
  type RemoteLimits,
  type RemoteOptions,
} from '#gateway/remote/remote-executor.ts';
import { serveSubgraph, type Intercept, type ServedSubgraph } from './serve-subgraph.ts';
import { newContext, plannerOf, type TestSubgraph } from './support.ts';

export interface RemoteGraph {
  readonly engine: FederationEngine;
  readonly supergraphSdl: string;
  readonly served: Readonly<Record<string, ServedSubgraph>>;
  /** Runs a validated operation; one that is not valid gives its validation errors. */
  run(
    query: string,
    variables?: Record<string, unknown>,
    context?: ReturnType<typeof newContext>,
  ): Promise<EngineResult>;
  close(): Promise<void>;
}

export interface RemoteGraphOptions {
  readonly intercept?: Readonly<Record<string, Intercept>>;
  readonly limits?: Partial<RemoteLimits>;
  /** Further limits of single subgraphs. */
  readonly limitsOf?: Readonly<Record<string, Partial<RemoteLimits>>>;
  readonly remote?: Partial<RemoteOptions>;
  readonly engine?: Partial<EngineOptions>;
}

/** Serves the subgraphs over HTTP, composes them, and reaches them as a gateway does. Their SDL carries its own link. */
export async function createRemoteGraph(
  subgraphs: readonly TestSubgraph[],
  { intercept = {}, limits = {}, limitsOf = {}, remote = {}, engine: more = {} }: RemoteGraphOptions = {},
): Promise<RemoteGraph> {
  const servers = await Promise.all(subgraphs.map((one) => serveSubgraph(one, intercept[one.name])));
  const { supergraphSdl } = await composeOrClose(servers);
  const executors = Object.fromEntries(
    servers.map(({ name, url }) => [
      name,
      createRemoteExecutor({
        name,
        url,
        limits: { ...defaultRemoteLimits, ...limits, ...limitsOf[name] },
        passErrors: true,
        ...remote,
      }),
    ]),
  );
  const engine = createEngine({
    supergraphSdl,
    planner: await plannerOf(supergraphSdl),
    executors,
    ...more,
  });
  return {
    engine,
    supergraphSdl,
    served: Object.fromEntries(servers.map((one) => [one.name, one])),
    run(query, variables, context = newContext()) {
      const document = parse(query);
      const errors = validate(engine.schema, document);
      if (errors.length) return Promise.resolve({ errors });
      return engine.execute({ document, variables, context });
    },
    async close() {
      await Promise.all(Object.values(executors).map((executor) => executor.close()));
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function composeOrClose(servers: readonly ServedSubgraph[]) {
  try {
    return composeSupergraph(servers);
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    throw error;
  }
}
