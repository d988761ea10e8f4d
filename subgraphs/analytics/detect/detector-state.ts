import type { HealthState } from '#ontology/recommendation.ts';
import type { FeatureState } from './feature.ts';
import { detectorVersion } from './options.ts';
import type { VerificationProgress } from './verification.ts';
import type { ZoneState } from './zones.ts';

/** A recommendation that stands, with the monitors it rests on. */
export interface StandingRecommendation {
  readonly recommendationId: string;
  readonly failureModeId: string;
  readonly features: readonly { readonly id: string; readonly trend: 'rises' | 'falls' }[];
}

/** Everything a detector remembers. JSON, so that it can be stored. */
export interface DetectorState {
  readonly version: number;
  rounds: number;
  learnedAt: number | null;
  monitors: Record<string, FeatureState>;
  zone: ZoneState | undefined;
  health: HealthState;
  standing: StandingRecommendation[];
  /** Failure modes dismissed by a person, with the effect they had: silent until gone or half as large again. */
  muted: Record<string, number>;
  verifications: VerificationProgress[];
}

/** A detector that knows nothing yet. */
export function newDetectorState(): DetectorState {
  return {
    version: detectorVersion,
    rounds: 0,
    learnedAt: null,
    monitors: {},
    zone: undefined,
    health: 'UNKNOWN',
    standing: [],
    muted: {},
    verifications: [],
  };
}
