import { templateOf } from '#ontology/asset-classes/index.ts';
import { failureModesOf } from '#ontology/failure-modes/index.ts';
import type { SignalContent } from '#ontology/model.ts';

/**
 * What the expected value of a signal depends on: a signal of the asset itself (`speed`), of a component
 * (`motor:windingTemperature`: asset class, colon, signal) or of the asset above (`parent:speed`).
 */
export interface Driver {
  readonly key: string;
  /** Smoothed over about 20 rounds, for temperatures that follow slowly. */
  readonly lagged?: boolean;
}

/** One thing that is compared with normal operation. */
export interface FeatureSpec {
  readonly signal: string;
  /** `level`: the value; `noise`: how much it fluctuates from round to round. Bearing bands are added by geometry. */
  readonly kind: 'level' | 'noise';
  /** Subtracted before comparison, for a difference that means more than the value (head of a pump). */
  readonly less?: string;
  readonly drivers: readonly Driver[];
  /** Whether square terms are needed (affinity laws). */
  readonly quadratic?: boolean;
  /** Smallest change that matters: share of the normal value, and in the signal's unit; the larger one counts. */
  readonly relative?: number;
  readonly absolute?: number;
  /** Follows a restart slowly: not judged before it has been near its normal value again. */
  readonly slow?: boolean;
}

/** What is watched on an asset class. */
export interface Profile {
  readonly features: readonly FeatureSpec[];
  /** Signals for zones of ISO 10816-1 and for bearing frequencies, when the class has them. */
  readonly velocity?: string;
  readonly envelope?: { readonly signal: string; readonly speed: string };
}

const speed: readonly Driver[] = [{ key: 'speed' }];

/** By `assetClass` of the twin. Speed is the one driver of a pump on a converter: everything else can be a symptom. */
const profiles: Readonly<Record<string, Profile>> = {
  pump: {
    velocity: 'velocityRms',
    envelope: { signal: 'envelopeSpectrum', speed: 'speed' },
    features: [
      { signal: 'flow', kind: 'level', drivers: speed, quadratic: true, relative: 0.06 },
      { signal: 'flow', kind: 'noise', drivers: [] },
      {
        signal: 'suctionPressure',
        kind: 'level',
        drivers: speed,
        quadratic: true,
        relative: 0.12,
        absolute: 0.06,
      },
      {
        signal: 'dischargePressure',
        kind: 'level',
        less: 'suctionPressure',
        drivers: speed,
        quadratic: true,
        relative: 0.05,
      },
      { signal: 'dischargePressure', kind: 'noise', drivers: [] },
      { signal: 'power', kind: 'level', drivers: speed, quadratic: true, relative: 0.1 },
      { signal: 'motorCurrent', kind: 'level', drivers: speed, quadratic: true, relative: 0.1 },
      { signal: 'velocityRms', kind: 'level', drivers: speed, relative: 0.25, absolute: 0.25 },
      { signal: 'accelerationPeak', kind: 'level', drivers: speed, relative: 0.35 },
      {
        signal: 'bearingTemperature',
        kind: 'level',
        drivers: [
          { key: 'motor:windingTemperature' },
          { key: 'motorCurrent' },
          { key: 'motorCurrent', lagged: true },
        ],
        absolute: 4,
        slow: true,
      },
    ],
  },
  motor: {
    features: [
      {
        signal: 'current',
        kind: 'level',
        drivers: [{ key: 'parent:speed' }],
        quadratic: true,
        relative: 0.15,
      },
      { signal: 'current', kind: 'noise', drivers: [] },
      {
        signal: 'windingTemperature',
        kind: 'level',
        drivers: [{ key: 'current' }, { key: 'current', lagged: true }],
        absolute: 15,
        slow: true,
      },
    ],
  },
  compressor: {
    // It loads and unloads: its power alternates between two values and carries no sign by itself.
    features: [
      { signal: 'dischargePressure', kind: 'level', drivers: [], relative: 0.12 },
      {
        signal: 'dischargeTemperature',
        kind: 'level',
        drivers: [{ key: 'power', lagged: true }],
        absolute: 15,
        slow: true,
      },
    ],
  },
  chiller: {
    features: [
      { signal: 'supplyTemperature', kind: 'level', drivers: [], absolute: 2, slow: true },
      {
        signal: 'power',
        kind: 'level',
        drivers: [
          { key: 'supplyTemperature', lagged: true },
          { key: 'returnTemperature', lagged: true },
        ],
        relative: 0.35,
        slow: true,
      },
    ],
  },
  conveyor: {
    features: [{ signal: 'motorCurrent', kind: 'level', drivers: [{ key: 'beltSpeed' }], relative: 0.15 }],
  },
  filler: {
    features: [
      { signal: 'fillVolume', kind: 'level', drivers: [], relative: 0.012 },
      { signal: 'fillVolume', kind: 'noise', drivers: [] },
    ],
  },
  capper: {
    features: [
      { signal: 'torque', kind: 'level', drivers: [], relative: 0.12 },
      { signal: 'torque', kind: 'noise', drivers: [] },
    ],
  },
};

/**
 * What to watch: the profile of the class, else one that follows from its template, cut down to the signals that the model
 * declares; for a class without either, the level of every numeric signal.
 */
export function profileOf(assetClass: string | null, signals: readonly SignalContent[]): Profile {
  const names = new Set(signals.map(({ name }) => name));
  const known = (assetClass === null ? undefined : profiles[assetClass]) ?? templateProfile(assetClass);
  if (!known)
    return {
      features: signals
        .filter(isNumeric)
        .map(({ name }) => ({ signal: name, kind: 'level', drivers: [], relative: 0.2 })),
    };
  const { velocity, envelope, features } = known;
  return {
    features: features.filter(
      ({ signal, less }) => names.has(signal) && (less === undefined || names.has(less)),
    ),
    ...(velocity !== undefined && names.has(velocity) ? { velocity } : {}),
    ...(envelope && names.has(envelope.signal) && names.has(envelope.speed) ? { envelope } : {}),
  };
}

/** What a template says is worth watching: levels of signals with a smallest change that matters, driven by the speed. */
function templateProfile(assetClass: string | null): Profile | undefined {
  const template = templateOf(assetClass);
  if (!template) return undefined;
  const named = new Set(template.signals.map(({ name }) => name));
  const drivers = named.has('speed') ? speed : [];
  const watched = template.signals.filter(({ change }) => change !== null);
  const noisy = new Set(
    failureModesOf(template.assetClass).flatMap(({ symptoms }) =>
      symptoms.flatMap(({ signal, trend }) => (trend === 'becomes-noisy' ? signal : [])),
    ),
  );
  return {
    features: [
      ...watched.map(({ name, change }) => ({
        signal: name,
        kind: 'level' as const,
        drivers,
        ...change,
      })),
      ...[...noisy].map((name) => ({ signal: name, kind: 'noise' as const, drivers: [] })),
    ],
    ...(named.has('velocityRms') ? { velocity: 'velocityRms' } : {}),
    ...(named.has('envelopeSpectrum') && named.has('speed')
      ? { envelope: { signal: 'envelopeSpectrum', speed: 'speed' } }
      : {}),
  };
}

function isNumeric({ valueType }: SignalContent): boolean {
  return valueType === 'number' || valueType === 'integer';
}
