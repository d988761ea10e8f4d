import { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import { messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { RecommendationSettled } from '#ontology/maintenance.ts';
import type { AnalyticsState, HealthChange } from '#ontology/ports/analytics-state.ts';
import type { Delivery, MessageBus, QueueSpec } from '#ontology/ports/message-bus.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { Health, Recommendation } from '#ontology/recommendation.ts';
import type { AnalyticsConfig } from './config.ts';
import type { RoundOutcome } from './detect/asset-detector.ts';
import type { DetectorState } from './detect/detector-state.ts';
import type { RaiseRequest } from './detect/raiser.ts';
import { detectorVersion } from './detect/options.ts';
import { raisedMessage, toRecommendation } from './recommend.ts';
import { RepairVerifier } from './repair-verifier.ts';
import { readSettled, settledOutcome } from './settle.ts';
import { readVerifyRepair } from './verify-repair.ts';
import { readWatchList } from './watch-list.ts';
import { Watcher, type WatcherEvents } from './watcher.ts';

/** What the service works with. */
export interface AnalyticsDeps {
  readonly live: Broadcast<LiveSample>;
  readonly twins: TwinStore;
  readonly state: AnalyticsState;
  readonly recommendations: RecommendationStore;
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The queue of analytics: its commands and what workflows tell. */
export const analyticsQueue: QueueSpec = {
  name: 'hub.analytics',
  bindings: [
    { exchange: 'hub.cmd', pattern: 'analytics.#' },
    { exchange: 'hub.evt', pattern: 'workflows.#' },
  ],
  ordered: true,
};

/** Watches all assets of its tenants. */
export interface AnalyticsService extends Closable {
  readonly healthChanges: Broadcast<Health>;
  readonly recommendationChanges: Broadcast<Recommendation>;
  /** Takes up what was learned before, begins to listen and to consume. @throws {HubError} STORE_UNAVAILABLE, CONNECTOR_UNREACHABLE */
  start(): Promise<void>;
  /** The present judgement; `null` for a twin that nothing watches. */
  healthOf(tenant: TenantId, twinId: TwinId): Health | null;
  /** For each twin, newest first. */
  healthHistory(
    tenant: TenantId,
    twinIds: readonly TwinId[],
    limit: number,
  ): Promise<readonly (readonly HealthChange[])[]>;
  /** Looks for new and changed twins now. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export function createAnalyticsService(config: AnalyticsConfig, deps: AnalyticsDeps): AnalyticsService {
  return new Service(config, deps);
}

type Route = { readonly watcher: Watcher; readonly prefix: string };

const aliveCheckMs = 1_000;

class Service implements AnalyticsService {
  readonly healthChanges = new Broadcast<Health>();
  readonly recommendationChanges = new Broadcast<Recommendation>();
  readonly #config: AnalyticsConfig;
  readonly #deps: AnalyticsDeps;
  readonly #watchers = new Map<string, Watcher>();
  #routes = new Map<string, Route[]>();
  readonly #stored = new Map<string, DetectorState>();
  readonly #verifier: RepairVerifier;
  readonly #abort = new AbortController();
  readonly #loops: Promise<void>[] = [];
  readonly #closables: (() => Promise<void> | void)[] = [];
  /** Writes in their order; one after another. */
  #writes: Promise<void> = Promise.resolve();

  constructor(config: AnalyticsConfig, deps: AnalyticsDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#verifier = new RepairVerifier(
      config,
      deps,
      (tenant, twinId) => this.#watchers.get(keyOf(tenant, twinId)) ?? null,
    );
  }

  async start(): Promise<void> {
    const { state, live, bus } = this.#deps;
    for (const tenant of this.#config.tenants)
      for (const stored of await state.loadDetectors(tenant))
        this.#takeUp(tenant, stored.twinId, stored.version, stored.state);
    await this.refresh();
    await this.#verifier.resume();
    this.#closables.push(live.listen((sample) => this.#onSample(sample)));
    await bus.declareQueue(analyticsQueue);
    const consumer = await bus.consume(analyticsQueue.name, (delivery) => this.#handle(delivery));
    this.#closables.push(() => consumer.close());
    this.#loop(this.#config.refreshMs, () => this.refresh());
    this.#loop(this.#config.saveMs, () => this.#enqueue(() => this.#save()));
    this.#loop(aliveCheckMs, () => this.#checkTime());
  }

  async close(): Promise<void> {
    this.#abort.abort();
    for (const close of this.#closables.splice(0).reverse()) await close();
    await Promise.all(this.#loops.splice(0));
    await this.#writes;
    await this.#save();
  }

  healthOf(tenant: TenantId, twinId: TwinId): Health | null {
    return this.#watchers.get(keyOf(tenant, twinId))?.health() ?? null;
  }

  healthHistory(
    tenant: TenantId,
    twinIds: readonly TwinId[],
    limit: number,
  ): Promise<readonly (readonly HealthChange[])[]> {
    return this.#deps.state.healthHistory(tenant, twinIds, limit);
  }

  async refresh(): Promise<void> {
    const present = new Set<string>();
    for (const tenant of this.#config.tenants)
      for (const entry of await readWatchList(tenant, this.#deps.twins, this.#config.vibrationClass)) {
        const key = keyOf(tenant, entry.asset.twinId);
        present.add(key);
        const watcher = this.#watchers.get(key);
        if (watcher) watcher.redefine(entry);
        else await this.#watch(key, entry);
      }
    for (const key of this.#watchers.keys()) if (!present.has(key)) this.#watchers.delete(key);
    this.#route();
  }

  async #watch(key: string, entry: Parameters<Watcher['redefine']>[0]): Promise<void> {
    const { clock, recommendations } = this.#deps;
    const { tenant, twinId } = entry.asset;
    const watcher = new Watcher(entry, this.#stored.get(key) ?? null, {
      options: this.#config.detector,
      events: this.#events,
      clock,
    });
    this.#stored.delete(key);
    // The store is right about what stands: the process may have ended between raising and remembering.
    const [known = []] = await recommendations.ofTwins(tenant, [twinId]);
    const active = known.filter(({ status }) => status === 'OPEN' || status === 'ACCEPTED');
    watcher.detector.state.standing = watcher.detector.state.standing.filter(({ recommendationId }) =>
      active.some(({ id }) => id === recommendationId),
    );
    for (const { id, failureModeId, findings } of active)
      watcher.detector.stand({
        recommendationId: id,
        failureModeId,
        features: watcher.detector.featuresOf(id, findings),
      });
    this.#watchers.set(key, watcher);
    watcher.begin();
  }

  #takeUp(tenant: TenantId, twinId: TwinId, version: number, state: unknown): void {
    if (version === detectorVersion) this.#stored.set(keyOf(tenant, twinId), state as DetectorState);
    else
      this.#deps.log.info('What was learned comes from another version and is learned anew', {
        tenant,
        twinId,
        version,
        detectorVersion,
      });
  }

  #route(): void {
    const routes = new Map<string, Route[]>();
    for (const watcher of this.#watchers.values()) {
      const { asset, sources } = watcher.entry;
      for (const [twinId, prefix] of sources) {
        const key = keyOf(asset.tenant, twinId);
        routes.set(key, [...(routes.get(key) ?? []), { watcher, prefix }]);
      }
    }
    this.#routes = routes;
  }

  /** Must not throw: it runs within the ingest of samples. */
  #onSample({ tenant, twinId, signal, sample }: LiveSample): void {
    for (const { watcher, prefix } of this.#routes.get(keyOf(tenant, twinId)) ?? []) {
      try {
        watcher.add(prefix + signal, sample);
      } catch (error) {
        this.#deps.log.error('A detector failed on a sample', { tenant, twinId, signal, error });
      }
    }
  }

  readonly #events: WatcherEvents = {
    healthChanges: this.healthChanges,
    healthChanged: (watcher, change) => this.#onHealth(watcher, change),
    roundEnded: (watcher, outcome) => this.#onRound(watcher, outcome),
  };

  #onHealth(watcher: Watcher, change: HealthChange): void {
    const { tenant, twinId } = watcher.entry.asset;
    this.#enqueue(() => this.#deps.state.recordHealthChange(tenant, twinId, change));
  }

  #onRound(watcher: Watcher, outcome: RoundOutcome): void {
    for (const finished of outcome.verified)
      this.#enqueue(() => this.#verifier.answer(watcher, finished).then(() => this.#save()));
    const { raise } = outcome;
    if (!raise || watcher.raising) return;
    watcher.raising = true;
    this.#enqueue(() => this.#raise(watcher, raise).finally(() => (watcher.raising = false)));
  }

  async #raise(watcher: Watcher, request: RaiseRequest): Promise<void> {
    const { recommendations, clock, log } = this.#deps;
    const { asset } = watcher.entry;
    const recommendation = toRecommendation(asset, request, clock.now());
    const { failureModeId } = recommendation;
    const raised = await recommendations.raise(recommendation, [raisedMessage(recommendation)]);
    const [known = []] = raised
      ? [[recommendation]]
      : await recommendations.ofTwins(asset.tenant, [asset.twinId]);
    const standing = known.find(
      (other) =>
        other.failureModeId === failureModeId && (other.status === 'OPEN' || other.status === 'ACCEPTED'),
    );
    if (standing)
      watcher.detector.stand({ recommendationId: standing.id, failureModeId, features: request.features });
    watcher.dirty = true;
    if (!raised) return;
    log.info('Recommendation raised', {
      tenant: asset.tenant,
      twinId: asset.twinId,
      failureModeId,
      recommendationId: recommendation.id,
      confidence: recommendation.confidence,
    });
    this.recommendationChanges.publish(recommendation);
    await this.#save();
  }

  async #handle({ message }: Delivery): Promise<void> {
    if (message.type === 'analytics.verifyRepair') {
      await this.#verifier.accept(message, readVerifyRepair(message.body));
      await this.#save();
    } else if (message.type === 'workflows.recommendationSettled')
      await this.#settle(message.tenant, readSettled(message.body));
  }

  async #settle(tenant: TenantId, settled: RecommendationSettled): Promise<void> {
    const { recommendations, clock, log } = this.#deps;
    const { recommendationId, status, feedback } = settled;
    const [before] = await recommendations.get(tenant, [recommendationId]);
    const after = await recommendations.settle(tenant, recommendationId, status, feedback, clock.now());
    if (!after)
      return log.warn('A recommendation was settled that is not known', { tenant, recommendationId });
    const watcher = this.#watchers.get(keyOf(tenant, after.twinId));
    const outcome = settledOutcome(settled);
    if (watcher && outcome) {
      watcher.detector.settle(recommendationId, outcome);
      watcher.dirty = true;
      await this.#save();
    }
    if (before?.updatedAt !== after.updatedAt) this.recommendationChanges.publish(after);
  }

  async #save(): Promise<void> {
    const dirty = [...this.#watchers.values()].filter((watcher) => watcher.dirty);
    if (!dirty.length) return;
    for (const watcher of dirty) watcher.dirty = false;
    try {
      const detectors = dirty.map(({ detector, entry: { asset } }) => ({
        tenant: asset.tenant,
        twinId: asset.twinId,
        version: detectorVersion,
        state: detector.state,
      }));
      await this.#deps.state.saveDetectors(detectors, this.#deps.clock.now());
    } catch (error) {
      for (const watcher of dirty) watcher.dirty = true;
      throw error;
    }
  }

  #checkTime(): void {
    for (const watcher of this.#watchers.values()) watcher.checkAlive(this.#config.staleAfterMs);
    if (this.#verifier.hasOverdue()) this.#enqueue(() => this.#verifier.answerOverdue());
  }

  /** Work that must not overlap; a failure is logged, what depends on it comes again (rounds repeat, stores are asked anew). */
  #enqueue(work: () => Promise<void>): void {
    this.#writes = this.#writes.then(work).catch((error: unknown) => {
      this.#deps.log.error('Analytics could not store or send something', { error: messageOf(error) });
    });
  }

  #loop(everyMs: number, work: () => Promise<void> | void): void {
    const { clock, log } = this.#deps;
    const { signal } = this.#abort;
    const run = async () => {
      while (!signal.aborted) {
        await clock.sleep(everyMs, signal).catch(() => {});
        if (signal.aborted) return;
        try {
          await work();
        } catch (error) {
          log.error('Analytics could not do its regular work', { error: messageOf(error) });
        }
      }
    };
    this.#loops.push(run());
  }
}

function keyOf(tenant: TenantId, twinId: TwinId): string {
  return `${tenant}/${twinId}`;
}
