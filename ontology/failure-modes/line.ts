import { remedy, type Entry } from './entry.ts';

/** Conveyors. */
export const conveyorEntries: readonly Entry[] = [
  {
    id: 'conveyor.belt-slip',
    name: 'Belt slip',
    mode: 'ERO',
    mechanism: '1.5',
    cause: '3.4',
    description: 'A slack belt: its speed becomes uneasy and falls while the current falls too.',
    symptoms: [
      ['beltSpeed', 'becomes-noisy', 0.7],
      ['beltSpeed', 'falls', 0.5],
      ['motorCurrent', 'falls', 0.3],
    ],
    remedies: [
      remedy('Tension the belt', 1, true),
      remedy('Replace the belt', 4, true, [['BELT-CV-1200', 'Conveyor belt 1200 mm', 1]]),
    ],
    sap: ['CONVEYOR', 'V001', 'CONVPART', 'BEL1'],
  },
  {
    id: 'conveyor.roller-seizure',
    name: 'Seized roller',
    mode: 'POW',
    mechanism: '1.6',
    cause: '3.4',
    description: 'A roller turns hard: more current at the same belt speed.',
    symptoms: [
      ['motorCurrent', 'rises', 0.8],
      ['beltSpeed', 'falls', 0.2],
    ],
    remedies: [remedy('Replace the roller', 2, true, [['ROLLER-CV-60', 'Roller 60 mm with bearings', 1]])],
    sap: ['CONVEYOR', 'V002', 'CONVPART', 'ROL1'],
  },
];

/** Fillers. */
export const fillerEntries: readonly Entry[] = [
  {
    id: 'filler.valve-leak',
    name: 'Filling valve leak',
    mode: 'PDE',
    mechanism: '1.1',
    cause: '3.4',
    description: 'A filling valve closes late or drips: the fill volume spreads and drifts up.',
    symptoms: [
      ['fillVolume', 'becomes-noisy', 0.7],
      ['fillVolume', 'drifts', 0.6],
    ],
    remedies: [
      remedy('Replace seat and seals of the filling valves', 3, true, [
        ['VALVE-SEAL-FL', 'Filling valve seal kit', 12],
      ]),
    ],
    sap: ['FILLER', 'F001', 'FILLPART', 'VAL1'],
  },
  {
    id: 'filler.nozzle-blockage',
    name: 'Blocked nozzle',
    mode: 'PLU',
    mechanism: '5.1',
    cause: '5.3',
    description: 'A nozzle is partly blocked: low fill volume and a lower rate.',
    symptoms: [
      ['fillVolume', 'falls', 0.8],
      ['bottleRate', 'falls', 0.4],
    ],
    remedies: [remedy('Clean the nozzles', 1, true)],
    sap: ['FILLER', 'F002', 'FILLPART', 'NOZ1'],
  },
];

/** Cappers. */
export const capperEntries: readonly Entry[] = [
  {
    id: 'capper.clutch-wear',
    name: 'Capping clutch wear',
    mode: 'PDE',
    mechanism: '2.4',
    cause: '3.4',
    description: 'A worn magnetic clutch: the closing torque falls and spreads, caps come loose.',
    symptoms: [
      ['torque', 'falls', 0.8],
      ['torque', 'becomes-noisy', 0.5],
    ],
    remedies: [
      remedy('Replace the capping head clutch', 2.5, true, [['CLUTCH-CP-28', 'Magnetic clutch 28 mm', 1]]),
    ],
    sap: ['CAPPER', 'K001', 'CAPPPART', 'CLU1'],
  },
  {
    id: 'capper.feed-jam',
    name: 'Cap feed jam',
    mode: 'UST',
    mechanism: '1.6',
    cause: '5.3',
    description: 'Caps stick in the chute: the rate falls and becomes uneasy.',
    symptoms: [
      ['bottleRate', 'becomes-noisy', 0.6],
      ['bottleRate', 'falls', 0.6],
    ],
    remedies: [remedy('Clear and clean the cap chute', 0.5, true)],
    sap: ['CAPPER', 'K002', 'CAPPPART', 'CHU1'],
  },
];
