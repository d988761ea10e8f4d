import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

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
}

/** One connection (graphql-transport-ws) that carries any number of subscriptions. Opened when needed. */
export interface SubgraphSocket {
  readonly client: Client;
  /** Whether the subgraph has acknowledged the connection and it is still open. */
  readonly connected: boolean;
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

  constructor(url: URL, options: SocketPeerOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Connections that are known, open or waiting to be opened again. */
  get size(): number {
    return this.#sockets.size;
  }

  socketFor(headers: Readonly<Record<string, string>>): SubgraphSocket {
    const key = JSON.stringify(headers);
    let socket = this.#sockets.get(key);
    if (!socket) {
      const forget = () => this.#sockets.get(key) === socket && this.#sockets.delete(key);
      this.#sockets.set(key, (socket = openSocket(this.#url, headers, this.#options, forget)));
    }
    return socket;
  }

  async close(): Promise<void> {
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    await Promise.all(sockets.map(({ client }) => client.dispose()));
  }
}

function openSocket(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: SocketPeerOptions,
  onClosed: () => void,
): SubgraphSocket {
  const { maxMessageBytes: maxPayload, connectTimeoutMs: handshakeTimeout } = options;
  const state = { connected: false };
  let missing: NodeJS.Timeout | undefined;
  const client = createClient({
    url: url.href,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers, maxPayload, handshakeTimeout, perMessageDeflate: false });
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
      closed: () => {
        clearTimeout(missing);
        state.connected = false;
        onClosed();
      },
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
  };
}
