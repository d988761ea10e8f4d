import { AsyncQueue } from '#kernel/async-queue.ts';
import type { Clock } from '#kernel/clock.ts';
import type { HubError } from '#kernel/errors.ts';
import type { SubgraphEvent, SubgraphResult, SubgraphStream } from '../engine/types.ts';
import { peerError } from './peer.ts';
import { readResult, type AnswerReader } from './read-answer.ts';
import type { SubgraphSocket } from './socket-peer.ts';

/** What a stream needs to start and to try again. */
export interface RemoteStreamOptions {
  readonly payload: { readonly query: string; readonly variables: Record<string, unknown> };
  readonly reader: AnswerReader;
  readonly clock: Clock;
  /** A connection to subscribe over; asked again for each attempt. */
  readonly socket: () => SubgraphSocket;
  /** Further attempts to connect before the stream begins. */
  readonly retries: number;
  /** Wait before the first further attempt, doubled for each after it, milliseconds. */
  readonly retryWaitMs: number;
  /** Events that may wait for the reader. */
  readonly maxWaiting: number;
}

/**
 * A subscription of a subgraph in another process.
 *
 * Connecting is tried again; a stream that has begun is not taken up again by itself when its connection breaks, since
 * nobody could tell what was missed: it ends with CONNECTOR_UNREACHABLE, and whoever reads it reads the present state
 * and subscribes again.
 */
export function openRemoteStream(options: RemoteStreamOptions): SubgraphStream {
  return new RemoteStream(options).events;
}

class RemoteStream {
  readonly events: AsyncQueue<SubgraphEvent>;
  readonly #options: RemoteStreamOptions;
  readonly #ended = new AbortController();
  #unsubscribe: () => void = () => {};
  #begun = false;

  constructor(options: RemoteStreamOptions) {
    this.#options = options;
    this.events = new AsyncQueue<SubgraphEvent>({
      capacity: options.maxWaiting,
      onStop: () => {
        this.#ended.abort();
        this.#unsubscribe();
      },
    });
    this.#subscribe(0);
  }

  #subscribe(attempt: number): void {
    const socket = this.#options.socket();
    this.#begun = socket.connected;
    const stopListening = socket.client.on('connected', () => {
      this.#begun = true;
      stopListening();
    });
    const unsubscribe = socket.client.subscribe(this.#options.payload, {
      next: (result) => this.#take(result),
      complete: () => this.events.end(),
      error: (reason) => {
        stopListening();
        this.#failed(reason, attempt);
      },
    });
    this.#unsubscribe = () => {
      stopListening();
      unsubscribe();
    };
  }

  #take(json: unknown): void {
    const result = readResult(json, this.#options.reader);
    if (!result)
      return this.events.end(this.#error('CONNECTOR_PROTOCOL', 'sent an event that is no result.'));
    this.#push(result);
    if (this.events.dropped)
      this.events.end(
        this.#error('LIMIT_EXCEEDED', `sends faster than the gateway reads; events were lost.`, {
          limit: 'waitingEvents',
          max: this.#options.maxWaiting,
        }),
      );
  }

  #push(result: SubgraphResult): void {
    this.events.push({ resolve: () => Promise.resolve(result) });
  }

  /** `reason` is what the subgraph said (a list of errors), how the connection closed, or an error of the client. */
  #failed(reason: unknown, attempt: number): void {
    if (Array.isArray(reason)) {
      const refused = readResult({ errors: reason }, this.#options.reader);
      if (refused) this.#push(refused);
      return this.events.end();
    }
    const { retries, retryWaitMs, clock } = this.#options;
    if (this.#begun || isRefusal(reason) || attempt >= retries) return this.events.end(this.#lost(reason));
    clock.sleep(retryWaitMs * 2 ** attempt, this.#ended.signal).then(
      () => this.#subscribe(attempt + 1),
      () => {},
    );
  }

  #lost(reason: unknown): HubError {
    const details = { reason: shown(reason) };
    if (isRefusal(reason))
      return this.#error('CONNECTOR_REFUSED', 'refused the subscription.', details, reason);
    const what = this.#begun
      ? 'broke off its events: some may be missing. Read the present state and subscribe again.'
      : 'takes no subscriptions at present.';
    return this.#error('CONNECTOR_UNREACHABLE', what, details, reason);
  }

  #error(
    code: Parameters<typeof peerError>[1],
    what: string,
    details: Record<string, unknown> = {},
    cause?: unknown,
  ): HubError {
    return peerError(this.#options.reader.peer, code, what, { details, cause });
  }
}

/** Close codes 4400 to 4499 are the protocol's own: the same request would be refused again. */
function isRefusal(reason: unknown): boolean {
  const code = closeCode(reason);
  return code !== undefined && code >= 4400 && code < 4500;
}

function closeCode(reason: unknown): number | undefined {
  const isEvent = reason !== null && typeof reason === 'object' && 'code' in reason;
  return isEvent && typeof reason.code === 'number' ? reason.code : undefined;
}

function shown(reason: unknown): string {
  const code = closeCode(reason);
  return code === undefined ? 'no connection' : `closed with ${code}`;
}
