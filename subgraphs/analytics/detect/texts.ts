import { formatInstant } from '#kernel/clock.ts';
import type { Finding } from '#ontology/recommendation.ts';
import { faultFrequencyTexts } from './bearing.ts';
import type { Change } from './feature.ts';
import type { VibrationClass, VibrationZone } from './iso10816.ts';
import type { Monitor } from './monitors.ts';

/** UCUM codes as people read them. */
const shownUnits: Readonly<Record<string, string>> = {
  Cel: '°C',
  'm3/h': 'm³/h',
  'm/s2': 'm/s²',
  '{rev}/min': 'rev/min',
  'N.m': 'N·m',
  '{bottle}/h': 'bottles/h',
};

/** A change of a monitor as finding: one sentence, and numbers that follow from the stored samples. */
export function toFinding(
  monitor: Monitor,
  change: Change,
  context: { twinId: string; unit: string | null },
): Finding {
  const { feature } = monitor;
  const parts = { band: bandParts, noise: noiseParts, level: levelParts }[monitor.kind](
    monitor,
    change,
    context,
  );
  const raised =
    feature.state.factor > 1
      ? ` (threshold raised ${number(feature.state.factor)} times after a false alarm)`
      : '';
  const at = formatInstant(feature.state.learnedAt ?? 0);
  return {
    signal: monitor.signal,
    ...parts,
    text: `${parts.text}${raised}.`,
    comparedWith: `${parts.comparedWith}, learned from normal operation until ${at} (${Math.round(feature.state.model?.n ?? 0)} values); observed is over the last ${feature.state.recent.length} values`,
    deviation: round(change.deviation),
    since: change.evidence.since ?? feature.state.learnedAt ?? 0,
    confidence: round(confidenceOf(change)),
  };
}

/** 0.5 when it just became active, towards 1 with effect and evidence. */
export function confidenceOf({ effect }: Change): number {
  return 1 - 0.5 * Math.exp(-Math.max(0, effect - 0.5) / 1.2);
}

type Parts = Pick<Finding, 'text' | 'observed' | 'expected' | 'unit' | 'comparedWith'>;

function bandParts({ band }: Monitor, change: Change): Parts {
  const { frequency, bearings, hertz, floor } = band as NonNullable<Monitor['band']>;
  const observed = floor * Math.exp(change.observed);
  const expected = floor * Math.exp(change.expected);
  const way =
    change.trend === 'rises'
      ? `${number(observed / expected)} times`
      : `only ${number(observed / expected)} times`;
  return {
    text: `Envelope energy at the ${faultFrequencyTexts[frequency]} (${frequency} ${hertz.toFixed(1)} Hz) of ${bearings.join(' or ')} is ${way} its normal value`,
    observed: round(observed),
    expected: round(expected),
    unit: 'm2/s4',
    comparedWith:
      'squared amplitudes at the frequency and its harmonics, at this speed and level of surrounding lines',
  };
}

function noiseParts(
  { signal }: Monitor,
  change: Change,
  { twinId, unit }: { twinId: string; unit: string | null },
): Parts {
  const observed = Math.exp(change.observed);
  const expected = Math.exp(change.expected);
  return {
    text: `${signal} of ${twinId} fluctuates ${number(observed / expected)} times as much as normal (${shown(observed, unit)} from sample to sample)`,
    observed: round(observed),
    expected: round(expected),
    unit,
    comparedWith: 'median difference of neighbouring samples',
  };
}

function levelParts(
  { signal, spec }: Monitor,
  change: Change,
  { twinId, unit }: { twinId: string; unit: string | null },
): Parts {
  const what = spec?.less === undefined ? signal : `${signal} less ${spec.less}`;
  const far = shown(Math.abs(change.observed - change.expected), unit === 'Cel' ? 'K' : unit);
  const drivers = [...new Set(spec?.drivers.map(({ key }) => key.replace(/^.*:/, '')) ?? [])].join(' and ');
  return {
    text: `${what} of ${twinId} is ${shown(change.observed, unit)}, ${far} ${change.trend === 'rises' ? 'above' : 'below'} normal${drivers ? ` at this ${drivers}` : ''} (${shown(change.expected, unit)})`,
    observed: round(change.observed),
    expected: round(change.expected),
    unit,
    comparedWith: drivers ? `expected value at this ${drivers}` : 'mean',
  };
}

/** Vibration in a zone that ISO 10816-1 does not accept for long. */
export function zoneFinding(input: {
  twinId: string;
  signal: string;
  velocity: number;
  limit: number;
  zone: VibrationZone;
  machine: VibrationClass;
  since: number;
}): Finding {
  const { twinId, signal, velocity, limit, zone, machine, since } = input;
  const meaning =
    zone === 'D' ? 'severe enough to damage the machine' : 'not acceptable for long-term operation';
  return {
    signal,
    text: `${signal} of ${twinId} is ${shown(velocity, 'mm/s')}: zone ${zone} of ISO 10816-1 for class ${machine} (above ${limit} mm/s), ${meaning}.`,
    unit: 'mm/s',
    observed: round(velocity),
    expected: limit,
    comparedWith: `boundary of zone ${zone}, ISO 10816-1 class ${machine}; observed is the median of the last 10 values`,
    deviation: null,
    since,
    confidence: 0.95,
  };
}

/** A value outside of the range that its model calls plausible. */
export function rangeFinding(input: {
  twinId: string;
  signal: string;
  unit: string | null;
  value: number;
  low: number;
  high: number;
  since: number;
}): Finding {
  const { twinId, signal, unit, value, low, high, since } = input;
  return {
    signal,
    text: `${signal} of ${twinId} is ${shown(value, unit)}, outside of its plausible range (${low} to ${shown(high, unit)}).`,
    unit,
    observed: round(value),
    expected: value < low ? low : high,
    comparedWith: 'nearest end of the range in its model',
    deviation: null,
    since,
    confidence: 0.9,
  };
}

function shown(value: number, unit: string | null): string {
  const text = number(value);
  return unit === null ? text : `${text} ${shownUnits[unit] ?? unit}`;
}

/** Three significant figures without an exponent. */
function number(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
