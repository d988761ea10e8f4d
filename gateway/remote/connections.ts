// Not the package's index: that one makes its own client the one behind Node's fetch, for the whole process.
import buildConnector from 'undici/lib/core/connect.js';
import Client from 'undici/lib/dispatcher/client.js';
import type { Circuit } from './circuit.ts';

/** How the connections to one server are kept. */
export interface ConnectionsOptions {
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string;
  /** Open at most, those of mutations included. */
  readonly maxConnections: number;
  /** For connecting, TLS included, milliseconds; kept to about half a second. */
  readonly connectTimeoutMs: number;
  /** Largest body that is taken, bytes. */
  readonly maxResponseBytes: number;
  readonly circuit: Circuit;
}

/** Somebody who needs a connection for one exchange. Exactly one of the two is called, unless it withdraws before. */
export interface Applicant {
  /** Whether it has to be one that nothing was sent over before. */
  readonly fresh: boolean;
  take(connection: Connection): void;
  refuse(why: Refusal): void;
}

/** `unreachable`: connecting failed too often just now; `closed`: `close` was called. */
export type Refusal = 'unreachable' | 'closed';

/** How long a connection stays open without a request when the server does not say, milliseconds. */
const idleMs = 30_000;

/** How long before the end that a server announces, milliseconds: so long an answer to its closing may be on the way. */
const hintMarginMs = 1_000;

/** One connection: one exchange at a time. It connects when first used, and again when it was closed in between. */
export class Connection {
  readonly client: Client;
  #answers = 0;

  constructor(client: Client) {
    this.client = client;
  }

  /** Whether an answer has come over it since it was connected. */
  get isKept(): boolean {
    return this.#answers > 0;
  }

  answered(): void {
    this.#answers += 1;
  }

  connected(): void {
    this.#answers = 0;
  }
}

/**
 * Connections to one server that are kept open. Who was used last is used next, so that those of a busy time go when it is over.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #connect: ReturnType<typeof buildConnector>;
  readonly #open = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Applicant>();
  #closed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    // One for all, so that they share TLS sessions.
    this.#connect = buildConnector({ timeout: options.connectTimeoutMs, allowH2: false });
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#open.size;
  }

  /** Gives a connection at once or as soon as one is free. */
  ask(applicant: Applicant): void {
    if (this.#closed) return applicant.refuse('closed');
    if (!this.#hasRoom()) return void this.#waiting.add(applicant);
    const idle = applicant.fresh ? undefined : this.#idle.pop();
    if (idle) return applicant.take(idle);
    if (!this.#options.circuit.admits()) return applicant.refuse('unreachable');
    const [oldest] = this.#idle;
    if (oldest && this.#open.size >= this.#options.maxConnections) this.#drop(oldest);
    applicant.take(this.#add());
  }

  withdraw(applicant: Applicant): void {
    this.#waiting.delete(applicant);
  }

  /** Takes a connection back. @param whole - whether its exchange came to its end, so that another may follow. */
  release(connection: Connection, whole: boolean): void {
    if (!this.#open.has(connection)) return;
    if (whole) this.#idle.push(connection);
    else this.#drop(connection);
    for (const next of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#waiting.delete(next);
      this.ask(next);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#open];
    const waiting = [...this.#waiting];
    this.#open.clear();
    this.#waiting.clear();
    this.#idle.length = 0;
    for (const applicant of waiting) applicant.refuse('closed');
    await Promise.all(open.map(({ client }) => client.destroy()));
  }

  #hasRoom(): boolean {
    return this.#idle.length > 0 || this.#open.size < this.#options.maxConnections;
  }

  #add(): Connection {
    const { origin, maxResponseBytes, circuit } = this.#options;
    const client = new Client(origin, {
      pipelining: 1,
      // The peer has one deadline for the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxResponseBytes,
      keepAliveTimeout: idleMs,
      keepAliveTimeoutThreshold: hintMarginMs,
      connect: (options, done) =>
        this.#connect(options, (error, socket) => {
          if (error) {
            circuit.failed(error);
            return done(error, null);
          }
          circuit.succeeded();
          connection.connected();
          done(null, socket);
        }),
    });
    const connection = new Connection(client);
    client.on('disconnect', () => {
      if (this.#idle.includes(connection)) this.#drop(connection);
    });
    this.#open.add(connection);
    return connection;
  }

  /** Closes a connection that is not in use. */
  #drop(connection: Connection): void {
    this.#open.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    void connection.client.destroy();
  }
}
