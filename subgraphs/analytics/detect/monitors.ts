import {
  bandAt,
  faultFrequencies,
  faultFrequencyNames,
  type BearingGeometry,
  type FaultFrequencyName,
} from './bearing.ts';
import { FeatureMonitor, newFeatureState, type FeatureState } from './feature.ts';
import type { Frame, FrameAssembler } from './frame.ts';
import type { Observation } from './linear-model.ts';
import type { DetectorOptions } from './options.ts';
import { profileOf, type Driver, type FeatureSpec, type Profile } from './profile.ts';
import { median } from './robust.ts';
import type { WatchedAsset } from './watched.ts';

/** One round with what is held from earlier ones. */
export interface Round {
  readonly frame: Frame;
  readonly assembler: FrameAssembler;
  lagged(key: string): number | undefined;
}

/** A bearing band: its frequency and the bearings it may come from (equal geometry cannot be told apart). */
export interface BandSource {
  readonly frequency: FaultFrequencyName;
  readonly bearings: readonly string[];
  /** Hz at the last round. */
  hertz: number;
  /** Floor energy at the last round. */
  floor: number;
}

/** A quantity under watch with the way it is taken from a round. */
export interface Monitor {
  readonly id: string;
  readonly signal: string;
  readonly kind: 'level' | 'noise' | 'band';
  readonly spec: FeatureSpec | null;
  readonly band: BandSource | null;
  readonly feature: FeatureMonitor;
  /** What this round says; `null` when it says nothing. */
  read(round: Round): Observation | null;
  /** Forgets what connects one round with the next (after a stop or a gap). */
  interrupt(): void;
  /** Rounds since it last said something. */
  silent: number;
}

/** All monitors of an asset, taking up stored states by their ids. */
export function createMonitors(
  asset: WatchedAsset,
  stored: Readonly<Record<string, FeatureState>>,
  options: DetectorOptions,
): readonly Monitor[] {
  const profile = profileOf(asset.assetClass, asset.signals);
  const stateOf = (id: string) => stored[id] ?? newFeatureState();
  return [
    ...profile.features.map((spec) =>
      spec.kind === 'noise' ? noiseMonitor(spec, stateOf, options) : levelMonitor(spec, stateOf, options),
    ),
    ...bandMonitors(asset, profile, stateOf, options),
  ];
}

type StateOf = (id: string) => FeatureState;

function levelMonitor(spec: FeatureSpec, stateOf: StateOf, options: DetectorOptions): Monitor {
  const id = `${spec.signal}:level`;
  const { less } = spec;
  const feature = new FeatureMonitor(stateOf(id), {
    rowsWanted: options.baselineSamples,
    quadratic: spec.quadratic ?? false,
    leastEffect: (expected) => Math.max(spec.absolute ?? 0, (spec.relative ?? 0) * Math.abs(expected), 1e-9),
    cusum: options.level,
    warmUpSamples: options.warmUpSamples,
  });
  return {
    ...{ id, signal: spec.signal, kind: 'level', spec, band: null, feature, silent: 0 },
    read: (round) => {
      const reading = round.frame.fresh.get(spec.signal);
      const subtracted = less === undefined ? 0 : round.assembler.heldGood(less);
      const x = reading && driversOf(spec.drivers, round);
      return reading && x && subtracted !== undefined
        ? { x, y: reading.value - subtracted, w: reading.weight }
        : null;
    },
    interrupt: () => {},
  };
}

/**
 * Fluctuation: logarithm of the median absolute difference of neighbouring rounds over a window. The median keeps a
 * few steps of production out; windows do not overlap, so that their values are independent.
 */
function noiseMonitor(spec: FeatureSpec, stateOf: StateOf, options: DetectorOptions): Monitor {
  const id = `${spec.signal}:noise`;
  const { window } = options.noise;
  const feature = new FeatureMonitor(stateOf(id), {
    rowsWanted: Math.max(8, Math.floor(options.baselineSamples / window)),
    quadratic: false,
    leastEffect: () => Math.log(options.noiseRatio),
    cusum: options.noise,
    warmUpSamples: options.warmUpSamples,
  });
  let before: number | null = null;
  let differences: number[] = [];
  return {
    ...{ id, signal: spec.signal, kind: 'noise', spec, band: null, feature, silent: 0 },
    read: (round) => {
      const reading = round.frame.fresh.get(spec.signal);
      if (!reading || reading.weight < 1) {
        before = null;
        return null;
      }
      if (before !== null) differences.push(Math.abs(reading.value - before));
      before = reading.value;
      if (differences.length < window) return null;
      const y = Math.log(median(differences) + 1e-9);
      differences = [];
      return { x: [], y, w: 1 };
    },
    interrupt: () => {
      before = null;
      differences = [];
    },
  };
}

function bandMonitors(
  asset: WatchedAsset,
  profile: Profile,
  stateOf: StateOf,
  options: DetectorOptions,
): Monitor[] {
  const { envelope } = profile;
  if (!envelope) return [];
  const byGeometry = Map.groupBy(asset.bearings, ({ geometry: g }) =>
    [g.rollingElements, g.ballDiameter, g.pitchDiameter, g.contactAngle].join('/'),
  );
  return [...byGeometry.values()].flatMap((same) => {
    const geometry = same[0]?.geometry as BearingGeometry;
    const bearings = same.map(({ twinId }) => twinId);
    return faultFrequencyNames.map((frequency) =>
      bandMonitor(envelope, geometry, { frequency, bearings, hertz: 0, floor: 0 }, stateOf, options),
    );
  });
}

/** Logarithm of the band's energy over that of its surroundings: broadband noise (cavitation) raises both and cancels. */
function bandMonitor(
  envelope: NonNullable<Profile['envelope']>,
  geometry: BearingGeometry,
  band: BandSource,
  stateOf: StateOf,
  options: DetectorOptions,
): Monitor {
  const id = `band:${band.bearings[0]}:${band.frequency}`;
  const feature = new FeatureMonitor(stateOf(id), {
    rowsWanted: Math.ceil(options.baselineSamples / 2),
    quadratic: false,
    leastEffect: () => Math.log(options.band.ratio),
    cusum: options.level,
    warmUpSamples: options.warmUpSamples,
  });
  return {
    ...{ id, signal: envelope.signal, kind: 'band', spec: null, band, feature, silent: 0 },
    read: ({ frame, assembler }) => {
      const spectrum = frame.spectra.get(envelope.signal);
      const speed = assembler.heldGood(envelope.speed);
      if (!spectrum || speed === undefined || speed < 60) return null;
      const hertz = faultFrequencies(geometry, speed)[band.frequency];
      const found = bandAt(spectrum, hertz, { ...options.band, resolution: 1 });
      if (!found || found.floor <= 0 || found.energy <= 0) return null;
      Object.assign(band, { hertz, floor: found.floor });
      return { x: [speed], y: Math.log(found.energy / found.floor), w: 1 };
    },
    interrupt: () => {},
  };
}

function driversOf(drivers: readonly Driver[], round: Round): number[] | null {
  const values = drivers.map(({ key, lagged }) =>
    lagged ? round.lagged(key) : round.assembler.heldGood(key),
  );
  return values.every((value) => value !== undefined) ? values : null;
}
