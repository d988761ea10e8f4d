import type { GraphQLSchema } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Adoption, EngineStats, FederationEngine } from '../engine/engine.ts';
import {
  isStream,
  type EngineRequest,
  type EngineResult,
  type EngineStream,
  type EngineSubscriptionRequest,
} from '../engine/types.ts';

/** What became of the streams that ran when the graph was exchanged. */
export type SwitchReport = Readonly<Record<Adoption, number>>;

/** How long the source of a moved stream may take to start, milliseconds. @default */
const defaultStartTimeoutMs = 30_000;

/** Streams that move on in one turn of the event loop: others get their turn in between. */
const movedAtATime = 50;

/**
 * An engine that can be exchanged while it works. What has begun is finished by the engine it began with; what comes
 * later goes to the new one, from one call to the next; running streams move on to it.
 */
export class EngineSwitch implements FederationEngine {
  #current: FederationEngine;
  readonly #streams = new Set<SwitchedStream>();
  /** The engine before, which may still finish what it has begun; counts of those before it are in `#retired`. */
  #before: FederationEngine | null = null;
  #retired: Omit<EngineStats, 'cached'> = { compiled: 0, fetches: {} };

  readonly #startTimeoutMs: number;

  constructor(first: FederationEngine, { startTimeoutMs = defaultStartTimeoutMs } = {}) {
    this.#current = first;
    this.#startTimeoutMs = startTimeoutMs;
  }

  get schema(): GraphQLSchema {
    return this.#current.schema;
  }

  get supergraphSdl(): string {
    return this.#current.supergraphSdl;
  }

  execute(request: EngineRequest): Promise<EngineResult> {
    return this.#current.execute(request);
  }

  async subscribe(request: EngineSubscriptionRequest): Promise<EngineStream | EngineResult> {
    const engine = this.#current;
    const outcome = await engine.subscribe(request);
    if (!isStream<EngineStream>(outcome)) return outcome;
    const stream = new SwitchedStream(outcome, request, engine, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    // The graph may have been exchanged while it started; what has become of the stream, its reader sees.
    await this.#move(stream);
    return stream;
  }

  adopt(stream: EngineStream, request: EngineSubscriptionRequest): Promise<Adoption> {
    return this.#current.adopt(stream, request);
  }

  end(stream: EngineStream, reason: unknown): Promise<void> {
    return this.#current.end(stream, reason);
  }

  /** Counts over all engines there have been. */
  stats(): EngineStats {
    const current = this.#current.stats();
    return { ...added(this.#finished(), current), cached: current.cached };
  }

  /** Exchanges the engine. Resolves when all running streams have moved on to it. */
  async to(next: FederationEngine): Promise<SwitchReport> {
    this.#retired = this.#finished();
    this.#before = this.#current;
    this.#current = next;
    const report = { kept: 0, restarted: 0, ended: 0 };
    const running = [...this.#streams];
    for (let from = 0; from < running.length; from += movedAtATime) {
      const part = running.slice(from, from + movedAtATime);
      const moved = await Promise.all(part.map((stream) => this.#move(stream)));
      for (const adoption of moved) report[adoption] += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return report;
  }

  /** Moves a stream to the present engine. Of the moves of one stream each waits for the one before. */
  #move(stream: SwitchedStream): Promise<Adoption> {
    stream.moving = stream.moving.then(async () => {
      if (stream.engine === this.#current || !this.#streams.has(stream)) return 'kept';
      stream.engine = this.#current;
      return this.#adoptInTime(stream);
    });
    return stream.moving;
  }

  /** One source that does not start must not keep the others, and the next exchange, waiting. */
  async #adoptInTime({ engine, stream, request }: SwitchedStream): Promise<Adoption> {
    const late = Promise.withResolvers<Adoption>();
    const timer = setTimeout(() => {
      const what = `The graph has changed, and the subscription did not start anew within ${this.#startTimeoutMs} ms.`;
      engine
        .end(stream, new HubError('DEADLINE_EXCEEDED', what))
        .finally(() => late.resolve('ended'))
        .catch(() => {});
    }, this.#startTimeoutMs);
    try {
      return await Promise.race([engine.adopt(stream, request), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #finished(): Omit<EngineStats, 'cached'> {
    return this.#before ? added(this.#retired, this.#before.stats()) : this.#retired;
  }
}

/** A stream that is known as long as it runs. */
class SwitchedStream implements EngineStream {
  readonly stream: EngineStream;
  readonly request: EngineSubscriptionRequest;
  /** The engine it runs in, or moves to. */
  engine: FederationEngine;
  /** Settles when it has moved. */
  moving: Promise<Adoption> = Promise.resolve('kept');
  readonly #onEnd: () => void;

  constructor(
    stream: EngineStream,
    request: EngineSubscriptionRequest,
    engine: FederationEngine,
    onEnd: () => void,
  ) {
    this.stream = stream;
    this.request = request;
    this.engine = engine;
    this.#onEnd = onEnd;
  }

  async next(): Promise<IteratorResult<EngineResult, undefined>> {
    try {
      const step = await this.stream.next();
      if (step.done) this.#onEnd();
      return step;
    } catch (error) {
      this.#onEnd();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<EngineResult, undefined>> {
    this.#onEnd();
    return (await this.stream.return?.()) ?? { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<EngineResult, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function added(
  one: Omit<EngineStats, 'cached'>,
  other: Omit<EngineStats, 'cached'>,
): Omit<EngineStats, 'cached'> {
  const fetches = { ...one.fetches };
  for (const [name, count] of Object.entries(other.fetches)) fetches[name] = (fetches[name] ?? 0) + count;
  return { compiled: one.compiled + other.compiled, fetches };
}
