import { median } from './robust.ts';

/** Geometry of a rolling bearing: diameters in the same unit, contact angle in degrees. */
export interface BearingGeometry {
  readonly rollingElements: number;
  readonly ballDiameter: number;
  readonly pitchDiameter: number;
  readonly contactAngle: number;
}

/** Kinematic fault frequencies: outer race, inner race, rolling element, cage. */
export const faultFrequencyNames = ['BPFO', 'BPFI', 'BSF', 'FTF'] as const;
export type FaultFrequencyName = (typeof faultFrequencyNames)[number];

/** What each frequency stands for, in a sentence. */
export const faultFrequencyTexts: Readonly<Record<FaultFrequencyName, string>> = {
  BPFO: 'outer-race frequency',
  BPFI: 'inner-race frequency',
  BSF: 'rolling-element frequency',
  FTF: 'cage frequency',
};

/**
 * Fault frequencies in Hz without slip. With k = (d / D) cos a and shaft frequency fr:
 * BPFO = n/2 fr (1 - k), BPFI = n/2 fr (1 + k), BSF = D/(2d) fr (1 - k^2), FTF = fr/2 (1 - k).
 * @see R. B. Randall, J. Antoni: Rolling element bearing diagnostics - a tutorial. MSSP 25 (2011) 485-520, section 2.1
 */
export function faultFrequencies(
  geometry: BearingGeometry,
  speedPerMinute: number,
): Record<FaultFrequencyName, number> {
  const { rollingElements: n, ballDiameter: d, pitchDiameter: D, contactAngle } = geometry;
  const shaft = speedPerMinute / 60;
  const k = (d / D) * Math.cos((contactAngle * Math.PI) / 180);
  return {
    BPFO: (n / 2) * shaft * (1 - k),
    BPFI: (n / 2) * shaft * (1 + k),
    BSF: (D / (2 * d)) * shaft * (1 - k * k),
    FTF: (shaft / 2) * (1 - k),
  };
}

/** What lies around one fault frequency and its harmonics in an envelope spectrum. */
export interface Band {
  /** Sum of squared amplitudes of the lines in the bands, in the spectrum's unit squared. */
  readonly energy: number;
  /** What the lines would hold if they were like the median of their surroundings, same unit. */
  readonly floor: number;
}

/** How a band is cut out. `slip`: share by which the true frequency may differ; rolling elements slip by 1 to 3 %. */
export interface BandOptions {
  readonly harmonics: number;
  readonly slip: number;
  /** Distance of two lines, Hz. */
  readonly resolution: number;
}

/** Median of a Rayleigh distributed amplitude squared, over its mean square (1 / ln 2). */
const meanSquareOverMedianSquare = 1 / Math.LN2;
const surroundings = 12;

/** Energy at a frequency and its harmonics; `null` when the first harmonic lies outside of the spectrum. */
export function bandAt(spectrum: readonly number[], frequency: number, options: BandOptions): Band | null {
  let energy = 0;
  let floor = 0;
  for (let order = 1; order <= options.harmonics; order += 1) {
    const centre = (order * frequency) / options.resolution;
    const width = Math.max(1, centre * options.slip);
    const from = Math.max(1, Math.floor(centre - width));
    const to = Math.ceil(centre + width);
    if (to >= spectrum.length) return order === 1 ? null : { energy, floor };
    for (let line = from; line <= to; line += 1) energy += (spectrum[line] as number) ** 2;
    floor += (to - from + 1) * floorAround(spectrum, from, to);
  }
  return { energy, floor };
}

function floorAround(spectrum: readonly number[], from: number, to: number): number {
  const below = spectrum.slice(Math.max(1, from - surroundings), from);
  const above = spectrum.slice(to + 1, to + 1 + surroundings);
  return median([...below, ...above]) ** 2 * meanSquareOverMedianSquare;
}
