import type { Broadcast } from '#kernel/broadcast.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Sample } from '#ontology/sample.ts';
import type { Health, HealthState } from '#ontology/recommendation.ts';
import type { HealthChange } from '#ontology/ports/analytics-state.ts';
import { AssetDetector, type RoundOutcome } from './detect/asset-detector.ts';
import { newDetectorState, type DetectorState } from './detect/detector-state.ts';
import type { DetectorOptions } from './detect/options.ts';
import type { WatchEntry } from './watch-list.ts';

/** What happens to one watched asset, told to the service. */
export interface WatcherEvents {
  readonly healthChanges: Broadcast<Health>;
  healthChanged(watcher: Watcher, change: HealthChange): void;
  roundEnded(watcher: Watcher, outcome: RoundOutcome): void;
}

/** One asset under watch: its detector with the present health, and whether samples come at all. */
export class Watcher {
  readonly events: WatcherEvents;
  readonly #clock: Clock;
  readonly #options: DetectorOptions;
  detector: AssetDetector;
  entry: WatchEntry;
  /** Whether there is something to store. */
  dirty = false;
  /** Whether a recommendation is being stored. */
  raising = false;
  #definition: string;
  #lastReceived: number | null = null;
  #state: HealthState;
  #key = '';
  #assessedAt: number;

  constructor(
    entry: WatchEntry,
    stored: DetectorState | null,
    deps: { options: DetectorOptions; events: WatcherEvents; clock: Clock },
  ) {
    this.entry = entry;
    this.events = deps.events;
    this.#clock = deps.clock;
    this.#options = deps.options;
    this.#definition = canonicalJson(entry.asset);
    this.#state = stored?.health ?? 'UNKNOWN';
    this.#assessedAt = deps.clock.now();
    this.detector = new AssetDetector(entry.asset, stored ?? newDetectorState(), deps.options);
    this.detector.lost('No samples came since the start of the hub.');
  }

  /** Announces the health the watch begins with. */
  begin(): void {
    this.#assess();
  }

  add(key: string, sample: Sample): void {
    this.#lastReceived = this.#clock.now();
    const outcome = this.detector.add(key, sample);
    if (!outcome) return;
    this.dirty = true;
    this.#assess();
    this.events.roundEnded(this, outcome);
  }

  /** Notices that samples stopped coming. */
  checkAlive(staleAfterMs: number): void {
    if (this.#lastReceived === null) return;
    // After a clock was set back the silence counts from then on.
    this.#lastReceived = Math.min(this.#lastReceived, this.#clock.now());
    if (this.#clock.now() - this.#lastReceived <= staleAfterMs) return;
    this.detector.lost(`No samples came for ${Math.round(staleAfterMs / 1000)} s: communication is lost.`);
    this.#lastReceived = null;
    this.#assess();
  }

  /** Takes up a changed twin; what was learned stays where it still applies. */
  redefine(entry: WatchEntry): void {
    const definition = canonicalJson(entry.asset);
    this.entry = entry;
    if (definition === this.#definition) return;
    this.#definition = definition;
    this.detector = new AssetDetector(entry.asset, this.detector.state, this.#options);
    if (this.#lastReceived === null) this.detector.lost('No samples came since its twin changed.');
    this.dirty = true;
  }

  health(): Health {
    const { tenant, twinId } = this.entry.asset;
    const { state, score, findings } = this.detector.judgement();
    return { tenant, twinId, state, score, findings, assessedAt: this.#assessedAt };
  }

  #assess(): void {
    const now = this.#clock.now();
    const { state, key, reason } = this.detector.judgement();
    this.#assessedAt = now;
    if (key === this.#key) return;
    this.#key = key;
    const from = this.#state;
    this.#state = state;
    this.detector.state.health = state;
    if (from !== state) this.events.healthChanged(this, { at: now, from, to: state, reason });
    this.events.healthChanges.publish(this.health());
  }
}
