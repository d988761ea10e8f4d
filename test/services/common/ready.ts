import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { SupervisedServer } from './supervise.ts';

/** Ports of 127.0.0.1 that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export interface ReadyOptions<T> {
  /** The server's name, for messages. */
  readonly name: string;
  readonly server: SupervisedServer;
  /** Asks the server something; a rejection means not yet. */
  readonly probe: () => Promise<T>;
  readonly timeoutMs: number;
}

/**
 * Asks until the server answers. A server that does not come up is closed.
 *
 * @throws {HubError} CONNECTOR_UNREACHABLE - it ended, or did not answer in time; the message has the end of its log.
 */
export async function waitUntilReady<T>(options: ReadyOptions<T>): Promise<T> {
  const { name, server, probe, timeoutMs } = options;
  const deadline = performance.now() + timeoutMs;
  let last = 'never asked';
  while (!server.ended() && performance.now() < deadline) {
    try {
      return await probe();
    } catch (error) {
      last = messageOf(error);
    }
    await sleep(200);
  }
  const what = server.ended() ?? `did not answer within ${timeoutMs} ms (${last})`;
  const tail = server.logTail();
  await server.close();
  throw new HubError('CONNECTOR_UNREACHABLE', `${name} ${what}. The end of its log:\n${tail}`);
}

/** A server that tests can take away for a while. */
export interface Outages {
  /** SIGKILL to the server; its port refuses connections from now on. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
}

/** How an own server goes away and comes back. */
export function outagesOf(options: ReadyOptions<unknown>): Outages {
  return {
    kill: () => options.server.kill(),
    restart: async () => {
      options.server.restart();
      await waitUntilReady(options);
    },
  };
}

/** A second try, with new ports, is all that another process taking a port meanwhile needs. */
export async function twice<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch {
    return await start();
  }
}
