/** A unit as OPC UA shows it. @see OPC 10000-8, EUInformation (unitId from the UNECE Recommendation 20 code) */
export interface TagUnit {
  readonly code: string;
  readonly shown: string;
  readonly name: string;
}

/** A variable of the server; its node id is `ns=1;s=<name>`. */
export interface PlantTag {
  readonly name: string;
  /** Object it hangs under. */
  readonly object: string;
  readonly browseName: string;
  readonly type: 'Double' | 'Float' | 'UInt32' | 'Boolean' | 'Spectrum';
  readonly unit: TagUnit | null;
  /** Engineering range in `unit`. */
  readonly range: readonly [low: number, high: number] | null;
}

const units = {
  m3h: { code: 'MQH', shown: 'm³/h', name: 'cubic metre per hour' },
  bar: { code: 'BAR', shown: 'bar', name: 'bar [unit of pressure]' },
  kPa: { code: 'KPA', shown: 'kPa', name: 'kilopascal' },
  rpm: { code: 'RPM', shown: 'r/min', name: 'revolutions per minute' },
  amp: { code: 'AMP', shown: 'A', name: 'ampere' },
  kW: { code: 'KWT', shown: 'kW', name: 'kilowatt' },
  celsius: { code: 'CEL', shown: '°C', name: 'degree Celsius' },
  fahrenheit: { code: 'FAH', shown: '°F', name: 'degree Fahrenheit' },
  mms: { code: 'C16', shown: 'mm/s', name: 'millimetre per second' },
  ms2: { code: 'MSK', shown: 'm/s²', name: 'metre per second squared' },
  ms: { code: 'MTS', shown: 'm/s', name: 'metre per second' },
  mL: { code: 'MLT', shown: 'ml', name: 'millilitre' },
  Nm: { code: 'NU', shown: 'N·m', name: 'newton metre' },
  perHour: { code: 'H10', shown: '1/h', name: 'reciprocal hour' },
} as const satisfies Record<string, TagUnit>;

/** All variables of the plant, besides the equipment data of each asset. */
export const plantTags: readonly PlantTag[] = [
  analog('P-101', 'flow', units.m3h, [0, 120]),
  analog('P-101', 'suctionPressure', units.bar, [-1, 5]),
  analog('P-101', 'dischargePressure', units.bar, [0, 10]),
  analog('P-101', 'speed', units.rpm, [0, 1800]),
  analog('P-101', 'motorCurrent', units.amp, [0, 40]),
  analog('P-101', 'power', units.kW, [0, 20]),
  analog('P-101', 'bearingTemperature', units.fahrenheit, [-4, 302]),
  analog('P-101', 'velocityRms', units.mms, [0, 25]),
  analog('P-101', 'accelerationPeak', units.ms2, [0, 200]),
  { ...analog('P-101', 'envelopeSpectrum', units.ms2, [0, 50]), type: 'Spectrum' },
  state('P-101'),
  analog('P-101.motor', 'current', units.amp, [0, 40]),
  analog('P-101.motor', 'windingTemperature', units.celsius, [-20, 180]),
  {
    ...analog('LegacyTags', 'P101_MTR_AMPS', units.amp, [0, 50]),
    name: 'UTL_P101_MTR_AMPS',
    browseName: 'UTL_P101_MTR_AMPS',
    type: 'Float',
  },
  { ...analog('FL-101', 'bottleRate', units.perHour, [0, 15_000]), type: 'UInt32' },
  analog('FL-101', 'fillVolume', units.mL, [0, 600]),
  state('FL-101'),
  { ...analog('CP-101', 'bottleRate', units.perHour, [0, 15_000]), type: 'UInt32' },
  analog('CP-101', 'torque', units.Nm, [0, 5]),
  state('CP-101'),
  analog('CV-101', 'beltSpeed', units.ms, [0, 1]),
  analog('CV-101', 'motorCurrent', units.amp, [0, 10]),
  state('CV-101'),
  analog('AC-101', 'dischargePressure', units.kPa, [0, 1000]),
  analog('AC-101', 'power', units.kW, [0, 60]),
  analog('AC-101', 'dischargeTemperature', units.celsius, [-20, 150]),
  state('AC-101'),
  analog('CH-101', 'supplyTemperature', units.celsius, [-10, 50]),
  analog('CH-101', 'returnTemperature', units.celsius, [-10, 50]),
  analog('CH-101', 'power', units.kW, [0, 120]),
  state('CH-101'),
];

function analog(object: string, signal: string, unit: TagUnit, range: readonly [number, number]): PlantTag {
  return { name: `${object}.${signal}`, object, browseName: signal, type: 'Double', unit, range };
}

function state(object: string): PlantTag {
  return {
    name: `${object}.running`,
    object,
    browseName: 'running',
    type: 'Boolean',
    unit: null,
    range: null,
  };
}
