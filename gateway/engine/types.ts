import type { DocumentNode, GraphQLError } from 'graphql';
import type { RequestContext } from '#ontology/request-context.ts';
import type { PlanNode } from '../plan-nodes.ts';
import type { SelectedOperation } from './operation.ts';

/** A place in a response: response keys and list indices from the root. */
export type ResponsePath = readonly (string | number)[];

/** An object of a response, keyed by response key. Built without a prototype, so that no key is special. */
export type ResponseObject = Record<string, unknown>;

/** What the engine asks of one subgraph. The document was made by the planner and needs no validation. */
export interface SubgraphRequest {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly document: DocumentNode;
  /** The document's text, for executors that send it on. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}

/** One error as a subgraph reports it: a GraphQLError in this process, JSON from another. */
export interface SubgraphError {
  readonly message: string;
  readonly path?: ResponsePath | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface SubgraphResult {
  readonly data?: ResponseObject | null | undefined;
  readonly errors?: readonly SubgraphError[] | undefined;
}

/**
 * One event of a subgraph's stream. A subgraph in this process completes it with the context it is given, so that
 * loaders and deadline belong to the event; one behind a wire has done so already and only hands it over.
 */
export interface SubgraphEvent {
  resolve(context: RequestContext): Promise<SubgraphResult>;
}

/** A running subscription of a subgraph. `return()` stops the source at once. */
export type SubgraphStream = AsyncIterator<SubgraphEvent, unknown, undefined>;

/** How the engine reaches one subgraph. */
export interface SubgraphExecutor {
  /** Runs a query or mutation. A rejection means the subgraph as a whole failed. */
  execute(request: SubgraphRequest): Promise<SubgraphResult>;
  /** Starts a subscription; a result instead of a stream means it was refused. */
  subscribe(request: SubgraphRequest): Promise<SubgraphStream | SubgraphResult>;
}

/** One operation for the engine. The document is parsed and validated against the engine's public schema. */
export interface EngineRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly context: RequestContext;
  /** Called when the operation is planned and before anything is fetched; what it throws refuses the operation. */
  readonly onPlanned?:
    ((planned: PlannedOperation, variables: Readonly<Record<string, unknown>>) => void) | undefined;
}

/** An operation that is about to run. One object per compiled operation, so that what is derived from it can be kept. */
export interface PlannedOperation {
  readonly selected: SelectedOperation;
  /** One for each root field of a mutation, one for any other operation; none where nothing has to be fetched. */
  readonly plans: readonly PlanNode[];
}

/** The answer to one operation. Without `data` nothing was executed. */
export interface EngineResult {
  readonly data?: ResponseObject | null;
  readonly errors?: readonly GraphQLError[];
}

/** The context of one event, and what to call when the event has been delivered. */
export interface EventScope {
  readonly context: RequestContext;
  end(): void;
}

/** A subscription for the engine: `context` serves to start it, `eventScope` makes a fresh context for each event. */
export interface EngineSubscriptionRequest extends EngineRequest {
  readonly eventScope: () => EventScope;
}

/** A running subscription. A plain iterator: `return()` stops it at once, also on a quiet stream. */
export type EngineStream = AsyncIterableIterator<EngineResult, undefined, undefined>;

/** Whether a subscribe call gave a stream. */
export function isStream<Stream extends AsyncIterator<unknown, unknown, undefined>>(
  outcome: Stream | object,
): outcome is Stream {
  return 'next' in outcome && typeof outcome.next === 'function';
}
