import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { isHubError, type ErrorCode } from '#kernel/errors.ts';
import { endOfSignal } from '#gateway/remote/end-of-waiting.ts';
import { HttpPeer, type HttpPeerOptions, type HttpPost } from '#gateway/remote/http-peer.ts';

/** A server of this machine that can be gone and come back at the same address. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
  /** Connections it has taken in all. */
  readonly taken: number;
  /** Open connections. */
  readonly open: number;
  /** The most that were open at a time. */
  readonly mostOpen: number;
  /** Takes no further connections; those that stand go on. */
  refuse(): void;
  stop(): Promise<void>;
  startAgain(): Promise<void>;
}

/** Answers HTTP requests. */
export const serveHttp = (onRequest: RequestListener): Promise<Listening> =>
  listening(createServer(onRequest));

/** Does with connections what it is told to. */
export const serveTcp = (onSocket: (socket: Socket, nth: number) => void): Promise<Listening> => {
  let count = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket, (count += 1));
  });
  return listening(server);
};

/** Listens on 127.0.0.1 with any server made of connections. */
export async function listening(server: Server | TcpServer): Promise<Listening> {
  const sockets = new Set<Socket>();
  const counts = { taken: 0, mostOpen: 0 };
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    counts.taken += 1;
    counts.mostOpen = Math.max(counts.mostOpen, sockets.size);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    get taken() {
      return counts.taken;
    },
    get open() {
      return sockets.size;
    },
    get mostOpen() {
      return counts.mostOpen;
    },
    refuse: () => void server.close(),
    stop,
    startAgain: () => listen(port),
    [Symbol.asyncDispose]: stop,
  };
}

/** A peer that posts to such a server, closed at the end of the scope. */
export class TestPeer implements AsyncDisposable {
  readonly peer: HttpPeer;

  constructor(at: { readonly port: number } | string, options: Partial<HttpPeerOptions> = {}) {
    const url = new URL(typeof at === 'string' ? at : `http://127.0.0.1:${at.port}/graphql`);
    this.peer = new HttpPeer(
      { name: 'pumps', url },
      { timeoutMs: 30_000, maxResponseBytes: 1_000_000, maxConnections: 8, ...options },
    );
  }

  /** A query; `mutate` sends a mutation. */
  async ask({
    signal,
    ...more
  }: Partial<HttpPost> & { readonly signal?: AbortSignal } = {}): Promise<string> {
    const end = endOfSignal(signal ?? new AbortController().signal);
    const headers = ['content-type', 'application/json'];
    const post = { headers, body: '{"query":"{ ok }"}', end, repeatable: true, ...more };
    return (await this.peer.post(post)).body.toString('utf8');
  }

  mutate(): Promise<string> {
    return this.ask({ body: '{"query":"mutation { start }"}', repeatable: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer.close();
  }
}

/** An answer as text, for servers made of connections. */
export function answerText(body: string, more = ''): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
}

/** What to expect of a failure. */
export function failure(code: ErrorCode, says: RegExp = /./): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isHubError(error, code), `${code} was expected, it was ${String(error)}`);
    assert.match(error.message, says);
    return true;
  };
}

/** Waits until something holds, for half a minute at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await holds())) {
    assert.ok(performance.now() < end, 'it did not come about within half a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
