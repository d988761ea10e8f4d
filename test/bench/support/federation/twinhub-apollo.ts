import { ApolloServer, type ApolloServerOptionsWithGateway, type BaseContext } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine } from '#gateway/engine/engine.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { createPlanner } from '#gateway/planner.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { subgraphs } from './plant.js';

/** Our engine behind Apollo Server, as its gateway: what HTTP of our own saves (docs/adr/0011). No guards. */
const { supergraphSdl } = composeSupergraph(subgraphs);
const engine = createEngine({
  supergraphSdl,
  planner: await createPlanner(supergraphSdl),
  executors: Object.fromEntries(
    subgraphs.map(({ name, sdl, resolvers }) => [
      name,
      createLocalExecutor(buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }])),
    ]),
  ),
});

const principal = {
  tenant: parseTenantId('bench'),
  subject: 'reader',
  personId: 'reader',
  name: 'Reader',
  roles: ['operator'] as const,
  authTime: 0,
  acr: null,
  expiresAt: Number.MAX_SAFE_INTEGER,
};

const gateway: ApolloServerOptionsWithGateway<BaseContext>['gateway'] = {
  load: async () => ({
    executor: ({ document, request, operationName }) =>
      engine.execute({
        document,
        operationName,
        variables: request.variables,
        context: { principal, requestId: 'bench', signal: new AbortController().signal },
      }),
  }),
  onSchemaLoadOrUpdate(callback) {
    callback({ apiSchema: engine.schema, coreSupergraphSdl: supergraphSdl });
    return () => {};
  },
  stop: async () => {},
};

const server = new ApolloServer({ gateway, introspection: false });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
process.on('disconnect', () => process.exit());
process.send?.({ port: Number(new URL(url).port) });
