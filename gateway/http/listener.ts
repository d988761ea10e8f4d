import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { limitExceeded } from '../limits.ts';
import { tellRefusal } from '../refusals.ts';
import { BodyWatch, type BodyClock } from './body-clock.ts';

/** An HTTP server that can be drained. */
export interface HttpListener {
  /** Starts to listen. @throws {HubError} CONFIG_INVALID - the address cannot be had. */
  listen(port: number, host: string): Promise<{ readonly url: string }>;
  /** Takes no more connections, waits for the running requests, then ends what is left. */
  drain(timeoutMs: number): Promise<void>;
}

export interface ListenerDeps {
  readonly clock: Clock;
  /** Largest head of a request, bytes. @default 16 KiB */
  readonly maxHeaderBytes?: number;
  /** Whether a request may bring a long body, which then has as long as it keeps coming. @default none may */
  readonly isLong?: (req: IncomingMessage) => boolean;
  readonly bodyClock?: BodyClock;
  readonly onRequest: (req: IncomingMessage, res: ServerResponse) => void;
  readonly onUpgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Called when the time to drain is over, for connections the HTTP server does not know any more. */
  readonly onDrained: () => void;
}

/** Connections at a time, streams included: more are closed at once, before files and memory of the process run out. */
const maxConnections = 20_000;

/**
 * Connections that may wait to be accepted: all clients of a hub come back at the same moment. Those beyond are not
 * answered and try again after 1, 3, 7 s. The system may allow fewer (Linux: net.core.somaxconn).
 */
const backlog = 16_384;

/** @see https://nodejs.org/api/http.html#servercloseidleconnections */
export function createListener({
  clock,
  maxHeaderBytes = 16 * 1024,
  isLong = () => false,
  bodyClock = {},
  onRequest,
  onUpgrade,
  onDrained,
}: ListenerDeps): HttpListener {
  const bodies = new BodyWatch(bodyClock);
  // A connection that was busy when draining began would else be kept alive after its answer.
  const onAnswered = () => server.listening || setImmediate(() => server.closeIdleConnections());
  const server = createServer(
    {
      // Bodies have their own clock, see below.
      requestTimeout: 0,
      headersTimeout: 20_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: maxHeaderBytes,
    },
    (req, res) => {
      res.on('close', onAnswered);
      const onLate = () => refuse(req.socket, 'ERR_HTTP_REQUEST_TIMEOUT', maxHeaderBytes);
      bodies.watch(req, isLong(req), onLate);
      onRequest(req, res);
    },
  );
  server.maxConnections = maxConnections;
  server.on('drop', () => tellRefusal({ limit: 'connections' }));
  server.on('upgrade', onUpgrade);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    refuse(socket, error.code, maxHeaderBytes),
  );
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

/**
 * Answers what is no HTTP, or too much of it; there is no request yet that a route could answer.
 * @see https://nodejs.org/api/http.html#event-clienterror
 */
function refuse(socket: Duplex, reason: string | undefined, maxHeaderBytes: number): void {
  if (!socket.writable || reason === 'ECONNRESET') return void socket.destroy();
  const tooLarge = reason === 'HPE_HEADER_OVERFLOW';
  const late = reason === 'ERR_HTTP_REQUEST_TIMEOUT';
  const error = tooLarge
    ? limitExceeded(
        'headerBytes',
        maxHeaderBytes,
        `The head of the request is larger than ${maxHeaderBytes} bytes.`,
      )
    : late
      ? new HubError('DEADLINE_EXCEEDED', 'The request did not arrive in time.')
      : new HubError('INVALID_INPUT', 'The request is not valid HTTP.');
  const status = tooLarge ? 431 : late ? 408 : 400;
  const { code, message, advice, details } = error;
  tellRefusal(details);
  const body = JSON.stringify({ errors: [{ message, extensions: { code, advice, details } }] });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
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
    server.listen({ port, host, backlog }, () => {
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
