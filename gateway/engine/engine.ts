import { buildASTSchema, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import type { Planner } from '../planner.ts';
import { joinGraphs, parseSupergraph } from '../supergraph/join-graphs.ts';
import type { AccessRules, Granted, OperationAccess } from './access.ts';
import { BoundedCache } from './bounded-cache.ts';
import {
  compileOperation,
  type CompiledOperation,
  type OperationScope,
  type Variant,
} from './compile-operation.ts';
import { conditionVariables } from './conditions.ts';
import { newExecution } from './execution.ts';
import type { EngineObserver } from './observer.ts';
import { refuseIntrospection, selectOperation, type SelectedOperation } from './operation.ts';
import { drawnOverrides, overridesFor, type OverridePolicy } from './overrides.ts';
import { buildPublicSchema } from './public-schema.ts';
import { shieldedNames } from './shielded-keys.ts';
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
  /** Who may see what. @default everybody everything */
  readonly access?: AccessRules;
  /** @default nobody looks on */
  readonly observer?: EngineObserver | undefined;
  /** Whether `__schema` and `__type` are answered. @default true */
  readonly introspection?: boolean;
  /** @default drawnOverrides */
  readonly overrides?: OverridePolicy;
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
  readonly #access: AccessRules | undefined;
  readonly #introspection: boolean;
  readonly #overrides: OverridePolicy;
  #compilations = 0;

  constructor(options: EngineOptions) {
    const { supergraphSdl, planner, executors, planCacheSize = 1000 } = options;
    const { schema, types, shielded, subgraphs } = readSupergraph(supergraphSdl);
    assertReachable(subgraphs, executors);
    this.schema = schema;
    this.supergraphSdl = supergraphSdl;
    this.#access = options.access;
    this.#introspection = options.introspection ?? true;
    this.#overrides = options.overrides ?? drawnOverrides;
    this.#known = new BoundedCache(planCacheSize);
    this.#compiled = new BoundedCache(planCacheSize);
    this.#scope = {
      schema,
      planner,
      types,
      shielded,
      executors: new Map(Object.entries(executors)),
      observer: options.observer,
      onFetch: (name) => (this.#fetches[name] = (this.#fetches[name] ?? 0) + 1),
    };
  }

  async execute(request: EngineRequest): Promise<EngineResult> {
    try {
      const { compiled, variables } = await this.#prepare(request);
      if (compiled.subscription) throw misplacedSubscription();
      request.onPlanned?.(compiled.planned, variables);
      const execution = newExecution(request.context, variables);
      await compiled.run(execution);
      return toResult(compiled.complete(execution), execution.errors.list);
    } catch (error) {
      return { errors: refusalOf(error) };
    }
  }

  async subscribe(request: EngineSubscriptionRequest): Promise<EngineStream | EngineResult> {
    try {
      const { compiled, variables, narrowed } = await this.#prepare(request);
      if (!compiled.subscription) throw new HubError('INVALID_INPUT', 'The operation is not a subscription.');
      request.onPlanned?.(compiled.planned, variables);
      return await startSubscription({ ...compiled.subscription, compiled, narrowed }, variables, request);
    } catch (error) {
      return { errors: refusalOf(error) };
    }
  }

  stats(): EngineStats {
    return { compiled: this.#compilations, cached: this.#compiled.size, fetches: { ...this.#fetches } };
  }

  async #prepare(request: EngineRequest): Promise<Prepared> {
    const key = `${request.operationName ?? ''}\n${textOf(request.document)}`;
    const known = this.#known.get(key) ?? this.#newlyKnown(request);
    this.#known.set(key, known);
    const { selected, conditions, access } = known;
    const variables = coerceVariables(this.schema, selected.operation, request.variables);
    const values = conditions.map((name) => variables[name] === true);
    const overrides = overridesFor(this.#scope.planner, this.#overrides, request.context);
    const compileFor = ({ key: who, denials }: Granted) =>
      this.#compile(`${overrides.key}${who}\n${values.join()}\n${key}`, selected, {
        variables,
        denials,
        overrides: overrides.active,
      });
    if (!access) return { variables, compiled: await compileFor(everything), narrowed: null };
    const granted = await access.of(request.context);
    return {
      variables,
      compiled: await compileFor(granted),
      narrowed: async (context) => compileFor(await access.of(context, granted)),
    };
  }

  #newlyKnown({ document, operationName }: EngineRequest): KnownOperation {
    const selected = selectOperation(document, operationName);
    if (!this.#introspection) refuseIntrospection(document);
    const access = this.#access?.forOperation(selected, this.schema) ?? null;
    return { selected, access, conditions: conditionVariables(selected) };
  }

  /** Concurrent first runs of an operation share one compilation; a failed one is not kept. */
  #compile(key: string, selected: SelectedOperation, variant: Variant): Promise<CompiledOperation> {
    const cached = this.#compiled.get(key);
    if (cached) return cached;
    this.#compilations += 1;
    const compile = () => compileOperation(selected, variant, this.#scope);
    const { observer } = this.#scope;
    const compiling = observer ? observer.plan(compile) : compile();
    this.#compiled.set(key, compiling);
    compiling.catch(() => this.#compiled.delete(key));
    return compiling;
  }
}

type Variables = Readonly<Record<string, unknown>>;

const everything: Granted = { key: '', denials: null };

/** An operation before its conditions are decided. */
interface KnownOperation {
  readonly selected: SelectedOperation;
  readonly conditions: readonly string[];
  /** `null` when nothing it selects is protected. */
  readonly access: OperationAccess | null;
}

interface Prepared {
  readonly compiled: CompiledOperation;
  readonly variables: Variables;
  /** The operation with what its caller may see of it by now; `null` when that cannot change. */
  readonly narrowed: ((context: RequestContext) => Promise<CompiledOperation>) | null;
}

/** The text a document was parsed from is shorter to get at than printing it. */
function textOf(document: DocumentNode): string {
  return document.loc?.source.body ?? print(document);
}

function readSupergraph(supergraphSdl: string): Pick<OperationScope, 'schema' | 'types' | 'shielded'> & {
  readonly subgraphs: readonly string[];
} {
  const document = parseSupergraph(supergraphSdl);
  const subgraphs = joinGraphs(document).map(({ name }) => name);
  try {
    return {
      subgraphs,
      schema: buildPublicSchema(document),
      shielded: shieldedNames(document),
      types: new TypeLookup(buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })),
    };
  } catch (error) {
    throw new HubError('CONFIG_INVALID', `The supergraph cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function assertReachable(
  subgraphs: readonly string[],
  executors: Readonly<Record<string, SubgraphExecutor>>,
): void {
  const missing = subgraphs.filter((name) => !Object.hasOwn(executors, name));
  if (!missing.length) return;
  throw new HubError(
    'CONFIG_INVALID',
    `The supergraph names subgraphs the gateway was not told how to reach: ${missing.join(', ')}.`,
    { details: { missing } },
  );
}

function misplacedSubscription(): HubError {
  return new HubError(
    'INVALID_INPUT',
    'A subscription needs a stream: ask for it over WebSocket (graphql-transport-ws) or with Accept: text/event-stream.',
  );
}
