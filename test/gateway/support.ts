import type { IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createClient, type Client } from 'graphql-ws';
import { GraphQLError, GraphQLScalarType, parse } from 'graphql';
import { WebSocket } from 'ws';
import type { AsyncQueue } from '#kernel/async-queue.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { HubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { readGatewayConfig, type GatewayConfig } from '#gateway/config.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import type { HttpRoute } from '#gateway/http-route.ts';
import { createGateway, type GatewayDeps, type GatewaySubgraph, type LiveGateway } from '#gateway/server.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])\n`;

/** The world behind a test gateway. */
export interface Plant {
  readonly readings: Broadcast<{ id: string; value: number; pad?: string }>;
  /** Sources opened by subscribe resolvers, newest last. */
  readonly sources: { end(error?: unknown): void }[];
  stopped: number;
  /** Contexts that resolvers got, newest last. */
  readonly contexts: RequestContext[];
  /** Contexts in which an asset was looked up by its key, newest last. */
  readonly assetLookups: RequestContext[];
  /** Lets `slow` answer. */
  release(): void;
}

function createPlant(): { plant: Plant; released: Promise<void> } {
  const gate = Promise.withResolvers<void>();
  const plant: Plant = {
    readings: new Broadcast(),
    sources: [],
    stopped: 0,
    contexts: [],
    assetLookups: [],
    release: gate.resolve,
  };
  return { plant, released: gate.promise };
}

function subgraphsOf(plant: Plant, released: Promise<void>): GatewaySubgraph[] {
  const assetsSdl = `
    scalar Instant
    type Query { asset(id: ID!): Asset whoami: String at(time: Instant): String slow: String hang: String boom: String refused: String box: Box }
    type Box { box: Box a: Int b: Int c: Int d: Int e: Int }
    type Mutation { rename(id: ID!, name: String!): Asset }
    type Asset @key(fields: "id") { id: ID! name: String }`;
  const telemetrySdl = `
    type Query { ping: String }
    directive @coalesce(by: [String!]!) on FIELD_DEFINITION
    type Subscription {
      reading(of: ID): Reading mine: String forbidden: String
      latest: Reading @coalesce(by: ["id"])
    }
    type Reading { id: ID! value: Float pad: String asset: Asset }
    type Asset @key(fields: "id") { id: ID! }`;
  const note = (context: RequestContext) => void plant.contexts.push(context);
  const assets = {
    Query: {
      asset: (_: unknown, { id }: { id: string }) => ({ id, name: `asset ${id}` }),
      at: (_: unknown, { time }: { time: number }) => new Date(time).toISOString(),
      whoami: (_: unknown, __: unknown, context: RequestContext) => (
        note(context),
        context.principal.subject
      ),
      slow: async (_: unknown, __: unknown, context: RequestContext) => (
        note(context),
        await released,
        'done'
      ),
      hang: (_: unknown, __: unknown, context: RequestContext) => (note(context), new Promise(() => {})),
      boom: () => {
        throw new Error('password of the database is hunter2');
      },
      refused: () => {
        throw new HubError('STEP_NOT_ALLOWED', 'Not in this state.', { details: { state: 'draft' } });
      },
      box: () => ({ box: { box: {} } }),
    },
    Instant: instantScalar,
    Mutation: { rename: (_: unknown, args: { id: string; name: string }) => args },
    Asset: {
      __resolveReference: async ({ id }: { id: string }, context: RequestContext) => (
        plant.assetLookups.push(context),
        { id, name: `asset ${id}` }
      ),
    },
  };
  const telemetry = {
    Query: { ping: () => 'pong' },
    Subscription: {
      reading: {
        subscribe: (_: unknown, { of }: { of?: string }) => {
          const source = plant.readings.subscribe({ filter: ({ id }) => !of || id === of });
          plant.sources.push(source);
          return stopCounted(source, plant);
        },
        resolve: (reading: object) => reading,
      },
      latest: {
        subscribe: () => stopCounted(plant.readings.subscribe(), plant),
        resolve: (reading: object) => reading,
      },
      mine: {
        subscribe: () => stopCounted(plant.readings.subscribe(), plant),
        resolve: (_: unknown, __: unknown, context: RequestContext) => (
          note(context),
          context.principal.subject
        ),
      },
      forbidden: {
        subscribe: () => {
          throw new HubError('FORBIDDEN', 'Not for you.');
        },
      },
    },
    Reading: { asset: ({ id }: { id: string }) => ({ id }) },
  };
  const local = (name: string, sdl: string, resolvers: object): GatewaySubgraph => ({
    name,
    sdl: link + sdl,
    executor: createLocalExecutor(
      buildSubgraphSchema([{ typeDefs: parse(link + sdl), resolvers: resolvers as never }]),
    ),
  });
  return [local('assets', assetsSdl, assets), local('telemetry', telemetrySdl, telemetry)];
}

/** Checks its input as the scalars of the subgraphs do: outside a text, inside milliseconds. */
const parseInstant = (value: unknown): number => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw new GraphQLError('Instant is not RFC 3339.');
  return at;
};
const instantScalar = new GraphQLScalarType({
  name: 'Instant',
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant('value' in node ? node.value : undefined),
});

function stopCounted<T>(source: AsyncQueue<T>, plant: Plant): AsyncIterableIterator<T> {
  return {
    next: () => source.next(),
    return: () => ((plant.stopped += 1), source.return()),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A person by the name in their token. `expired` is refused; `NAME@MS` ends at MS. */
export function principalOf(token: string): Principal {
  if (token === 'expired') throw new HubError('UNAUTHENTICATED', 'The token has expired.');
  const [subject = '', until] = token.split('@');
  return {
    tenant: parseTenantId('acme'),
    subject,
    personId: subject,
    name: subject,
    roles: ['operator'],
    authTime: 0,
    acr: null,
    expiresAt: until ? Number(until) : Number.MAX_SAFE_INTEGER,
  };
}

async function authenticate(headers: IncomingHttpHeaders): Promise<Principal | null> {
  const token =
    /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ??
    /session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  return token ? principalOf(token) : null;
}

export interface Running {
  readonly gateway: LiveGateway;
  readonly url: string;
  readonly plant: Plant;
  readonly log: ReturnType<typeof createMemoryLogger>;
  post(
    query: string,
    options?: { variables?: object; token?: string | null; headers?: Record<string, string> },
  ): Promise<Response>;
  wsClient(token?: string): Client;
}

/** A gateway over two small subgraphs on a free port; closed when the test ends. */
export async function startGateway(
  t: TestContext,
  options: {
    env?: Record<string, string>;
    clock?: Clock;
    routes?: readonly HttpRoute[];
    deps?: Partial<GatewayDeps>;
  } = {},
): Promise<Running> {
  const { plant, released } = createPlant();
  const log = createMemoryLogger();
  let ids = 0;
  const config: GatewayConfig = readGatewayConfig(
    new ConfigReader({
      TWINHUB_PORT: '0',
      TWINHUB_DRAIN_TIMEOUT_MS: '500',
      TWINHUB_STREAM_LINGER_MS: '0',
      // Most tests compare whole answers.
      TWINHUB_SHOW_COST: 'false',
      ...options.env,
    }),
  );
  const gateway = await createGateway(config, {
    subgraphs: subgraphsOf(plant, released),
    clock: options.clock ?? systemClock,
    log,
    newId: () => `request-${(ids += 1)}`,
    authenticate,
    authenticateSocket: async (params, headers) =>
      typeof params?.['token'] === 'string' ? principalOf(params['token']) : authenticate(headers),
    health: async () => ({ ok: true, stores: 'up' }),
    routes: options.routes ?? [],
    ...options.deps,
  });
  const { url } = await gateway.listen();
  const clients: Client[] = [];
  t.after(async () => {
    for (const client of clients) await client.dispose();
    await gateway.close();
  });
  return {
    gateway,
    url,
    plant,
    log,
    post: (query, { variables, token = 'ada', headers = {} } = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      }),
    wsClient(token = 'ada') {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { token },
        retryAttempts: 0,
        lazy: true,
      });
      clients.push(client);
      return client;
    },
  };
}

/** Resolves as soon as `condition` holds. */
export async function until(condition: () => boolean, what = String(condition)): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A streamed result without its position in the stream. */
export function withoutPosition(value: object): object {
  const { extensions, ...result } = value as { extensions?: { stream?: object } };
  const { stream, ...others } = extensions ?? {};
  if (!Object.keys(others).length) return result;
  return { ...result, extensions: others };
}

/** Waits until `consumers` readers listen and their sources run: an event published before that reaches nobody. */
export function listening({ gateway, plant }: Running, consumers: number): Promise<void> {
  return until(() => {
    const stats = gateway.stats();
    return stats.consumers === consumers && plant.readings.listenerCount === stats.upstreams;
  }, `${consumers} readers listen`);
}

interface PresentedError {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly requestId?: string;
    readonly details: { readonly limit?: string; readonly max?: number; readonly rule?: string };
  };
}

/** What the tests read of a GraphQL answer. */
export interface Answer {
  readonly data?: unknown;
  readonly errors: readonly [PresentedError, ...PresentedError[]];
}

/** The body of an answer. */
export async function bodyOf(response: Response | Promise<Response>): Promise<Answer> {
  return (await (await response).json()) as Answer;
}
