import type { Finding, Severity } from '#ontology/recommendation.ts';
import { instrumentMode, type Grounds } from './assess.ts';
import { diagnose, explainedBy, type Candidate, type Sign } from './diagnose.ts';
import type { Change } from './feature.ts';
import type { Monitor } from './monitors.ts';
import type { DetectorOptions } from './options.ts';
import type { RangeBreach } from './range-watch.ts';
import { rangeFinding, toFinding, zoneFinding } from './texts.ts';
import type { WatchedAsset } from './watched.ts';
import type { ZoneWatch } from './zones.ts';

/** A monitor with the change it sees. */
export interface ActiveChange {
  readonly monitor: Monitor;
  readonly change: Change;
}

/** Everything noticed on an asset at one moment. */
export interface Verdict {
  readonly active: readonly ActiveChange[];
  readonly signs: readonly Sign[];
  readonly grounds: Grounds;
  /** Best candidates over all signs. */
  readonly candidates: readonly Candidate[];
}

/** Changes that count: of bearing bands only those comparable with the strongest, since sidebands reach into others. */
export function activeChanges(
  monitors: readonly Monitor[],
  usable: (monitor: Monitor) => boolean,
): readonly ActiveChange[] {
  const all = monitors.flatMap((monitor) => {
    const change = usable(monitor) ? monitor.feature.change() : null;
    return change ? [{ monitor, change }] : [];
  });
  const energies = all.map((item) => (item.monitor.kind === 'band' ? excessEnergy(item) : 0));
  const strongest = Math.max(0, ...energies);
  return all.filter(
    (item, i) =>
      item.monitor.kind !== 'band' ||
      (item.change.trend === 'rises' && (energies[i] as number) >= 0.5 * strongest),
  );
}

function excessEnergy({ monitor, change }: ActiveChange): number {
  return (monitor.band?.floor ?? 0) * (Math.exp(change.observed) - Math.exp(change.expected));
}

/** The signs that a diagnosis works with. */
export function signsOf(
  active: readonly ActiveChange[],
  zones: { signal: string; watch: ZoneWatch } | null,
): readonly Sign[] {
  const signs: Sign[] = active.map(({ monitor, change }) => ({
    signal: monitor.signal,
    trend: monitor.kind === 'noise' ? (change.trend === 'rises' ? 'becomes-noisy' : 'freezes') : change.trend,
    strength: Math.min(1, 0.6 + 0.4 * change.effect),
  }));
  if (zones && isZoneAlarm(zones.watch)) signs.push({ signal: zones.signal, trend: 'rises', strength: 1 });
  const strongest = new Map<string, Sign>();
  for (const sign of signs) {
    const key = `${sign.signal} ${sign.trend}`;
    if ((strongest.get(key)?.strength ?? 0) < sign.strength) strongest.set(key, sign);
  }
  return [...strongest.values()];
}

export function isZoneAlarm({ state }: ZoneWatch): boolean {
  return state.zone === 'C' || state.zone === 'D';
}

/** Puts a verdict together. @param judged - signals that are judged at all now. */
export function reachVerdict(input: {
  asset: WatchedAsset;
  active: readonly ActiveChange[];
  zones: { signal: string; watch: ZoneWatch } | null;
  breaches: readonly RangeBreach[];
  judged: ReadonlySet<string>;
  options: DetectorOptions;
}): Verdict {
  const { asset, active, zones, breaches, judged, options } = input;
  const signs = signsOf(active, zones);
  const candidates = diagnose(asset.failureModes, signs, judged);
  const zone = zones?.watch.state.zone ?? null;
  return {
    active,
    signs,
    candidates,
    grounds: {
      changes: active.map(({ change }) => change),
      others: breaches.length,
      zone,
      diagnosis: candidates[0] ?? null,
      raiseConfidence: options.raiseConfidence,
    },
  };
}

/** Findings, strongest first. */
export function findingsOf(
  asset: WatchedAsset,
  active: readonly ActiveChange[],
  zones: { signal: string; watch: ZoneWatch } | null,
  breaches: readonly RangeBreach[],
): readonly Finding[] {
  const unitOf = (signal: string) => asset.signals.find(({ name }) => name === signal)?.unit ?? null;
  const byEffect = [...active].sort((a, b) => b.change.effect - a.change.effect);
  const zone = zones && isZoneAlarm(zones.watch) ? [zoneOf(asset, zones)] : [];
  return [
    ...zone,
    ...byEffect.map(({ monitor, change }) =>
      toFinding(monitor, change, { twinId: asset.twinId, unit: unitOf(monitor.signal) }),
    ),
    ...breaches.map(({ signal, value, since }) =>
      rangeFinding({
        twinId: asset.twinId,
        signal: signal.name,
        unit: signal.unit,
        value,
        low: signal.range?.low ?? 0,
        high: signal.range?.high ?? 0,
        since,
      }),
    ),
  ];
}

function zoneOf(asset: WatchedAsset, { signal, watch }: { signal: string; watch: ZoneWatch }): Finding {
  const zone = watch.state.zone as 'C' | 'D';
  return zoneFinding({
    twinId: asset.twinId,
    signal,
    velocity: watch.velocity,
    limit: watch.limit(zone),
    zone,
    machine: watch.machine,
    since: watch.state.since,
  });
}

/** The part of a verdict that speaks for one failure mode. */
export function supporting(
  mode: Candidate['mode'],
  active: readonly ActiveChange[],
): readonly ActiveChange[] {
  return active.filter((item) => signsOf([item], null).some((sign) => explainedBy(mode, sign)));
}

/**
 * How urgent: instruments low; else medium, high in zone C or while it grows quickly, urgent in zone D.
 */
export function severityOf(
  candidate: Candidate,
  support: readonly ActiveChange[],
  zone: string | null,
): Severity {
  if (zone === 'D') return 'URGENT';
  if (candidate.mode.mode === instrumentMode) return 'LOW';
  const growing = support.some(({ change }) => change.growing && change.effect > 2);
  return zone === 'C' || growing ? 'HIGH' : 'MEDIUM';
}
