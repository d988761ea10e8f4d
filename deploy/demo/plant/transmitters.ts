import type { Prng } from './prng.ts';
import type { Reading } from './readings.ts';

/** What a tag publishes at one moment; `null` reading: nothing to show. */
export interface Published {
  readonly reading: Reading | null;
  readonly status: 'Good' | 'UncertainSensorNotAccurate' | 'BadSensorFailure' | 'BadNoCommunication';
}

type FaultKind = Exclude<Published['status'], 'Good'> | 'gap';

/** Faults that everyday field devices have now and then, each for a few samples. */
export interface Transmitters {
  /** What the tag publishes for this reading, or `null` when it misses this sample. */
  publish(tag: string, reading: Reading): Published | null;
}

/** Chance of a fault beginning, per tag and sample; lasts 1 to 5 samples. */
const faultChance = 1 / 1500;
const kinds: readonly FaultKind[] = [
  'UncertainSensorNotAccurate',
  'BadSensorFailure',
  'BadNoCommunication',
  'gap',
];

/** @param options.faultFactor - multiplies the chance of faults; 0 for none. */
export function createTransmitters(prng: Prng, options: { faultFactor: number }): Transmitters {
  const faults = new Map<string, { kind: FaultKind; samplesLeft: number }>();

  const faultOf = (tag: string): FaultKind | null => {
    const fault = faults.get(tag);
    if (fault) {
      fault.samplesLeft -= 1;
      if (fault.samplesLeft <= 0) faults.delete(tag);
      return fault.kind;
    }
    if (prng.uniform() >= faultChance * options.faultFactor) return null;
    const kind = kinds[Math.floor(prng.uniform() * kinds.length)] ?? 'gap';
    faults.set(tag, { kind, samplesLeft: Math.floor(prng.uniform() * 5) });
    return kind;
  };

  const inaccurate = (reading: Reading): Reading =>
    typeof reading === 'number' ? reading * (1 + 0.05 * prng.gaussian()) : reading;

  return {
    publish: (tag, reading) => {
      const fault = faultOf(tag);
      if (fault === null) return { reading, status: 'Good' };
      if (fault === 'gap') return null;
      if (fault === 'UncertainSensorNotAccurate') return { reading: inaccurate(reading), status: fault };
      return { reading: null, status: fault };
    },
  };
}
