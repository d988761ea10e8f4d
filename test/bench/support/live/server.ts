import { startGateway } from './gateway.ts';
import { startMonolith } from './monolith.ts';
import { readings } from './schema.ts';

/** A server to be measured, in a process of its own: `node server.ts gateway|monolith`. Speaks with its parent. */
export type Order =
  { readonly publish: readonly string[]; readonly value: number } | { readonly report: true };

export interface Report {
  readonly listeners: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

function report(): Report {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return {
    listeners: readings.listenerCount,
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
  };
}

process.on('message', (order: Order) => {
  if ('report' in order) return void process.send?.(report());
  const at = new Date().toISOString();
  for (const topic of order.publish) readings.publish({ topic, value: order.value, at });
});
process.on('disconnect', () => process.exit());

const kind = process.argv[2];
process.send?.({ port: await (kind === 'monolith' ? startMonolith() : startGateway()) });
