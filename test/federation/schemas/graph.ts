import { buildSubgraphSchema } from '@apollo/subgraph';
import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  execute,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine, type FederationEngine } from '#gateway/engine/engine.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { overridesWithLabels } from '#gateway/engine/overrides.ts';
import type { EngineResult, SubgraphExecutor, SubgraphResult } from '#gateway/engine/types.ts';
import { createPlanner, type Planner } from '#gateway/planner.ts';
import { createRemoteGraph } from '../remote-graph.ts';
import { newContext } from '../support.ts';
import type { Model } from './model.ts';
import type { RandomOperation } from './operations.ts';
import { activeLabels, monolithResolvers, subgraphResolvers } from './resolvers.ts';
import { publicSdl, subgraphSdl } from './sdl.ts';
import { World } from './world.ts';

/** How the subgraphs are reached. */
export interface GraphOptions {
  /** Over HTTP instead of in this process. @default false */
  readonly remote?: boolean;
  /** Runs of a document in this process before it is compiled. @default as the engine has it */
  readonly hotAfter?: number;
  /** Changes what a subgraph in this process answers, to see whether that is noticed. @default nothing */
  readonly tamper?: (result: SubgraphResult) => SubgraphResult;
  /** @default createPlanner */
  readonly planner?: (supergraphSdl: string) => Promise<Planner>;
}

/** One model, as a federated graph and as one schema over the same data. */
export interface GeneratedGraph {
  readonly world: World;
  readonly monolith: GraphQLSchema;
  readonly engine: FederationEngine;
  /** Requests to subgraphs that their schemas do not allow, with the reasons, since asked last. */
  takeInvalid(): string[];
  /** The subgraph that does not answer at present. */
  down: string | null;
  /** Requests to subgraphs so far. */
  requests(): number;
  expected(operation: RandomOperation): Promise<ExecutionResult>;
  /** @param asText - as it goes out over HTTP, parsed again. */
  actual(operation: RandomOperation, asText: boolean): Promise<EngineResult>;
  close(): Promise<void>;
}

/** @throws {HubError} COMPOSITION_FAILED - the subgraphs do not compose. */
export async function createGeneratedGraph(
  model: Model,
  options: GraphOptions = {},
): Promise<GeneratedGraph> {
  const world = new World(model);
  const monolith = makeExecutableSchema({
    typeDefs: publicSdl(model),
    resolvers: monolithResolvers(world),
    resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
  });
  const subgraphs = model.subgraphs.map(({ name }) => ({
    name,
    sdl: subgraphSdl(model, name),
    resolvers: subgraphResolvers(world, name),
  }));
  const state = { down: null as string | null, invalid: [] as string[] };
  const reached = options.remote
    ? await remote(subgraphs, state, options)
    : await local(subgraphs, state, options);
  const { engine } = reached;
  return {
    world,
    monolith,
    engine,
    takeInvalid: () => reached.invalid(),
    get down() {
      return state.down;
    },
    set down(name) {
      state.down = name;
    },
    requests: () => Object.values(engine.stats().fetches).reduce((sum, count) => sum + count, 0),
    async expected({ query, variables }) {
      world.log = [];
      return execute({
        schema: monolith,
        document: parse(query),
        variableValues: variables,
        contextValue: newContext(),
      });
    },
    async actual({ query, variables }, asText) {
      world.log = [];
      const result = await engine.execute({
        document: parse(query),
        variables,
        context: newContext(),
        asText,
      });
      const { dataText, ...rest } = result;
      return dataText === undefined ? rest : { ...rest, data: JSON.parse(dataText) };
    },
    close: () => reached.close(),
  };
}

/** How the composed public schema differs from the one the rules of composition give; `null` when it does not. */
export function schemaDifference(graph: GeneratedGraph): string | null {
  const print = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema)).split('\n');
  const [wanted, given] = [print(graph.monolith), print(graph.engine.schema)];
  if (wanted.join('\n') === given.join('\n')) return null;
  const lost = wanted.filter((line) => !given.includes(line));
  const surplus = given.filter((line) => !wanted.includes(line));
  return `lost: ${lost.join('')}; surplus: ${surplus.join('')}`;
}

type State = { down: string | null; readonly invalid: string[] };
type Subgraphs = Parameters<typeof createRemoteGraph>[0];

const overrides = overridesWithLabels(activeLabels);

async function local(subgraphs: Subgraphs, state: State, options: GraphOptions) {
  const { supergraphSdl } = composeSupergraph(subgraphs);
  const executors = Object.fromEntries(
    subgraphs.map((one) => [one.name, localExecutor(one, state, options)]),
  );
  const planner = await (options.planner ?? createPlanner)(supergraphSdl);
  const engine = createEngine({ supergraphSdl, planner, executors, overrides });
  return { engine, invalid: () => state.invalid.splice(0), close: () => Promise.resolve() };
}

function localExecutor(
  { name, sdl, resolvers }: Subgraphs[number],
  state: State,
  { hotAfter, tamper }: GraphOptions,
): SubgraphExecutor {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const executor = createLocalExecutor(schema, hotAfter === undefined ? {} : { hotAfter });
  return {
    async execute(request) {
      if (state.down === name) throw new HubError('CONNECTOR_UNREACHABLE', `${name} is down.`);
      // Parsed anew: what goes over a wire is the text.
      for (const { message } of validate(schema, parse(request.query)))
        state.invalid.push(`${name}: ${message}\n${request.query}`);
      const result = await executor.execute(request);
      return tamper ? tamper(result) : result;
    },
    subscribe: (request) => executor.subscribe(request),
  };
}

async function remote(subgraphs: Subgraphs, state: State, options: GraphOptions) {
  const planner = await options.planner?.(composeSupergraph(subgraphs).supergraphSdl);
  const graph = await createRemoteGraph(subgraphs, {
    intercept: Object.fromEntries(
      subgraphs.map(({ name }) => [name, (req) => state.down === name && (req.socket.destroy(), true)]),
    ),
    engine: { overrides, ...(planner ? { planner } : {}) },
  });
  const invalid = () => Object.values(graph.served).flatMap((one) => one.invalid.splice(0));
  return { engine: graph.engine, invalid, close: () => graph.close() };
}
