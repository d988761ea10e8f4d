import { GraphQLError, type DocumentNode } from 'graphql';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import type { NewScope } from '../context.ts';
import type { FederationEngine } from '../engine/engine.ts';
import {
  isStream,
  type EngineRequest,
  type EngineResult,
  type EngineStream,
  type EventScope,
} from '../engine/types.ts';
import { limitExceeded } from '../limits.ts';
import { presentError } from '../present-error.ts';
import type { KeyOf } from './coalesce-key.ts';
import type { EntityBatcher } from './entity-batcher.ts';
import { EventScopes } from './event-scopes.ts';
import { Reader, type Consumer } from './reader.ts';
import { Retention, type RetentionBudget, type RetentionLimits } from './retention.ts';
import {
  encodeEvent,
  gapPayload,
  noticeEvent,
  type EncodedResult,
  type StreamEvent,
} from './stream-event.ts';
import type { StreamPosition } from './stream-position.ts';

/** A validated subscription and who asks for it. */
export interface SubscriptionRequest {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly principal: Principal;
  /** The last event the reader has; what follows it is replayed as far as it is kept. */
  readonly resumeFrom?: StreamPosition | null;
  /** See EngineRequest. */
  readonly onPlanned?: EngineRequest['onPlanned'];
}

export interface StreamDeps {
  readonly engine: FederationEngine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly newScope: NewScope;
  /** Two principals with the same text may share one stream. */
  readonly scopeKey: (principal: Principal) => string;
  /** Joins the entity lookups of events that arrive together. @default each event asks for itself */
  readonly batcher?: EntityBatcher | undefined;
  readonly startTimeoutMs: number;
  readonly maxBufferedBytes: number;
  readonly retention: RetentionLimits;
  /** What the streams of a tenant keep together. */
  readonly retentionBudgetOf: (tenant: string) => RetentionBudget;
  /** How long a source goes on after its last reader's connection was lost, so that the reader can resume; ms. */
  readonly lingerMs: number;
}

/** Counters that all streams share. */
export interface StreamCounters {
  events: number;
  slowConsumers: number;
}

/** Results asked of the source at a time: events that arrive together are completed together. */
const resultsAhead = 4;

/** Between two looks whether a reader that lags behind takes more, ms. */
const lagLookMs = 50;

/** One upstream and its readers. Each event is completed and serialised once. */
export class SharedStream {
  /** Settles when the source runs, or has been refused and the readers have been told. */
  readonly started: Promise<void>;
  readonly #request: SubscriptionRequest;
  readonly #deps: StreamDeps;
  readonly #keyOf: KeyOf;
  readonly #counters: StreamCounters;
  readonly #forget: () => void;
  readonly #epoch: string;
  readonly #retention: Retention;
  readonly #readers = new Map<Consumer, Reader>();
  readonly #stopped = new AbortController();
  readonly #scopes: EventScopes;
  #sequence = 0;
  #principal: Principal;
  #scopeKey: string;
  #source: EngineStream | undefined;
  #watchesLag = false;
  /** Set while the source is lost: whoever joins meanwhile is told, too. */
  #interrupted: StreamEvent | null = null;
  #lingering: { readonly end: AbortController; readonly giveBack: () => void } | undefined;

  /** @param forget - called when nobody can join any more. */
  constructor(
    request: SubscriptionRequest,
    deps: StreamDeps,
    keyOf: KeyOf,
    counters: StreamCounters,
    forget: () => void,
  ) {
    this.#request = request;
    this.#deps = deps;
    this.#keyOf = keyOf;
    this.#counters = counters;
    this.#forget = () => {
      this.#retention.close();
      forget();
    };
    this.#epoch = deps.newId();
    this.#retention = new Retention(deps.retention, deps.retentionBudgetOf(request.principal.tenant));
    this.#principal = request.principal;
    this.#scopeKey = deps.scopeKey(request.principal);
    this.#scopes = new EventScopes(deps.newScope, deps.batcher);
    this.started = this.#start();
  }

  get size(): number {
    return this.#readers.size;
  }

  /** The tenant whose place it holds while it waits for its last reader to come back, else `null`. */
  get lingersFor(): string | null {
    return this.#lingering ? this.#principal.tenant : null;
  }

  /** Gives the place of the lost reader back, for a reader that is added now. */
  endLingering(): void {
    this.#lingering?.end.abort();
    this.#lingering?.giveBack();
    this.#lingering = undefined;
  }

  /** @param onGone - called once the reader has left or its stream has ended. */
  add(consumer: Consumer, { principal, resumeFrom }: SubscriptionRequest, onGone: () => void): void {
    this.endLingering();
    const reader = new Reader(consumer, this.#deps.maxBufferedBytes, onGone);
    this.#readers.set(consumer, reader);
    // They are equal but for the end of their sign-in: the source must not die with the token of the first.
    if (principal.expiresAt > this.#principal.expiresAt) {
      this.#principal = principal;
      this.#scopeKey = this.#deps.scopeKey(principal);
    }
    if (resumeFrom) this.#replay(reader, resumeFrom);
    else if (this.#interrupted) reader.take(this.#interrupted);
  }

  /** Takes a reader out that was refused after all. @returns whether it was still there. */
  expel(consumer: Consumer): boolean {
    const isHere = this.#readers.has(consumer);
    this.remove(consumer);
    return isHere;
  }

  /** @param lost - its connection broke: it may come back for what it misses. */
  remove(consumer: Consumer, { lost = false } = {}): void {
    const reader = this.#readers.get(consumer);
    if (!reader) return;
    this.#readers.delete(consumer);
    const lingers = !this.#readers.size && lost && this.#source && this.#deps.lingerMs > 0;
    // Its source goes on, so it counts: who connects and hangs up again and again must not have any number of them.
    if (lingers) return void this.#linger(this.#deps.lingerMs, reader.onGone);
    reader.onGone();
    if (!this.#readers.size) this.#stop();
  }

  /** Stops the source, whoever reads or may come back. Readers are told by their connections. */
  close(): void {
    this.#takeAll();
    this.#stop();
  }

  #replay(reader: Reader, { epoch, sequence }: StreamPosition): void {
    const known = epoch === this.#epoch && sequence <= this.#sequence;
    const { events, gone } = known
      ? this.#retention.after(sequence, this.#sequence)
      : { events: [], gone: { from: null, to: null } };
    if (gone) {
      const at = { epoch: this.#epoch, sequence: gone.to ?? this.#sequence };
      reader.consumer.next(gapPayload(at.epoch, at.sequence, gone), at);
    }
    for (const event of events) if (!reader.take(event)) return this.#cutOff(reader);
    if (reader.lags) void this.#watchLag();
  }

  async #linger(ms: number, giveBack: () => void): Promise<void> {
    const end = new AbortController();
    this.#lingering = { end, giveBack };
    await this.#deps.clock.sleep(ms, end.signal).catch(() => {});
    if (!end.signal.aborted) this.close();
  }

  async #start(): Promise<void> {
    const starting = new AbortController();
    const { clock, engine, startTimeoutMs } = this.#deps;
    const onTimeout = () =>
      this.#abort(
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
      onPlanned: this.#request.onPlanned,
      asText: true,
      eventScope: () => this.#eventScope(),
    });
    starting.abort();
    if (!isStream<EngineStream>(outcome)) return this.#refused(outcome, context.requestId);
    this.#source = outcome;
    if (this.#stopped.signal.aborted) this.#stop();
    else void this.#pump(outcome);
  }

  #eventScope(): EventScope {
    const options = { principal: this.#principal, requestId: this.#deps.newId() };
    return this.#scopes.open(options, this.#scopeKey);
  }

  #abort(reason: HubError): void {
    this.#stopped.abort(reason);
    this.#scopes.end(reason);
  }

  #refused(outcome: EngineResult, requestId: string): void {
    this.#forget();
    const errors = outcome.errors?.length
      ? outcome.errors
      : [new HubError('INTERNAL', 'The subscription did not start.')];
    this.#endAll(errors, requestId);
  }

  async #pump(source: EngineStream): Promise<void> {
    const ahead: Promise<IteratorResult<EngineResult, undefined>>[] = [];
    const ask = () => {
      const asked = source.next();
      // Whoever awaits it gets the failure; one behind the end of the stream is awaited by nobody.
      asked.catch(() => {});
      ahead.push(asked);
    };
    try {
      for (let i = 0; i < resultsAhead; i += 1) ask();
      for (let step = await ahead.shift(); step && !step.done; step = await ahead.shift()) {
        ask();
        this.#broadcast(step.value);
      }
      this.#forget();
      for (const { consumer } of this.#takeAll()) consumer.complete();
    } catch (error) {
      this.#forget();
      this.#endAll([error], this.#deps.newId());
    }
  }

  #broadcast(result: EngineResult): void {
    this.#counters.events += 1;
    this.#sequence += 1;
    const position = { epoch: this.#epoch, sequence: this.#sequence };
    const event = result.notice ? noticeEvent(result.notice, position) : this.#encoded(result, position);
    if (result.notice) this.#interrupted = result.notice.state === 'interrupted' ? event : null;
    this.#retention.add(event);
    for (const reader of this.#readers.values()) {
      if (!reader.take(event)) this.#cutOff(reader);
      else if (reader.lags) void this.#watchLag();
    }
  }

  #encoded(result: EngineResult, position: StreamPosition): StreamEvent {
    const key = result.errors ? null : this.#keyOf(result.data);
    return encodeEvent(this.#presented(result), position, key);
  }

  #presented({ data, dataText, errors }: EngineResult): EncodedResult {
    if (!errors) return dataText === undefined ? { data } : { dataText };
    const options = { log: this.#deps.log, requestId: this.#deps.newId() };
    const presented = errors.map((error) => presentError(error, options));
    return dataText === undefined ? { errors: presented, data } : { errors: presented, dataText };
  }

  /** Readers that lag behind get the latest values as soon as their connections take them. */
  async #watchLag(): Promise<void> {
    if (this.#watchesLag) return;
    this.#watchesLag = true;
    const lagging = () => [...this.#readers.values()].filter(({ lags }) => lags);
    for (let readers = lagging(); readers.length; readers = lagging()) {
      await this.#deps.clock.sleep(lagLookMs);
      for (const reader of readers) if (this.#readers.has(reader.consumer)) reader.catchUp();
    }
    this.#watchesLag = false;
  }

  #cutOff({ consumer }: Reader): void {
    this.#counters.slowConsumers += 1;
    const max = this.#deps.maxBufferedBytes;
    const reason = limitExceeded(
      'bufferedBytes',
      max,
      `You read too slowly: more than ${max} bytes wait for you. Subscribe again and resume from the last event you have, or read the present state first.`,
    );
    consumer.error([presentError(reason, { log: this.#deps.log, requestId: this.#deps.newId() })]);
    this.remove(consumer, { lost: true });
  }

  #endAll(errors: readonly unknown[], requestId: string): void {
    const presented = errors.map((error) =>
      presentError(error instanceof Error ? error : new GraphQLError(String(error)), {
        log: this.#deps.log,
        requestId,
      }),
    );
    for (const { consumer } of this.#takeAll()) consumer.error(presented);
  }

  #takeAll(): Reader[] {
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    this.endLingering();
    for (const { onGone } of readers) onGone();
    return readers;
  }

  #stop(): void {
    this.#forget();
    this.#abort(new HubError('CANCELLED', 'Nobody listens any more.'));
    this.#source
      ?.return?.()
      .catch((error: unknown) => this.#deps.log.warn('A subscription did not stop cleanly', { error }));
  }
}
