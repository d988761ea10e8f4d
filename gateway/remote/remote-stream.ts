import { randomInt } from 'node:crypto';
import { AsyncQueue } from '#kernel/async-queue.ts';
import type { Clock } from '#kernel/clock.ts';
import type { HubError } from '#kernel/errors.ts';
import type {
  StreamNotice,
  SubgraphEvent,
  SubgraphNotice,
  SubgraphResult,
  SubgraphStream,
} from '../engine/types.ts';
import { peerError } from './peer.ts';
import { readResult, type AnswerReader } from './read-answer.ts';
import type { SubgraphSocket } from './socket-peer.ts';
import { readStreamExtension, type UpstreamPosition } from './stream-extension.ts';

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
  /** How long a stream that has begun and lost its connection is tried to be taken up again, milliseconds. */
  readonly resubscribeForMs: number;
  /** Events that may wait for the reader. */
  readonly maxWaiting: number;
  /** Their size together, as they came. Bytes. */
  readonly maxWaitingBytes: number;
}

/**
 * Longest wait between two attempts; a connection that held for less is no reason to begin with short waits again.
 * Milliseconds.
 */
const maxWaitMs = 10_000;

/**
 * A subscription of a subgraph in another process.
 *
 * A stream whose connection breaks is taken up again, never silently: its reader gets a notice that it is interrupted and
 * another when events come again. Subgraphs whose events carry a position (`extensions.stream: {epoch, sequence}`, as this
 * gateway's do) are asked to resume from it and say what is gone; of others nobody can tell, so the notice says that
 * events may be missing.
 */
export function openRemoteStream(options: RemoteStreamOptions): SubgraphStream {
  return new RemoteStream(options).events;
}

class RemoteStream {
  readonly events: AsyncQueue<SubgraphEvent | SubgraphNotice>;
  readonly #options: RemoteStreamOptions;
  readonly #ended = new AbortController();
  #unsubscribe: () => void = () => {};
  #begun = false;
  /** Since when the connection of a stream that had begun is lost; epoch milliseconds. */
  #lostAt: number | null = null;
  #position: UpstreamPosition | null = null;
  /** Since when the connection holds; epoch milliseconds. */
  #connectedAt = 0;
  /** Attempts since it last held for long. */
  #attempts = 0;
  #waitingBytes = 0;

  constructor(options: RemoteStreamOptions) {
    this.#options = options;
    this.events = new AsyncQueue({
      capacity: options.maxWaiting,
      onStop: () => {
        this.#ended.abort();
        this.#unsubscribe();
      },
    });
    this.#subscribe();
  }

  #subscribe(): void {
    const socket = this.#options.socket();
    if (socket.connected) this.#connected();
    const stopListening = socket.client.on('connected', () => {
      stopListening();
      this.#connected();
    });
    const unsubscribe = socket.client.subscribe(this.#payload(), {
      next: (result) => this.#take(result, socket.messageBytes),
      complete: () => this.events.end(),
      error: (reason) => {
        stopListening();
        this.#failed(reason);
      },
    });
    this.#unsubscribe = () => {
      stopListening();
      unsubscribe();
    };
  }

  #payload(): RemoteStreamOptions['payload'] & { readonly extensions?: Record<string, unknown> } {
    const { payload } = this.#options;
    const resumeFrom = this.#position;
    return resumeFrom ? { ...payload, extensions: { stream: { resumeFrom } } } : payload;
  }

  #connected(): void {
    this.#begun = true;
    this.#connectedAt = this.#options.clock.now();
    if (this.#lostAt === null) return;
    this.#lostAt = null;
    this.#tell({ state: 'resumed', gap: this.#position === null });
  }

  #take(json: unknown, bytes: number): void {
    const result = readResult(json, this.#options.reader);
    if (!result)
      return this.events.end(this.#error('CONNECTOR_PROTOCOL', 'sent an event that is no result.'));
    const { position, notice } = readStreamExtension(json);
    this.#position = position ?? this.#position;
    if (notice) this.#tell(notice);
    else this.#push(this.#counted(result, bytes));
  }

  /** The event, whose size counts until it is taken. */
  #counted(result: SubgraphResult, bytes: number): SubgraphEvent {
    let waiting = bytes;
    this.#waitingBytes += bytes;
    return {
      resolve: () => {
        this.#waitingBytes -= waiting;
        waiting = 0;
        return Promise.resolve(result);
      },
    };
  }

  #tell(notice: Pick<StreamNotice, 'state' | 'gap'>): void {
    const serviceName = this.#options.reader.peer.name;
    this.#push({ notice: { reason: 'upstream', serviceName, ...notice } });
  }

  #push(event: SubgraphEvent | SubgraphNotice): void {
    this.events.push(event);
    const { maxWaiting, maxWaitingBytes } = this.#options;
    if (this.events.dropped) this.#tooFast('waitingEvents', maxWaiting);
    else if (this.#waitingBytes > maxWaitingBytes) this.#tooFast('waitingBytes', maxWaitingBytes);
  }

  #tooFast(limit: string, max: number): void {
    const what = 'sends faster than the gateway reads; events were lost.';
    this.events.end(this.#error('LIMIT_EXCEEDED', what, { limit, max }));
  }

  /** `reason` is what the subgraph said (a list of errors), how the connection closed, or an error of the client. */
  #failed(reason: unknown): void {
    if (Array.isArray(reason)) {
      const refused = readResult({ errors: reason }, this.#options.reader);
      if (refused) this.#push({ resolve: () => Promise.resolve(refused) });
      return this.events.end();
    }
    const lost = this.#begun && this.#lostAt === null;
    // One that ran and is refused now is asked once more, with the caller's present identity: the one before may be over.
    if ((isRefusal(reason) && !lost) || !this.#mayTryAgain()) return this.events.end(this.#lost(reason));
    if (lost) this.#interrupted();
    void this.#tryAgain();
  }

  #interrupted(): void {
    const now = this.#options.clock.now();
    this.#lostAt = now;
    if (now - this.#connectedAt >= maxWaitMs) this.#attempts = 0;
    this.#tell({ state: 'interrupted', gap: false });
  }

  async #tryAgain(): Promise<void> {
    const { retryWaitMs, clock } = this.#options;
    const waitMs = spread(Math.min(maxWaitMs, retryWaitMs * 2 ** this.#attempts));
    this.#attempts += 1;
    try {
      await clock.sleep(waitMs, this.#ended.signal);
      this.#subscribe();
    } catch (error) {
      // Without effect when it is because the reader has left.
      this.events.end(error);
    }
  }

  #mayTryAgain(): boolean {
    const { retries, resubscribeForMs, clock } = this.#options;
    if (!this.#begun) return this.#attempts < retries;
    return clock.now() - (this.#lostAt ?? clock.now()) < resubscribeForMs;
  }

  #lost(reason: unknown): HubError {
    const details = { reason: shown(reason) };
    if (isRefusal(reason))
      return this.#error('CONNECTOR_REFUSED', 'refused the subscription.', details, reason);
    const what = this.#begun
      ? 'broke off its events and did not come back: some may be missing. Read the present state and subscribe again.'
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

/** Half to all of it: streams that were lost together do not come back in one moment. */
function spread(ms: number): number {
  const half = Math.ceil(ms / 2);
  return half + randomInt(half + 1);
}

/**
 * Close codes 4400 to 4498 are the protocol's own: the same request would be refused again. 4499 is how our client ends a
 * connection that answers no pings.
 */
function isRefusal(reason: unknown): boolean {
  const code = closeCode(reason);
  return code !== undefined && code >= 4400 && code < 4499;
}

function closeCode(reason: unknown): number | undefined {
  const isEvent = reason !== null && typeof reason === 'object' && 'code' in reason;
  return isEvent && typeof reason.code === 'number' ? reason.code : undefined;
}

function shown(reason: unknown): string {
  const code = closeCode(reason);
  return code === undefined ? 'no connection' : `closed with ${code}`;
}
