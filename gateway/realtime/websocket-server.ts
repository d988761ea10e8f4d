import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { WebSocketServer as Sockets, type WebSocket } from 'ws';
import { isHostAllowed, isOriginAllowed, type HostRules } from '../http/guard.ts';
import { WebSocketConnection, type ConnectionDeps } from './websocket-connection.ts';

export interface WebSocketDeps extends ConnectionDeps {
  readonly rules: HostRules;
  /** Where upgrades are taken. @default /graphql */
  readonly path?: string;
  readonly maxMessageBytes: number;
}

/** Takes upgrades on one path and keeps the connections. */
export class WebSocketServer {
  readonly #deps: WebSocketDeps;
  readonly #sockets: Sockets;
  readonly #connections = new Set<WebSocketConnection>();
  #closing = false;

  constructor(deps: WebSocketDeps) {
    this.#deps = deps;
    this.#sockets = new Sockets({
      noServer: true,
      handleProtocols,
      maxPayload: deps.maxMessageBytes,
      perMessageDeflate: false,
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Answers an HTTP upgrade: 101, or why not. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusalOf(req);
    if (refusal) return refuse(socket, refusal);
    this.#sockets.handleUpgrade(req, socket, head, (ws) => this.#accept(ws, req, socket));
  }

  /** Tells every client to connect again elsewhere or later, and takes no more. */
  close(): void {
    this.#closing = true;
    for (const connection of this.#connections) connection.goAway();
  }

  /** Ends connections that have not closed by themselves. */
  terminate(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #refusalOf(req: IncomingMessage): number | null {
    if (this.#closing) return 503;
    if (!isHostAllowed(req.headers, this.#deps.rules)) return 421;
    if (!isOriginAllowed(req.headers, this.#deps.rules)) return 403;
    return pathOf(req) === (this.#deps.path ?? '/graphql') ? null : 404;
  }

  #accept(socket: WebSocket, req: IncomingMessage, stream: Duplex): void {
    if (!socket.protocol)
      return socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
    const connection = new WebSocketConnection({ socket, stream }, req.headers, this.#deps);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
