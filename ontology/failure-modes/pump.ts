import { remedy, type Entry } from './entry.ts';

/** Centrifugal pumps. */
export const pumpEntries: readonly Entry[] = [
  {
    id: 'pump.bearing-wear',
    name: 'Rolling bearing wear',
    mode: 'VIB',
    mechanism: '2.4',
    cause: '3.4',
    description:
      'Fatigue and wear of a rolling bearing. Lines at the bearing fault frequencies appear in the envelope spectrum first, then peaks of acceleration, then vibration velocity, and last the bearing gets warm.',
    symptoms: [
      ['envelopeSpectrum', 'rises', 0.9],
      ['accelerationPeak', 'rises', 0.7],
      ['velocityRms', 'rises', 0.5],
      ['bearingTemperature', 'rises', 0.4],
      ['motorCurrent', 'rises', 0.1],
    ],
    remedies: [
      remedy('Replace both pump bearings and regrease', 4, true, [
        ['BRG-6311-C3', 'Deep groove ball bearing 6311/C3', 2],
        ['GREASE-LGHP2', 'Bearing grease LGHP 2, cartridge 420 ml', 1],
      ]),
      remedy('Regrease the bearings and watch them', 0.5, false, [
        ['GREASE-LGHP2', 'Bearing grease LGHP 2, cartridge 420 ml', 1],
      ]),
    ],
    sap: ['PUMP', 'P001', 'PUMPPART', 'BRG1'],
  },
  {
    id: 'pump.cavitation',
    name: 'Cavitation',
    mode: 'ERO',
    mechanism: '2.1',
    cause: '3.1',
    description:
      'Vapour bubbles collapse in the impeller because the suction pressure is too low for the flow: suction pressure falls, flow and discharge pressure become uneasy, broadband vibration rises without bearing lines.',
    symptoms: [
      ['suctionPressure', 'falls', 0.8],
      ['dischargePressure', 'becomes-noisy', 0.6],
      ['flow', 'becomes-noisy', 0.6],
      ['accelerationPeak', 'rises', 0.5],
      ['velocityRms', 'rises', 0.3],
    ],
    remedies: [
      remedy('Clean the suction strainer and open the suction valve fully', 1.5, true, [
        ['STRAINER-DN80', 'Suction strainer insert DN 80', 1],
      ]),
      remedy('Reduce the flow until the suction pressure recovers', 0.25, false),
    ],
    sap: ['PUMP', 'P002', 'PUMPPART', 'IMP1'],
  },
  {
    id: 'pump.seal-leak',
    name: 'Mechanical seal leak',
    mode: 'ELP',
    mechanism: '1.1',
    cause: '3.4',
    description:
      'The shaft seal lets process medium out. Discharge pressure and flow fall a little at the same speed.',
    symptoms: [
      ['dischargePressure', 'falls', 0.5],
      ['flow', 'falls', 0.5],
      ['suctionPressure', 'drifts', 0.2],
    ],
    remedies: [
      remedy('Replace the mechanical seal', 5, true, [
        ['SEAL-MK-45', 'Mechanical seal 45 mm, SiC/SiC', 1],
        ['ORING-45-EPDM', 'O-ring set 45 mm, EPDM', 1],
      ]),
    ],
    sap: ['PUMP', 'P003', 'PUMPPART', 'SEA1'],
  },
  {
    id: 'pump.impeller-wear',
    name: 'Impeller wear',
    mode: 'LOO',
    mechanism: '2.3',
    cause: '3.4',
    description:
      'Erosion of impeller and wear rings: flow and head fall at the same speed, and power per flow rises.',
    symptoms: [
      ['flow', 'falls', 0.7],
      ['dischargePressure', 'falls', 0.7],
      ['power', 'drifts', 0.3],
      ['velocityRms', 'rises', 0.2],
    ],
    remedies: [
      remedy('Replace impeller and wear rings', 8, true, [
        ['IMP-219-316', 'Impeller 219 mm, 1.4408', 1],
        ['WEAR-RING-219', 'Wear ring set 219 mm', 1],
        ['SEAL-MK-45', 'Mechanical seal 45 mm, SiC/SiC', 1],
      ]),
    ],
    sap: ['PUMP', 'P004', 'PUMPPART', 'IMP1'],
  },
  {
    id: 'pump.sensor-drift',
    name: 'Bearing temperature sensor drift',
    mode: 'AIR',
    mechanism: '3.4',
    cause: '3.4',
    description:
      'The bearing temperature reads ever higher or lower while vibration, current and power stay as they were: the instrument drifts, not the machine.',
    symptoms: [['bearingTemperature', 'drifts', 0.9]],
    remedies: [
      remedy('Compare with a reference and replace the temperature sensor', 1, false, [
        ['PT100-M8-2M', 'Temperature sensor Pt100, M8, 2 m cable', 1],
      ]),
    ],
    sap: ['INSTRUM', 'I001', 'INSTPART', 'TMP1'],
  },
];
