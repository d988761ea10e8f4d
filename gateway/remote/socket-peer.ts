import { createClient, type Client } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { HubError } from '#kernel/errors.ts';

/** How connections for subscriptions are kept. */
export interface SocketPeerOptions {
  /** Largest message that is taken, bytes. */
  readonly maxMessageBytes: number;
  /** For connecting and for the acknowledgement, milliseconds. */
  readonly connectTimeoutMs: number;
  /** Time between two pings; one without its pong until the next is due ends the connection. Milliseconds. */
  readonly pingMs: number;
  /** How long a connection without subscriptions stays open, milliseconds. */
  readonly idleMs: number;
  /** Connections at most: subscriptions of callers who are told apart have one each. @default 1_024 */
  readonly maxConnections?: number;
}

/** How long the other end has to say goodbye, milliseconds. */
const closeWithinMs = 1_000;

/** What may wait to be sent; what the gateway has to say is short, so a subgraph that takes less does not read. Bytes. */
const maxUnsentBytes = 4 * 1024 * 1024;

/** One connection (graphql-transport-ws) that carries any number of subscriptions. Opened when needed. */
export interface SubgraphSocket {
  readonly client: Client;
  /** Whether the subgraph has acknowledged the connection and it is still open. */
  readonly connected: boolean;
  /** Size of the message that is being delivered, bytes. */
  readonly messageBytes: number;
  end(): void;
}

/**
 * The connections to one address: one for all subscriptions that send the same headers, which go both with the
 * upgrade and as `headers` of `connection_init`.
 *
 * @see https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export class SocketPeer {
  readonly #url: URL;
  readonly #options: SocketPeerOptions;
  readonly #sockets = new Map<string, SubgraphSocket>();
  #closed = false;

  constructor(url: URL, options: SocketPeerOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Connections that are known, open or waiting to be opened again. */
  get size(): number {
    return this.#sockets.size;
  }

  /** @throws {HubError} LIMIT_EXCEEDED - there are as many connections as there may be; CANCELLED - `close` was called. */
  socketFor(headers: Readonly<Record<string, string>>): SubgraphSocket {
    const key = JSON.stringify(headers);
    let socket = this.#sockets.get(key);
    if (!socket) {
      this.#assertRoom();
      const forget = () => this.#sockets.get(key) === socket && this.#sockets.delete(key);
      this.#sockets.set(key, (socket = openSocket(this.#url, headers, this.#options, forget)));
    }
    return socket;
  }

  #assertRoom(): void {
    if (this.#closed) throw new HubError('CANCELLED', 'The connections to the subgraph are closed.');
    const { maxConnections: max = 1_024 } = this.#options;
    if (this.#sockets.size < max) return;
    throw new HubError(
      'LIMIT_EXCEEDED',
      `There are ${max} connections for subscriptions to ${this.#url.host} already.`,
      { details: { limit: 'subgraphSockets', max } },
    );
  }

  /** Ends what runs; a subgraph that does not answer delays nothing. */
  close(): void {
    this.#closed = true;
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    for (const socket of sockets) socket.end();
  }
}

/** A connection whose other end may mean harm. */
class PeerSocket extends WebSocket {
  constructor(address: string, protocols: string, options: ClientOptions) {
    super(address, protocols, options);
    // Each ping is answered; answers that nobody reads must not pile up.
    const endIfUnread = () => {
      if (this.bufferedAmount > maxUnsentBytes) this.terminate();
    };
    // The client stops listening to one that it gives up, whose failure must not end the process.
    this.on('error', () => {});
    this.on('message', endIfUnread);
    this.on('ping', endIfUnread);
  }

  /** A normal end that we did not ask for makes the client connect again at once, as often as it comes, and tell nobody. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'close' && args[0] === normalClosure) return super.emit(event, goingAway, args[1]);
    return super.emit(event, ...args);
  }
}

/** @see RFC 6455, 7.4.1 */
const normalClosure = 1000;
const goingAway = 1001;

function openSocket(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: SocketPeerOptions,
  onClosed: () => void,
): SubgraphSocket {
  const { maxMessageBytes: maxPayload, connectTimeoutMs: handshakeTimeout } = options;
  const state: { connected: boolean; messageBytes: number; socket?: PeerSocket } = {
    connected: false,
    messageBytes: 0,
  };
  let missing: NodeJS.Timeout | undefined;
  const over = () => {
    clearTimeout(missing);
    state.connected = false;
    onClosed();
  };
  const client = createClient({
    url: url.href,
    webSocketImpl: class extends PeerSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers, maxPayload, handshakeTimeout, perMessageDeflate: false });
        state.socket = this;
        // Before the client listens, which reads the message while it is delivered.
        this.on('message', (data: Buffer) => (state.messageBytes = data.length));
      }
    },
    ...(Object.keys(headers).length ? { connectionParams: { headers } } : {}),
    lazyCloseTimeout: options.idleMs,
    connectionAckWaitTimeout: options.connectTimeoutMs,
    keepAlive: options.pingMs,
    // What to try again is decided for each stream: this client would take one up again without a word about the gap.
    retryAttempts: 0,
    on: {
      connected: () => (state.connected = true),
      closed: over,
      // Of what it does not understand, too: what comes next is another connection.
      error: over,
      ping: (received) => {
        if (!received) missing = setTimeout(() => client.terminate(), options.pingMs);
      },
      pong: (received) => {
        if (received) clearTimeout(missing);
      },
    },
  });
  return {
    client,
    get connected() {
      return state.connected;
    },
    get messageBytes() {
      return state.messageBytes;
    },
    end() {
      client.terminate();
      setTimeout(() => state.socket?.terminate(), closeWithinMs).unref();
    },
  };
}
