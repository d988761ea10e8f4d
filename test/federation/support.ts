import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, validate } from 'graphql';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine, type FederationEngine } from '#gateway/engine/engine.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import {
  isStream,
  type EngineResult,
  type EngineStream,
  type EventScope,
  type SubgraphExecutor,
  type SubgraphRequest,
} from '#gateway/engine/types.ts';
import { createPlanner, type Planner, type PlannerChoice } from '#gateway/planner.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';

/** The Federation 2 link with everything the tests use. */
export const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])\n`;

export const principal: Principal = {
  tenant: parseTenantId('acme'),
  subject: 'ada',
  personId: 'person-ada',
  name: 'Ada',
  roles: ['operator'],
  authTime: 0,
  acr: null,
  expiresAt: Number.MAX_SAFE_INTEGER,
};

let choice: PlannerChoice = 'own';

/** Lets all graphs made from now on be planned by one planner; `fuzz.ts --planner` does. */
export function usePlanner(planner: PlannerChoice): void {
  choice = planner;
}

export function plannerChoice(): PlannerChoice {
  return choice;
}

/** The planner that tests run with. */
export function plannerOf(supergraphSdl: string): Promise<Planner> {
  return createPlanner(supergraphSdl, choice);
}

let requests = 0;

/** A new context, as the gateway makes one for each request or event. */
export function newContext(signal: AbortSignal = new AbortController().signal): RequestContext {
  requests += 1;
  return { principal, requestId: `request-${requests}`, signal };
}

export interface TestSubgraph {
  readonly name: string;
  readonly sdl: string;
  // Resolver maps of graphql-js have no narrower common type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly resolvers: Record<string, any>;
}

export interface TestGraph {
  readonly engine: FederationEngine;
  /** Every request a subgraph got, oldest first. */
  readonly requests: { readonly subgraph: string; readonly request: SubgraphRequest }[];
  run(query: string, variables?: Record<string, unknown>, context?: RequestContext): Promise<EngineResult>;
  subscribe(
    query: string,
    variables?: Record<string, unknown>,
    eventScope?: () => EventScope,
  ): Promise<EngineStream>;
}

/** Composes subgraphs and runs them in this process behind the engine. */
export async function createGraph(
  subgraphs: readonly TestSubgraph[],
  replace: Readonly<Record<string, SubgraphExecutor>> = {},
): Promise<TestGraph> {
  const seen: TestGraph['requests'] = [];
  const definitions = subgraphs.map(({ name, sdl }) => ({ name, sdl: link + sdl }));
  const { supergraphSdl } = composeSupergraph(definitions);
  const executors = Object.fromEntries(
    subgraphs.map((subgraph) => [
      subgraph.name,
      recorded(subgraph.name, replace[subgraph.name] ?? localOf(subgraph), seen),
    ]),
  );
  const engine = createEngine({ supergraphSdl, planner: await plannerOf(supergraphSdl), executors });
  return {
    engine,
    requests: seen,
    run: (query, variables, context = newContext()) =>
      engine.execute({ document: valid(engine, query), variables, context }),
    async subscribe(query, variables, eventScope = () => ({ context: newContext(), end() {} })) {
      const outcome = await engine.subscribe({
        document: valid(engine, query),
        variables,
        context: newContext(),
        eventScope,
      });
      if (!isStream(outcome)) throw new Error(`refused: ${JSON.stringify(outcome)}`);
      return outcome as EngineStream;
    },
  };
}

/** The in-process executor of one test subgraph. */
export function localOf({ sdl, resolvers }: TestSubgraph): SubgraphExecutor {
  return createLocalExecutor(buildSubgraphSchema([{ typeDefs: parse(link + sdl), resolvers }]));
}

function recorded(
  subgraph: string,
  executor: SubgraphExecutor,
  seen: TestGraph['requests'],
): SubgraphExecutor {
  return {
    execute(request) {
      seen.push({ subgraph, request });
      return executor.execute(request);
    },
    subscribe: (request) => executor.subscribe(request),
  };
}

function valid(engine: FederationEngine, query: string) {
  const document = parse(query);
  const errors = validate(engine.schema, document);
  if (errors.length) throw new Error(errors.map((error) => error.message).join('\n'));
  return document;
}

/** The result as a client would read it. */
export function plain(result: EngineResult): {
  data?: unknown;
  errors?: { message: string; path?: unknown; extensions?: unknown }[];
} {
  return JSON.parse(JSON.stringify(result));
}
