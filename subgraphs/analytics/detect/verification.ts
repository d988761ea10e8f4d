import type { FeatureMonitor } from './feature.ts';
import type { Observation } from './linear-model.ts';

/** A check after a repair, as far as it has come. JSON, so that it can be stored. */
export interface VerificationProgress {
  readonly id: string;
  /** Epoch ms: only samples after this count. */
  readonly after: number;
  /** Good running rounds wanted. */
  readonly wanted: number;
  /** Monitors to compare, with the direction of the old finding. */
  readonly features: readonly { readonly id: string; readonly trend: 'rises' | 'falls' }[];
  rounds: number;
  observedFrom: number | null;
  observedTo: number | null;
  /** By monitor: values and the sum of their deviations in tolerances. */
  sums: Record<string, { n: number; sum: number }>;
}

/** The judgement on one monitor. */
export interface VerifiedFeature {
  readonly id: string;
  readonly n: number;
  /** Mean deviation in tolerances, positive in the direction of the old finding. */
  readonly deviation: number | null;
  readonly passed: boolean;
}

/** Mean deviation, in tolerances, up to which a signal counts as back to normal: below what is tolerated for ever. */
const passBelow = 1.5;

/** Counts one value of a monitor in. */
export function count(
  progress: VerificationProgress,
  id: string,
  feature: FeatureMonitor,
  observation: Observation,
): void {
  const wanted = progress.features.some((wantedFeature) => wantedFeature.id === id);
  const deviation = wanted && observation.w === 1 ? feature.deviationOf(observation) : null;
  if (deviation === null) return;
  const entry = (progress.sums[id] ??= { n: 0, sum: 0 });
  entry.n += 1;
  entry.sum += deviation;
}

/** Whether enough was seen. Windows and spectra come less often than rounds; a tenth of the rounds is the least. */
export function isComplete(progress: VerificationProgress): boolean {
  return (
    progress.rounds >= progress.wanted &&
    progress.features.every(
      ({ id }) => (progress.sums[id]?.n ?? 0) >= Math.max(3, Math.floor(progress.wanted / 20)),
    )
  );
}

/** Judges each monitor; only a deviation in the old direction speaks against the repair. */
export function judge(progress: VerificationProgress): readonly VerifiedFeature[] {
  return progress.features.map(({ id, trend }) => {
    const { n, sum } = progress.sums[id] ?? { n: 0, sum: 0 };
    const deviation = n ? (sum / n) * (trend === 'rises' ? 1 : -1) : null;
    return { id, n, deviation, passed: deviation !== null && deviation < passBelow };
  });
}
