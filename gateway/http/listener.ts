import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';

/** An HTTP server that can be drained. */
export interface HttpListener {
  /** Starts to listen. @throws {HubError} CONFIG_INVALID - the address cannot be had. */
  listen(port: number, host: string): Promise<{ readonly url: string }>;
  /** Takes no more connections, waits for the running requests, then ends what is left. */
  drain(timeoutMs: number): Promise<void>;
}

export interface ListenerDeps {
  readonly clock: Clock;
  readonly onRequest: (req: IncomingMessage, res: ServerResponse) => void;
  readonly onUpgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Called when the time to drain is over, for connections the HTTP server does not know any more. */
  readonly onDrained: () => void;
}

/** Connections at a time, streams included: more are closed at once, before files and memory of the process run out. */
const maxConnections = 20_000;

/** @see https://nodejs.org/api/http.html#servercloseidleconnections */
export function createListener({ clock, onRequest, onUpgrade, onDrained }: ListenerDeps): HttpListener {
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 20_000, connectionsCheckingInterval: 5_000 },
    (req, res) => {
      // A connection that was busy when draining began would else be kept alive after its answer.
      res.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()));
      onRequest(req, res);
    },
  );
  server.maxConnections = maxConnections;
  server.on('upgrade', onUpgrade);
  return {
    async listen(port, host) {
      await opened(server, port, host);
      const { port: actual } = server.address() as AddressInfo;
      return { url: `http://${shownHost(host)}:${actual}` };
    },
    async drain(timeoutMs) {
      if (!server.listening) return onDrained();
      const done = new AbortController();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = clock.sleep(timeoutMs, done.signal).then(
        () => {
          server.closeAllConnections();
          onDrained();
        },
        () => {},
      );
      await Promise.race([closed, late]);
      done.abort();
      onDrained();
    },
  };
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const busy =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; choose another port with TWINHUB_PORT'
          : error.message;
      reject(
        new HubError('CONFIG_INVALID', `The gateway cannot listen on ${host}:${port}: ${busy}.`, {
          details: { host, port },
          cause: error,
        }),
      );
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

/** Addresses that mean "every interface" are no address to open in a browser. */
function shownHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
