import type { KnownSignal } from '#connectors/opcua/mapping.ts';
import { parseTwinId } from '#ontology/ids.ts';

const table: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  'P-101': {
    flow: 'm3/h',
    suctionPressure: 'bar',
    dischargePressure: 'bar',
    speed: '{rev}/min',
    motorCurrent: 'A',
    power: 'kW',
    bearingTemperature: 'Cel',
    velocityRms: 'mm/s',
    accelerationPeak: 'm/s2',
    envelopeSpectrum: 'm/s2',
    running: null,
  },
  'P-101.motor': { current: 'A', windingTemperature: 'Cel' },
  'FL-101': { bottleRate: '{bottle}/h', fillVolume: 'mL', running: null },
  'CP-101': { bottleRate: '{bottle}/h', torque: 'N.m', running: null },
  'CV-101': { beltSpeed: 'm/s', motorCurrent: 'A', running: null },
  'AC-101': { dischargePressure: 'bar', power: 'kW', dischargeTemperature: 'Cel', running: null },
  'CH-101': { supplyTemperature: 'Cel', returnTemperature: 'Cel', power: 'kW', running: null },
};

/** The signals of the demo plant's twins as their models declare them. */
export const demoSignals: readonly KnownSignal[] = Object.entries(table).flatMap(([twin, signals]) =>
  Object.entries(signals).map(([signal, unit]) => ({
    twinId: parseTwinId(twin),
    signal,
    unit,
    valueType: signal === 'running' ? 'boolean' : signal === 'envelopeSpectrum' ? 'number[]' : 'number',
  })),
);
