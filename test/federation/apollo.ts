import { createRequire } from 'node:module';
import { messageOf } from '#kernel/errors.ts';
import type { Compose, OpenAnswer, OpenRequest } from './open-graph.ts';

/** What is used of packages that the bench installs for itself, with a copy of graphql of their own. */
interface ApolloPackages {
  composeServices(services: readonly { name: string; url: string; typeDefs: unknown }[]): {
    readonly errors?: readonly { readonly message: string }[];
    readonly supergraphSdl?: string;
  };
  ApolloGateway: new (options: object) => {
    load(): Promise<{ schema: unknown; executor(context: object): Promise<Omit<OpenAnswer, 'status'>> }>;
    stop(): Promise<void>;
  };
  parse(text: string): object;
  validate(schema: unknown, document: object): readonly { readonly message: string }[];
}

const load = createRequire(new URL('../bench/contenders/package.json', import.meta.url));
const { composeServices, ApolloGateway, parse, validate } = {
  ...load('graphql'),
  ...load('@apollo/composition'),
  ...load('@apollo/gateway'),
} as ApolloPackages;

export const composeWithApollo: Compose = (subgraphs) => {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { errors = [], supergraphSdl } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const noMetrics = { captureTraces: false, nonFtv1ErrorPaths: [] };

/** @apollo/gateway as a server runs it: parse, validate, then its executor. */
export async function createApolloGateway(supergraphSdl: string) {
  const gateway = new ApolloGateway({ supergraphSdl, logger: quiet });
  const { schema, executor } = await gateway.load();
  return {
    async ask({ query, variables = {}, operationName }: OpenRequest): Promise<Omit<OpenAnswer, 'status'>> {
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length) return { errors };
      const run = executor({
        request: { query, variables, operationName },
        document,
        operationName: operationName ?? null,
        queryHash: query,
        source: query,
        logger: quiet,
        cache: undefined,
        context: {},
        metrics: noMetrics,
        schema,
        overallCachePolicy: { restrict() {}, policyIfCacheable: () => null },
      });
      const result = await run.catch((error: unknown) => ({ errors: [{ message: messageOf(error) }] }));
      return JSON.parse(JSON.stringify(result)) as Omit<OpenAnswer, 'status'>;
    },
    close: () => gateway.stop(),
  };
}
