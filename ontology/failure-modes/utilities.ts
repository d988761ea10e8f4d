import { remedy, type Entry } from './entry.ts';

/** Air compressors. */
export const compressorEntries: readonly Entry[] = [
  {
    id: 'compressor.fouled-cooler',
    name: 'Fouled cooler',
    mode: 'OHE',
    mechanism: '5.1',
    cause: '5.3',
    description: 'Dirt on the cooler: the discharge temperature rises at the same power and pressure.',
    symptoms: [
      ['dischargeTemperature', 'rises', 0.9],
      ['power', 'rises', 0.2],
    ],
    remedies: [
      remedy('Clean the cooler and replace the filter mat', 2, true, [
        ['FILTER-MAT-AC', 'Cooler filter mat', 1],
      ]),
    ],
    sap: ['COMPR', 'C001', 'COMPART', 'COO1'],
  },
  {
    id: 'compressor.internal-leak',
    name: 'Internal leak',
    mode: 'INL',
    mechanism: '1.1',
    cause: '3.4',
    description:
      'Worn rotors or valves: the discharge pressure falls while power stays or rises and the air gets hotter.',
    symptoms: [
      ['dischargePressure', 'falls', 0.7],
      ['power', 'rises', 0.4],
      ['dischargeTemperature', 'rises', 0.4],
    ],
    remedies: [
      remedy('Overhaul the air end', 12, true, [['AIREND-KIT-30', 'Air end overhaul kit 30 kW', 1]]),
    ],
    sap: ['COMPR', 'C002', 'COMPART', 'AIR1'],
  },
  {
    id: 'compressor.air-filter-clogged',
    name: 'Clogged intake filter',
    mode: 'LOO',
    mechanism: '5.1',
    cause: '5.3',
    description: 'The intake filter chokes the machine: pressure falls slowly and power falls with it.',
    symptoms: [
      ['dischargePressure', 'falls', 0.6],
      ['power', 'falls', 0.5],
    ],
    remedies: [
      remedy('Replace the intake filter', 0.5, true, [['FILTER-INTAKE-30', 'Intake air filter 30 kW', 1]]),
    ],
    sap: ['COMPR', 'C003', 'COMPART', 'FIL1'],
  },
];

/** Chillers. */
export const chillerEntries: readonly Entry[] = [
  {
    id: 'chiller.refrigerant-loss',
    name: 'Refrigerant loss',
    mode: 'LOO',
    mechanism: '1.1',
    cause: '3.4',
    description: 'Too little refrigerant: the supply gets warmer and comes close to the return, power falls.',
    symptoms: [
      ['supplyTemperature', 'rises', 0.8],
      ['power', 'falls', 0.5],
    ],
    remedies: [
      remedy('Find and mend the leak, refill refrigerant', 6, true, [
        ['REFR-R513A-12', 'Refrigerant R513A, cylinder 12 kg', 1],
      ]),
    ],
    sap: ['CHILLER', 'H001', 'CHILPART', 'REF1'],
  },
  {
    id: 'chiller.condenser-fouling',
    name: 'Condenser fouling',
    mode: 'PDE',
    mechanism: '5.2',
    cause: '5.3',
    description: 'A dirty condenser: more power for the same cooling.',
    symptoms: [
      ['power', 'rises', 0.8],
      ['supplyTemperature', 'rises', 0.3],
    ],
    remedies: [remedy('Clean the condenser', 3, true)],
    sap: ['CHILLER', 'H002', 'CHILPART', 'CON1'],
  },
];
