import { fork, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order, Report } from './server.ts';

export const kinds = ['monolith', 'gateway'] as const;
export type Kind = (typeof kinds)[number];

/** Server and load on cores of their own, where the system can do that. */
export function pin(pid: number | undefined, core: number): void {
  if (cpus().length > 1 && pid !== undefined)
    spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** @param special - `exchange`: a gateway whose graph can be exchanged. */
export async function startServer(kind: Kind, special?: 'exchange') {
  const server = fork(new URL('server.ts', import.meta.url), special ? [kind, special] : [kind], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  pin(server.pid, 0);
  const answer = <T>() =>
    new Promise<T>((resolve) => server.once('message', (message) => resolve(message as T)));
  const { port } = await answer<{ port: number }>();
  const tell = (order: Order) => void server.send(order);
  const ask = <T>(order: Order) => {
    const answered = answer<T>();
    tell(order);
    return answered;
  };
  return {
    port,
    tell,
    ask,
    report: (what: 'cpu' | 'memory') => ask<Report>({ report: what }),
    stop: () => server.kill('SIGKILL'),
  };
}

/** All have subscribed: the number of listeners stays the same for a while. */
export async function settled({ report }: Server): Promise<Report> {
  for (let before = await report('memory'); ;) {
    await sleep(1_500);
    const now = await report('memory');
    if (now.listeners === before.listeners && now.listeners > 0) return now;
    before = now;
  }
}
