import { systemClock, type Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { EndingContext } from '../engine/request-end.ts';
import type { SubgraphExecutor, SubgraphRequest, SubgraphResult } from '../engine/types.ts';
import type { CircuitState } from './circuit.ts';
import { endOfSignal } from './end-of-waiting.ts';
import { identityHeaders } from './headers.ts';
import { HttpPeer } from './http-peer.ts';
import { maskedUrl, type RemotePeer } from './peer.ts';
import { readHttpAnswer, type AnswerReader } from './read-answer.ts';
import { openRemoteStream } from './remote-stream.ts';
import { RequestHeaders } from './request-headers.ts';
import { requestText } from './request-text.ts';
import { SocketPeer } from './socket-peer.ts';

/** How a subgraph in another process is reached. */
export interface RemoteOptions {
  readonly name: string;
  /** http or https. */
  readonly url: string;
  /** ws or wss. @default `url` with the scheme exchanged */
  readonly subscriptionsUrl?: string;
  /** Sent with each request and connection, a token for instance. Names in lower case. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether clients may see the subgraph's errors as they come; else only those with a code of the hub. @default false */
  readonly passErrors?: boolean;
  readonly limits: RemoteLimits;
  readonly clock?: Clock;
}

/** What one subgraph may take of the gateway. */
export interface RemoteLimits {
  /** One exchange over HTTP; connecting for subscriptions. Milliseconds. @default 30_000 */
  readonly timeoutMs: number;
  /** One answer or event, bytes. @default 64 MiB */
  readonly maxResponseBytes: number;
  /** Connections for HTTP. @default 64 */
  readonly maxConnections: number;
  /** Connecting over HTTP, milliseconds. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Failed attempts to connect in a row after which requests over HTTP fail at once. @default 5 */
  readonly circuitFailures?: number;
  /** How long they do, before one connection is tried, milliseconds. @default 1_000 */
  readonly circuitOpenMs?: number;
  /** Events of one stream that may wait. @default 1_024 */
  readonly maxWaitingEvents: number;
  /** Between two pings of a connection for subscriptions, milliseconds. @default 12_000 */
  readonly pingMs: number;
  /** Further attempts to connect for a subscription. @default 3 */
  readonly retries: number;
  /** Before the first further attempt, then doubled, milliseconds. @default 250 */
  readonly retryWaitMs: number;
  /** How long a subscription that has lost its connection is tried to be taken up again, milliseconds. @default 300_000 */
  readonly resubscribeForMs: number;
}

export const defaultRemoteLimits: RemoteLimits = Object.freeze({
  timeoutMs: 30_000,
  maxResponseBytes: 64 * 1024 * 1024,
  maxConnections: 64,
  maxWaitingEvents: 1_024,
  pingMs: 12_000,
  retries: 3,
  retryWaitMs: 250,
  resubscribeForMs: 300_000,
});

/** An executor with connections to close. */
export interface RemoteExecutor extends SubgraphExecutor {
  /** Whether the subgraph takes connections over HTTP; `open` means that requests fail at once for a while. */
  readonly state: CircuitState;
  close(): Promise<void>;
}

/** How long a connection for subscriptions outlives the last of them, milliseconds. */
const idleMs = 1_000;

/**
 * Reaches a subgraph over HTTP (queries and mutations) and graphql-transport-ws (subscriptions).
 *
 * Queries go over connections that are kept open; a mutation is sent once and never again.
 *
 * @throws {HubError} CONFIG_INVALID - an address is not one of the schemes above.
 * @see https://graphql.github.io/graphql-over-http/draft/
 */
export function createRemoteExecutor(options: RemoteOptions): RemoteExecutor {
  const { name, limits, clock = systemClock } = options;
  const peer: RemotePeer = { name, url: addressOf(name, options.url, ['http:', 'https:']) };
  const socketUrl = addressOf(name, options.subscriptionsUrl ?? toSocketUrl(options.url), ['ws:', 'wss:']);
  const reader: AnswerReader = { peer, passErrors: options.passErrors ?? false };
  const http = new HttpPeer(peer, limits);
  const headers = new RequestHeaders(peer, options.headers);
  const sockets = new SocketPeer(socketUrl, {
    maxMessageBytes: limits.maxResponseBytes,
    connectTimeoutMs: limits.timeoutMs,
    pingMs: limits.pingMs,
    idleMs,
  });
  return {
    get state() {
      return http.state;
    },
    execute: (request) => executeOver(http, reader, headers, request),
    subscribe: ({ query, variables, context }) =>
      Promise.resolve(
        openRemoteStream({
          payload: { query, variables },
          reader: { ...reader, peer: { name, url: socketUrl } },
          clock,
          socket: () => sockets.socketFor({ ...identityHeaders(context.principal), ...options.headers }),
          retries: limits.retries,
          retryWaitMs: limits.retryWaitMs,
          resubscribeForMs: limits.resubscribeForMs,
          maxWaiting: limits.maxWaitingEvents,
          maxWaitingBytes: limits.maxResponseBytes,
        }),
      ),
    async close() {
      sockets.close();
      await http.close();
    },
  };
}

async function executeOver(
  http: HttpPeer,
  reader: AnswerReader,
  headers: RequestHeaders,
  { query, document, variables, context, operation }: SubgraphRequest,
): Promise<SubgraphResult> {
  const answer = await http.post({
    headers: headers.of(context),
    body: requestText(document, query, variables),
    end: EndingContext.endOf(context) ?? endOfSignal(context.signal),
    repeatable: operation === 'query',
  });
  return readHttpAnswer(answer, reader);
}

function toSocketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}

function addressOf(name: string, text: string, protocols: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && protocols.includes(url.protocol)) return url;
  const schemes = protocols.map((protocol) => protocol.slice(0, -1)).join(' or ');
  throw new HubError(
    'CONFIG_INVALID',
    `Subgraph ${name} has no address the gateway can use (${schemes}): ${url ? maskedUrl(url) : 'it is no URL'}.`,
    { details: { subgraph: name } },
  );
}
