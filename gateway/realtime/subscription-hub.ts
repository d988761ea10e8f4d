import { canonicalJson } from '#kernel/canonical.ts';
import type { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { limitExceeded } from '../limits.ts';
import { presentError } from '../present-error.ts';
import type { Telemetry } from '../telemetry/index.ts';
import { coalesceKeyOf, type CoalesceRules } from './coalesce-key.ts';
import { ReaderCharges } from './reader-charges.ts';
import { Quota } from './quota.ts';
import type { Consumer } from './reader.ts';
import { SharedStream, type StreamDeps, type SubscriptionRequest } from './shared-stream.ts';

export interface HubDeps extends StreamDeps {
  /** Of the graph as it is now. */
  readonly coalesce: () => CoalesceRules;
  readonly telemetry?: Telemetry | undefined;
  /** Subscriptions a tenant may run at a time. */
  readonly maxSubscriptionsPerTenant: number;
}

/** Counters of the hub. */
export interface HubStats {
  readonly upstreams: number;
  readonly consumers: number;
  readonly subscriptionsByTenant: ReadonlyMap<string, number>;
  /** Events completed since the start. */
  readonly events: number;
  /** Readers that were cut off because they read too slowly. */
  readonly slowConsumers: number;
}

/** A reader's place in a stream. */
export interface Joined {
  /** Settles when the source runs, or has been refused and the reader has been told. */
  readonly started: Promise<void>;
  /**
   * Takes the reader out. The last one out stops the source, at once or, when its connection was lost, after the time
   * it has to come back.
   */
  leave(options?: { lost?: boolean }): void;
}

/**
 * Runs one upstream subscription per operation, variables and authorisation scope, completes and serialises each event
 * once, and hands it to everybody who listens.
 */
export class SubscriptionHub {
  readonly #deps: HubDeps;
  readonly #streams = new Map<string, SharedStream>();
  readonly #charges = new WeakMap<SharedStream, ReaderCharges>();
  readonly #quota: Quota;
  readonly #counters = { events: 0, slowConsumers: 0 };

  constructor(deps: HubDeps) {
    this.#deps = deps;
    this.#quota = new Quota(deps.maxSubscriptionsPerTenant);
  }

  /** Adds a reader; what follows reaches it through its methods. */
  join(request: SubscriptionRequest, consumer: Consumer): Joined {
    const key = this.#keyOf(request);
    const running = this.#streams.get(key);
    try {
      if (running) this.#chargeFurther(running, request, consumer);
    } catch (error) {
      return this.#refuse(consumer, request.principal, error);
    }
    // Who comes back takes the place they had.
    running?.endLingering();
    const giveBack = this.#quota.take(request.principal.tenant) ?? this.#placeOfLost(request.principal);
    if (!giveBack) return this.#refuse(consumer, request.principal, this.#tooMany());
    const stream = this.#streamFor(key, request);
    stream.add(consumer, request, giveBack);
    return { started: stream.started, leave: (options) => stream.remove(consumer, options) };
  }

  /** Ends all sources; for the end of the hub, after its connections. */
  close(): void {
    for (const stream of [...this.#streams.values()]) stream.close();
  }

  stats(): HubStats {
    const streams = [...this.#streams.values()];
    return {
      upstreams: streams.length,
      consumers: streams.reduce((sum, { size }) => sum + size, 0),
      subscriptionsByTenant: this.#quota.held,
      ...this.#counters,
    };
  }

  #keyOf({ query, operationName, variables, principal }: SubscriptionRequest): string {
    return canonicalJson([query, operationName, variables ?? {}, this.#deps.scopeKey(principal)]);
  }

  /** A place for a reader who is here instead of one of the tenant who may come back: the stream that is oldest ends. */
  #placeOfLost({ tenant }: Principal): (() => void) | null {
    const lost = [...this.#streams.values()].find(({ lingersFor }) => lingersFor === tenant);
    lost?.close();
    return lost ? this.#quota.take(tenant) : null;
  }

  #streamFor(key: string, request: SubscriptionRequest): SharedStream {
    const { operationName, document } = request;
    const running = this.#streams.get(key);
    if (running) return running;
    const forget = () => this.#streams.get(key) === stream && this.#streams.delete(key);
    const keyOf = coalesceKeyOf(document, operationName, this.#deps.coalesce());
    const charges = new ReaderCharges(request.onPlanned);
    const charged = { ...request, onPlanned: charges.onPlanned };
    const stream = new SharedStream(charged, this.#deps, keyOf, this.#counters, forget);
    this.#charges.set(stream, charges);
    this.#streams.set(key, stream);
    return stream;
  }

  /** @throws {HubError} RATE_LIMITED, LIMIT_EXCEEDED */
  #chargeFurther(stream: SharedStream, request: SubscriptionRequest, consumer: Consumer): void {
    this.#charges.get(stream)?.add(request.onPlanned, (error) => {
      if (stream.expel(consumer)) this.#refuse(consumer, request.principal, error);
    });
  }

  #tooMany(): HubError {
    const { max } = this.#quota;
    return limitExceeded(
      'subscriptionsPerTenant',
      max,
      `Your tenant runs ${max} subscriptions already, the most it may.`,
    );
  }

  #refuse(consumer: Consumer, { tenant }: Principal, error: unknown): Joined {
    const { log, newId, telemetry } = this.#deps;
    const presented = [presentError(error, { log, requestId: newId() })];
    telemetry?.refused(presented, tenant, 'subscription');
    consumer.error(presented);
    return { started: Promise.resolve(), leave() {} };
  }
}
