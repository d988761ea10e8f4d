import type { Finding, HealthState } from '#ontology/recommendation.ts';
import type { Sample } from '#ontology/sample.ts';
import { HealthHysteresis, scoreOf, stateFor } from './assess.ts';
import type { DetectorState, StandingRecommendation } from './detector-state.ts';
import { FrameAssembler, type Frame } from './frame.ts';
import { createMonitors, type Monitor, type Round } from './monitors.ts';
import type { DetectorOptions } from './options.ts';
import { profileOf } from './profile.ts';
import { Raiser, type RaiseRequest } from './raiser.ts';
import { RangeWatch } from './range-watch.ts';
import { activeChanges, findingsOf, isZoneAlarm, reachVerdict, type Verdict } from './verdict.ts';
import { count, isComplete, judge, type VerificationProgress, type VerifiedFeature } from './verification.ts';
import type { WatchedAsset } from './watched.ts';
import { ZoneWatch } from './zones.ts';

/** The present judgement. `reason`: the strongest finding, or why nothing can be said. */
export interface Judgement {
  readonly state: HealthState;
  readonly score: number | null;
  readonly findings: readonly Finding[];
  readonly reason: string | null;
  /** Changes with the state or with what is among the findings. */
  readonly key: string;
}

/** A check after a repair that has seen enough. */
export interface FinishedVerification {
  readonly progress: VerificationProgress;
  readonly features: readonly VerifiedFeature[];
}

/** What one round led to. */
export interface RoundOutcome {
  readonly raise: RaiseRequest | null;
  readonly verified: readonly FinishedVerification[];
}

/** Smoothing of lagged drivers, and rounds after which a silent monitor says nothing any more. */
const lagShare = 0.05;
const silentRounds = 60;
const nothing: RoundOutcome = { raise: null, verified: [] };

/** Watches one asset: rounds of samples in, a judgement, diagnoses and checks of repairs out. No I/O, no clock. */
export class AssetDetector {
  readonly asset: WatchedAsset;
  readonly state: DetectorState;
  readonly monitors: readonly Monitor[];
  readonly #options: DetectorOptions;
  readonly #assembler = new FrameAssembler();
  readonly #ranges: RangeWatch;
  readonly #zones: { signal: string; watch: ZoneWatch } | null;
  readonly #lags = new Map<string, number>();
  readonly #lagKeys: readonly string[];
  readonly #hysteresis: HealthHysteresis;
  readonly #raiser: Raiser;
  #settling: number;
  #running: boolean | null = null;
  #stale: string | null = null;
  #verdict: Verdict | null = null;

  constructor(asset: WatchedAsset, state: DetectorState, options: DetectorOptions) {
    this.asset = asset;
    this.state = state;
    this.#options = options;
    this.monitors = createMonitors(asset, state.monitors, options);
    for (const { id, feature } of this.monitors) state.monitors[id] = feature.state;
    this.#ranges = new RangeWatch(asset.signals);
    const { velocity, features } = profileOf(asset.assetClass, asset.signals);
    this.#zones =
      velocity === undefined
        ? null
        : { signal: velocity, watch: new ZoneWatch(state.zone, asset.vibrationClass) };
    state.zone = this.#zones?.watch.state;
    this.#lagKeys = [
      ...new Set(
        features.flatMap(({ drivers }) => drivers.filter(({ lagged }) => lagged).map(({ key }) => key)),
      ),
    ];
    this.#hysteresis = new HealthHysteresis(state.health, options.recoverySamples);
    this.#raiser = new Raiser(asset, state, options);
    this.#settling = options.settleSamples;
  }

  /** Takes a sample of one of its signals; `null` while the round goes on, as most samples leave it. */
  add(key: string, sample: Sample): RoundOutcome | null {
    const frame = this.#assembler.add(key, sample);
    this.#stale = null;
    return frame && this.#round(frame);
  }

  /** No samples come any more: nothing can be said until they do. Not a fault of the machine. */
  lost(reason: string): void {
    this.#stale = reason;
    for (const monitor of this.monitors) monitor.interrupt();
  }

  get learned(): boolean {
    return this.state.learnedAt !== null;
  }

  /** The present judgement, with fresh numbers. */
  judgement(): Judgement {
    const unknown = this.#unknownBecause();
    if (unknown !== null)
      return {
        state: 'UNKNOWN',
        score: null,
        findings: [],
        reason: unknown,
        key: `UNKNOWN ${this.#stale !== null}`,
      };
    const verdict = this.#verdict ?? this.#reach();
    const breaches = this.#ranges.breaches();
    const findings = findingsOf(this.asset, verdict.active, this.#zones, breaches);
    const state = this.#hysteresis.state;
    const reasons = [
      ...verdict.active.map(({ monitor, change }) => `${monitor.id}${change.trend}`),
      verdict.grounds.zone ?? '',
      ...breaches.map(({ signal }) => signal.name),
    ];
    return {
      state,
      score: scoreOf(verdict.grounds),
      findings,
      reason: findings[0]?.text ?? null,
      key: `${state} ${reasons.join(' ')}`,
    };
  }

  /** A recommendation was raised, or one found standing after a restart. */
  stand(recommendation: StandingRecommendation): void {
    this.state.standing = [
      ...this.state.standing.filter((other) => other.failureModeId !== recommendation.failureModeId),
      recommendation,
    ];
    this.#raiser.reset();
  }

  /** A recommendation was settled; what people said changes how it decides from now on. */
  settle(recommendationId: string, outcome: 'FALSE_ALARM' | 'DISMISSED' | 'RESOLVED'): void {
    const standing = this.state.standing.find((other) => other.recommendationId === recommendationId);
    if (!standing) return;
    this.state.standing = this.state.standing.filter((other) => other !== standing);
    const monitors = this.#monitorsOf(standing);
    if (outcome === 'DISMISSED') {
      this.state.muted[standing.failureModeId] = Math.max(
        0,
        ...monitors.map(({ feature }) => feature.change()?.effect ?? 0),
      );
      return;
    }
    const { falseAlarmFactor, mostFactor } = this.#options;
    for (const { feature } of monitors) {
      if (outcome === 'FALSE_ALARM') feature.raiseFactor(falseAlarmFactor, mostFactor);
      feature.reset();
    }
    this.#zones?.watch.reset();
    this.#verdict = null;
  }

  /** Begins a check after a repair: evidence from before it is void. One of the same id goes on as it is. */
  startVerification(progress: VerificationProgress): void {
    if (this.state.verifications.some(({ id }) => id === progress.id)) return;
    for (const monitor of this.monitors) monitor.feature.reset();
    this.#zones?.watch.reset();
    this.#ranges.reset();
    this.#verdict = null;
    this.#raiser.reset();
    this.state.verifications.push(progress);
  }

  /** Ends a check that will not see enough any more. */
  abandonVerification(id: string): VerificationProgress | null {
    const progress = this.state.verifications.find((other) => other.id === id) ?? null;
    this.state.verifications = this.state.verifications.filter((other) => other !== progress);
    return progress;
  }

  /** Whether the vibration is in a zone that is not accepted, as a sentence's object; `null` when it is not. */
  get zoneAlarm(): string | null {
    return this.#zones && isZoneAlarm(this.#zones.watch)
      ? `zone ${this.#zones.watch.state.zone} of ISO 10816-1`
      : null;
  }

  /** Monitors that a recommendation rests on. */
  featuresOf(recommendationId: string, findings: readonly Finding[]): StandingRecommendation['features'] {
    const standing = this.state.standing.find((other) => other.recommendationId === recommendationId);
    if (standing) return standing.features;
    const signals = new Map(
      findings.map(({ signal, observed, expected }) => [
        signal,
        observed < expected ? ('falls' as const) : ('rises' as const),
      ]),
    );
    return this.monitors.flatMap(({ id, signal, kind }) => {
      const trend = signals.get(signal);
      return trend && kind !== 'noise' ? [{ id, trend }] : [];
    });
  }

  #round(frame: Frame): RoundOutcome {
    this.#verdict = null;
    this.#followLags();
    if (!this.#isSettled()) return nothing;
    this.state.rounds += 1;
    const round: Round = { frame, assembler: this.#assembler, lagged: (key) => this.#lags.get(key) };
    const mayLearn = !this.monitors.some(
      ({ feature }) => feature.state.up.active || feature.state.down.active,
    );
    for (const monitor of this.monitors) this.#observe(monitor, round, mayLearn);
    this.#ranges.observe(frame);
    const velocity = this.#zones && frame.fresh.get(this.#zones.signal);
    if (velocity && velocity.weight === 1) this.#zones?.watch.observe(velocity.value, frame.time);
    this.#finishLearning(frame.time);
    const verified = this.#verify(frame.time);
    return { raise: this.#judge(frame.time), verified };
  }

  #observe(monitor: Monitor, round: Round, mayLearn: boolean): void {
    monitor.silent += 1;
    const observation = monitor.read(round);
    if (!observation) return;
    monitor.silent = 0;
    monitor.feature.observe(observation, round.frame.time, mayLearn);
    for (const progress of this.state.verifications)
      if (round.frame.time > progress.after) count(progress, monitor.id, monitor.feature, observation);
  }

  #followLags(): void {
    for (const key of this.#lagKeys) {
      const value = this.#assembler.heldGood(key);
      if (value === undefined) continue;
      const before = this.#lags.get(key);
      this.#lags.set(key, before === undefined ? value : before + lagShare * (value - before));
    }
  }

  /** Whether it runs and has done so for long enough. */
  #isSettled(): boolean {
    const { runningKey } = this.asset;
    const running = runningKey === null || this.#assembler.held(runningKey) === 1;
    if (running !== this.#running) {
      // Seen running from the first sample on is no start.
      if (this.#running === false && running) this.#started();
      this.#running = running;
      if (!running) for (const monitor of this.monitors) monitor.interrupt();
    }
    if (!running) return false;
    if (this.#settling > 0) this.#settling -= 1;
    return this.#settling === 0;
  }

  #started(): void {
    this.#settling = this.#options.settleSamples;
    for (const { spec, feature } of this.monitors) if (spec?.slow) feature.startWarming();
  }

  #finishLearning(at: number): void {
    if (this.state.rounds < this.#options.baselineSamples) return;
    for (const { feature } of this.monitors)
      if (!feature.ready && feature.canLearn) feature.finishLearning(at);
    if (this.monitors.some(({ feature }) => feature.ready)) this.state.learnedAt ??= at;
  }

  #verify(at: number): readonly FinishedVerification[] {
    const finished: FinishedVerification[] = [];
    for (const progress of this.state.verifications) {
      if (at <= progress.after) continue;
      progress.rounds += 1;
      progress.observedFrom ??= at;
      progress.observedTo = at;
      if (isComplete(progress)) finished.push({ progress, features: judge(progress) });
    }
    for (const { progress, features } of finished) {
      this.abandonVerification(progress.id);
      this.#recentre(features, progress);
    }
    return finished;
  }

  /** A new part is normal in its own way: within what passed, normal moves to what was measured. */
  #recentre(features: readonly VerifiedFeature[], { features: wanted }: VerificationProgress): void {
    if (!features.every(({ passed }) => passed)) return;
    for (const { id, deviation } of features) {
      const rises = wanted.find((feature) => feature.id === id)?.trend === 'rises';
      if (deviation !== null && Math.abs(deviation) > 0.5 && Math.abs(deviation) < 1.5)
        this.monitors.find((monitor) => monitor.id === id)?.feature.recentre(deviation * (rises ? 1 : -1));
    }
  }

  #usable(monitor: Monitor): boolean {
    return monitor.feature.ready && monitor.silent < silentRounds && !this.#assembler.isBad(monitor.signal);
  }

  #reach(): Verdict {
    const judged = new Set(
      this.monitors.filter((monitor) => this.#usable(monitor)).map(({ signal }) => signal),
    );
    const active = activeChanges(this.monitors, (monitor) => this.#usable(monitor));
    this.#verdict = reachVerdict({
      asset: this.asset,
      active,
      zones: this.#zones,
      breaches: this.#ranges.breaches(),
      judged,
      options: this.#options,
    });
    return this.#verdict;
  }

  #unknownBecause(): string | null {
    if (this.#stale !== null) return this.#stale;
    if (!this.learned)
      return `Learning what is normal: ${Math.min(this.state.rounds, this.#options.baselineSamples)} of ${this.#options.baselineSamples} good running samples.`;
    const ready = this.monitors.filter(({ feature }) => feature.ready);
    const blind = ready.filter((monitor) => !this.#usable(monitor));
    if (blind.length * 2 > ready.length)
      return `More than half of the signals are bad or silent: ${[...new Set(blind.map(({ signal }) => signal))].join(', ')}.`;
    const hidden = blind.filter(({ feature }) => feature.change() !== null);
    if (hidden.length && !ready.some((monitor) => this.#usable(monitor) && monitor.feature.change()))
      return `${hidden.map(({ signal }) => signal).join(', ')} was abnormal and now gives no usable values.`;
    return null;
  }

  #judge(at: number): RaiseRequest | null {
    if (!this.learned) return null;
    const verdict = this.#reach();
    this.state.health = this.#hysteresis.update(
      this.#unknownBecause() === null ? stateFor(verdict.grounds) : 'UNKNOWN',
    );
    const usable = this.monitors.filter((monitor) => this.#usable(monitor));
    return this.#raiser.consider(verdict, usable, this.#zones, at);
  }

  #monitorsOf(standing: StandingRecommendation): readonly Monitor[] {
    return this.monitors.filter(({ id }) => standing.features.some((feature) => feature.id === id));
  }
}
