/**
 * Unit atoms and prefixes of UCUM that occur in plants, as data. `[factor, 'expression']`: one of this unit is factor
 * times the expression. Metric atoms take prefixes.
 *
 * @see UCUM 2.1, tables 1 to 28; https://ucum.org/ucum
 */
export type AtomDefinition = readonly [factor: number, of: string];

/** The seven base units, in the order of a dimension vector. */
export const baseUnits = ['m', 's', 'g', 'rad', 'K', 'C', 'cd'] as const;

/** Powers of ten and, for bit and byte, of 1024. */
export const prefixes: Readonly<Record<string, number>> = {
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
};

/** Atoms that take none. */
export const plainAtoms: Readonly<Record<string, AtomDefinition>> = {
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
  mo: [365.25 / 12, 'd'],
  deg: [Math.PI / 180, 'rad'],
  "'": [1 / 60, 'deg'],
  "''": [1 / 3600, 'deg'],
  gon: [0.9, 'deg'],
  circ: [2 * Math.PI, 'rad'],
  sph: [4 * Math.PI, 'sr'],
  '[g]': [9.80665, 'm/s2'],
  atm: [101_325, 'Pa'],
  att: [98_066.5, 'Pa'],
  gf: [9.80665, 'g.m/s2'],
  AU: [149_597.870691, 'Mm'],
  '[in_i]': [2.54, 'cm'],
  '[ft_i]': [12, '[in_i]'],
  '[yd_i]': [3, '[ft_i]'],
  '[mi_i]': [5280, '[ft_i]'],
  '[nmi_i]': [1852, 'm'],
  '[mil_i]': [1e-3, '[in_i]'],
  '[kn_i]': [1, '[nmi_i]/h'],
  '[sin_i]': [1, '[in_i]2'],
  '[sft_i]': [1, '[ft_i]2'],
  '[cin_i]': [1, '[in_i]3'],
  '[cft_i]': [1, '[ft_i]3'],
  '[acr_us]': [4046.872609874252, 'm2'],
  '[gal_us]': [231, '[in_i]3'],
  '[foz_us]': [231 / 128, '[in_i]3'],
  '[bbl_us]': [42, '[gal_us]'],
  '[gal_br]': [4.54609, 'l'],
  '[lb_av]': [453.59237, 'g'],
  '[oz_av]': [453.59237 / 16, 'g'],
  '[ston_av]': [2000, '[lb_av]'],
  '[lton_av]': [2240, '[lb_av]'],
  '[lbf_av]': [453.59237 * 9.80665, 'g.m/s2'],
  '[psi]': [1, '[lbf_av]/[in_i]2'],
  "[in_i'H2O]": [2.54 * 98.0665, 'Pa'],
  "[in_i'Hg]": [2.54 * 1333.22, 'Pa'],
  '[Btu_IT]': [1055.05585262, 'J'],
  '[HP]': [550, '[ft_i].[lbf_av]/s'],
  '[degR]': [5 / 9, 'K'],
  '[ft_us]': [1200 / 3937, 'm'],
  '[car_m]': [0.2, 'g'],
  '[gr]': [64.79891, 'mg'],
};

/** A unit whose scale does not start at zero or is logarithmic; `of` names the proportional unit it measures. */
export interface SpecialUnit {
  readonly of: string;
  readonly toBase: (value: number) => number;
  readonly fromBase: (base: number) => number;
  readonly takesPrefix: boolean;
}

/** @see UCUM 2.1, section 21 (special units on non-ratio scales) */
export const specialUnits: Readonly<Record<string, SpecialUnit>> = {
  Cel: { of: 'K', toBase: (x) => x + 273.15, fromBase: (k) => k - 273.15, takesPrefix: true },
  '[degF]': {
    of: 'K',
    toBase: (x) => ((x + 459.67) * 5) / 9,
    fromBase: (k) => (k * 9) / 5 - 459.67,
    takesPrefix: false,
  },
  '[degRe]': {
    of: 'K',
    toBase: (x) => x * 1.25 + 273.15,
    fromBase: (k) => (k - 273.15) / 1.25,
    takesPrefix: false,
  },
  B: { of: '1', toBase: (x) => 10 ** x, fromBase: (r) => Math.log10(r), takesPrefix: true },
  Np: { of: '1', toBase: (x) => Math.exp(x), fromBase: (r) => Math.log(r), takesPrefix: true },
  'B[SPL]': {
    of: 'Pa',
    toBase: (x) => 2e-5 * 10 ** (x / 2) * 1000,
    fromBase: (p) => 2 * Math.log10(p / 1000 / 2e-5),
    takesPrefix: true,
  },
};
