import { GraphQLError } from 'graphql';
import type { RequestContext } from '#ontology/request-context.ts';
import { untilAborted } from './abort.ts';
import type { CompiledOperation } from './compile-operation.ts';
import { fetchFailure, fromSubgraph } from './error-log.ts';
import { newExecution } from './execution.ts';
import { takeRootResult } from './fetch.ts';
import {
  isStream,
  type EngineResult,
  type EngineStream,
  type EngineSubscriptionRequest,
  type SubgraphEvent,
  type SubgraphStream,
} from './types.ts';

/** A compiled subscription that is to run. */
interface Subscription extends NonNullable<CompiledOperation['subscription']> {
  readonly compiled: CompiledOperation;
  /** The operation with what its caller may still see when an event comes; `null` when that cannot change. */
  readonly narrowed: ((context: RequestContext) => Promise<CompiledOperation>) | null;
}
type Variables = Readonly<Record<string, unknown>>;

/** Starts the source of a subscription; a result instead of a stream means it was refused. */
export async function startSubscription(
  subscription: Subscription,
  variables: Variables,
  request: EngineSubscriptionRequest,
): Promise<EngineStream | EngineResult> {
  const { source } = subscription;
  try {
    const { signal } = request.context;
    signal.throwIfAborted();
    const outcome = await startWithin(
      source.executor.subscribe(source.request({ variables, context: request.context })),
      signal,
    );
    if (isStream(outcome)) return new EventStream(outcome, subscription, variables, request);
    return {
      errors: (outcome.errors ?? []).map((error) => fromSubgraph(error, source.serviceName, error.path)),
    };
  } catch (error) {
    return {
      errors: [
        fetchFailure(error, source.serviceName, source.rootKeys.length === 1 ? source.rootKeys : undefined),
      ],
    };
  }
}

/** A source that starts after its caller left is stopped at once. */
async function startWithin<T extends object>(starting: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await untilAborted(starting, signal);
  } catch (error) {
    starting.then(
      (late) => (isStream(late) ? late.return?.() : undefined),
      () => {},
    );
    throw error;
  }
}

/** The events of a subscription, each completed in an execution of its own. */
class EventStream implements EngineStream {
  readonly #source: SubgraphStream;
  readonly #subscription: Subscription;
  readonly #variables: Variables;
  readonly #request: EngineSubscriptionRequest;

  constructor(
    source: SubgraphStream,
    subscription: Subscription,
    variables: Variables,
    request: EngineSubscriptionRequest,
  ) {
    this.#source = source;
    this.#subscription = subscription;
    this.#variables = variables;
    this.#request = request;
  }

  /**
   * @throws {GraphQLError} the source failed; `extensions.serviceName` says whose it was.
   * @throws {HubError} FORBIDDEN, UNAUTHENTICATED - the stream is kept from its caller by now.
   */
  async next(): Promise<IteratorResult<EngineResult, undefined>> {
    const step = await this.#source.next().catch((error: unknown) => {
      throw fetchFailure(error, this.#subscription.source.serviceName, undefined);
    });
    if (step.done) return { done: true, value: undefined };
    try {
      return { done: false, value: await this.#complete(step.value) };
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<EngineResult, undefined>> {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<EngineResult, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws {HubError} the stream is kept from its caller by now. */
  async #complete(event: SubgraphEvent): Promise<EngineResult> {
    const scope = this.#request.eventScope();
    try {
      const { narrowed, compiled } = this.#subscription;
      return await this.#run(event, narrowed ? await narrowed(scope.context) : compiled, scope.context);
    } finally {
      scope.end();
    }
  }

  async #run(
    event: SubgraphEvent,
    compiled: CompiledOperation,
    context: RequestContext,
  ): Promise<EngineResult> {
    const { source } = this.#subscription;
    const joins = compiled.subscription?.joins;
    const execution = newExecution(context, this.#variables);
    try {
      const result = await untilAborted(event.resolve(context), context.signal);
      takeRootResult(result, source, execution);
      if (result.data && joins) await joins(execution);
      return toResult(result.data ? compiled.complete(execution) : null, execution.errors.list);
    } catch (error) {
      return toResult(null, [fetchFailure(error, source.serviceName, undefined)]);
    }
  }
}

/** A result with `errors` only when there are any. */
export function toResult(
  data: EngineResult['data'] & (object | null),
  errors: readonly GraphQLError[],
): EngineResult {
  return errors.length ? { data, errors } : { data };
}
