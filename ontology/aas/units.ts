import { isKnownUnit } from '../units.ts';

/** Unit symbols as data sheets and IEC 61360 descriptions write them, with UCUM codes. */
const ucumBySymbol: Readonly<Record<string, string>> = {
  '°C': 'Cel',
  '°F': '[degF]',
  'm³/h': 'm3/h',
  'm³': 'm3',
  'm²': 'm2',
  'l/min': 'L/min',
  'l/h': 'L/h',
  'm³/min': 'm3/min',
  '1/min': '/min',
  'min⁻¹': '/min',
  rpm: '{rev}/min',
  'r/min': '{rev}/min',
  Nm: 'N.m',
  'N·m': 'N.m',
  'N m': 'N.m',
  'm/s²': 'm/s2',
  'mm²': 'mm2',
  '°': 'deg',
  Ω: 'Ohm',
  µm: 'um',
  psi: '[psi]',
  inch: '[in_i]',
  kWh: 'kW.h',
  'kg/m³': 'kg/m3',
  VA: 'V.A',
  kVA: 'kV.A',
};

/** The UCUM code for a unit symbol; `null` when it is not known. */
export function ucumOfSymbol(symbol: string): string | null {
  if (Object.hasOwn(ucumBySymbol, symbol)) return ucumBySymbol[symbol] ?? null;
  return isKnownUnit(symbol) ? symbol : null;
}
