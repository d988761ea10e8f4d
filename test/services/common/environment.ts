import type { Env } from '#kernel/config.ts';
import { redactUrl } from '#kernel/config.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { Unavailable } from './sources.ts';

/** The servers tests can ask for, as the names of their settings spell them. */
export type SettingName = 'NEO4J' | 'INFLUX' | 'AMQP';

/** Set by a launcher that found a server unavailable, so that not every test file tries again. */
export function unavailableSetting(name: SettingName): string {
  return `TWINHUB_TEST_${name}_UNAVAILABLE`;
}

/** The address in a setting. @throws {HubError} CONFIG_INVALID - absent, or none of `protocols`. */
export function address(env: Env, name: string, protocols: readonly string[]): string {
  const url = env[name] ?? '';
  if (URL.canParse(url) && protocols.includes(new URL(url).protocol.slice(0, -1))) return url;
  const allowed = protocols.map((protocol) => `${protocol}://`).join(' or ');
  throw new HubError(
    'CONFIG_INVALID',
    `${name} is ${JSON.stringify(redactUrl(url))}, allowed is an address with ${allowed}.`,
  );
}

/**
 * The server the environment names, after one question to it; `close` leaves it running.
 *
 * @returns `undefined` when the environment says nothing of this server.
 * @throws {HubError} CONFIG_INVALID - the settings are wrong; CONNECTOR_UNREACHABLE - the server does not answer:
 *   whoever names a server wants that one, so there is no falling back.
 */
export async function external<S extends { readonly url: string }>(
  env: Env,
  name: SettingName,
  read: (env: Env) => S,
  probe: (service: S) => Promise<unknown>,
): Promise<(S & { close(): Promise<void> }) | Unavailable | undefined> {
  const unavailable = env[unavailableSetting(name)];
  if (unavailable) return { unavailable };
  if (!env[`TWINHUB_TEST_${name}_URL`]) return undefined;
  const service = read(env);
  try {
    await probe(service);
  } catch (error) {
    const where = `The server of TWINHUB_TEST_${name}_URL (${redactUrl(service.url)})`;
    throw new HubError(
      'CONNECTOR_UNREACHABLE',
      `${where} does not answer as it should: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return { ...service, close: async () => {} };
}
