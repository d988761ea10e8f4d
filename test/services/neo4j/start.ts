import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import neo4j from 'neo4j-driver';
import type { Env } from '#kernel/config.ts';
import { dockerSource, runInDocker } from '../common/docker.ts';
import type { DockerProgram } from '../common/docker.ts';
import { address, external } from '../common/environment.ts';
import { createDataFolder } from '../common/places.ts';
import { freePorts, outagesOf, twice, waitUntilReady } from '../common/ready.ts';
import type { Outages } from '../common/ready.ts';
import { firstOf, isUnavailable } from '../common/sources.ts';
import type { Unavailable } from '../common/sources.ts';
import { supervise } from '../common/supervise.ts';
import { neo4jSources, neo4jVersion } from './install.ts';
import type { Neo4jProgram } from './install.ts';

/** A running Neo4j 5 Community; its one database is `neo4j`. */
export interface Neo4jService {
  /** `bolt://127.0.0.1:PORT` of an own server. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Absent for a server of the environment, which is not ours to end. */
  readonly outages?: Outages;
  close(): Promise<void>;
}

const startTimeoutMs = 120_000;

/**
 * A Neo4j to test with: the one at TWINHUB_TEST_NEO4J_URL (with _USER and _PASSWORD), or one of our own.
 *
 * @throws {HubError} CONNECTOR_UNREACHABLE - the server of the environment does not answer, or ours did not come up.
 */
export async function startNeo4j(env: Env = process.env): Promise<Neo4jService | Unavailable> {
  const given = await external(env, 'NEO4J', readNeo4jAddress, probe);
  if (given) return given;
  const image = `neo4j:${neo4jVersion}-community`;
  const program = await firstOf<Neo4jProgram | DockerProgram>('Neo4j 5', [
    ...neo4jSources(env),
    dockerSource(image, env),
  ]);
  return isUnavailable(program) ? program : await twice(() => startOwn(program, env));
}

function readNeo4jAddress(env: Env) {
  return {
    url: address(env, 'TWINHUB_TEST_NEO4J_URL', ['bolt', 'neo4j', 'bolt+s', 'neo4j+s']),
    user: env['TWINHUB_TEST_NEO4J_USER'] ?? 'neo4j',
    password: env['TWINHUB_TEST_NEO4J_PASSWORD'] ?? '',
  };
}

async function startOwn(program: Neo4jProgram | DockerProgram, env: Env): Promise<Neo4jService> {
  const [port = 0] = await freePorts(1);
  const folder = await createDataFolder('neo4j');
  const password = randomBytes(16).toString('hex');
  const service = { url: `bolt://127.0.0.1:${port}`, user: 'neo4j', password };
  const server = supervise(
    program.kind === 'docker'
      ? runInDocker(program, { folder, env, ports: [[port, 7687]], set: { NEO4J_AUTH: `neo4j/${password}` } })
      : javaCommand(program, { folder, port, password, env }),
  );
  const ready = { name: 'Neo4j', server, probe: () => probe(service), timeoutMs: startTimeoutMs };
  await waitUntilReady(ready);
  return { ...service, outages: outagesOf(ready), close: () => server.close() };
}

function javaCommand(
  program: Neo4jProgram,
  options: { folder: string; port: number; password: string; env: Env },
) {
  const { folder, port, password, env } = options;
  const source = join(import.meta.dirname, 'Neo4jServer.java');
  return {
    command: program.java,
    args: ['-Xmx1g', '-cp', `${program.lib}/*`, source, join(folder, 'data'), String(port)],
    env: { ...env, NEO4J_PASSWORD: password },
    folder,
  };
}

async function probe(service: Omit<Neo4jService, 'close' | 'outages'>): Promise<void> {
  const driver = neo4j.driver(service.url, neo4j.auth.basic(service.user, service.password), {
    connectionTimeout: 5_000,
    connectionAcquisitionTimeout: 5_000,
    maxTransactionRetryTime: 0,
  });
  try {
    await driver.executeQuery('RETURN 1', {}, { database: 'neo4j' });
  } finally {
    await driver.close();
  }
}
