import { composeSupergraph } from '#gateway/compose.ts';
import { defaultRemoteLimits } from '#gateway/remote/remote-executor.ts';
import { supergraphOfText } from '#gateway/graph/supergraph-source.ts';
import { createOpenGateway } from '#gateway/supergraph/open-gateway.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { openGatewayConfig } from '#deploy/commands/gateway.ts';
import { serveSubgraph, type ServedSubgraph } from './serve-subgraph.ts';
import { plannerChoice, type TestSubgraph } from './support.ts';

/** Subgraphs that listen, and `twinhub gateway` before them in this process, with the settings of that command. */
export interface OpenGraph {
  readonly supergraphSdl: string;
  readonly served: readonly ServedSubgraph[];
  ask(request: OpenRequest): Promise<OpenAnswer>;
  close(): Promise<void>;
}

export interface OpenRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

export interface OpenAnswer {
  readonly status: number;
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

/** Puts served subgraphs together to a supergraph. */
export type Compose = (subgraphs: readonly ServedSubgraph[]) => string;

export const composeOwn: Compose = (subgraphs) => composeSupergraph(subgraphs).supergraphSdl;

/** Serves the subgraphs over HTTP, composes them, and opens a gateway over what was composed. */
export async function createOpenGraph(
  subgraphs: readonly TestSubgraph[],
  compose: Compose = composeOwn,
): Promise<OpenGraph> {
  const served = await Promise.all(subgraphs.map((one) => serveSubgraph(one)));
  const closeSubgraphs = () => Promise.all(served.map((one) => one.close()));
  try {
    const supergraphSdl = compose(served);
    const gateway = await openGateway(supergraphSdl);
    return {
      ...gateway,
      supergraphSdl,
      served,
      async close() {
        await gateway.close();
        await closeSubgraphs();
      },
    };
  } catch (error) {
    await closeSubgraphs();
    throw error;
  }
}

/** The gateway alone, on a free port. */
export async function openGateway(supergraphSdl: string): Promise<Pick<OpenGraph, 'ask' | 'close'>> {
  const gateway = await createOpenGateway({
    supergraph: supergraphOfText(supergraphSdl),
    config: openGatewayConfig({ TWINHUB_PLANNER: plannerChoice() }, { port: '0' }),
    path: '/graphql',
    healthPath: '/health',
    introspection: true,
    urls: {},
    forwardHeaders: [],
    overrideLabels: [],
    limits: defaultRemoteLimits,
    log: createMemoryLogger(),
  });
  const { url } = await gateway.listen();
  return { ask: (request) => post(`${url}/graphql`, request), close: () => gateway.close() };
}

async function post(url: string, request: OpenRequest): Promise<OpenAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(request),
  });
  return { status: response.status, ...((await response.json()) as Omit<OpenAnswer, 'status'>) };
}
