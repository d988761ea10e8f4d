import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startGateway } from './gateway.ts';
import { startMonolith } from './monolith.ts';
import { Profile } from './profile.ts';
import { readings } from './schema.ts';

/** A server to be measured, in a process of its own: `node server.ts gateway|monolith [exchange]`. Speaks with its parent. */
export type Order =
  | { readonly publish: readonly string[]; readonly value: number }
  | { readonly report: 'cpu' | 'memory' }
  /** Exchanges the graph and publishes meanwhile; answered with `Exchanged`. */
  | { readonly exchange: readonly string[] }
  /** `true` starts a CPU profile, a file's name ends it. Answered. */
  | { readonly profile: true | string };

export interface Report {
  readonly listeners: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** Memory is read after garbage collection, which must not count as the work of events. */
function report(what: 'cpu' | 'memory'): Report {
  if (what === 'memory') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return {
    listeners: readings.listenerCount,
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
  };
}

const profile = new Profile();

async function profiled(order: true | string): Promise<void> {
  await (order === true ? profile.start() : profile.writeTo(order));
  process.send?.({ profiled: true });
}

/** What an exchange took. */
export interface Exchanged {
  readonly tookMs: number;
  readonly cpuMs: number;
  /** The longest time in which nothing else was done. */
  readonly longestPauseMs: number;
  /** Rounds of events published meanwhile. */
  readonly rounds: number;
  readonly outcome: unknown;
}

function publish(topics: readonly string[], value: number): void {
  const at = new Date().toISOString();
  for (const topic of topics) readings.publish({ topic, value, at });
}

async function exchange(topics: readonly string[]): Promise<void> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const pauses = monitorEventLoopDelay({ resolution: 5 });
  pauses.enable();
  let rounds = 0;
  const publishing = setInterval(() => rounds < 3 && publish(topics, (rounds += 1)), 250);
  publish(topics, (rounds += 1));
  const outcome = await started.exchange?.();
  const { user, system } = process.cpuUsage(cpu);
  const tookMs = performance.now() - begun;
  clearInterval(publishing);
  publish(topics, (rounds += 1));
  pauses.disable();
  process.send?.({
    tookMs,
    cpuMs: (user + system) / 1000,
    longestPauseMs: pauses.max / 1e6,
    rounds,
    outcome,
  } satisfies Exchanged);
}

process.on('message', (order: Order) => {
  if ('exchange' in order) return void exchange(order.exchange);
  if ('profile' in order) return void profiled(order.profile);
  if ('report' in order) return void process.send?.(report(order.report));
  publish(order.publish, order.value);
});
process.on('disconnect', () => process.exit());

const [, , kind, special] = process.argv;
const started: { port: number; exchange?: () => Promise<unknown> } =
  kind === 'monolith' ? { port: await startMonolith() } : await startGateway(special === 'exchange');
process.send?.({ port: started.port });
