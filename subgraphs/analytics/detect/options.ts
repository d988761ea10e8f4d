import type { CusumOptions } from './cusum.ts';

/** Name and version of the method, as recommendations carry it; a change of what it learns needs another version. */
export const detectorName = 'condition-monitor';
export const detectorVersion = 1;

/** How the detector decides. Counts are in rounds of samples (one sample of each signal). */
export interface DetectorOptions {
  /** Good running rounds from which normal operation is learned. @default 120 */
  readonly baselineSamples: number;
  /** Rounds left out after a start. @default 10 */
  readonly settleSamples: number;
  /** Rounds a slow signal may take to come back to normal after a start. @default 120 */
  readonly warmUpSamples: number;
  /** Rounds a better state must last before health improves. @default 20 */
  readonly recoverySamples: number;
  /** Rounds a diagnosis must last before it is raised; longer for an instrument, which has only its being alone to show. @default 5 and 40 */
  readonly raiseSamples: number;
  readonly raiseInstrumentSamples: number;
  /** Confidence from which a diagnosis is raised. @default 0.6 */
  readonly raiseConfidence: number;
  /** Page's CUSUM of levels and bands (each round) and of fluctuation (each window of rounds). */
  readonly level: CusumOptions;
  readonly noise: CusumOptions & { readonly window: number };
  /** Bearing bands: harmonics and slip; smallest ratio of energies that matters. */
  readonly band: { readonly harmonics: number; readonly slip: number; readonly ratio: number };
  /** Smallest ratio of fluctuation that matters. @default 2 */
  readonly noiseRatio: number;
  /** What one false alarm raises the thresholds by, and the most it can become. @default 1.3 and 2.2 */
  readonly falseAlarmFactor: number;
  readonly mostFactor: number;
}

export const defaultDetectorOptions: DetectorOptions = {
  baselineSamples: 120,
  settleSamples: 10,
  warmUpSamples: 120,
  recoverySamples: 20,
  raiseSamples: 5,
  raiseInstrumentSamples: 40,
  raiseConfidence: 0.6,
  level: { allowance: 2, limit: 10, most: 4.5 },
  noise: { allowance: 1.5, limit: 5, most: 4, window: 12 },
  band: { harmonics: 3, slip: 0.025, ratio: 2.5 },
  noiseRatio: 2,
  falseAlarmFactor: 1.3,
  mostFactor: 2.2,
};
