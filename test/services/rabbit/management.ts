import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '#kernel/errors.ts';

const requestTimeoutMs = 10_000;
const connectionsTimeoutMs = 10_000;

/** What tests ask of RabbitMQ's management API. */
export interface RabbitManagement {
  /** @throws {HubError} CONNECTOR_REFUSED - the API refused; INVALID_INPUT - the server has no management address. */
  overview(): Promise<unknown>;
  /**
   * A virtual host of one's own, so that test files which share a broker do not see each other's exchanges.
   *
   * @returns its address for an AMQP client, user and password included.
   */
  createVhost(name: string): Promise<string>;
  /** Removes a virtual host with all in it; connections to it are closed. */
  deleteVhost(name: string): Promise<void>;
  /**
   * Closes every connection of a virtual host from the server's side (`connection.close` 320, as at a shutdown).
   *
   * @returns how many; 0 when none showed up within 10 s.
   */
  dropConnections(vhost: string): Promise<number>;
}

/** Management calls for the server at `service`. @see RabbitMQ Management HTTP API */
export function createManagement(service: {
  readonly url: string;
  readonly managementUrl?: string;
}): RabbitManagement {
  const call = (method: string, path: string) => request(service.managementUrl, method, path);
  // The API learns of a connection some moments after the client, which knows of it when its handshake is done.
  const connectionsOf = async (vhost: string): Promise<string[]> => {
    const path = `/api/vhosts/${encodeURIComponent(vhost)}/connections`;
    const deadline = performance.now() + connectionsTimeoutMs;
    for (;;) {
      const connections = (await call('GET', path)) as readonly { readonly name: string }[];
      if (connections.length || performance.now() > deadline) return connections.map(({ name }) => name);
      await sleep(100);
    }
  };
  return {
    overview: () => call('GET', '/api/overview'),
    createVhost: async (name) => {
      await call('PUT', `/api/vhosts/${encodeURIComponent(name)}`);
      const url = new URL(service.url);
      url.pathname = `/${encodeURIComponent(name)}`;
      return url.href;
    },
    deleteVhost: async (name) => void (await call('DELETE', `/api/vhosts/${encodeURIComponent(name)}`)),
    dropConnections: async (vhost) => {
      const names = await connectionsOf(vhost);
      await Promise.all(names.map((name) => call('DELETE', `/api/connections/${encodeURIComponent(name)}`)));
      return names.length;
    },
  };
}

async function request(managementUrl: string | undefined, method: string, path: string): Promise<unknown> {
  if (!managementUrl) {
    throw new HubError(
      'INVALID_INPUT',
      'This needs RabbitMQ’s management API: set TWINHUB_TEST_AMQP_MANAGEMENT_URL.',
    );
  }
  const base = new URL(managementUrl);
  const user = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  const response = await fetch(new URL(path, base.origin), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(user).toString('base64')}`,
      'content-type': 'application/json',
    },
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new HubError(
      'CONNECTOR_REFUSED',
      `RabbitMQ answers ${method} ${path} with ${response.status}: ${text}`,
    );
  }
  return text ? JSON.parse(text) : undefined;
}
