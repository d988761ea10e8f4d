import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { twinhub, type HubProcess } from './hub-process.ts';

/** What GraphQL answered. */
export interface Answer<T> {
  readonly data: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** A program that uses the hub over its public API as one persona. */
export interface HubClient {
  readonly token: string;
  /** The whole answer. */
  ask<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer<T>>;
  /** The data. @throws when there are errors. */
  get<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  subscribe<T>(query: string, variables?: Readonly<Record<string, unknown>>): AsyncIterableIterator<T>;
  close(): Promise<void>;
}

/** Signs in with a token of the command line. */
export async function signIn(hub: HubProcess, persona: string): Promise<HubClient> {
  const token = await twinhub('token', '--as', persona, '--data', hub.dataDir);
  let socket: Client | undefined;
  const ask = async <T>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer<T>> => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer<T>;
  };
  return {
    token,
    ask,
    get: async <T>(query: string, variables?: Readonly<Record<string, unknown>>) => {
      const answer = await ask<T>(query, variables);
      if (answer.errors || !answer.data) throw new Error(`GraphQL errors: ${JSON.stringify(answer.errors)}`);
      return answer.data;
    },
    subscribe: <T>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
      socket ??= createClient({
        url: `${hub.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      return values<T>(socket.iterate({ query, variables }));
    },
    close: async () => {
      await socket?.dispose();
    },
  };
}

function values<T>(
  source: AsyncIterableIterator<{ data?: unknown; errors?: unknown }>,
): AsyncIterableIterator<T> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      const { done, value } = await source.next();
      if (done) return { done: true, value: undefined };
      if (value.errors) throw new Error(`Subscription errors: ${JSON.stringify(value.errors)}`);
      return { done: false, value: value.data as T };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Asks again and again until `read` answers something, at most `timeoutMs`. */
export async function eventually<T>(
  what: string,
  read: () => Promise<T | null | undefined | false>,
  timeoutMs = 120_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((done) => setTimeout(done, 200));
  }
}
