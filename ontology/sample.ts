import type { TwinId } from './ids.ts';

/** How far a value can be trusted. @see OPC 10000-8, StatusCode severity (good, uncertain, bad) */
export const qualities = ['GOOD', 'UNCERTAIN', 'BAD'] as const;
export type Quality = (typeof qualities)[number];

/** A measured value: a scalar, a spectrum or waveform (equidistant lines), or `null` when there is none (quality BAD). */
export type SampleValue = number | boolean | string | readonly number[] | null;

/** One value of one signal at one time. */
export interface Sample {
  readonly value: SampleValue;
  /** UCUM code of the value as stored (always the signal's unit of its model), `null` for values without one. */
  readonly unit: string | null;
  readonly quality: Quality;
  /** The sender's own status in words of its protocol, e.g. `BadSensorFailure`; `null` when plain good. */
  readonly status: string | null;
  /** The device's clock, epoch ms UTC; `null` when the device sent none. */
  readonly sourceTime: number | null;
  /** When the hub got it, epoch ms UTC. */
  readonly receivedTime: number;
}

/** A sample with the signal it belongs to. */
export interface SignalSample {
  readonly twinId: TwinId;
  /** The signal's name in the twin's model. */
  readonly signal: string;
  readonly sample: Sample;
}

/** The time a sample is ordered by: the device's when it gave one, else the hub's. Epoch ms. */
export function timeOf(sample: Sample): number {
  return sample.sourceTime ?? sample.receivedTime;
}
