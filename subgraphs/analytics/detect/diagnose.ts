import type { FailureMode, SymptomTrend } from '#ontology/failure-mode.ts';

/** Something noticed on one signal, with its strength 0 to 1. */
export interface Sign {
  readonly signal: string;
  readonly trend: SymptomTrend;
  readonly strength: number;
}

/** A failure mode with the confidence in it, 0 to 1. */
export interface Candidate {
  readonly mode: FailureMode;
  readonly confidence: number;
}

/** How likely a sign is without the failure mode, the odds before any sign, and what a missing or a foreign sign costs. */
const background = 0.05;
const priorLogOdds = -1.5;
/** A missing symptom costs by the square of its weight: only the decisive ones are expected early. */
const missingShare = 0.7;
const foreignPenalty = 0.7;

/**
 * Scores failure modes against what was noticed, best first: naive Bayes with the library's symptom weights as the
 * probability of each sign. A missing symptom counts little, since symptoms come one after another; a sign that the
 * mode does not explain counts against it.
 *
 * @param judged - signals that are being judged at all: only those can be missing.
 */
export function diagnose(
  modes: readonly FailureMode[],
  signs: readonly Sign[],
  judged: ReadonlySet<string>,
): readonly Candidate[] {
  if (signs.length === 0) return [];
  return modes
    .map((mode) => ({ mode, confidence: confidenceIn(mode, signs, judged) }))
    .sort((a, b) => b.confidence - a.confidence);
}

function confidenceIn(mode: FailureMode, signs: readonly Sign[], judged: ReadonlySet<string>): number {
  let logOdds = priorLogOdds;
  for (const symptom of mode.symptoms) {
    const found = strongest(signs.filter((sign) => explains(symptom.signal, symptom.trend, sign)));
    if (found > 0) logOdds += found * Math.log(Math.max(symptom.weight, background) / background);
    else if (judged.has(symptom.signal))
      logOdds += Math.min(0, Math.log((1 - missingShare * symptom.weight ** 2) / (1 - background)));
  }
  const foreign = signs.filter(
    (sign) => !mode.symptoms.some(({ signal, trend }) => explains(signal, trend, sign)),
  );
  for (const { strength } of foreign) logOdds -= foreignPenalty * strength;
  return 1 / (1 + Math.exp(-logOdds));
}

function explains(signal: string, trend: SymptomTrend, sign: Sign): boolean {
  if (signal !== sign.signal) return false;
  return trend === sign.trend || (trend === 'drifts' && (sign.trend === 'rises' || sign.trend === 'falls'));
}

/** Signs that a failure mode accounts for. */
export function explainedBy(mode: FailureMode, sign: Sign): boolean {
  return mode.symptoms.some(({ signal, trend }) => explains(signal, trend, sign));
}

function strongest(signs: readonly Sign[]): number {
  return signs.reduce((most, { strength }) => Math.max(most, strength), 0);
}
