import { buildSchema, isEnumType, Kind, parse, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Planner } from '../planner.ts';
import { BoundedCache } from './bounded-cache.ts';
import { compileOperation, type CompiledOperation, type OperationScope } from './compile-operation.ts';
import { conditionVariables } from './conditions.ts';
import { newExecution } from './execution.ts';
import { selectOperation, type SelectedOperation } from './operation.ts';
import { buildPublicSchema } from './public-schema.ts';
import { startSubscription, toResult } from './subscribe.ts';
import { coerceVariables, refusalOf } from './refusal.ts';
import { TypeLookup } from './type-lookup.ts';
import type {
  EngineRequest,
  EngineResult,
  EngineStream,
  EngineSubscriptionRequest,
  SubgraphExecutor,
} from './types.ts';

/** Counters since the engine was made. */
export interface EngineStats {
  /** Operations planned and compiled. */
  readonly compiled: number;
  /** Compiled operations kept at present. */
  readonly cached: number;
  /** Requests to each subgraph. */
  readonly fetches: Readonly<Record<string, number>>;
}

/** Executes operations over a supergraph. */
export interface FederationEngine {
  /** The schema clients see and operations are validated against. */
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
  /** Runs a query or mutation. Never rejects: failures are in `errors`. */
  execute(request: EngineRequest): Promise<EngineResult>;
  /** Starts a subscription. A result instead of a stream says why it did not start. */
  subscribe(request: EngineSubscriptionRequest): Promise<EngineStream | EngineResult>;
  stats(): EngineStats;
}

export interface EngineOptions {
  readonly supergraphSdl: string;
  readonly planner: Planner;
  /** By the subgraph's name in the supergraph. */
  readonly executors: Readonly<Record<string, SubgraphExecutor>>;
  /** Compiled operations kept. @default 1000 */
  readonly planCacheSize?: number;
}

/** @throws {HubError} CONFIG_INVALID - the supergraph cannot be read, or names a subgraph without an executor. */
export function createEngine(options: EngineOptions): FederationEngine {
  return new Engine(options);
}

class Engine implements FederationEngine {
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
  readonly #scope: OperationScope;
  readonly #known: BoundedCache<string, KnownOperation>;
  readonly #compiled: BoundedCache<string, Promise<CompiledOperation>>;
  readonly #fetches: Record<string, number> = {};
  #compilations = 0;

  constructor({ supergraphSdl, planner, executors, planCacheSize = 1000 }: EngineOptions) {
    const { publicSchema, supergraph } = readSupergraph(supergraphSdl);
    assertReachable(supergraph, executors);
    this.schema = publicSchema;
    this.supergraphSdl = supergraphSdl;
    this.#known = new BoundedCache(planCacheSize);
    this.#compiled = new BoundedCache(planCacheSize);
    this.#scope = {
      schema: publicSchema,
      planner,
      types: new TypeLookup(supergraph),
      executors: new Map(Object.entries(executors)),
      onFetch: (name) => (this.#fetches[name] = (this.#fetches[name] ?? 0) + 1),
    };
  }

  async execute(request: EngineRequest): Promise<EngineResult> {
    try {
      const { compiled, variables } = await this.#prepare(request);
      if (compiled.subscription) throw misplacedSubscription();
      const execution = newExecution(request.context, variables);
      await compiled.run(execution);
      return toResult(compiled.complete(execution), execution.errors.list);
    } catch (error) {
      return { errors: refusalOf(error) };
    }
  }

  async subscribe(request: EngineSubscriptionRequest): Promise<EngineStream | EngineResult> {
    try {
      const { compiled, variables } = await this.#prepare(request);
      if (!compiled.subscription) throw new HubError('INVALID_INPUT', 'The operation is not a subscription.');
      return await startSubscription(compiled, compiled.subscription, variables, request);
    } catch (error) {
      return { errors: refusalOf(error) };
    }
  }

  stats(): EngineStats {
    return { compiled: this.#compilations, cached: this.#compiled.size, fetches: { ...this.#fetches } };
  }

  async #prepare(request: EngineRequest): Promise<{ compiled: CompiledOperation; variables: Variables }> {
    const key = `${request.operationName ?? ''}\n${textOf(request.document)}`;
    const known = this.#known.get(key) ?? newlyKnown(request);
    this.#known.set(key, known);
    const variables = coerceVariables(this.schema, known.selected.operation, request.variables);
    const values = known.conditions.map((name) => variables[name] === true);
    return {
      compiled: await this.#compile(`${values.join()}\n${key}`, known.selected, variables),
      variables,
    };
  }

  /** Concurrent first runs of an operation share one compilation; a failed one is not kept. */
  #compile(key: string, selected: SelectedOperation, variables: Variables): Promise<CompiledOperation> {
    const cached = this.#compiled.get(key);
    if (cached) return cached;
    this.#compilations += 1;
    const compiling = compileOperation(selected, variables, this.#scope);
    this.#compiled.set(key, compiling);
    compiling.catch(() => this.#compiled.delete(key));
    return compiling;
  }
}

type Variables = Readonly<Record<string, unknown>>;

/** An operation before its conditions are decided. */
interface KnownOperation {
  readonly selected: SelectedOperation;
  readonly conditions: readonly string[];
}

function newlyKnown({ document, operationName }: EngineRequest): KnownOperation {
  const selected = selectOperation(document, operationName);
  return { selected, conditions: conditionVariables(selected) };
}

/** The text a document was parsed from is shorter to get at than printing it. */
function textOf(document: DocumentNode): string {
  return document.loc?.source.body ?? print(document);
}

function readSupergraph(supergraphSdl: string): { publicSchema: GraphQLSchema; supergraph: GraphQLSchema } {
  try {
    return {
      publicSchema: buildPublicSchema(parse(supergraphSdl)),
      supergraph: buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }),
    };
  } catch (error) {
    throw new HubError('CONFIG_INVALID', 'The supergraph cannot be read.', { cause: error });
  }
}

function assertReachable(
  supergraph: GraphQLSchema,
  executors: Readonly<Record<string, SubgraphExecutor>>,
): void {
  const missing = subgraphNames(supergraph).filter((name) => !Object.hasOwn(executors, name));
  if (!missing.length) return;
  throw new HubError(
    'CONFIG_INVALID',
    `The supergraph names subgraphs the gateway was not told how to reach: ${missing.join(', ')}.`,
    {
      details: { missing },
    },
  );
}

/** @see https://specs.apollo.dev/join/v0.3/#@graph */
function subgraphNames(supergraph: GraphQLSchema): string[] {
  const graphs = supergraph.getType('join__Graph');
  if (!isEnumType(graphs))
    throw new HubError('CONFIG_INVALID', 'The supergraph has no join__Graph: it is not a composed one.');
  return graphs.getValues().flatMap(({ astNode }) => {
    const directive = astNode?.directives?.find(({ name }) => name.value === 'join__graph');
    const value = directive?.arguments?.find(({ name }) => name.value === 'name')?.value;
    return value?.kind === Kind.STRING ? [value.value] : [];
  });
}

function misplacedSubscription(): HubError {
  return new HubError(
    'INVALID_INPUT',
    'A subscription needs a stream: ask for it over WebSocket (graphql-transport-ws) or with Accept: text/event-stream.',
  );
}
