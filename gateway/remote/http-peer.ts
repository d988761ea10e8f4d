import { Deadlines } from '#kernel/deadlines.ts';
import type { HubError } from '#kernel/errors.ts';
import { Circuit, type CircuitState } from './circuit.ts';
import { Connections, type Refusal } from './connections.ts';
import { Exchange, type ExchangePeer, type ExchangeState } from './exchange.ts';
import type { EndOfWaiting } from './end-of-waiting.ts';
import { brokenOff, noConnection, tooLate } from './http-failures.ts';
import type { RemotePeer } from './peer.ts';

/** Limits of one exchange with a subgraph. */
export interface HttpPeerOptions {
  /** From asking for a connection to the last byte of the answer, milliseconds. */
  readonly timeoutMs: number;
  /** Largest body that is taken, bytes. */
  readonly maxResponseBytes: number;
  /** Connections open at most; further requests wait for one of them. */
  readonly maxConnections: number;
  /** For connecting, milliseconds, kept to about half a second. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Failed attempts to connect in a row after which requests fail at once. @default 5 */
  readonly circuitFailures?: number;
  /** How long they do, before one connection is tried, milliseconds. @default 1_000 */
  readonly circuitOpenMs?: number;
}

export interface HttpPost {
  /** Names and values in turns, no name twice, names in lower case. */
  readonly headers: string[];
  readonly body: string;
  /** Ends the exchange when nobody waits for its answer any more. */
  readonly end: EndOfWaiting;
  /** Whether sending it twice does no harm. */
  readonly repeatable: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Media type in lower case without parameters; empty when there is none. */
  readonly mediaType: string;
  readonly body: Buffer;
}

/**
 * POSTs to one address over connections that are kept open.
 *
 * A server may close an idle connection just when the next request is written to it. A repeatable request is then sent
 * once more; any other goes over a connection of its own from the start, since nobody could tell whether it was taken.
 */
export class HttpPeer implements ExchangePeer {
  readonly path: string;
  readonly connections: Connections;
  readonly deadlines: Deadlines;
  readonly #peer: RemotePeer;
  readonly #options: HttpPeerOptions;
  readonly #circuit: Circuit;
  /** The media type that came last, as it stood in the header and as it is read. */
  #lastType: readonly [header: string | undefined, read: string] = [undefined, ''];

  constructor(peer: RemotePeer, options: HttpPeerOptions) {
    const { timeoutMs, maxResponseBytes, maxConnections, connectTimeoutMs = 10_000 } = options;
    this.#peer = peer;
    this.#options = options;
    this.path = peer.url.pathname + peer.url.search;
    this.deadlines = new Deadlines(timeoutMs);
    this.#circuit = new Circuit({
      failures: options.circuitFailures ?? 5,
      openMs: options.circuitOpenMs ?? 1_000,
      // Connecting tells sooner how it went.
      trialMs: connectTimeoutMs + 1_000,
    });
    this.connections = new Connections({
      origin: peer.url.origin,
      maxConnections,
      maxResponseBytes,
      connectTimeoutMs,
      circuit: this.#circuit,
    });
  }

  /** Whether the subgraph takes connections: `open` when it did not several times in a row. */
  get state(): CircuitState {
    return this.#circuit.state;
  }

  /**
   * @throws {HubError} CONNECTOR_UNREACHABLE - no connection, or it broke off; DEADLINE_EXCEEDED; LIMIT_EXCEEDED - the
   *   answer is too large; CANCELLED - `close` was called.
   * @throws the reason why nobody waits any more.
   */
  post(post: HttpPost): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => new Exchange(this, post, resolve, reject).start());
  }

  /** Ends what is under way, too. */
  async close(): Promise<void> {
    this.deadlines.close();
    await this.connections.close();
  }

  mediaTypeOf(header: string | undefined): string {
    if (header !== this.#lastType[0]) {
      const [mediaType = ''] = (header ?? '').split(';');
      this.#lastType = [header, mediaType.trim().toLowerCase()];
    }
    return this.#lastType[1];
  }

  answered(): void {
    this.#circuit.succeeded();
  }

  failed(error: unknown, state: ExchangeState): unknown {
    return brokenOff(this.#peer, error, state, this.#options.maxResponseBytes);
  }

  late(state: ExchangeState): HubError {
    return tooLate(this.#peer, state, this.#options);
  }

  refused(why: Refusal): HubError {
    return noConnection(this.#peer, why, this.#circuit.cause);
  }
}
