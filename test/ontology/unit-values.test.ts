import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { convert } from '#ontology/units.ts';
import { ucumOfUnece } from '#ontology/units/unece.ts';

/** Factors to SI units as UNECE Recommendation 20 gives them, to as many digits as it does. */
const factors: readonly (readonly [code: string, factor: number, si: string])[] = [
  ['D61', 2.908882e-4, 'rad'],
  ['D62', 4.848137e-6, 'rad'],
  ['A91', 1.570796e-2, 'rad'],
  ['M43', 9.817477e-4, 'rad'],
  ['M46', 0.1047198, 'rad/s'],
  ['NMI', 1852, 'm'],
  ['A11', 1e-10, 'm'],
  ['C63', 3.085678e16, 'm'],
  ['B57', 9.46073e15, 'm'],
  ['AK', 1.8288, 'm'],
  ['X1', 20.1168, 'm'],
  ['F49', 5.02921, 'm'],
  ['M50', 201.168, 'm'],
  ['M51', 0.3048006, 'm'],
  ['M52', 1609.347, 'm'],
  ['K13', 0.54864, 'm/K'],
  ['K17', 4.42075e-5, 'm/Pa'],
  ['ACR', 4046.873, 'm2'],
  ['MIK', 2.589988e6, 'm2'],
  ['M47', 5.067075e-10, 'm2'],
  ['A14', 1e-28, 'm2'],
  ['GLL', 3.785412e-3, 'm3'],
  ['GLI', 4.54609e-3, 'm3'],
  ['PTI', 5.68261e-4, 'm3'],
  ['QTL', 9.463529e-4, 'm3'],
  ['PTD', 5.506105e-4, 'm3'],
  ['QTD', 1.101221e-3, 'm3'],
  ['GLD', 4.404884e-3, 'm3'],
  ['BUA', 3.523907e-2, 'm3'],
  ['BUI', 3.636872e-2, 'm3'],
  ['BLL', 0.1589873, 'm3'],
  ['BLD', 0.115627, 'm3'],
  ['J57', 0.15911315, 'm3'],
  ['OZA', 2.957353e-5, 'm3'],
  ['OZI', 2.841306e-5, 'm3'],
  ['G21', 2.365882e-4, 'm3'],
  ['G24', 1.478676e-5, 'm3'],
  ['G25', 4.928922e-6, 'm3'],
  ['L43', 9.092181e-3, 'm3'],
  ['M67', 1233.489, 'm3'],
  ['M70', 2.831685, 'm3'],
  ['M68', 3.624556, 'm3'],
  ['KNT', 0.514444, 'm/s'],
  ['HM', 0.44704, 'm/s'],
  ['M61', 8.054225e-10, 'm/s'],
  ['K40', 9.80665, 'm/s2'],
  ['ONZ', 2.834952e-2, 'kg'],
  ['CWI', 50.80235, 'kg'],
  ['STI', 6.350293, 'kg'],
  ['STN', 907.1847, 'kg'],
  ['LTN', 1016.047, 'kg'],
  ['APZ', 3.110348e-2, 'kg'],
  ['F13', 14.5939, 'kg'],
  ['M85', 2.916667e-2, 'kg'],
  ['DRA', 3.887935e-3, 'kg'],
  ['DRI', 1.771845e-3, 'kg'],
  ['DWT', 1.555174e-3, 'kg'],
  ['LBT', 0.3732417, 'kg'],
  ['QTR', 12.70059, 'kg'],
  ['87', 16.01846, 'kg/m3'],
  ['GE', 119.8264, 'kg/m3'],
  ['LA', 27_679.9, 'kg/m3'],
  ['K41', 1.711806e-2, 'kg/m3'],
  ['L65', 515.3788, 'kg/m3'],
  ['L92', 1328.939, 'kg/m3'],
  ['M83', 1.111111e-7, 'kg/m'],
  ['K65', 4.214011e-2, 'kg.m2'],
  ['C78', 4.448222, 'N'],
  ['L94', 8896.443, 'N'],
  ['M76', 0.138255, 'N'],
  ['L40', 0.2780139, 'N'],
  ['M92', 1.355818, 'N.m'],
  ['F21', 0.112985, 'N.m'],
  ['M95', 4.214011e-2, 'N.m'],
  ['F89', 57.29578, 'N.m/rad'],
  ['PS', 6894.757, 'Pa'],
  ['ATM', 101_325, 'Pa'],
  ['ATT', 98_066.5, 'Pa'],
  ['UA', 133.3224, 'Pa'],
  ['E42', 98_066.5, 'Pa'],
  ['K85', 47.88026, 'Pa'],
  ['N17', 3376.85, 'Pa'],
  ['N19', 248.84, 'Pa'],
  ['N21', 1.488164, 'Pa'],
  ['F79', 3386.39, 'Pa'],
  ['F78', 249.089, 'Pa'],
  ['K67', 4.133789e-4, 'Pa.s'],
  ['L64', 47.88026, 'Pa.s'],
  ['91', 1e-4, 'm2/s'],
  ['N33', 4.864635, 'N/m'],
  ['BTU', 1055.056, 'J'],
  ['J39', 1055.87, 'J'],
  ['J75', 4.19002, 'J'],
  ['D70', 4.1868, 'J'],
  ['D35', 4.184, 'J'],
  ['N66', 1059.67, 'J'],
  ['N72', 1.054804e8, 'J'],
  ['85', 1.355818, 'J'],
  ['N46', 4.214011e-2, 'J'],
  ['HJ', 735.49875, 'W'],
  ['BHP', 745.7, 'W'],
  ['K42', 9809.5, 'W'],
  ['2I', 0.2930711, 'W'],
  ['J47', 0.2928751, 'W'],
  ['E15', 1.16222, 'W'],
  ['J40', 1.730735, 'W/(m.K)'],
  ['J41', 0.1442279, 'W/(m.K)'],
  ['A20', 20_441.7, 'W/(m2.K)'],
  ['N75', 5.674466, 'W/(m2.K)'],
  ['J22', 0.1761102, 'm2.K/W'],
  ['L14', 0.8598452, 'm2.K/W'],
  ['J83', 0.155, 'm2.K/W'],
  ['N84', 1.895634, 'K/W'],
  ['N88', 6.933472, 'K.m/W'],
  ['J43', 4186.8, 'J/(kg.K)'],
  ['N58', 3.725895e4, 'J/m3'],
  ['4W', 0.2519958, 'kg/s'],
  ['K66', 5.249912e-6, 'kg/s'],
  ['L90', 3.654889e-5, 'kg/s/Pa'],
  ['G2', 6.30902e-5, 'm3/s'],
  ['2L', 4.719474e-4, 'm3/s'],
  ['J62', 4.416314e-5, 'm3/s'],
  ['K34', 2.367755e-6, 'm3/s'],
  ['K37', 3.285947e-8, 'm3/s'],
  ['L46', 1.5153635e-4, 'm3/s'],
  ['TAH', 3.6e6, 'C'],
  ['N96', 10, 'A'],
  ['N97', 0.7957747, 'A'],
  ['66', 79.57747, 'A/m'],
  ['P12', 1e-9, 'T'],
  ['P53', 1.256637e-7, 'Wb'],
  ['P23', 1.662426e-9, 'Ohm.m'],
  ['P29', 3.426259, 'cd/m2'],
  ['P30', 3183.099, 'cd/m2'],
  ['P26', 1e4, 'lx'],
  ['P25', 10.76391, 'lx'],
  ['CUR', 3.7e10, 'Bq'],
  ['2C', 2.58e-4, 'C/kg'],
  ['C80', 1e-2, 'Gy'],
  ['P44', 453.5924, 'mol'],
  ['P91', 5.72135e-11, 'kg/(m2.Pa.s)'],
  ['H91', 1e-6, '1'],
  ['J12', 1.450377e-7, 'Pa-1'],
  ['H82', 0.3527778e-3, 'm'],
  ['R1', 4.217518e-3, 'm'],
  ['E19', 3.305, 'm2'],
  ['WSD', 4.67228, 'm3'],
];

test('conversions give the factors that UNECE publishes', () => {
  for (const [code, factor, si] of factors) {
    const value = convert(1, ucumOfUnece(code) ?? '', si);
    // Published factors are rounded to six or seven digits.
    assert.ok(Math.abs(value / factor - 1) < 1e-5, `${code}: ${value} ${si}, published ${factor}`);
  }
  assert.ok(factors.length > 130);
});

const close = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );

test('temperatures convert as readings, their differences by factor', () => {
  const cases: readonly (readonly [number, string, string, number])[] = [
    [0, 'Cel', '[degF]', 32],
    [-273.15, 'Cel', 'K', 0],
    [-459.67, '[degF]', 'K', 0],
    [491.67, '[degR]', 'Cel', 0],
    [80, '[degRe]', 'Cel', 100],
    [1000, 'mCel', 'Cel', 1],
    [1.8, '[degR]/min', 'K/min', 1],
    [1, 'J/(kg.K)', 'J/(kg.[degR])', 5 / 9],
  ];
  for (const [value, from, to, expected] of cases) close(convert(value, from, to), expected);
});

test('logarithmic and other special units convert by their functions', () => {
  const cases: readonly (readonly [number, string, string, number])[] = [
    [3, 'B', '1', 1000],
    [10, 'dB', 'B', 1],
    [1, 'Np', 'dB', 10 / Math.LN10],
    [120, 'dB[V]', 'V', 1e6],
    [0, 'B[W]', 'W', 1],
    [30, 'dB[W]', 'kW', 1],
    [0, 'dB[kW]', 'dB[W]', 30],
    [60, 'dB[mV]', 'V', 1],
    [120, 'dB[uV]', 'dB[V]', 0],
    [0, 'dB[SPL]', 'uPa', 20],
    [7, '[pH]', 'mol/L', 1e-7],
    [100, '%[slope]', 'deg', 45],
    [8, 'bit_s', '1', 256],
  ];
  for (const [value, from, to, expected] of cases) close(convert(value, from, to), expected);
});

test('what is of another kind is refused, however near its name', () => {
  const pairs = [
    ['Cel', 'J'],
    ['[lb_av]', '[lbf_av]'],
    ['kgf', 'kg'],
    ['rad', 'RAD'],
    ['Gy', 'W/kg'],
    ['V.A.h', 'V.A'],
    ['m3{normal}', 'm3{standard}'],
    ['V{AC}', 'V{DC}'],
    ['kW.h/m3{normal}', 'kW.h'],
    ['[iU]/g', 'mg/g{KOH}'],
    ['[pH]', 'mol/kg'],
    ['dB[V]', 'dB[W]'],
    ['{pc}', '{pair}'],
  ] as const;
  for (const [from, to] of pairs)
    assert.throws(
      () => convert(1, from, to),
      (error) => isHubError(error, 'UNIT_MISMATCH'),
      `${from} ${to}`,
    );
});

test('conversions whose definitions are decimals are exact to the last digit', () => {
  const cases: readonly (readonly [number, string, string, number])[] = [
    [1, '[ft_i]', 'm', 0.3048],
    [0.3, '[in_i]', 'mm', 7.62],
    [37.5, 'Cel', '[degF]', 99.5],
    [98.6, '[degF]', 'Cel', 37],
    [20.1, 'Cel', 'K', 293.25],
    [101.3, 'kPa', 'bar', 1.013],
    [1, '[gal_us]', 'L', 3.785411784],
    [1, '[lb_av]', 'g', 453.59237],
    [1, '[bbl_us]', '[gal_us]', 42],
    [1, '[mi_i]', 'km', 1.609344],
    [1, '[kn_i]', 'km/h', 1.852],
    [75, 'kgf.m/s', 'W', 735.49875],
    [1, 'kW.h', 'MJ', 3.6],
    [3, 'd', 's', 259_200],
    [0.1, 'm', 'mm', 100],
    [1, '[den]', 'tex', 1 / 9],
    [1, 'atm', 'kPa', 101.325],
    [12, '[oz_av]', '[lb_av]', 0.75],
  ];
  for (const [value, from, to, expected] of cases)
    assert.equal(convert(value, from, to), expected, `${value} ${from} in ${to}`);
});

test('whole numbers come back the same from any unit of the same kind that is a fraction of theirs', () => {
  const groups = [
    ['m', '[ft_i]', '[mi_i]', 'km', '[ft_us]', '[nmi_i]'],
    ['Cel', '[degF]', 'K', '[degR]'],
    ['kg', '[lb_av]', '[oz_av]', '[gr]', '[stone_av]'],
    ['Pa', '[psi]', 'bar', 'atm', "[in_i'Hg]"],
  ];
  for (const units of groups)
    for (const from of units)
      for (const to of units)
        for (let value = -500; value <= 500; value += 7) {
          const back = convert(convert(value, from, to), to, from);
          const step = Math.max(Math.abs(value), 300) * 2 ** -50;
          assert.ok(Math.abs(back - value) <= step, `${value} ${from} ${to}: ${back}`);
        }
});
