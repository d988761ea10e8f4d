import type { DocumentNode, FieldNode, GraphQLError } from 'graphql';
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
  /** When the hub had what the event tells, epoch ms; absent where that is not known. */
  readonly sourceTime?: number | null;
  resolve(context: RequestContext): Promise<SubgraphResult>;
}

/** What happened to a stream itself, between two of its events. */
export interface StreamNotice {
  /** `interrupted`: its source is lost and is being taken up again; `resumed`: events come again. */
  readonly state: 'interrupted' | 'resumed';
  /** Whether the subgraph was lost or the graph has changed. */
  readonly reason: 'upstream' | 'schema';
  readonly serviceName: string;
  /** Events may be missing before what follows, and nobody knows which. */
  readonly gap: boolean;
}

/** A notice in the place of an event. */
export interface SubgraphNotice {
  readonly notice: StreamNotice;
}

/** A running subscription of a subgraph. `return()` stops the source at once. */
export type SubgraphStream = AsyncIterator<SubgraphEvent | SubgraphNotice, unknown, undefined>;

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
  /**
   * Called when the operation is planned and before anything is fetched; what it throws refuses the operation. What it
   * gives is told what came of it: once for a query or mutation, for each event of a subscription.
   */
  readonly onPlanned?: OnPlanned | undefined;
  /** Whether the answer is only to be sent on: then it may come as `dataText`. */
  readonly asText?: boolean;
}

export type OnPlanned = (
  planned: PlannedOperation,
  variables: Readonly<Record<string, unknown>>,
) => OnRan | undefined | void;

/** Must not throw. */
export type OnRan = (ran: RanOperation) => void;

/** What a run (or one event) made. */
export interface RanOperation {
  readonly data: ResponseObject | null;
  /** Whether `data` is what subgraphs gave: then keys are as `PlannedOperation.keyInData` has them, and there may be more. */
  readonly isRaw: boolean;
  /** Objects that subgraphs were asked about by their keys. */
  readonly joined: number;
  /** Whether there were errors: then the answer may hold less than what was made for it. */
  readonly failed: boolean;
}

/** An operation that is about to run. One object per compiled operation, so that what is derived from it can be kept. */
export interface PlannedOperation {
  readonly selected: SelectedOperation;
  /** One for each root field of a mutation, one for any other operation; none where nothing has to be fetched. */
  readonly plans: readonly PlanNode[];
  /** Under which key subgraphs are asked for a field of the client's. */
  keyInData(field: FieldNode): string;
}

/** The answer to one operation. Without `data` and `dataText` nothing was executed. */
export interface EngineResult {
  readonly data?: ResponseObject | null;
  /** The data as JSON text, instead of `data`. */
  readonly dataText?: string;
  readonly errors?: readonly GraphQLError[];
  /** Of a stream: what happened to it, instead of an event. */
  readonly notice?: StreamNotice;
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
