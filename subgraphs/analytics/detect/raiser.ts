import type { Finding, Severity } from '#ontology/recommendation.ts';
import { instrumentMode } from './assess.ts';
import type { DetectorState, StandingRecommendation } from './detector-state.ts';
import { diagnose, explainedBy, type Candidate } from './diagnose.ts';
import type { Monitor } from './monitors.ts';
import type { DetectorOptions } from './options.ts';
import { findingsOf, severityOf, supporting, type Verdict } from './verdict.ts';
import type { WatchedAsset } from './watched.ts';
import type { ZoneWatch } from './zones.ts';

/** A diagnosis that has lasted long enough to be proposed to people. */
export interface RaiseRequest {
  readonly candidate: Candidate;
  readonly alternatives: readonly Candidate[];
  readonly severity: Severity;
  readonly findings: readonly Finding[];
  readonly since: number;
  readonly features: StandingRecommendation['features'];
  readonly at: number;
}

/** Decides when a diagnosis becomes a proposal: once for each failure mode, and only after it has lasted. */
export class Raiser {
  readonly #asset: WatchedAsset;
  readonly #state: DetectorState;
  readonly #options: DetectorOptions;
  #pending: { modeId: string; rounds: number } | null = null;

  constructor(asset: WatchedAsset, state: DetectorState, options: DetectorOptions) {
    this.#asset = asset;
    this.#state = state;
    this.#options = options;
  }

  /** What was about to be raised has to last anew. */
  reset(): void {
    this.#pending = null;
  }

  /**
   * Takes the verdict of one round.
   * @param usable - monitors that are being judged now.
   * @returns the best diagnosis of what no standing recommendation accounts for, once it has lasted.
   */
  consider(verdict: Verdict, usable: readonly Monitor[], zones: Zones, at: number): RaiseRequest | null {
    this.#unmute(verdict);
    const request = verdict.signs.length ? this.#considerSigns(verdict, usable, zones, at) : undefined;
    if (request === undefined) this.#pending = null;
    return request ?? null;
  }

  /** `undefined`: nothing to wait for; `null`: it has to last longer. */
  #considerSigns(
    verdict: Verdict,
    usable: readonly Monitor[],
    zones: Zones,
    at: number,
  ): RaiseRequest | null | undefined {
    const standing = this.#asset.failureModes.filter(({ id }) =>
      this.#state.standing.some(({ failureModeId }) => failureModeId === id),
    );
    // What moves on a signal of a known fault is taken for its consequence: one fault, one recommendation.
    const signs = verdict.signs.filter(
      ({ signal }) => !standing.some(({ symptoms }) => symptoms.some((symptom) => symptom.signal === signal)),
    );
    const judged = new Set(usable.map(({ signal }) => signal));
    const candidates = diagnose(this.#asset.failureModes, signs, judged).filter(
      ({ mode }) => !standing.includes(mode),
    );
    const best = candidates[0];
    if (!best || best.confidence < this.#options.raiseConfidence || this.#isMuted(best, verdict))
      return undefined;
    const support = supporting(best.mode, verdict.active);
    const instrument = best.mode.mode === instrumentMode;
    if (
      instrument &&
      notAlone(
        support.map(({ monitor }) => monitor.signal),
        usable,
      )
    )
      return undefined;
    const rounds = this.#pending?.modeId === best.mode.id ? this.#pending.rounds + 1 : 1;
    this.#pending = { modeId: best.mode.id, rounds };
    if (rounds < (instrument ? this.#options.raiseInstrumentSamples : this.#options.raiseSamples))
      return null;
    this.#pending = null;
    return this.#request(best, candidates.slice(1, 4), { support, verdict, zones, at });
  }

  #request(
    candidate: Candidate,
    alternatives: readonly Candidate[],
    {
      support,
      verdict,
      zones,
      at,
    }: { support: Verdict['active']; verdict: Verdict; zones: Zones; at: number },
  ): RaiseRequest {
    const speaks =
      zones && explainedBy(candidate.mode, { signal: zones.signal, trend: 'rises', strength: 1 });
    const findings = findingsOf(this.#asset, support, speaks ? zones : null, []);
    return {
      candidate,
      alternatives: alternatives.filter(({ confidence }) => confidence >= 0.05),
      severity: severityOf(candidate, support, verdict.grounds.zone),
      findings,
      since: Math.min(at, ...findings.map(({ since }) => since)),
      features: support.map(({ monitor, change }) => ({ id: monitor.id, trend: change.trend })),
      at,
    };
  }

  #isMuted({ mode }: Candidate, verdict: Verdict): boolean {
    const before = this.#state.muted[mode.id];
    return before !== undefined && effectFor(mode, verdict) < 1.5 * before;
  }

  #unmute(verdict: Verdict): void {
    for (const id of Object.keys(this.#state.muted)) {
      const mode = this.#asset.failureModes.find((known) => known.id === id);
      if (!mode || supporting(mode, verdict.active).length === 0) delete this.#state.muted[id];
    }
  }
}

type Zones = { readonly signal: string; readonly watch: ZoneWatch } | null;

/** Whether another signal stirs as well, or none can be compared with: then it is not the instrument. */
function notAlone(signals: readonly string[], usable: readonly Monitor[]): boolean {
  const others = usable.filter(({ signal }) => !signals.includes(signal));
  return others.length === 0 || others.some(({ feature }) => feature.stirring);
}

function effectFor(mode: Candidate['mode'], verdict: Verdict): number {
  return Math.max(0, ...supporting(mode, verdict.active).map(({ change }) => change.effect));
}
