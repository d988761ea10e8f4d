import {
  part,
  rating,
  running,
  signal,
  spectrum,
  usualHealth,
  work,
  type AssetClassTemplate,
} from './template.ts';

const bearings = [
  part('motor', 'motor', ['Motor', 'Motor']),
  part('bearing-de', 'bearing', ['Drive-end bearing', 'Lager Antriebsseite']),
  part('bearing-nde', 'bearing', ['Non-drive-end bearing', 'Lager Gegenseite']),
] as const;

export const pump: AssetClassTemplate = {
  assetClass: 'pump',
  kind: 'ASSET',
  text: { en: 'Pump', de: 'Pumpe' },
  modelName: 'Pump',
  properties: [
    rating('ratedFlow', 'VolumeFlowRate', 'm3/h', ['Rated flow', 'Nennförderstrom']),
    rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung']),
    rating('ratedSpeed', 'AngularVelocity', '{rev}/min', ['Rated speed', 'Nenndrehzahl']),
  ],
  signals: [
    running,
    signal('flow', 'VolumeFlowRate', 'm3/h', [0, 5000], ['Flow', 'Förderstrom'], {
      change: { relative: 0.06 },
    }),
    signal('suctionPressure', 'Pressure', 'bar', [-1, 40], ['Suction pressure', 'Saugdruck'], {
      change: { relative: 0.12, absolute: 0.06 },
    }),
    signal('dischargePressure', 'Pressure', 'bar', [0, 250], ['Discharge pressure', 'Enddruck'], {
      change: { relative: 0.05 },
    }),
    signal('speed', 'AngularVelocity', '{rev}/min', [0, 6000], ['Speed', 'Drehzahl']),
    signal('motorCurrent', 'Current', 'A', [0, 1000], ['Motor current', 'Motorstrom'], {
      change: { relative: 0.1 },
    }),
    signal('power', 'Power', 'kW', [0, 1000], ['Power', 'Leistung'], {
      needed: false,
      change: { relative: 0.1 },
    }),
    signal('velocityRms', 'Velocity', 'mm/s', [0, 50], ['Vibration velocity', 'Schwinggeschwindigkeit'], {
      change: { relative: 0.25, absolute: 0.25 },
    }),
    signal(
      'accelerationPeak',
      'Acceleration',
      '[g]',
      [0, 50],
      ['Peak acceleration', 'Spitzenbeschleunigung'],
      {
        needed: false,
        change: { relative: 0.35 },
      },
    ),
    signal(
      'bearingTemperature',
      'Temperature',
      'Cel',
      [-20, 150],
      ['Bearing temperature', 'Lagertemperatur'],
      {
        change: { absolute: 4, slow: true },
      },
    ),
    spectrum('envelopeSpectrum', '[g]', ['Envelope spectrum', 'Hüllkurvenspektrum']),
  ],
  parts: bearings,
  maintenance: [
    work('Check seal, couplings and foundation', 2000, 0.5, false),
    work('Regrease the bearings', 4000, 0.5, false),
    work('Overhaul', 24_000, 12, true),
  ],
  kpis: { mtbfHours: 16_000, availability: 0.97, health: usualHealth },
};

export const compressor: AssetClassTemplate = {
  assetClass: 'compressor',
  kind: 'ASSET',
  text: { en: 'Compressor', de: 'Kompressor' },
  modelName: 'Compressor',
  properties: [
    rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung']),
    rating('ratedPressure', 'Pressure', 'bar', ['Rated pressure', 'Nenndruck']),
  ],
  signals: [
    running,
    signal('dischargePressure', 'Pressure', 'bar', [0, 50], ['Discharge pressure', 'Enddruck'], {
      change: { relative: 0.12 },
    }),
    signal(
      'dischargeTemperature',
      'Temperature',
      'Cel',
      [-20, 200],
      ['Discharge temperature', 'Verdichtungsendtemperatur'],
      { change: { absolute: 15, slow: true } },
    ),
    signal('power', 'Power', 'kW', [0, 2000], ['Power', 'Leistung']),
    signal('velocityRms', 'Velocity', 'mm/s', [0, 50], ['Vibration velocity', 'Schwinggeschwindigkeit'], {
      needed: false,
      change: { relative: 0.25, absolute: 0.25 },
    }),
  ],
  parts: [part('motor', 'motor', ['Motor', 'Motor'])],
  maintenance: [
    work('Replace the intake filter', 2000, 0.5, true),
    work('Replace oil and separator', 4000, 2, true),
    work('Overhaul the air end', 24_000, 12, true),
  ],
  kpis: { mtbfHours: 8000, availability: 0.96, health: usualHealth },
};

export const fan: AssetClassTemplate = {
  assetClass: 'fan',
  kind: 'ASSET',
  text: { en: 'Fan', de: 'Ventilator' },
  modelName: 'Fan',
  properties: [
    rating('ratedFlow', 'VolumeFlowRate', 'm3/h', ['Rated flow', 'Nennvolumenstrom']),
    rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung']),
  ],
  signals: [
    running,
    signal('flow', 'VolumeFlowRate', 'm3/h', [0, 500_000], ['Air flow', 'Volumenstrom'], {
      needed: false,
      change: { relative: 0.08 },
    }),
    signal('differentialPressure', 'Pressure', 'Pa', [0, 20_000], ['Pressure rise', 'Druckerhöhung'], {
      change: { relative: 0.08 },
    }),
    signal('speed', 'AngularVelocity', '{rev}/min', [0, 4000], ['Speed', 'Drehzahl']),
    signal('motorCurrent', 'Current', 'A', [0, 1000], ['Motor current', 'Motorstrom'], {
      change: { relative: 0.1 },
    }),
    signal('velocityRms', 'Velocity', 'mm/s', [0, 50], ['Vibration velocity', 'Schwinggeschwindigkeit'], {
      change: { relative: 0.25, absolute: 0.25 },
    }),
    signal(
      'accelerationPeak',
      'Acceleration',
      '[g]',
      [0, 50],
      ['Peak acceleration', 'Spitzenbeschleunigung'],
      {
        needed: false,
        change: { relative: 0.35 },
      },
    ),
    signal(
      'bearingTemperature',
      'Temperature',
      'Cel',
      [-20, 150],
      ['Bearing temperature', 'Lagertemperatur'],
      {
        change: { absolute: 5, slow: true },
      },
    ),
  ],
  parts: bearings,
  maintenance: [
    work('Clean the impeller and check the belts', 4000, 2, true),
    work('Regrease the bearings', 4000, 0.5, false),
  ],
  kpis: { mtbfHours: 20_000, availability: 0.98, health: usualHealth },
};

export const chiller: AssetClassTemplate = {
  assetClass: 'chiller',
  kind: 'ASSET',
  text: { en: 'Chiller', de: 'Kältemaschine' },
  modelName: 'Chiller',
  properties: [rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung'])],
  signals: [
    running,
    signal(
      'supplyTemperature',
      'Temperature',
      'Cel',
      [-40, 40],
      ['Supply temperature', 'Vorlauftemperatur'],
      {
        change: { absolute: 2, slow: true },
      },
    ),
    signal(
      'returnTemperature',
      'Temperature',
      'Cel',
      [-40, 60],
      ['Return temperature', 'Rücklauftemperatur'],
    ),
    signal('power', 'Power', 'kW', [0, 5000], ['Power', 'Leistung'], {
      change: { relative: 0.35, slow: true },
    }),
  ],
  parts: [],
  maintenance: [
    work('Check for refrigerant leaks', 4000, 1, false),
    work('Clean the condenser', 4000, 3, true),
  ],
  kpis: { mtbfHours: 10_000, availability: 0.97, health: usualHealth },
};
