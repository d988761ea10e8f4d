import { createClient, type Client } from 'graphql-ws';

/** An error as the hub's GraphQL endpoint tells it. */
export interface ApiError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly advice?: string; readonly requestId?: string };
}

/** A request that failed as a whole. */
export class RequestFailed extends Error {
  readonly errors: readonly ApiError[];

  constructor(errors: readonly ApiError[]) {
    super(errors.map((error) => error.message).join(' '));
    this.errors = errors;
  }
}

/** What a query gave: data, with errors where parts of it could not be had. */
export interface Answer<T> {
  readonly data: T;
  readonly errors: readonly ApiError[];
}

/** Sends a query or mutation. @throws {RequestFailed} when there is no data at all. */
export async function request<T>(
  query: string,
  variables: object = {},
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
    },
    body: JSON.stringify({ query, variables }),
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
  });
  if (response.status === 401) signInAgain();
  const body = (await response.json().catch(() => ({}))) as { data?: T | null; errors?: ApiError[] };
  if (!body.data)
    throw new RequestFailed(body.errors ?? [{ message: `The hub answered with status ${response.status}.` }]);
  return { data: body.data, errors: body.errors ?? [] };
}

/** The sign-in page, and back here afterwards. `fresh`: also who has a session elsewhere signs in anew. */
export function signInHref(fresh = false): string {
  const next = encodeURIComponent(location.pathname);
  return `/sign-in?next=${next}${fresh ? '&fresh=true' : ''}`;
}

/** Leads to the sign-in page and back here. */
export function signInAgain(): void {
  location.assign(signInHref());
}

/** Whether live data arrive now. */
export type LiveState = 'connecting' | 'live' | 'lost';

/** The state of the live connection and since when, epoch ms. */
export interface LiveStatus {
  readonly state: LiveState;
  readonly since: number;
}

const listeners = new Set<(status: LiveStatus) => void>();
let status: LiveStatus = { state: 'connecting', since: Date.now() };

function setLive(state: LiveState): void {
  // Failed tries to come back do not begin the loss anew.
  if (state === status.state) return;
  status = { state, since: Date.now() };
  for (const listener of listeners) listener(status);
}

/** Tells the state now and at each change, until the returned function is called. */
export function watchLive(listener: (status: LiveStatus) => void): () => void {
  listeners.add(listener);
  listener(status);
  return () => void listeners.delete(listener);
}

/** How often the hub is asked whether it is there, and how long it may take to answer, ms. */
const pingMs = 5_000;
const pongMs = 5_000;
let socket: WebSocket | undefined;
let overdue: ReturnType<typeof setTimeout> | undefined;

const client: Client = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: false,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  // 0.5 s, then longer up to 10 s, spread so that many consoles do not come back at the same moment.
  retryWait: (retries) =>
    new Promise((done) =>
      setTimeout(done, Math.min(10_000, 500 * 2 ** retries) * (0.75 + Math.random() / 2)),
    ),
  keepAlive: pingMs,
  on: {
    opened: (opened) => (socket = opened as WebSocket),
    connected: () => setLive('live'),
    ping: (received) => {
      // A line that died without a word never closes by itself.
      if (!received) overdue = setTimeout(() => socket?.close(4499, 'No answer'), pongMs);
    },
    pong: (received) => {
      if (received) clearTimeout(overdue);
    },
    closed: (event) => {
      clearTimeout(overdue);
      setLive('lost');
      const code = event instanceof CloseEvent ? event.code : 0;
      if (code === 4401 || code === 4403) signInAgain();
    },
  },
});

// A laptop that wakes up or a tablet back in the network does not wait for the next ping.
addEventListener('offline', () => socket?.close(4499, 'Offline'));

/** Receives events until the returned function is called; comes back by itself after a loss. */
export function subscribe<T>(
  query: string,
  variables: Record<string, unknown>,
  onData: (data: T) => void,
  onError: (errors: readonly ApiError[]) => void,
): () => void {
  return client.subscribe<T>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors) onError(errors.map(({ message }) => ({ message })));
        if (data) onData(data);
      },
      error: (error) =>
        onError(
          Array.isArray(error) ? (error as ApiError[]) : [{ message: 'Live data were refused or lost.' }],
        ),
      complete: () => {},
    },
  );
}
