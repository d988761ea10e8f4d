import { GraphQLError, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import type { NewScope, RequestScope } from '../context.ts';
import type { FederationEngine } from '../engine/engine.ts';
import { isStream, type EngineResult, type EngineStream } from '../engine/types.ts';
import { limitExceeded } from '../limits.ts';
import { presentError } from '../present-error.ts';

/** One reader of a stream: one operation on one connection. Its methods must not throw. */
export interface Consumer {
  /** Bytes that wait to be sent to it. */
  readonly bufferedBytes: number;
  /** One result, as JSON in UTF-8. The buffer is shared with other consumers. */
  next(payload: Buffer): void;
  /** The stream ends for a reason. Nothing follows. */
  error(errors: readonly GraphQLFormattedError[]): void;
  /** The stream ends because its source did. Nothing follows. */
  complete(): void;
}

/** A validated subscription and who asks for it. */
export interface SubscriptionRequest {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly principal: Principal;
}

export interface HubDeps {
  readonly engine: FederationEngine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly newScope: NewScope;
  /** Two principals with the same text may share one stream. */
  readonly scopeKey: (principal: Principal) => string;
  readonly startTimeoutMs: number;
  readonly maxBufferedBytes: number;
}

/** Counters of the hub. */
export interface HubStats {
  readonly upstreams: number;
  readonly consumers: number;
  /** Events completed since the start. */
  readonly events: number;
  /** Readers that were cut off because they read too slowly. */
  readonly slowConsumers: number;
}

/**
 * Runs one upstream subscription per operation, variables and authorisation scope, completes and serialises each event
 * once, and hands it to everybody who listens.
 */
export class SubscriptionHub {
  readonly #deps: HubDeps;
  readonly #streams = new Map<string, SharedStream>();
  readonly #counters = { events: 0, slowConsumers: 0 };

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  /**
   * Adds a reader; what follows reaches it through its methods.
   * @returns a function that takes it out again. The last one out stops the source.
   */
  join(request: SubscriptionRequest, consumer: Consumer): { readonly started: Promise<void>; leave(): void } {
    const { query, operationName, variables, principal } = request;
    const key = canonicalJson([query, operationName, variables ?? {}, this.#deps.scopeKey(principal)]);
    let stream = this.#streams.get(key);
    if (!stream) {
      const forget = () => this.#streams.get(key) === stream && this.#streams.delete(key);
      stream = new SharedStream(request, this.#deps, this.#counters, forget);
      this.#streams.set(key, stream);
    }
    const joined = stream;
    joined.add(consumer, principal);
    return { started: joined.started, leave: () => joined.remove(consumer) };
  }

  stats(): HubStats {
    const streams = [...this.#streams.values()];
    return {
      upstreams: streams.length,
      consumers: streams.reduce((sum, { size }) => sum + size, 0),
      ...this.#counters,
    };
  }
}

/** One upstream and its readers. */
class SharedStream {
  /** Settles when the source runs, or has been refused and the readers have been told. */
  readonly started: Promise<void>;
  readonly #request: SubscriptionRequest;
  readonly #deps: HubDeps;
  readonly #counters: { events: number; slowConsumers: number };
  readonly #forget: () => void;
  readonly #consumers = new Map<Consumer, Principal>();
  readonly #stopped = new AbortController();
  #principal: Principal;
  #source: EngineStream | undefined;

  constructor(
    request: SubscriptionRequest,
    deps: HubDeps,
    counters: { events: number; slowConsumers: number },
    forget: () => void,
  ) {
    this.#request = request;
    this.#deps = deps;
    this.#counters = counters;
    this.#forget = forget;
    this.#principal = request.principal;
    this.started = this.#start();
  }

  get size(): number {
    return this.#consumers.size;
  }

  add(consumer: Consumer, principal: Principal): void {
    this.#consumers.set(consumer, principal);
    // They are equal but for the end of their sign-in: the source must not die with the token of the first.
    if (principal.expiresAt > this.#principal.expiresAt) this.#principal = principal;
  }

  remove(consumer: Consumer): void {
    if (this.#consumers.delete(consumer) && !this.#consumers.size) this.#stop();
  }

  async #start(): Promise<void> {
    const starting = new AbortController();
    const { clock, engine, startTimeoutMs } = this.#deps;
    const onTimeout = () =>
      this.#stopped.abort(
        new HubError('DEADLINE_EXCEEDED', `The subscription did not start within ${startTimeoutMs} ms.`),
      );
    clock.sleep(startTimeoutMs, starting.signal).then(onTimeout, () => {});
    const { document, operationName, variables } = this.#request;
    const context = {
      principal: this.#principal,
      requestId: this.#deps.newId(),
      signal: this.#stopped.signal,
    };
    const outcome = await engine.subscribe({
      document,
      operationName,
      variables,
      context,
      eventScope: () => this.#eventScope(),
    });
    starting.abort();
    if (!isStream<EngineStream>(outcome)) return this.#refused(outcome, context.requestId);
    this.#source = outcome;
    if (this.#stopped.signal.aborted) this.#stop();
    else void this.#pump(outcome);
  }

  #eventScope(): RequestScope {
    return this.#deps.newScope({
      principal: this.#principal,
      caller: this.#stopped.signal,
      requestId: this.#deps.newId(),
    });
  }

  #refused(outcome: EngineResult, requestId: string): void {
    this.#forget();
    const errors = outcome.errors?.length
      ? outcome.errors
      : [new HubError('INTERNAL', 'The subscription did not start.')];
    this.#endAll(errors, requestId);
  }

  async #pump(source: EngineStream): Promise<void> {
    try {
      for (let step = await source.next(); !step.done; step = await source.next())
        this.#broadcast(step.value);
      this.#forget();
      for (const consumer of this.#takeAll()) consumer.complete();
    } catch (error) {
      this.#forget();
      this.#endAll([error], this.#deps.newId());
    }
  }

  #broadcast(result: EngineResult): void {
    this.#counters.events += 1;
    const payload = Buffer.from(JSON.stringify(this.#presented(result)));
    for (const consumer of [...this.#consumers.keys()]) {
      if (consumer.bufferedBytes > this.#deps.maxBufferedBytes) this.#cutOff(consumer);
      else consumer.next(payload);
    }
  }

  #presented({ data, errors }: EngineResult): { data?: unknown; errors?: readonly GraphQLFormattedError[] } {
    if (!errors) return { data };
    const options = { log: this.#deps.log, requestId: this.#deps.newId() };
    return { errors: errors.map((error) => presentError(error, options)), data };
  }

  #cutOff(consumer: Consumer): void {
    this.#counters.slowConsumers += 1;
    const max = this.#deps.maxBufferedBytes;
    const reason = limitExceeded(
      'bufferedBytes',
      max,
      `You read too slowly: more than ${max} bytes wait for you. Subscribe again and read the present state first.`,
    );
    consumer.error([presentError(reason, { log: this.#deps.log, requestId: this.#deps.newId() })]);
    this.remove(consumer);
  }

  #endAll(errors: readonly unknown[], requestId: string): void {
    const presented = errors.map((error) =>
      presentError(error instanceof Error ? error : new GraphQLError(String(error)), {
        log: this.#deps.log,
        requestId,
      }),
    );
    for (const consumer of this.#takeAll()) consumer.error(presented);
  }

  #takeAll(): Consumer[] {
    const consumers = [...this.#consumers.keys()];
    this.#consumers.clear();
    return consumers;
  }

  #stop(): void {
    this.#forget();
    this.#stopped.abort(new HubError('CANCELLED', 'Nobody listens any more.'));
    this.#source
      ?.return?.()
      .catch((error: unknown) => this.#deps.log.warn('A subscription did not stop cleanly', { error }));
  }
}
