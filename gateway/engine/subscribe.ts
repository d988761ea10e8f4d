import { GraphQLError } from 'graphql';
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

type Subscription = NonNullable<CompiledOperation['subscription']>;
type Variables = Readonly<Record<string, unknown>>;

/** Starts the source of a subscription; a result instead of a stream means it was refused. */
export async function startSubscription(
  compiled: CompiledOperation,
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
    if (isStream(outcome)) return new EventStream(outcome, compiled, subscription, variables, request);
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
  readonly #compiled: CompiledOperation;
  readonly #subscription: Subscription;
  readonly #variables: Variables;
  readonly #request: EngineSubscriptionRequest;

  constructor(
    source: SubgraphStream,
    compiled: CompiledOperation,
    subscription: Subscription,
    variables: Variables,
    request: EngineSubscriptionRequest,
  ) {
    this.#source = source;
    this.#compiled = compiled;
    this.#subscription = subscription;
    this.#variables = variables;
    this.#request = request;
  }

  /** @throws {GraphQLError} the source failed; `extensions.serviceName` says whose it was. */
  async next(): Promise<IteratorResult<EngineResult, undefined>> {
    const step = await this.#source.next().catch((error: unknown) => {
      throw fetchFailure(error, this.#subscription.source.serviceName, undefined);
    });
    if (step.done) return { done: true, value: undefined };
    return { done: false, value: await this.#complete(step.value) };
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

  async #complete(event: SubgraphEvent): Promise<EngineResult> {
    const { source, joins } = this.#subscription;
    const scope = this.#request.eventScope();
    const execution = newExecution(scope.context, this.#variables);
    try {
      const result = await untilAborted(event.resolve(scope.context), scope.context.signal);
      takeRootResult(result, source, execution);
      if (result.data && joins) await joins(execution);
      return toResult(result.data ? this.#compiled.complete(execution) : null, execution.errors.list);
    } catch (error) {
      return toResult(null, [fetchFailure(error, source.serviceName, undefined)]);
    } finally {
      scope.end();
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
