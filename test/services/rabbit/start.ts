import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'amqplib';
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
import type { ServerCommand } from '../common/supervise.ts';
import { rabbitSources } from './install.ts';
import type { RabbitProgram } from './install.ts';
import { createManagement } from './management.ts';
import type { RabbitManagement } from './management.ts';

/** A running RabbitMQ. */
export interface RabbitService extends RabbitManagement {
  /** `amqp://USER:PASSWORD@127.0.0.1:PORT` of an own server; a user who may configure, write and read. */
  readonly url: string;
  /** Address of the management API with user and password; absent where a given server does not offer it. */
  readonly managementUrl?: string;
  /** Absent for a server of the environment, which is not ours to end. */
  readonly outages?: Outages;
  close(): Promise<void>;
}

interface Address {
  readonly url: string;
  readonly managementUrl?: string;
}

interface Ports {
  readonly amqp: number;
  readonly management: number;
  readonly distribution: number;
  readonly epmd: number;
}

const startTimeoutMs = 120_000;

/**
 * A RabbitMQ to test with: the one at TWINHUB_TEST_AMQP_URL (and TWINHUB_TEST_AMQP_MANAGEMENT_URL), or one of our own.
 *
 * @throws {HubError} CONNECTOR_UNREACHABLE - the server of the environment does not answer, or ours did not come up.
 */
export async function startRabbit(env: Env = process.env): Promise<RabbitService | Unavailable> {
  const given = await external(env, 'AMQP', readAmqpAddress, probe);
  if (given) return isUnavailable(given) ? given : { ...given, ...createManagement(given) };
  const program = await firstOf<RabbitProgram | DockerProgram>('RabbitMQ 3', [
    ...rabbitSources(env),
    dockerSource('rabbitmq:3.13-management', env),
  ]);
  return isUnavailable(program) ? program : await twice(() => startOwn(program, env));
}

function readAmqpAddress(env: Env): Address {
  const url = address(env, 'TWINHUB_TEST_AMQP_URL', ['amqp', 'amqps']);
  const management = 'TWINHUB_TEST_AMQP_MANAGEMENT_URL';
  return env[management] ? { url, managementUrl: address(env, management, ['http', 'https']) } : { url };
}

async function startOwn(program: RabbitProgram | DockerProgram, env: Env): Promise<RabbitService> {
  const [amqp = 0, management = 0, distribution = 0, epmd = 0] = await freePorts(4);
  const ports = { amqp, management, distribution, epmd };
  const password = randomBytes(16).toString('hex');
  const folder = await createDataFolder('rabbit');
  const credentials = `twinhub:${password}@127.0.0.1`;
  const service = {
    url: `amqp://${credentials}:${amqp}`,
    managementUrl: `http://${credentials}:${management}`,
  };
  const server = supervise(
    program.kind === 'docker'
      ? dockerCommand(program, { folder, env, ports, password })
      : await ownNode(program, { folder, env, ports, password }),
  );
  const answers = async () => {
    await probe(service);
    await createManagement(service).overview();
  };
  const ready = { name: 'RabbitMQ', server, probe: answers, timeoutMs: startTimeoutMs };
  await waitUntilReady(ready);
  return { ...service, ...createManagement(service), outages: outagesOf(ready), close: () => server.close() };
}

interface NodeOptions {
  readonly folder: string;
  readonly env: Env;
  readonly ports: Ports;
  readonly password: string;
}

function dockerCommand(program: DockerProgram, { folder, env, ports, password }: NodeOptions): ServerCommand {
  return runInDocker(program, {
    folder,
    env,
    ports: [
      [ports.amqp, 5672],
      [ports.management, 15672],
    ],
    set: { RABBITMQ_DEFAULT_USER: 'twinhub', RABBITMQ_DEFAULT_PASS: password },
  });
}

// A broker starts a port mapper as a daemon outside its process group when it finds none: so there is one before.
const nodeScript = '"$1" -port "$ERL_EPMD_PORT" -address 127.0.0.1 & exec "$2"';

async function ownNode(program: RabbitProgram, { folder, env, ports, password }: NodeOptions) {
  const inFolder = (name: string) => join(folder, name);
  await Promise.all(['mnesia', 'log'].map((name) => mkdir(inFolder(name))));
  await writeFile(inFolder('rabbitmq.conf'), configuration(ports, password), { mode: 0o600 });
  await writeFile(inFolder('enabled_plugins'), '[rabbitmq_management].\n');
  const settings = {
    HOME: folder,
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_NODENAME: `twinhub${ports.amqp}@localhost`,
    RABBITMQ_MNESIA_BASE: inFolder('mnesia'),
    RABBITMQ_LOG_BASE: inFolder('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONF_ENV_FILE: inFolder('rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: inFolder('rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: inFolder('advanced.config'),
    RABBITMQ_FEATURE_FLAGS_FILE: inFolder('feature_flags'),
    RABBITMQ_ENABLED_PLUGINS_FILE: inFolder('enabled_plugins'),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  const args = ['-c', nodeScript, 'rabbit-node', program.epmd, program.command];
  return { command: 'sh', args, env: { ...env, ...settings }, folder };
}

function configuration(ports: Ports, password: string): string {
  return `listeners.tcp.local = 127.0.0.1:${ports.amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${ports.management}
default_user = twinhub
default_pass = ${password}
disk_free_limit.absolute = 50MB
`;
}

async function probe({ url }: Address): Promise<void> {
  const connection = await connect(url, { timeout: 5_000 });
  await connection.close();
}
