import {
  buildASTSchema,
  getOperationAST,
  print,
  validate,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
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
import { meteredPlanner, type PlannedFor, type PlanningBudget } from './metered-planner.ts';
import type { EngineObserver, EventObserver } from './observer.ts';
import { refuseIntrospection, selectOperation, type SelectedOperation } from './operation.ts';
import { drawnOverrides, overridesFor, type OverridePolicy } from './overrides.ts';
import { buildPublicSchema } from './public-schema.ts';
import { shieldedNames } from './shielded-keys.ts';
import { EventStream, startSubscription, toResult, toTextResult, type Subscription } from './subscribe.ts';
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
  /** Lets a running subscription of another engine, with the request it was started with, go on in this one. */
  adopt(stream: EngineStream, request: EngineSubscriptionRequest): Promise<Adoption>;
  /** Ends a running subscription of any engine with a reason, which its reader gets. */
  end(stream: EngineStream, reason: unknown): Promise<void>;
  stats(): EngineStats;
}

/**
 * What became of a stream whose graph was exchanged: its source goes on, was started anew (its readers are told), or it has
 * ended with a reason.
 */
export type Adoption = 'kept' | 'restarted' | 'ended';

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
  /** How much planning each tenant may cause. @default any */
  readonly planning?: PlanningBudget | undefined;
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
  readonly #planning: PlanningBudget | undefined;
  /** The operation that was last run of a document. */
  readonly #lastOf = new WeakMap<DocumentNode, { readonly name: string; readonly known: KnownOperation }>();
  readonly #faults = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  #compilations = 0;
  #learned = 0;

  constructor(options: EngineOptions) {
    const { supergraphSdl, planner, executors, planCacheSize = 1000 } = options;
    const { schema, types, shielded, subgraphs } = readSupergraph(supergraphSdl);
    assertReachable(subgraphs, executors);
    this.schema = schema;
    this.supergraphSdl = supergraphSdl;
    this.#access = options.access;
    this.#introspection = options.introspection ?? true;
    this.#overrides = options.overrides ?? drawnOverrides;
    this.#planning = options.planning;
    this.#known = new BoundedCache(planCacheSize, planCacheSize * charactersEach);
    this.#compiled = new BoundedCache(planCacheSize, planCacheSize * charactersEach);
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
      const onRan = request.onPlanned?.(compiled.planned, variables);
      const execution = newExecution(request.context, variables);
      await compiled.run(execution);
      const text = request.asText ? compiled.completeText(execution) : null;
      const data = text === null ? compiled.complete(execution) : execution.data;
      const errors = execution.errors.list;
      const isRaw = text !== null;
      if (onRan) onRan({ data, isRaw, joined: execution.joined, failed: errors.length > 0 });
      return text === null ? toResult(data, errors) : toTextResult(text, errors);
    } catch (error) {
      return { errors: refusalOf(error) };
    }
  }

  subscribe(request: EngineSubscriptionRequest): Promise<EngineStream | EngineResult> {
    const { observer } = this.#scope;
    if (!observer) return this.#subscribe(request, undefined);
    const { document, operationName, context } = request;
    const name = getOperationAST(document, operationName)?.name?.value ?? null;
    return observer.subscription({ name, principal: context.principal }, (events) =>
      this.#subscribe(request, events),
    );
  }

  async #subscribe(
    request: EngineSubscriptionRequest,
    events: EventObserver | undefined,
  ): Promise<EngineStream | EngineResult> {
    try {
      const subscription = await this.#prepareSubscription(request);
      const { compiled, variables } = subscription;
      const onRan = request.onPlanned?.(compiled.planned, variables) ?? undefined;
      return await startSubscription(subscription, request, { onRan, events });
    } catch (error) {
      return { errors: refusalOf(error) };
    }
  }

  async adopt(stream: EngineStream, request: EngineSubscriptionRequest): Promise<Adoption> {
    if (!(stream instanceof EventStream)) throw new HubError('INTERNAL', 'The stream is not of an engine.');
    try {
      const faults = this.#faultsOf(request.document);
      if (faults.length) throw schemaChanged(faults);
      const outcome = await stream.moveTo(await this.#prepareSubscription(request, true));
      if (typeof outcome === 'string') return outcome;
      throw outcome.errors[0] ?? new HubError('INTERNAL', 'The subscription did not start again.');
    } catch (error) {
      await stream.fail(error);
      return 'ended';
    }
  }

  async end(stream: EngineStream, reason: unknown): Promise<void> {
    if (stream instanceof EventStream) await stream.fail(reason);
  }

  stats(): EngineStats {
    return { compiled: this.#compilations, cached: this.#compiled.size, fetches: { ...this.#fetches } };
  }

  /** Many streams have one document. */
  #faultsOf(document: DocumentNode): readonly GraphQLError[] {
    const faults = this.#faults.get(document) ?? validate(this.schema, document);
    this.#faults.set(document, faults);
    return faults;
  }

  async #prepareSubscription(request: EngineRequest, isRunning = false): Promise<Subscription> {
    const { compiled, variables, narrowed } = await this.#prepare(request, isRunning);
    if (!compiled.subscription) throw new HubError('INVALID_INPUT', 'The operation is not a subscription.');
    return { ...compiled.subscription, compiled, variables, narrowed };
  }

  /** @param isRunning - for a stream that runs already. */
  async #prepare(request: EngineRequest, isRunning = false): Promise<Prepared> {
    const known = this.#knownOf(request);
    const { selected, conditions, access } = known;
    const variables = coerceVariables(this.schema, selected.operation, request.variables);
    const values = conditions.map((name) => variables[name] === true);
    const overrides = overridesFor(this.#scope.planner, this.#overrides, request.context);
    const { principal } = request.context;
    const compileFor = ({ key: who, denials }: Granted, runs = isRunning) => {
      const key = `${known.id}\n${overrides.key}${who}\n${values.join()}`;
      const variant = { variables, denials, overrides: overrides.active };
      return this.#compile(key, known, variant, { principal, isRunning: runs });
    };
    if (!access) return { variables, compiled: await compileFor(everything), narrowed: null };
    const granted = await access.of(request.context);
    return {
      variables,
      compiled: await compileFor(granted),
      narrowed: async (context) => compileFor(await access.of(context, granted), true),
    };
  }

  /** By the document itself, which callers keep for its text; else by the text, which is long to look up. */
  #knownOf(request: EngineRequest): KnownOperation {
    const name = request.operationName ?? '';
    const last = this.#lastOf.get(request.document);
    if (last?.name === name) return last.known;
    const key = `${name}\n${textOf(request.document)}`;
    const known = this.#known.get(key) ?? this.#newlyKnown(request);
    this.#known.set(key, known, key.length);
    this.#lastOf.set(request.document, { name, known });
    return known;
  }

  #newlyKnown({ document, operationName }: EngineRequest): KnownOperation {
    const selected = selectOperation(document, operationName);
    if (!this.#introspection) refuseIntrospection(document);
    const access = this.#access?.forOperation(selected, this.schema) ?? null;
    this.#learned += 1;
    const characters = textOf(document).length;
    return { id: this.#learned, characters, selected, access, conditions: conditionVariables(selected) };
  }

  /**
   * Concurrent first runs of an operation share one compilation. A failed one is not kept, unless it took too long: that
   * it will do again.
   */
  #compile(
    key: string,
    { selected, characters }: KnownOperation,
    variant: Variant,
    who: PlannedFor,
  ): Promise<CompiledOperation> {
    const cached = this.#compiled.get(key);
    if (cached) return cached;
    // Before anybody can share it: another tenant must not get this one's refusal.
    if (!who.isRunning) this.#planning?.admit(who.principal);
    this.#compilations += 1;
    const planner = this.#planning
      ? meteredPlanner(this.#scope.planner, this.#planning, who.principal)
      : this.#scope.planner;
    const compile = () => compileOperation(selected, variant, { ...this.#scope, planner });
    const { observer } = this.#scope;
    const compiling = observer ? observer.plan(compile) : compile();
    this.#compiled.set(key, compiling, characters);
    compiling.then(
      ({ effort }) => this.#compiled.set(key, compiling, characters + effort),
      (error: unknown) => {
        if (!isHubError(error, 'LIMIT_EXCEEDED')) this.#compiled.delete(key);
      },
    );
    return compiling;
  }
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * How long the documents of kept operations may be on average. A document with its plan takes a hundred times its
 * length, so a thousand of the longest would fill the memory.
 */
export const charactersEach = 2_048;

const everything: Granted = { key: '', denials: null };

/** An operation before its conditions are decided. */
interface KnownOperation {
  readonly id: number;
  /** Of its document. */
  readonly characters: number;
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

function schemaChanged(faults: readonly GraphQLError[]): HubError {
  // Whoever may not introspect must not be told what the graph has instead.
  const reasons = faults.map(({ message }) => message.replace(/ Did you mean .*\?$/s, ''));
  return new HubError(
    'SCHEMA_CHANGED',
    `The graph has changed and no longer has what this subscription asks for: ${reasons.join(' ')}`,
    { details: { reasons } },
  );
}

function misplacedSubscription(): HubError {
  return new HubError(
    'INVALID_INPUT',
    'A subscription needs a stream: ask for it over WebSocket (graphql-transport-ws) or with Accept: text/event-stream.',
  );
}
