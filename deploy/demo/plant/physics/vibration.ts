import type { Prng } from '../prng.ts';
import type { BearingFrequencies } from './bearing.ts';

/** What shakes the pump. */
export interface VibrationSource {
  readonly frequencies: BearingFrequencies;
  /** Share of rated load. */
  readonly load: number;
  /** Flow as a share of the best flow at this speed. */
  readonly flowShare: number;
  readonly wear: number;
  readonly cavitation: number;
}

/** Lines of the envelope spectrum, 1 Hz each, from 0 Hz. */
export const spectrumLines = 400;

/** Velocity of the bearing housing, mm/s RMS 10-1000 Hz, without sensor noise. @see ISO 10816-1 (zones of machines up to 15 kW: 0.71, 1.8, 4.5) */
export function velocityRms({ frequencies, flowShare, wear, cavitation }: VibrationSource): number {
  const turn = frequencies.shaft / 24.5;
  const unbalance = 0.95 * turn ** 2;
  const hydraulic = 0.5 * turn * (1 + 3 * (flowShare - 1) ** 2);
  return Math.hypot(unbalance, hydraulic, 7.8 * wear ** 1.4 * turn, 1.9 * cavitation) + 0.02;
}

/** Peak of the acceleration in one block, m/s2: broadband, plus impacts of the damage, plus collapsing bubbles. */
export function accelerationPeak(
  { frequencies, load, wear, cavitation }: VibrationSource,
  prng: Prng,
): number {
  const turn = frequencies.shaft / 24.5;
  const broadband = (4.5 + 1.5 * load) * turn;
  const impacts = 58 * wear ** 0.95 * turn * (1 + 0.12 * prng.gaussian());
  const bubbles = 17 * cavitation * (1 + 0.25 * prng.gaussian());
  return Math.max(
    0.1,
    broadband * (1 + 0.06 * prng.gaussian()) + Math.max(0, impacts) + Math.max(0, bubbles),
  );
}

/**
 * Envelope spectrum, m/s2 amplitude; line k is k x 1 Hz. Noise floor, shaft harmonics, and the harmonics of the
 * outer race with sidebands at shaft and cage distance, whose amplitude follows the wear.
 */
export function envelopeSpectrum(source: VibrationSource, prng: Prng): number[] {
  const lines = noiseFloor(source, prng);
  for (const tone of tones(source))
    addTone(lines, tone.frequency, tone.amplitude * (1 + 0.05 * prng.gaussian()));
  return lines;
}

function noiseFloor({ frequencies, load, wear, cavitation }: VibrationSource, prng: Prng): number[] {
  const turn = frequencies.shaft / 24.5;
  const level = 0.003 + (0.013 + 0.006 * load + 0.05 * wear ** 2 + 0.16 * cavitation) * turn;
  // The magnitude of complex Gaussian noise is Rayleigh distributed; the floor falls towards high frequencies.
  return Array.from({ length: spectrumLines }, (_, k) => {
    const shape = k === 0 ? 0.2 : 1 / (1 + k / 600);
    return level * shape * Math.sqrt(-2 * Math.log(1 - prng.uniform()));
  });
}

function tones({ frequencies, load, wear }: VibrationSource): { frequency: number; amplitude: number }[] {
  const { shaft, bpfo, ftf } = frequencies;
  if (shaft < 1) return [];
  const turn = (shaft / 24.5) ** 2;
  const shaftTones = [0.07, 0.04, 0.025, 0.012].map((amplitude, index) => ({
    frequency: shaft * (index + 1),
    amplitude: amplitude * turn * (0.7 + 0.3 * load),
  }));
  const damage = 7.5 * wear ** 1.15 * turn * (0.6 + 0.4 * load);
  const raceTones = [1, 2, 3, 4, 5].flatMap((order) => {
    const amplitude = damage / order ** 0.9;
    const beside = [
      { offset: shaft, share: 0.28 },
      { offset: ftf, share: 0.18 },
    ];
    return [
      { frequency: order * bpfo, amplitude },
      ...beside.flatMap(({ offset, share }) =>
        [-1, 1].map((sign) => ({ frequency: order * bpfo + sign * offset, amplitude: amplitude * share })),
      ),
    ];
  });
  return [...shaftTones, ...raceTones];
}

/** Spreads a tone over neighbouring lines as a Hann window does, and adds it in power. */
function addTone(lines: number[], frequency: number, amplitude: number): void {
  for (
    let k = Math.max(1, Math.ceil(frequency - 2));
    k <= Math.min(lines.length - 1, frequency + 2);
    k += 1
  ) {
    lines[k] = Math.hypot(lines[k] ?? 0, amplitude * hannLobe(k - frequency));
  }
}

function hannLobe(offset: number): number {
  if (Math.abs(offset) < 1e-6) return 1;
  if (Math.abs(Math.abs(offset) - 1) < 1e-6) return 0.5;
  return Math.abs(Math.sin(Math.PI * offset) / (Math.PI * offset) / (1 - offset ** 2));
}
