import { randomUUID } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { systemClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { readGatewayConfig } from '#gateway/config.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { createGateway, type GatewaySubgraph } from '#gateway/server.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { assetOf, assetType, readingFields, subscription, type Reading } from './schema.ts';

const principal: Principal = {
  tenant: parseTenantId('bench'),
  subject: 'reader',
  personId: 'reader',
  name: 'Reader',
  roles: ['operator'],
  authTime: 0,
  acr: null,
  expiresAt: Number.MAX_SAFE_INTEGER,
};

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';

function subgraph(name: string, sdl: string, resolvers: object): GatewaySubgraph {
  const typeDefs = parse(link + sdl);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
  return { name, sdl: link + sdl, executor: createLocalExecutor(schema) };
}

/** The gateway over two subgraphs in its process: readings, and the assets they belong to. @returns its port. */
export async function startGateway(): Promise<number> {
  const gateway = await createGateway(readGatewayConfig(new ConfigReader({ TWINHUB_PORT: '0' })), {
    subgraphs: [
      subgraph(
        'telemetry',
        `type Query { ping: String }
         type Reading { ${readingFields} }
         type Subscription { reading(topic: ID!): Reading! }
         type Asset @key(fields: "id", resolvable: false) { id: ID! }`,
        { Subscription: subscription, Reading: { asset: ({ topic }: Reading) => ({ id: topic }) } },
      ),
      subgraph('assets', `type Query { pong: String }\n${assetType.replace('KEY', '@key(fields: "id")')}`, {
        Asset: { __resolveReference: ({ id }: { id: string }) => assetOf(id) },
      }),
    ],
    clock: systemClock,
    log: createJsonLogger({ level: 'error' }),
    newId: randomUUID,
    authenticate: async () => principal,
    authenticateSocket: async () => principal,
    health: async () => ({ ok: true }),
    routes: [],
  });
  return Number(new URL((await gateway.listen()).url).port);
}
