import { createServer } from 'node:http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { assetOf, assetType, readingFields, subscription, type Reading } from './schema.ts';

/** The baseline: one schema with the same resolvers, graphql-ws and graphql-js. @returns its port. */
export async function startMonolith(): Promise<number> {
  const schema = makeExecutableSchema({
    typeDefs: `
      type Query { ping: String }
      type Reading { ${readingFields} }
      type Subscription { reading(topic: ID!): Reading! }
      ${assetType.replace('KEY', '')}`,
    resolvers: { Subscription: subscription, Reading: { asset: ({ topic }: Reading) => assetOf(topic) } },
  });
  const server = createServer();
  useServer({ schema }, new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
