import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteAnalyticsState } from '#connectors/sqlite/analytics-state.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { SqliteOutbox } from '#connectors/sqlite/outbox.ts';
import { SqliteRecommendationStore } from '#connectors/sqlite/recommendation-store.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { initialPlant } from '#deploy/demo/plant/plant-state.ts';
import { createSimulation, type Simulation } from '#deploy/demo/plant/simulation.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { SimulatedClock, systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseModelId, parseTenantId, parseTwinId, type TenantId } from '#ontology/ids.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { Message } from '#ontology/message.ts';
import type { Model } from '#ontology/model.ts';
import type { MessageBus } from '#ontology/ports/message-bus.ts';
import type { TwinInput } from '#ontology/twin.ts';
import { defaultAnalyticsConfig, type AnalyticsConfig } from '#subgraphs/analytics/config.ts';
import { createAnalyticsService, type AnalyticsService } from '#subgraphs/analytics/service.ts';
import { plantSignals, signalContent, toSignalSample } from './plant-run.ts';

export const demo = parseTenantId('demo');
export const other = parseTenantId('other');
export const pump = parseTwinId('P-101');
const start = Date.UTC(2026, 0, 1, 7);

/** Analytics over real embedded stores and the real embedded bus; time and plants move when told to. */
export interface Hub {
  readonly clock: SimulatedClock;
  readonly live: Broadcast<LiveSample>;
  readonly twins: SqliteTwinStore;
  readonly recommendations: SqliteRecommendationStore;
  readonly state: SqliteAnalyticsState;
  readonly bus: MessageBus;
  readonly log: ReturnType<typeof createMemoryLogger>;
  readonly plant: (tenant: TenantId) => Simulation;
  service: AnalyticsService;
  /** Ends the service (`crash`: without its last save) and starts a new one over the same files. */
  restart(options?: { crash?: boolean }): Promise<void>;
  /** So many rounds of all plants. */
  run(rounds: number): Promise<void>;
  /** Publishes what waits in the outbox and answers the messages of hub.evt from analytics so far. */
  sent(): Promise<readonly Message[]>;
  /** Sends a message to analytics and waits until it was handled. */
  tell(
    exchange: 'hub.cmd' | 'hub.evt',
    message: Partial<Message> & Pick<Message, 'id' | 'type' | 'body'>,
  ): Promise<void>;
}

function modelOf(assetClass: string, signals: Readonly<Record<string, string | null>>): Model {
  const id = parseModelId(`dtmi:test:${assetClass};1`);
  const contents = Object.entries(signals).map(([name, unit]) => ({
    ...signalContent(name, unit),
    declaredBy: id,
  }));
  return {
    id,
    standard: 'DTDL',
    standardVersion: '3',
    displayName: {},
    description: {},
    extends: [],
    contents,
    source: {},
  };
}

const bearing: Model = modelOf('bearing', {});
const models: readonly Model[] = [
  ...Object.values(plantSignals).map(({ assetClass, signals }) => modelOf(assetClass, signals)),
  modelOf('site', {}),
  bearing,
];

export function twinOf(id: string, assetClass: string, more: Partial<TwinInput> = {}): TwinInput {
  return {
    id: parseTwinId(id),
    kind: 'ASSET',
    name: id,
    modelId: parseModelId(`dtmi:test:${assetClass};1`),
    parentId: parseTwinId('PLANT-1'),
    properties: { assetClass },
    ...more,
  };
}

const geometry = { rollingElements: 8, ballDiameter: 20.6, pitchDiameter: 87.5, contactAngle: 0 };
export const plantTwins: readonly TwinInput[] = [
  twinOf('PLANT-1', 'site', { kind: 'SITE', parentId: null, properties: {} }),
  twinOf('P-101', 'pump'),
  twinOf('P-101.motor', 'motor', {
    kind: 'COMPONENT',
    parentId: pump,
    properties: { assetClass: 'motor', ratedPower: 11 },
  }),
  twinOf('P-101.bearing-de', 'bearing', {
    kind: 'COMPONENT',
    parentId: pump,
    properties: { assetClass: 'bearing', ...geometry },
  }),
  twinOf('FL-101', 'filler'),
];

export async function withHub(
  work: (hub: Hub) => Promise<void>,
  change: Partial<AnalyticsConfig> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'twinhub-analytics-'));
  const db = new Database(join(folder, 'hub.sqlite'));
  const log = createMemoryLogger('info');
  const bus = openSqliteMessageBus(
    { path: join(folder, 'bus.sqlite'), pollMs: 5 },
    { clock: systemClock, log },
  );
  const hub = await createHub(db, bus, log, change);
  try {
    await work(hub);
  } finally {
    await hub.service.close();
    await bus.close();
    db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function createHub(
  db: Database,
  bus: MessageBus,
  log: Hub['log'],
  change: Partial<AnalyticsConfig>,
): Promise<Hub> {
  const clock = new SimulatedClock(start);
  const live = new Broadcast<LiveSample>();
  const outbox = new SqliteOutbox(db);
  const twins = new SqliteTwinStore(db, clock);
  const state = new SqliteAnalyticsState(db, outbox);
  const recommendations = new SqliteRecommendationStore(db, outbox);
  const config = { ...defaultAnalyticsConfig([demo, other]), ...change };
  for (const tenant of [demo, other]) await twins.apply(tenant, { models, twins: plantTwins });
  await bus.declareQueue({ name: 'test.sent', bindings: [{ exchange: 'hub.evt', pattern: 'analytics.#' }] });
  const got: Message[] = [];
  await bus.consume('test.sent', async ({ message }) => void got.push(message));
  let sequence = 0;
  const plants = new Map([demo, other].map((tenant, i) => [tenant, plantOf(tenant, 11 + i)]));
  function plantOf(tenant: TenantId, seed: number): Simulation {
    const publish = (tag: string, published: Parameters<typeof toSignalSample>[1]) => {
      const item = toSignalSample(tag, published, clock.now());
      if (item) live.publish({ tenant, ...item, sequence: ++sequence });
    };
    return createSimulation(
      initialPlant,
      { speed: 60, seed, faultFactor: 1 },
      { publish, loseCommunication: () => {}, onChanged: () => {} },
    );
  }
  const newService = () =>
    createAnalyticsService(config, { live, twins, state, recommendations, bus, clock, log });
  const hub: Hub = {
    ...{ clock, live, twins, recommendations, state, bus, log, service: newService() },
    plant: (tenant) => plants.get(tenant) as Simulation,
    restart: async ({ crash = false } = {}) => {
      const before = new Map<TenantId, Awaited<ReturnType<typeof state.loadDetectors>>>();
      for (const tenant of [demo, other]) before.set(tenant, await state.loadDetectors(tenant));
      await hub.service.close();
      // What the closing saved is taken back: as after a kill.
      if (crash)
        for (const tenant of [demo, other]) await state.saveDetectors(before.get(tenant) ?? [], clock.now());
      hub.service = newService();
      await hub.service.start();
    },
    run: async (rounds) => {
      for (let i = 0; i < rounds; i += 1) {
        await clock.advance(1000);
        for (const plant of plants.values()) plant.tick(1000);
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await settled();
    },
    sent: async () => {
      for (const { position, outgoing } of outbox.pending(100)) {
        await bus.publish(outgoing);
        outbox.markPublished(position, clock.now());
      }
      while (await bus.depth('test.sent')) await systemClock.sleep(5);
      await systemClock.sleep(20);
      return got;
    },
    tell: async (exchange, message) => {
      const rest = {
        source: 'twinhub/workflows',
        tenant: demo,
        time: new Date(clock.now()).toISOString(),
        key: 'wf-1',
        correlationId: null,
        traceparent: null,
      };
      await bus.publish({ exchange, routingKey: message.type, message: { ...rest, ...message } });
      while (await bus.depth('hub.analytics')) await systemClock.sleep(5);
      await systemClock.sleep(60);
    },
  };
  await hub.service.start();
  return hub;
}

/** Lets queued writes end. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
