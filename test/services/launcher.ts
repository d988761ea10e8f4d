import type { Env } from '#kernel/config.ts';
import { unavailableSetting } from './common/environment.ts';
import type { SettingName } from './common/environment.ts';
import { progress } from './common/progress.ts';
import { isUnavailable } from './common/sources.ts';
import type { Unavailable } from './common/sources.ts';
import { startInflux } from './influx/start.ts';
import { startNeo4j } from './neo4j/start.ts';
import { startRabbit } from './rabbit/start.ts';

/** A started server as settings that the start functions read. */
interface Launched {
  readonly settings: Readonly<Record<string, string>>;
  readonly url: string;
  close(): Promise<void>;
}

interface Launch {
  readonly setting: SettingName;
  readonly start: (env: Env) => Promise<Launched | Unavailable>;
}

const launches = {
  neo4j: {
    setting: 'NEO4J',
    start: (env) =>
      launched(startNeo4j(env), ({ url, user, password }) => ({
        TWINHUB_TEST_NEO4J_URL: url,
        TWINHUB_TEST_NEO4J_USER: user,
        TWINHUB_TEST_NEO4J_PASSWORD: password,
      })),
  },
  influx: {
    setting: 'INFLUX',
    start: (env) =>
      launched(startInflux(env), ({ url, token, org, bucket }) => ({
        TWINHUB_TEST_INFLUX_URL: url,
        TWINHUB_TEST_INFLUX_TOKEN: token,
        TWINHUB_TEST_INFLUX_ORG: org,
        TWINHUB_TEST_INFLUX_BUCKET: bucket,
      })),
  },
  rabbit: {
    setting: 'AMQP',
    start: (env) =>
      launched(startRabbit(env), ({ url, managementUrl }) => ({
        TWINHUB_TEST_AMQP_URL: url,
        ...(managementUrl ? { TWINHUB_TEST_AMQP_MANAGEMENT_URL: managementUrl } : {}),
      })),
  },
} as const satisfies Record<string, Launch>;

/** A server that can be asked for. */
export type ServiceName = keyof typeof launches;
export const serviceNames = Object.keys(launches) as readonly ServiceName[];

export function isServiceName(text: string): text is ServiceName {
  return Object.hasOwn(launches, text);
}

/**
 * Starts servers beside one another, runs `use` with the settings under which the start functions of this folder (also
 * those of other processes) find them, and ends them afterwards.
 *
 * @param use - gets `env` plus TWINHUB_TEST_*; for a server that cannot be had, TWINHUB_TEST_<NAME>_UNAVAILABLE with
 *   the reason, with which a contract suite is skipped, or fails under CI=true.
 * @throws {HubError} CONNECTOR_UNREACHABLE - a server is there but does not come up; the others are ended first.
 */
export async function withServices<T>(
  names: readonly ServiceName[],
  use: (env: Env) => Promise<T>,
  env: Env = process.env,
): Promise<T> {
  const starts = await Promise.allSettled([...new Set(names)].map((name) => launchOne(name, env)));
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    const settings = running.map((launch) => launch.settings);
    return await use(Object.assign({}, env, ...settings));
  } finally {
    await Promise.all(running.map((launch) => launch.close()));
  }
}

async function launchOne(name: ServiceName, env: Env): Promise<Omit<Launched, 'url'>> {
  const { setting, start }: Launch = launches[name];
  const began = performance.now();
  const outcome = await start(env);
  if (isUnavailable(outcome)) {
    progress(`${name}: ${outcome.unavailable}`);
    return { settings: { [unavailableSetting(setting)]: outcome.unavailable }, close: async () => {} };
  }
  progress(`${name} at ${new URL(outcome.url).host} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return outcome;
}

async function launched<S extends { readonly url: string; close(): Promise<void> }>(
  starting: Promise<S | Unavailable>,
  toSettings: (service: S) => Readonly<Record<string, string>>,
): Promise<Launched | Unavailable> {
  const service = await starting;
  if (isUnavailable(service)) return service;
  return { url: service.url, settings: toSettings(service), close: () => service.close() };
}
