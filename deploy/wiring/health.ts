import { statfs } from 'node:fs/promises';
import type { HealthReport } from '#gateway/http/health-route.ts';
import { parseModelId, parseTwinId, type TenantId } from '#ontology/ids.ts';
import { HubError } from '#kernel/errors.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Ingest } from '#subgraphs/telemetry/ingest.ts';
import type { PlantLinks } from './plant.ts';
import type { Services } from './services.ts';
import { watchStores, type StoreWatch } from './store-watch.ts';
import type { Stores } from './stores.ts';

/** What a hub cannot do without: its stores, and the disk of the data folder. */
export type StoreName = keyof Stores['places'] | 'disk';

/** Below it the hub says so while it still works: about an hour of logs and samples of a small plant. */
const leastFreeBytes = 64 * 2 ** 20;
/** One failed write may be a hiccup; by then some seconds have passed. */
const failuresInARow = 3;

/** Looks after the stores of a hub with questions that each of them has to answer itself. */
export function watchHubStores(
  config: { tenant: TenantId; dataDir: string },
  parts: { stores: Stores; ingest: Ingest; clock: Clock; log: Logger },
): StoreWatch<StoreName> {
  const { tenant, dataDir } = config;
  const { stores, ingest, clock, log } = parts;
  const nothing = { twinId: parseTwinId('twinhub-health'), signal: 'health' };
  return watchStores(
    {
      twins: () => stores.twins.models(tenant, [parseModelId('dtmi:twinhub:health;1')]),
      telemetry: async () => {
        await stores.series.raw(tenant, nothing, { from: clock.now() - 1_000, to: clock.now() }, 1);
        const { failures } = ingest.status();
        if (failures >= failuresInARow)
          throw new HubError('STORE_UNAVAILABLE', `${failures} writes in a row have failed.`);
      },
      messages: () => stores.bus.depth('hub.workflows'),
      records: async () => stores.outbox.pending(1),
      disk: () => assertSpace(dataDir),
    },
    { clock, log, places: { ...stores.places, disk: dataDir } },
  );
}

async function assertSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < leastFreeBytes)
    throw new HubError(
      'STORE_UNAVAILABLE',
      `The disk has ${Math.floor(free / 2 ** 20)} MiB free; at least ${leastFreeBytes / 2 ** 20} are needed.`,
    );
}

/**
 * Whether the hub can do its work: its stores answer and samples are being stored. A plant that is away does not make
 * the hub unhealthy: it is shown, and the hub goes on. Answers strangers too, so it names no addresses.
 */
export async function healthReport(
  tenant: TenantId,
  parts: { watch: StoreWatch<StoreName>; services: Services; links: PlantLinks },
): Promise<HealthReport> {
  const { watch, services, links } = parts;
  const states = Object.entries(await watch.states());
  const away = states.filter(([, state]) => !state.ok);
  return {
    ok: away.length === 0,
    status: away.length === 0 ? 'ok' : 'degraded',
    stores: Object.fromEntries(states.map(([name, state]) => [name, state.ok])),
    ...(away.length
      ? { awaySince: Object.fromEntries(away.map(([name, state]) => [name, state.since])) }
      : {}),
    ingest: services.ingest.status(),
    plants: links.list(tenant).map(({ state }) => state),
  };
}
