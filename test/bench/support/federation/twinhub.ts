import { randomUUID } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { systemClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { readGatewayConfig } from '#gateway/config.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { createRemoteExecutor, defaultRemoteLimits } from '#gateway/remote/remote-executor.ts';
import { createGateway } from '#gateway/server.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { subgraphs } from './plant.js';

/**
 * This gateway in a process of its own: `node twinhub.ts URLS`, where URLS is a JSON object of the subgraphs' addresses
 * or `{}` for subgraphs in its process. Signs everybody in as one person; all its guards are on.
 */
const urls = JSON.parse(process.argv[2] ?? '{}') as Readonly<Record<string, string>>;

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

/** One client that asks as fast as it can would use up what a tenant has; it is counted all the same. */
const wide = String(1e12);
const settings = {
  TWINHUB_PORT: '0',
  TWINHUB_MAX_REQUESTS_PER_PRINCIPAL: wide,
  TWINHUB_MAX_REQUESTS_PER_TENANT: wide,
  TWINHUB_MAX_COST_PER_TENANT: wide,
};

const gateway = await createGateway(readGatewayConfig(new ConfigReader(settings)), {
  subgraphs: subgraphs.map(({ name, sdl, resolvers }) => {
    const url = urls[name];
    const executor = url
      ? createRemoteExecutor({ name, url, limits: defaultRemoteLimits })
      : createLocalExecutor(buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]));
    return { name, sdl, executor };
  }),
  clock: systemClock,
  log: createJsonLogger({ level: 'error' }),
  newId: randomUUID,
  authenticate: async () => principal,
  authenticateSocket: async () => principal,
  health: async () => ({ ok: true }),
  routes: [],
});
process.on('disconnect', () => process.exit());
process.send?.({ port: Number(new URL((await gateway.listen()).url).port) });
