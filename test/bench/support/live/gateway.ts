import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { systemClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { readGatewayConfig } from '#gateway/config.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import type { Reloaded } from '#gateway/graph/live-graph.ts';
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

/** What a partner adds to the graph when it is exchanged; nobody asks for it. */
const partnerSdl = `${link} type Query { tariff: String } type Asset @key(fields: "id", resolvable: false) { id: ID! }`;

/** The file of subgraphs, with so many partners. */
function listPartners(folder: string, partners: readonly string[]): string {
  const file = join(folder, 'subgraphs.json');
  writeFileSync(join(folder, 'partner.graphql'), partnerSdl);
  const subgraphs = partners.map((name) => ({
    name,
    sdl: 'partner.graphql',
    url: 'http://127.0.0.1:9/graphql',
  }));
  writeFileSync(file, JSON.stringify({ subgraphs }));
  return file;
}

export interface StartedGateway {
  readonly port: number;
  /** Exchanges the graph for one with a partner's subgraph in it. */
  exchange(): Promise<Reloaded>;
}

/** The gateway over two subgraphs in its process: readings, and the assets they belong to. */
export async function startGateway(isExchanged = false): Promise<StartedGateway> {
  const folder = isExchanged ? mkdtempSync(join(tmpdir(), 'twinhub-bench-')) : null;
  const file = folder === null ? {} : { TWINHUB_SUBGRAPHS_FILE: listPartners(folder, []) };
  const env = { TWINHUB_PORT: '0', ...file };
  const gateway = await createGateway(readGatewayConfig(new ConfigReader(env)), {
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
  const port = Number(new URL((await gateway.listen()).url).port);
  return {
    port,
    exchange() {
      if (folder !== null) listPartners(folder, ['energy']);
      return gateway.graph.reload();
    },
  };
}
