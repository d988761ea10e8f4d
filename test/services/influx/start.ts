import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { InfluxDB } from '@influxdata/influxdb-client';
import { BucketsAPI, HealthAPI, SetupAPI } from '@influxdata/influxdb-client-apis';
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
import { influxSources, influxVersion } from './install.ts';
import type { InfluxProgram } from './install.ts';

/** A running InfluxDB 2 with one organisation, one bucket (kept for ever) and an operator token. */
export interface InfluxService {
  /** `http://127.0.0.1:PORT` of an own server. */
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
  /** Absent for a server of the environment, which is not ours to end. */
  readonly outages?: Outages;
  close(): Promise<void>;
}

type Address = Omit<InfluxService, 'close' | 'outages'>;

const startTimeoutMs = 60_000;
const requestTimeoutMs = 10_000;

/**
 * An InfluxDB to test with: the one at TWINHUB_TEST_INFLUX_URL (with _TOKEN, _ORG and _BUCKET), or one of our own.
 *
 * @throws {HubError} CONNECTOR_UNREACHABLE - the server of the environment does not answer, or ours did not come up.
 */
export async function startInflux(env: Env = process.env): Promise<InfluxService | Unavailable> {
  const given = await external(env, 'INFLUX', readInfluxAddress, findBucket);
  if (given) return given;
  const program = await firstOf<InfluxProgram | DockerProgram>('InfluxDB 2', [
    ...influxSources(env),
    dockerSource(`influxdb:${influxVersion}`, env),
  ]);
  return isUnavailable(program) ? program : await twice(() => startOwn(program, env));
}

function readInfluxAddress(env: Env): Address {
  return {
    url: address(env, 'TWINHUB_TEST_INFLUX_URL', ['http', 'https']),
    token: env['TWINHUB_TEST_INFLUX_TOKEN'] ?? '',
    org: env['TWINHUB_TEST_INFLUX_ORG'] ?? 'twinhub',
    bucket: env['TWINHUB_TEST_INFLUX_BUCKET'] ?? 'twinhub',
  };
}

async function startOwn(program: InfluxProgram | DockerProgram, env: Env): Promise<InfluxService> {
  const [port = 0] = await freePorts(1);
  const folder = await createDataFolder('influx');
  const url = `http://127.0.0.1:${port}`;
  const service = { url, token: randomBytes(24).toString('hex'), org: 'twinhub', bucket: 'twinhub' };
  const server = supervise(
    program.kind === 'docker'
      ? runInDocker(program, { folder, env, ports: [[port, 8086]], set: {} })
      : { command: program.command, args: influxdArguments(folder, port), env, folder },
  );
  const ready = {
    name: 'InfluxDB',
    server,
    probe: () => new HealthAPI(new InfluxDB({ url, timeout: requestTimeoutMs })).getHealth(),
    timeoutMs: startTimeoutMs,
  };
  await waitUntilReady(ready);
  try {
    await setUp(service);
  } catch (error) {
    await server.close();
    throw error;
  }
  return { ...service, outages: outagesOf(ready), close: () => server.close() };
}

function influxdArguments(folder: string, port: number): string[] {
  const settings = {
    'bolt-path': join(folder, 'influxd.bolt'),
    'sqlite-path': join(folder, 'influxd.sqlite'),
    'engine-path': join(folder, 'engine'),
    'http-bind-address': `127.0.0.1:${port}`,
  };
  return [...Object.entries(settings).map(([name, value]) => `--${name}=${value}`), '--reporting-disabled'];
}

async function setUp({ url, token, org, bucket }: Address): Promise<void> {
  const password = randomBytes(16).toString('hex');
  const body = { org, bucket, username: 'twinhub', password, token };
  await new SetupAPI(new InfluxDB({ url, timeout: requestTimeoutMs })).postSetup({ body });
}

async function findBucket({ url, token, org, bucket }: Address): Promise<void> {
  const api = new BucketsAPI(new InfluxDB({ url, token, timeout: requestTimeoutMs }));
  const found = await api.getBuckets({ org, name: bucket });
  if (!found.buckets?.length) throw new Error(`organisation ${org} has no bucket ${bucket}`);
}
