/**
 * Common codes of UNECE Recommendation 20 that plants send, with their UCUM codes. OPC UA packs the code into the
 * `unitId` of EUInformation.
 *
 * @see UNECE Recommendation 20, Codes for Units of Measure; OPC 10000-8, 5.6.3 (EUInformation)
 */
const ucumByCommonCode: Readonly<Record<string, string>> = {
  CEL: 'Cel',
  FAH: '[degF]',
  KEL: 'K',
  BAR: 'bar',
  MBR: 'mbar',
  PAL: 'Pa',
  KPA: 'kPa',
  MPA: 'MPa',
  PS: '[psi]',
  AMP: 'A',
  '4K': 'mA',
  B22: 'kA',
  VLT: 'V',
  '2Z': 'mV',
  KVT: 'kV',
  OHM: 'Ohm',
  WTT: 'W',
  KWT: 'kW',
  MAW: 'MW',
  BHP: '[HP]',
  KWH: 'kW.h',
  JOU: 'J',
  KJO: 'kJ',
  '3B': 'MJ',
  HTZ: 'Hz',
  KHZ: 'kHz',
  RPM: '{rev}/min',
  RPS: '{rev}/s',
  MTR: 'm',
  MMT: 'mm',
  CMT: 'cm',
  KMT: 'km',
  '4H': 'um',
  INH: '[in_i]',
  FOT: '[ft_i]',
  MTS: 'm/s',
  C16: 'mm/s',
  KMH: 'km/h',
  '2M': 'cm/s',
  MSK: 'm/s2',
  C42: 'mm/s2',
  K40: '[g]',
  IU: '[in_i]/s',
  MQH: 'm3/h',
  MQS: 'm3/s',
  '2K': '[cft_i]/h',
  L2: 'L/min',
  G51: 'L/s',
  E32: 'L/h',
  G2: '[gal_us]/min',
  LTR: 'L',
  MLT: 'mL',
  MTQ: 'm3',
  GLL: '[gal_us]',
  KGM: 'kg',
  GRM: 'g',
  TNE: 't',
  LBR: '[lb_av]',
  KGS: 'kg/s',
  E93: 'kg/h',
  NU: 'N.m',
  B75: 'kN.m',
  NEW: 'N',
  B47: 'kN',
  P1: '%',
  '59': '[ppm]',
  C62: '1',
  DD: 'deg',
  C81: 'rad',
  SEC: 's',
  C26: 'ms',
  MIN: 'min',
  HUR: 'h',
  DAY: 'd',
  '2N': 'dB',
  KMQ: 'kg/m3',
  '23': 'g/cm3',
  D41: 't/m3',
  C65: 'Pa.s',
};

/** UCUM code of a UNECE common code such as `CEL`; `null` for one not in the table. */
export function ucumOfUnece(commonCode: string): string | null {
  return Object.hasOwn(ucumByCommonCode, commonCode) ? (ucumByCommonCode[commonCode] ?? null) : null;
}

/** The UNECE common code in the `unitId` of an EUInformation: up to three characters, one a byte. */
export function uneceOfUnitId(unitId: number): string {
  return [16, 8, 0]
    .map((shift) => (unitId >> shift) & 0xff)
    .filter((code) => code > 0)
    .map((code) => String.fromCharCode(code))
    .join('');
}
