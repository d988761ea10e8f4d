import { customaryAtoms } from './atoms-customary.ts';
import type { Ratio } from './ratio.ts';

/**
 * Unit atoms and prefixes of UCUM, as data. `[factor, 'expression']`: one of this unit is factor
 * times the expression. Metric atoms take prefixes.
 *
 * @see UCUM 2.1, tables 1 to 28; https://ucum.org/ucum
 */
export type AtomDefinition = readonly [factor: number, of: string];

/** The seven base units, in the order of a dimension vector. */
export const baseUnits = ['m', 's', 'g', 'rad', 'K', 'C', 'cd'] as const;

/** Powers of ten and, for bit and byte, of 1024. */
export const prefixes: Readonly<Record<string, number>> = {
  Q: 1e30,
  R: 1e27,
  Y: 1e24,
  Z: 1e21,
  E: 1e18,
  P: 1e15,
  T: 1e12,
  G: 1e9,
  M: 1e6,
  k: 1e3,
  h: 1e2,
  da: 1e1,
  d: 1e-1,
  c: 1e-2,
  m: 1e-3,
  u: 1e-6,
  n: 1e-9,
  p: 1e-12,
  f: 1e-15,
  a: 1e-18,
  z: 1e-21,
  y: 1e-24,
  r: 1e-27,
  q: 1e-30,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** Atoms that take prefixes. */
export const metricAtoms: Readonly<Record<string, AtomDefinition>> = {
  mol: [6.0221367e23, '1'],
  sr: [1, 'rad2'],
  Hz: [1, 's-1'],
  N: [1, 'kg.m/s2'],
  Pa: [1, 'N/m2'],
  J: [1, 'N.m'],
  W: [1, 'J/s'],
  A: [1, 'C/s'],
  V: [1, 'J/C'],
  F: [1, 'C/V'],
  Ohm: [1, 'V/A'],
  S: [1, 'Ohm-1'],
  Wb: [1, 'V.s'],
  T: [1, 'Wb/m2'],
  H: [1, 'Wb/A'],
  lm: [1, 'cd.sr'],
  lx: [1, 'lm/m2'],
  Bq: [1, 's-1'],
  Gy: [1, 'J/kg'],
  Sv: [1, 'J/kg'],
  l: [1, 'dm3'],
  L: [1, 'dm3'],
  ar: [100, 'm2'],
  t: [1000, 'kg'],
  bar: [1e5, 'Pa'],
  u: [1.6605402e-24, 'g'],
  eV: [1.60217733e-19, 'J'],
  pc: [3.085678e16, 'm'],
  cal: [4.184, 'J'],
  cal_th: [4.184, 'J'],
  cal_IT: [4.1868, 'J'],
  cal_m: [4.19002, 'J'],
  'cal_[15]': [4.1858, 'J'],
  'cal_[20]': [4.1819, 'J'],
  bit: [1, '1'],
  By: [8, 'bit'],
  Bd: [1, 's-1'],
  dyn: [1, 'g.cm/s2'],
  erg: [1, 'dyn.cm'],
  P: [1, 'dyn.s/cm2'],
  St: [1, 'cm2/s'],
  Mx: [1e-8, 'Wb'],
  G: [1e-4, 'T'],
  'm[H2O]': [9.80665, 'kPa'],
  'm[Hg]': [133.322, 'kPa'],
  Ao: [0.1, 'nm'],
  kat: [1, 'mol/s'],
  eq: [1, 'mol'],
  osm: [1, 'mol'],
  'g%': [1, 'g/dL'],
  mho: [1, 'S'],
  tex: [1, 'g/km'],
  st: [1, 'm3'],
  gf: [9.80665, 'g.m/s2'],
  Ci: [3.7e10, 'Bq'],
  R: [2.58e-4, 'C/kg'],
  RAD: [100, 'erg/g'],
  REM: [1, 'RAD'],
  Gal: [1, 'cm/s2'],
  Ky: [1, 'cm-1'],
  Bi: [10, 'A'],
  Oe: [250 / Math.PI, 'A/m'],
  Gb: [1, 'Oe.cm'],
  sb: [1, 'cd/cm2'],
  Lmb: [1 / Math.PI, 'cd/cm2'],
  ph: [1e-4, 'lx'],
  '[c]': [299_792_458, 'm/s'],
  '[h]': [6.6260755e-34, 'J.s'],
  '[k]': [1.380658e-23, 'J/K'],
  '[eps_0]': [8.854187817e-12, 'F/m'],
  '[mu_0]': [4e-7 * Math.PI, 'N/A2'],
  '[e]': [1.60217733e-19, 'C'],
  '[m_e]': [9.1093897e-28, 'g'],
  '[m_p]': [1.6726231e-24, 'g'],
  '[G]': [6.67259e-11, 'm3.kg-1.s-2'],
  '[g]': [9.80665, 'm/s2'],
  '[ly]': [1, '[c].a_j'],
  '[iU]': [1, '{[iU]}'],
  '[IU]': [1, '{[iU]}'],
};

/** Atoms that take none. */
export const plainAtoms: Readonly<Record<string, AtomDefinition>> = {
  ...customaryAtoms,
  '10*': [10, '1'],
  '10^': [10, '1'],
  '[pi]': [Math.PI, '1'],
  '%': [0.01, '1'],
  '[ppth]': [1e-3, '1'],
  '[ppm]': [1e-6, '1'],
  '[ppb]': [1e-9, '1'],
  '[pptr]': [1e-12, '1'],
  min: [60, 's'],
  h: [60, 'min'],
  d: [24, 'h'],
  wk: [7, 'd'],
  a: [365.25, 'd'],
  a_j: [365.25, 'd'],
  a_t: [365.24219, 'd'],
  a_g: [365.2425, 'd'],
  mo: [365.25, 'd/12'],
  mo_j: [365.25, 'd/12'],
  mo_g: [365.2425, 'd/12'],
  mo_s: [29.53059, 'd'],
  deg: [Math.PI / 180, 'rad'],
  "'": [1, 'deg/60'],
  "''": [1, 'deg/3600'],
  gon: [0.9, 'deg'],
  circ: [2 * Math.PI, 'rad'],
  sph: [4 * Math.PI, 'sr'],
  atm: [101_325, 'Pa'],
  att: [98_066.5, 'Pa'],
  AU: [149_597.870691, 'Mm'],
  b: [100, 'fm2'],
};

/** A unit whose scale does not start at zero or is logarithmic; `of` names the proportional unit it measures. */
export interface SpecialUnit {
  readonly of: string;
  readonly toBase: (value: number) => number;
  readonly fromBase: (base: number) => number;
  readonly takesPrefix: boolean;
  /** For scales that are straight lines: base = value * slope + offset. */
  readonly affine?: { readonly slope: Ratio; readonly offset: Ratio };
}

/** Particles per cubic metre (UCUM's base for amount per volume) at 1 mol/l. */
const molPerLitre = 6.0221367e26;

/** Prism dioptre: 100 times the tangent of the angle. */
const diopter: SpecialUnit = {
  of: 'rad',
  toBase: (x) => Math.atan(x / 100),
  fromBase: (angle) => 100 * Math.tan(angle),
  takesPrefix: false,
};
const slope = diopter;

/** A level: `factor` times the decimal logarithm of the ratio to a reference, which is given in base units. */
function level(factor: 1 | 2, of: string, reference: number): SpecialUnit {
  return {
    of,
    toBase: (x) => 10 ** (x / factor) * reference,
    fromBase: (value) => factor * Math.log10(value / reference),
    takesPrefix: true,
  };
}

/** @see UCUM 2.1, section 21 (special units on non-ratio scales) */
export const specialUnits: Readonly<Record<string, SpecialUnit>> = {
  Cel: {
    of: 'K',
    toBase: (x) => x + 273.15,
    fromBase: (k) => k - 273.15,
    takesPrefix: true,
    affine: { slope: { n: 1n, d: 1n }, offset: { n: 27_315n, d: 100n } },
  },
  '[degF]': {
    of: 'K',
    toBase: (x) => ((x + 459.67) * 5) / 9,
    fromBase: (k) => (k * 9) / 5 - 459.67,
    takesPrefix: false,
    affine: { slope: { n: 5n, d: 9n }, offset: { n: 45_967n * 5n, d: 900n } },
  },
  '[degRe]': {
    of: 'K',
    toBase: (x) => x * 1.25 + 273.15,
    fromBase: (k) => (k - 273.15) / 1.25,
    takesPrefix: false,
    affine: { slope: { n: 5n, d: 4n }, offset: { n: 27_315n, d: 100n } },
  },
  B: { of: '1', toBase: (x) => 10 ** x, fromBase: (r) => Math.log10(r), takesPrefix: true },
  Np: { of: '1', toBase: (x) => Math.exp(x), fromBase: (r) => Math.log(r), takesPrefix: true },
  '[pH]': {
    of: 'mol/l',
    toBase: (x) => 10 ** -x * molPerLitre,
    fromBase: (c) => -Math.log10(c / molPerLitre),
    takesPrefix: false,
  },
  "[p'diop]": diopter,
  '%[slope]': slope,
  bit_s: { of: '1', toBase: (x) => 2 ** x, fromBase: (n) => Math.log2(n), takesPrefix: false },
  'B[V]': level(2, 'V', 1000),
  'B[mV]': level(2, 'V', 1),
  'B[uV]': level(2, 'V', 1e-3),
  'B[10.nV]': level(2, 'V', 1e-5),
  'B[W]': level(1, 'W', 1000),
  'B[kW]': level(1, 'W', 1e6),
  'B[SPL]': {
    of: 'Pa',
    toBase: (x) => 2e-5 * 10 ** (x / 2) * 1000,
    fromBase: (p) => 2 * Math.log10(p / 1000 / 2e-5),
    takesPrefix: true,
  },
};
