import { remedy, type Entry } from './entry.ts';

/** Electric motors. */
export const motorEntries: readonly Entry[] = [
  {
    id: 'motor.winding-overheating',
    name: 'Winding overheating',
    mode: 'OHE',
    mechanism: '2.7',
    cause: '3.1',
    description:
      'The winding runs hotter than its load explains: overload, blocked cooling or unbalanced supply.',
    symptoms: [
      ['windingTemperature', 'rises', 0.9],
      ['current', 'rises', 0.4],
    ],
    remedies: [
      remedy('Clean fan cover and cooling fins', 1, true),
      remedy('Replace the motor', 6, true, [['MOT-18K5-4P-IE4', 'Motor 18.5 kW, 4-pole, IE4', 1]]),
    ],
    sap: ['MOTOR', 'M001', 'MOTPART', 'WND1'],
  },
  {
    id: 'motor.insulation-degradation',
    name: 'Insulation degradation',
    mode: 'SER',
    mechanism: '4.5',
    cause: '3.4',
    description: 'Ageing insulation: the current becomes uneasy and the winding warmer at the same load.',
    symptoms: [
      ['current', 'becomes-noisy', 0.6],
      ['windingTemperature', 'rises', 0.4],
    ],
    remedies: [
      remedy('Measure the insulation resistance and rewind or replace the motor', 8, true, [
        ['MOT-18K5-4P-IE4', 'Motor 18.5 kW, 4-pole, IE4', 1],
      ]),
    ],
    sap: ['MOTOR', 'M002', 'MOTPART', 'WND1'],
  },
];

/** Rolling bearings; a bearing has no sensors of its own, its symptoms are on the signals of the machine it carries. */
export const bearingEntries: readonly Entry[] = [
  {
    id: 'bearing.outer-race-fatigue',
    name: 'Outer race fatigue',
    mode: 'VIB',
    mechanism: '2.6',
    cause: '3.4',
    description:
      'Spalling of the outer race: lines at the ball pass frequency of the outer race and its multiples.',
    symptoms: [
      ['envelopeSpectrum', 'rises', 0.9],
      ['accelerationPeak', 'rises', 0.6],
      ['bearingTemperature', 'rises', 0.3],
    ],
    remedies: [
      remedy('Replace the bearing', 4, true, [
        ['BRG-6311-C3', 'Deep groove ball bearing 6311/C3', 1],
        ['GREASE-LGHP2', 'Bearing grease LGHP 2, cartridge 420 ml', 1],
      ]),
    ],
    sap: ['BEARING', 'B001', 'BRGPART', 'OUT1'],
  },
  {
    id: 'bearing.lubrication-failure',
    name: 'Lubrication failure',
    mode: 'OHE',
    mechanism: '2.7',
    cause: '3.3',
    description:
      'Too little or spoilt grease: the bearing gets warm and its high-frequency noise rises without distinct lines.',
    symptoms: [
      ['bearingTemperature', 'rises', 0.8],
      ['accelerationPeak', 'rises', 0.5],
    ],
    remedies: [
      remedy('Regrease the bearing', 0.5, false, [
        ['GREASE-LGHP2', 'Bearing grease LGHP 2, cartridge 420 ml', 1],
      ]),
    ],
    sap: ['BEARING', 'B002', 'BRGPART', 'LUB1'],
  },
];
