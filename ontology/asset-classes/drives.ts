import { part, rating, running, signal, usualHealth, work, type AssetClassTemplate } from './template.ts';

export const motor: AssetClassTemplate = {
  assetClass: 'motor',
  kind: 'COMPONENT',
  text: { en: 'Electric motor', de: 'Elektromotor' },
  modelName: 'Motor',
  properties: [
    rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung']),
    rating('ratedCurrent', 'Current', 'A', ['Rated current', 'Nennstrom']),
    rating('ratedVoltage', 'Voltage', 'V', ['Rated voltage', 'Nennspannung']),
  ],
  signals: [
    signal('current', 'Current', 'A', [0, 2000], ['Current', 'Strom'], { change: { relative: 0.15 } }),
    signal(
      'windingTemperature',
      'Temperature',
      'Cel',
      [-20, 200],
      ['Winding temperature', 'Wicklungstemperatur'],
      {
        change: { absolute: 15, slow: true },
      },
    ),
  ],
  parts: [],
  maintenance: [work('Clean fan cover and cooling fins', 4000, 1, true)],
  kpis: { mtbfHours: 40_000, availability: 0.99, health: usualHealth },
};

export const bearing: AssetClassTemplate = {
  assetClass: 'bearing',
  kind: 'COMPONENT',
  text: { en: 'Rolling bearing', de: 'Wälzlager' },
  modelName: 'Bearing',
  properties: [
    { ...rating('rollingElements', null, null, ['Rolling elements', 'Wälzkörper']), valueType: 'integer' },
    rating('ballDiameter', 'Length', 'mm', ['Ball diameter', 'Wälzkörperdurchmesser']),
    rating('pitchDiameter', 'Length', 'mm', ['Pitch diameter', 'Teilkreisdurchmesser']),
    rating('contactAngle', 'Angle', 'deg', ['Contact angle', 'Druckwinkel']),
  ],
  // A bearing has no sensors of its own: its symptoms are signals of the machine it carries.
  signals: [],
  parts: [],
  maintenance: [work('Regrease', 4000, 0.5, false)],
  kpis: { mtbfHours: 40_000, availability: 0.99, health: usualHealth },
};

export const gearbox: AssetClassTemplate = {
  assetClass: 'gearbox',
  kind: 'ASSET',
  text: { en: 'Gearbox', de: 'Getriebe' },
  modelName: 'Gearbox',
  properties: [
    rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung']),
    rating('ratio', null, '1', ['Ratio', 'Übersetzung']),
  ],
  signals: [
    running,
    signal('speed', 'AngularVelocity', '{rev}/min', [0, 6000], ['Input speed', 'Eingangsdrehzahl']),
    signal('torque', 'Torque', 'N.m', [0, 500_000], ['Torque', 'Drehmoment'], { needed: false }),
    signal('velocityRms', 'Velocity', 'mm/s', [0, 50], ['Vibration velocity', 'Schwinggeschwindigkeit'], {
      change: { relative: 0.25, absolute: 0.25 },
    }),
    signal(
      'accelerationPeak',
      'Acceleration',
      '[g]',
      [0, 100],
      ['Peak acceleration', 'Spitzenbeschleunigung'],
      {
        change: { relative: 0.35 },
      },
    ),
    signal('oilTemperature', 'Temperature', 'Cel', [-20, 150], ['Oil temperature', 'Öltemperatur'], {
      change: { absolute: 8, slow: true },
    }),
    signal('oilLevel', null, '%', [0, 100], ['Oil level', 'Ölstand'], {
      needed: false,
      change: { absolute: 8 },
    }),
    signal(
      'particleConcentration',
      null,
      '{particle}/mL',
      [0, 100_000],
      ['Oil particles', 'Partikel im Öl'],
      {
        needed: false,
        change: { relative: 0.5 },
      },
    ),
  ],
  parts: [
    part('bearing-in', 'bearing', ['Input bearing', 'Lager Eingang']),
    part('bearing-out', 'bearing', ['Output bearing', 'Lager Ausgang']),
  ],
  maintenance: [work('Take an oil sample', 2000, 0.5, false), work('Change the oil', 8000, 2, true)],
  kpis: { mtbfHours: 30_000, availability: 0.98, health: usualHealth },
};

export const spindle: AssetClassTemplate = {
  assetClass: 'spindle',
  kind: 'ASSET',
  text: { en: 'Machine tool spindle', de: 'Werkzeugspindel' },
  modelName: 'Spindle',
  properties: [
    rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung']),
    rating('maximumSpeed', 'AngularVelocity', '{rev}/min', ['Maximum speed', 'Höchstdrehzahl']),
  ],
  signals: [
    running,
    signal('speed', 'AngularVelocity', '{rev}/min', [0, 60_000], ['Speed', 'Drehzahl']),
    signal('load', null, '%', [0, 200], ['Load', 'Auslastung']),
    signal('velocityRms', 'Velocity', 'mm/s', [0, 20], ['Vibration velocity', 'Schwinggeschwindigkeit'], {
      change: { relative: 0.25, absolute: 0.15 },
    }),
    signal(
      'accelerationPeak',
      'Acceleration',
      '[g]',
      [0, 50],
      ['Peak acceleration', 'Spitzenbeschleunigung'],
      {
        change: { relative: 0.35 },
      },
    ),
    signal('bearingTemperature', 'Temperature', 'Cel', [0, 120], ['Bearing temperature', 'Lagertemperatur'], {
      change: { absolute: 4, slow: true },
    }),
    signal('clampingForce', 'Force', 'kN', [0, 100], ['Drawbar force', 'Einzugskraft'], {
      needed: false,
      change: { relative: 0.1 },
    }),
    signal('axialGrowth', 'Length', 'um', [-200, 200], ['Axial growth', 'Axiales Wachstum'], {
      needed: false,
      change: { absolute: 10, slow: true },
    }),
  ],
  parts: [
    part('bearing-front', 'bearing', ['Front bearing', 'Vorderes Lager']),
    part('bearing-rear', 'bearing', ['Rear bearing', 'Hinteres Lager']),
  ],
  maintenance: [
    work('Measure the drawbar force', 2000, 0.5, true),
    work('Check the cooling of the spindle', 2000, 0.5, false),
    work('Overhaul', 12_000, 16, true),
  ],
  kpis: { mtbfHours: 8000, availability: 0.97, health: usualHealth },
};

export const conveyor: AssetClassTemplate = {
  assetClass: 'conveyor',
  kind: 'ASSET',
  text: { en: 'Conveyor', de: 'Förderband' },
  modelName: 'Conveyor',
  properties: [rating('ratedPower', 'Power', 'kW', ['Rated power', 'Nennleistung'])],
  signals: [
    running,
    signal('beltSpeed', 'Velocity', 'm/s', [0, 10], ['Belt speed', 'Bandgeschwindigkeit']),
    signal('motorCurrent', 'Current', 'A', [0, 500], ['Motor current', 'Motorstrom'], {
      change: { relative: 0.15 },
    }),
  ],
  parts: [part('motor', 'motor', ['Motor', 'Motor'])],
  maintenance: [
    work('Check tension and track of the belt', 1000, 0.5, true),
    work('Check the rollers', 2000, 1, true),
  ],
  kpis: { mtbfHours: 6000, availability: 0.98, health: usualHealth },
};
