import { remedy, type Entry } from './entry.ts';

/** Fans. */
export const fanEntries: readonly Entry[] = [
  {
    id: 'fan.imbalance',
    name: 'Imbalance of the impeller',
    mode: 'VIB',
    mechanism: '1.2',
    cause: '5.3',
    description:
      'Dirt or loss of material on one side of the impeller: vibration at the speed of rotation rises.',
    symptoms: [
      ['velocityRms', 'rises', 0.9],
      ['bearingTemperature', 'rises', 0.2],
    ],
    remedies: [remedy('Clean the impeller', 2, true), remedy('Balance the impeller in place', 4, true)],
    sap: ['FAN', 'N001', 'FANPART', 'IMP1'],
  },
  {
    id: 'fan.bearing-wear',
    name: 'Rolling bearing wear',
    mode: 'VIB',
    mechanism: '2.4',
    cause: '3.4',
    description:
      'Fatigue and wear of a bearing: peaks of acceleration first, then vibration, last it gets warm.',
    symptoms: [
      ['accelerationPeak', 'rises', 0.8],
      ['velocityRms', 'rises', 0.5],
      ['bearingTemperature', 'rises', 0.5],
    ],
    remedies: [
      remedy('Replace both bearings and regrease', 4, true, [
        ['BRG-6311-C3', 'Deep groove ball bearing 6311/C3', 2],
        ['GREASE-LGHP2', 'Bearing grease LGHP 2, cartridge 420 ml', 1],
      ]),
    ],
    sap: ['FAN', 'N002', 'FANPART', 'BRG1'],
  },
  {
    id: 'fan.fouling',
    name: 'Fouled impeller or filter',
    mode: 'LOO',
    mechanism: '5.1',
    cause: '5.3',
    description: 'Dirt chokes the air: flow, pressure rise and current fall at the same speed.',
    symptoms: [
      ['flow', 'falls', 0.8],
      ['differentialPressure', 'falls', 0.5],
      ['motorCurrent', 'falls', 0.4],
    ],
    remedies: [
      remedy('Clean impeller and housing, replace the filter', 2, true, [
        ['FILTER-AIR-610', 'Air filter 610 mm', 4],
      ]),
    ],
    sap: ['FAN', 'N003', 'FANPART', 'FIL1'],
  },
  {
    id: 'fan.belt-slip',
    name: 'Slack drive belt',
    mode: 'LOO',
    mechanism: '1.5',
    cause: '3.4',
    description: 'A slack or worn belt: the speed of the fan falls and becomes uneasy.',
    symptoms: [
      ['speed', 'falls', 0.7],
      ['speed', 'becomes-noisy', 0.5],
      ['differentialPressure', 'falls', 0.4],
    ],
    remedies: [remedy('Tension or replace the belts', 1, true, [['BELT-SPB-2000', 'V-belt SPB 2000', 2]])],
    sap: ['FAN', 'N004', 'FANPART', 'BEL1'],
  },
];

/** Gearboxes. */
export const gearboxEntries: readonly Entry[] = [
  {
    id: 'gearbox.tooth-wear',
    name: 'Tooth wear and pitting',
    mode: 'VIB',
    mechanism: '2.4',
    cause: '3.4',
    description:
      'Worn or pitted flanks: peaks of acceleration at tooth mesh, particles in the oil, later vibration.',
    symptoms: [
      ['accelerationPeak', 'rises', 0.8],
      ['particleConcentration', 'rises', 0.7],
      ['velocityRms', 'rises', 0.5],
      ['oilTemperature', 'rises', 0.2],
    ],
    remedies: [
      remedy('Inspect the teeth with an endoscope', 2, true),
      remedy('Replace the gear set', 16, true, [['GEARSET-GB-250', 'Gear set size 250', 1]]),
    ],
    sap: ['GEARBOX', 'G001', 'GEARPART', 'GEA1'],
  },
  {
    id: 'gearbox.bearing-wear',
    name: 'Rolling bearing wear',
    mode: 'VIB',
    mechanism: '2.6',
    cause: '3.4',
    description: 'Fatigue of a bearing: peaks of acceleration and particles in the oil, the oil gets warmer.',
    symptoms: [
      ['accelerationPeak', 'rises', 0.8],
      ['velocityRms', 'rises', 0.5],
      ['oilTemperature', 'rises', 0.4],
    ],
    remedies: [
      remedy('Replace the bearings', 12, true, [['BRG-22218', 'Spherical roller bearing 22218', 2]]),
    ],
    sap: ['GEARBOX', 'G002', 'GEARPART', 'BRG1'],
  },
  {
    id: 'gearbox.oil-leak',
    name: 'Oil leak',
    mode: 'ELU',
    mechanism: '1.1',
    cause: '3.4',
    description: 'A worn shaft seal lets oil out: the level falls, the oil gets warmer.',
    symptoms: [
      ['oilLevel', 'falls', 0.9],
      ['oilTemperature', 'rises', 0.3],
    ],
    remedies: [
      remedy('Replace the shaft seal and fill up the oil', 4, true, [
        ['SEAL-RS-90', 'Radial shaft seal 90 mm', 1],
        ['OIL-CLP-220', 'Gear oil CLP 220, can 20 l', 1],
      ]),
    ],
    sap: ['GEARBOX', 'G003', 'GEARPART', 'SEA1'],
  },
  {
    id: 'gearbox.oil-degradation',
    name: 'Spoilt oil',
    mode: 'OHE',
    mechanism: '5.2',
    cause: '3.3',
    description: 'Old or dirty oil: more particles and a warmer gearbox at the same load.',
    symptoms: [
      ['oilTemperature', 'rises', 0.7],
      ['particleConcentration', 'rises', 0.6],
    ],
    remedies: [remedy('Change oil and filter', 2, true, [['OIL-CLP-220', 'Gear oil CLP 220, can 20 l', 2]])],
    sap: ['GEARBOX', 'G004', 'GEARPART', 'OIL1'],
  },
];

/** Machine tool spindles. */
export const spindleEntries: readonly Entry[] = [
  {
    id: 'spindle.bearing-wear',
    name: 'Spindle bearing wear',
    mode: 'VIB',
    mechanism: '2.4',
    cause: '3.4',
    description:
      'Wear of the front bearings: peaks of acceleration, then vibration, and a warmer bearing at speed.',
    symptoms: [
      ['accelerationPeak', 'rises', 0.8],
      ['velocityRms', 'rises', 0.6],
      ['bearingTemperature', 'rises', 0.6],
    ],
    remedies: [
      remedy('Replace the spindle and send it for overhaul', 8, true, [
        ['SPINDLE-HSK63-EX', 'Spindle HSK-A63, exchange', 1],
      ]),
    ],
    sap: ['SPINDLE', 'S001', 'SPINPART', 'BRG1'],
  },
  {
    id: 'spindle.clamping-force-loss',
    name: 'Loss of clamping force',
    mode: 'PDE',
    mechanism: '1.5',
    cause: '3.4',
    description: 'Weak disc springs: the drawbar holds the tool less firmly, tools begin to chatter.',
    symptoms: [
      ['clampingForce', 'falls', 0.9],
      ['velocityRms', 'rises', 0.3],
    ],
    remedies: [
      remedy('Replace the disc springs of the drawbar', 6, true, [
        ['SPRING-SET-HSK63', 'Disc spring set HSK-63', 1],
      ]),
    ],
    sap: ['SPINDLE', 'S002', 'SPINPART', 'DRW1'],
  },
  {
    id: 'spindle.cooling-loss',
    name: 'Weak cooling',
    mode: 'OHE',
    mechanism: '5.1',
    cause: '5.3',
    description: 'Blocked or weak cooling: the bearings get warmer and the spindle grows at the same load.',
    symptoms: [
      ['bearingTemperature', 'rises', 0.8],
      ['axialGrowth', 'rises', 0.7],
    ],
    remedies: [remedy('Clean the cooling circuit and check its flow', 2, true)],
    sap: ['SPINDLE', 'S003', 'SPINPART', 'COO1'],
  },
  {
    id: 'spindle.tool-imbalance',
    name: 'Imbalance of tool or holder',
    mode: 'VIB',
    mechanism: '1.2',
    cause: '3.2',
    description: 'An unbalanced tool: vibration rises at once with a tool and is gone with the next.',
    symptoms: [
      ['velocityRms', 'rises', 0.7],
      ['velocityRms', 'becomes-noisy', 0.5],
    ],
    remedies: [remedy('Balance or replace the tool holder', 0.5, false)],
    sap: ['SPINDLE', 'S004', 'SPINPART', 'TOO1'],
  },
];
