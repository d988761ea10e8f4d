import { GraphQLError } from 'graphql';
import { canonicalJson } from '#kernel/canonical.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { untilAborted, untilEnded } from './abort.ts';
import type { CompiledOperation } from './compile-operation.ts';
import { fetchFailure, fromSubgraph } from './error-log.ts';
import { newExecution, type Execution } from './execution.ts';
import { takeRootResult } from './fetch.ts';
import type { EventObserver } from './observer.ts';
import {
  isStream,
  type EngineResult,
  type EngineStream,
  type EngineSubscriptionRequest,
  type OnRan,
  type StreamNotice,
  type SubgraphEvent,
  type SubgraphNotice,
  type SubgraphStream,
} from './types.ts';

type Variables = Readonly<Record<string, unknown>>;

/** A compiled subscription that is to run. */
export interface Subscription extends NonNullable<CompiledOperation['subscription']> {
  readonly compiled: CompiledOperation;
  readonly variables: Variables;
  /** The operation with what its caller may still see when an event comes; `null` when that cannot change. */
  readonly narrowed: ((context: RequestContext) => Promise<CompiledOperation>) | null;
}

/** Who looks on at the events of a stream. */
export interface StreamWatch {
  /** Told what each event made. */
  readonly onRan?: OnRan | undefined;
  readonly events?: EventObserver | undefined;
}

/** Starts the source of a subscription; a result instead of a stream means it was refused. */
export async function startSubscription(
  subscription: Subscription,
  request: EngineSubscriptionRequest,
  watch: StreamWatch = {},
): Promise<EventStream | EngineResult> {
  const outcome = await startSource(subscription, request.context);
  return isStream(outcome) ? new EventStream(outcome, subscription, request, watch) : outcome;
}

async function startSource(
  { source, variables }: Subscription,
  context: RequestContext,
): Promise<SubgraphStream | EngineResult> {
  try {
    const { signal } = context;
    signal.throwIfAborted();
    const outcome = await startWithin(
      source.executor.subscribe(source.request({ variables, context })),
      signal,
    );
    if (isStream(outcome)) return outcome;
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
export class EventStream implements EngineStream {
  readonly #request: EngineSubscriptionRequest;
  readonly #watch: StreamWatch;
  #source: SubgraphStream;
  #subscription: Subscription;
  #notices: StreamNotice[] = [];
  #failure: { readonly error: unknown } | undefined;
  #stopped = false;

  constructor(
    source: SubgraphStream,
    subscription: Subscription,
    request: EngineSubscriptionRequest,
    watch: StreamWatch,
  ) {
    this.#watch = watch;
    this.#source = source;
    this.#subscription = subscription;
    this.#request = request;
  }

  /**
   * @throws {GraphQLError} the source failed; `extensions.serviceName` says whose it was.
   * @throws {HubError} FORBIDDEN, UNAUTHENTICATED - the stream is kept from its caller by now; what `fail` was given.
   */
  async next(): Promise<IteratorResult<EngineResult, undefined>> {
    for (;;) {
      const notice = this.#notices.shift();
      if (notice) return { done: false, value: { data: null, notice } };
      const [source, subscription] = [this.#source, this.#subscription];
      const step = await this.#stepOf(source, subscription);
      if (step && !step.done) {
        const current = source === this.#source ? this.#subscription : subscription;
        return { done: false, value: await this.#taken(step.value, current) };
      }
      // A source that was exchanged ends; those who waited for it wait for the one that follows.
      if (source === this.#source) return this.#ended();
    }
  }

  async return(): Promise<IteratorResult<EngineResult, undefined>> {
    this.#stopped = true;
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

  /** Ends the stream with a reason, which its reader gets as a rejection. */
  async fail(error: unknown): Promise<void> {
    this.#failure ??= { error };
    await this.return();
  }

  /**
   * Goes on as another compilation of the same operation, over another graph. The source is kept where it is asked the same thing of
   * the same subgraph; otherwise the new one starts before the old one stops, and readers are told.
   *
   * @returns `restarted` may have lost events in between; errors say why it cannot go on, and end the stream.
   */
  async moveTo(
    subscription: Subscription,
  ): Promise<'kept' | 'restarted' | { errors: readonly GraphQLError[] }> {
    if (this.#asksTheSame(subscription)) {
      this.#subscription = subscription;
      return 'kept';
    }
    const outcome = await startSource(subscription, this.#request.context);
    if (!isStream(outcome)) return { errors: outcome.errors ?? [] };
    if (this.#stopped) {
      await outcome.return?.();
      return 'kept';
    }
    const { serviceName } = subscription.source;
    const before = this.#source;
    this.#source = outcome;
    this.#subscription = subscription;
    this.#notices.push({ state: 'resumed', reason: 'schema', serviceName, gap: true });
    // How it stops is no matter of the one that goes on.
    before.return?.().catch(() => {});
    return 'restarted';
  }

  #asksTheSame({ source, variables }: Subscription): boolean {
    const present = this.#subscription;
    const { context } = this.#request;
    if (present.source.executor !== source.executor) return false;
    const [before, after] = [present, { source, variables }].map((one) => {
      const request = one.source.request({ variables: one.variables, context });
      return canonicalJson([request.query, request.variables]);
    });
    return before === after;
  }

  #ended(): IteratorResult<EngineResult, undefined> {
    const { error } = this.#failure ?? {};
    if (!this.#failure) return { done: true, value: undefined };
    throw error;
  }

  /** @returns `null` when the source failed that has been exchanged meanwhile. */
  async #stepOf(
    source: SubgraphStream,
    subscription: Subscription,
  ): Promise<IteratorResult<SubgraphEvent | SubgraphNotice, unknown> | null> {
    try {
      return await source.next();
    } catch (error) {
      if (source !== this.#source) return null;
      throw fetchFailure(error, subscription.source.serviceName, undefined);
    }
  }

  /** @throws {HubError} the stream is kept from its caller by now. */
  async #taken(event: SubgraphEvent | SubgraphNotice, subscription: Subscription): Promise<EngineResult> {
    if ('notice' in event) return { data: null, notice: event.notice };
    const scope = this.#request.eventScope();
    const { context } = scope;
    const { events } = this.#watch;
    try {
      if (!events) return await this.#run(event, subscription, context);
      const told = { principal: context.principal, sourceTime: event.sourceTime ?? null };
      return await events.event(told, () => this.#run(event, subscription, context));
    } catch (error) {
      await this.return();
      throw error;
    } finally {
      scope.end();
    }
  }

  async #run(
    event: SubgraphEvent,
    { narrowed, source, variables, compiled: asStarted }: Subscription,
    context: RequestContext,
  ): Promise<EngineResult> {
    // What its caller may still see of it.
    const compiled = narrowed ? await narrowed(context) : asStarted;
    const joins = compiled.subscription?.joins;
    const execution = newExecution(context, variables);
    try {
      const result = await untilEnded(event.resolve(context), context);
      takeRootResult(result, source, execution);
      if (result.data && joins) await joins(execution);
      return this.#completed(execution, compiled, !result.data);
    } catch (error) {
      return toResult(null, [fetchFailure(error, source.serviceName, undefined)]);
    }
  }

  #completed(execution: Execution, compiled: CompiledOperation, isEmpty: boolean): EngineResult {
    const text = this.#request.asText && !isEmpty ? compiled.completeText(execution) : null;
    const data = isEmpty ? null : text === null ? compiled.complete(execution) : execution.data;
    const errors = execution.errors.list;
    const isRaw = text !== null;
    this.#watch.onRan?.({ data, isRaw, joined: execution.joined, failed: errors.length > 0 });
    return text === null ? toResult(data, errors) : { data, ...toTextResult(text, errors) };
  }
}

/** A result with `errors` only when there are any. */
export function toResult(
  data: EngineResult['data'] & (object | null),
  errors: readonly GraphQLError[],
): EngineResult {
  return errors.length ? { data, errors } : { data };
}

/** As `toResult`, with the data as JSON text. */
export function toTextResult(dataText: string, errors: readonly GraphQLError[]): EngineResult {
  return errors.length ? { dataText, errors } : { dataText };
}
