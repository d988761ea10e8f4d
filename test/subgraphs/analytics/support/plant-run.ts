import { parseTenantId, parseTwinId } from '#ontology/ids.ts';
import { failureModesOf } from '#ontology/failure-modes/index.ts';
import type { SignalContent } from '#ontology/model.ts';
import type { Sample, SignalSample } from '#ontology/sample.ts';
import { createSimulation, type Simulation } from '#deploy/demo/plant/simulation.ts';
import { initialPlant, type PlantState } from '#deploy/demo/plant/plant-state.ts';
import type { Published } from '#deploy/demo/plant/transmitters.ts';
import { AssetDetector, type RoundOutcome } from '#subgraphs/analytics/detect/asset-detector.ts';
import { newDetectorState } from '#subgraphs/analytics/detect/detector-state.ts';
import { defaultDetectorOptions, type DetectorOptions } from '#subgraphs/analytics/detect/options.ts';
import type { WatchedAsset } from '#subgraphs/analytics/detect/watched.ts';

export const tenant = parseTenantId('demo');
const bearing = { rollingElements: 8, ballDiameter: 20.6, pitchDiameter: 87.5, contactAngle: 0 };

/** Signal names and units of the demo plant by twin, and the class of each. */
export const plantSignals: Readonly<
  Record<string, { assetClass: string; signals: Readonly<Record<string, string | null>> }>
> = {
  'P-101': {
    assetClass: 'pump',
    signals: {
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
  },
  'P-101.motor': { assetClass: 'motor', signals: { current: 'A', windingTemperature: 'Cel' } },
  'FL-101': { assetClass: 'filler', signals: { bottleRate: '{bottle}/h', fillVolume: 'mL', running: null } },
  'CP-101': { assetClass: 'capper', signals: { bottleRate: '{bottle}/h', torque: 'N.m', running: null } },
  'CV-101': { assetClass: 'conveyor', signals: { beltSpeed: 'm/s', motorCurrent: 'A', running: null } },
  'AC-101': {
    assetClass: 'compressor',
    signals: { dischargePressure: 'bar', power: 'kW', dischargeTemperature: 'Cel', running: null },
  },
  'CH-101': {
    assetClass: 'chiller',
    signals: { supplyTemperature: 'Cel', returnTemperature: 'Cel', power: 'kW', running: null },
  },
};

export const watchedTwins = Object.keys(plantSignals);

export function signalContent(name: string, unit: string | null): SignalContent {
  const valueType = name === 'envelopeSpectrum' ? 'number[]' : name === 'running' ? 'boolean' : 'number';
  const empty = {
    displayName: {},
    description: {},
    declaredBy: 'dtmi:test:x;1' as SignalContent['declaredBy'],
  };
  return {
    kind: 'signal',
    name,
    ...empty,
    valueType,
    unit,
    quantity: null,
    range: null,
    samplingPeriodMs: null,
  };
}

export function plantAsset(twin: string): WatchedAsset {
  const { assetClass, signals } = plantSignals[twin] as (typeof plantSignals)[string];
  return {
    tenant,
    twinId: parseTwinId(twin),
    assetClass,
    signals: Object.entries(signals).map(([name, unit]) => signalContent(name, unit)),
    failureModes: failureModesOf(assetClass),
    bearings: assetClass === 'pump' ? [{ twinId: parseTwinId('P-101.bearing-de'), geometry: bearing }] : [],
    vibrationClass: 'I',
    runningKey: twin === 'P-101.motor' ? 'parent:running' : 'running',
  };
}

/** Who gets a tag of the plant, under which key. */
function receivers(twin: string, signal: string): [string, string][] {
  if (twin === 'P-101.motor')
    return [
      ['P-101.motor', signal],
      ['P-101', `motor:${signal}`],
    ];
  if (twin === 'P-101')
    return [
      ['P-101', signal],
      ['P-101.motor', `parent:${signal}`],
    ];
  return [[twin, signal]];
}

function converted(tag: string, reading: number): number {
  if (tag === 'P-101.bearingTemperature') return (reading - 32) / 1.8;
  return tag === 'AC-101.dischargePressure' ? reading / 100 : reading;
}

/** What the hub gets from a tag of the plant; `null` for tags that no signal has. */
export function toSignalSample(
  tag: string,
  { reading, status }: Published,
  now: number,
): SignalSample | null {
  const split = tag.lastIndexOf('.');
  const twin = tag.slice(0, split);
  const signal = tag.slice(split + 1);
  const unit = plantSignals[twin]?.signals[signal];
  if (unit === undefined) return null;
  const value = typeof reading === 'number' ? converted(tag, reading) : (reading as Sample['value']);
  const quality = status.startsWith('Bad') ? 'BAD' : status.startsWith('Uncertain') ? 'UNCERTAIN' : 'GOOD';
  const sample: Sample = {
    value,
    unit,
    quality,
    status: status === 'Good' ? null : status,
    sourceTime: now,
    receivedTime: now,
  };
  return { twinId: parseTwinId(twin), signal, sample };
}

export interface PlantRun {
  readonly simulation: Simulation;
  readonly detectors: ReadonlyMap<string, AssetDetector>;
  readonly samples: () => number;
  /** One tick of the plant: one sample of each signal. */
  tick(): void;
  readonly outcomes: { twin: string; round: number; outcome: RoundOutcome }[];
  rounds(): number;
  now(): number;
}

/** Runs the demo plant in memory against one detector for each twin. */
export function createPlantRun(input: {
  seed: number;
  speed?: number;
  periodMs?: number;
  faultFactor?: number;
  plant?: PlantState;
  options?: DetectorOptions;
  states?: ReadonlyMap<string, AssetDetector['state']>;
}): PlantRun {
  const {
    seed,
    speed = 60,
    periodMs = 1000,
    faultFactor = 1,
    plant = initialPlant,
    options = defaultDetectorOptions,
  } = input;
  const detectors = new Map(
    watchedTwins.map((twin) => [
      twin,
      new AssetDetector(plantAsset(twin), input.states?.get(twin) ?? newDetectorState(), options),
    ]),
  );
  const outcomes: PlantRun['outcomes'] = [];
  let now = Date.UTC(2026, 0, 1, 7);
  let samples = 0;
  let round = 0;
  const publish = (tag: string, published: Published) => {
    const item = toSignalSample(tag, published, now);
    if (!item) return;
    for (const [receiver, key] of receivers(item.twinId, item.signal)) {
      samples += 1;
      const outcome = detectors.get(receiver)?.add(key, item.sample);
      if (outcome && (outcome.raise || outcome.verified.length))
        outcomes.push({ twin: receiver, round, outcome });
    }
  };
  const simulation = createSimulation(
    plant,
    { speed, seed, faultFactor },
    { publish, loseCommunication: () => {}, onChanged: () => {} },
  );
  return {
    simulation,
    detectors,
    outcomes,
    samples: () => samples,
    rounds: () => round,
    now: () => now,
    tick: () => {
      now += periodMs;
      round += 1;
      simulation.tick(periodMs);
    },
  };
}
