import type { FailureMode } from '../failure-mode.ts';
import type { SignalContent } from '../model.ts';
import { areConvertible } from '../units.ts';
import type { AssetClassTemplate, SignalTemplate } from './template.ts';

export const readinessSeverities = ['BLOCKING', 'IMPORTANT', 'ADVICE'] as const;
export type ReadinessSeverity = (typeof readinessSeverities)[number];

export const readinessCodes = [
  'NO_CLASS',
  'NO_TEMPLATE',
  'SIGNAL_MISSING',
  'SIGNAL_UNIT',
  'SIGNAL_WITHOUT_RANGE',
  'SIGNAL_WITHOUT_SAMPLES',
  'SAMPLES_STALE',
  'FAILURE_MODE_NOT_DETECTABLE',
  'FAILURE_MODE_PARTLY_DETECTABLE',
  'PART_MISSING',
  'BEARING_WITHOUT_GEOMETRY',
  'NO_CRITICALITY',
  'NO_PARENT',
  'NO_MAINTENANCE_PLAN',
  'NO_SERIAL_NUMBER',
] as const;
export type ReadinessCode = (typeof readinessCodes)[number];

/** One thing that is missing, and what to do about it. */
export interface ReadinessCheck {
  readonly code: ReadinessCode;
  readonly severity: ReadinessSeverity;
  /** The signal, part or failure mode it is about; `null` for the twin. */
  readonly subject: string | null;
  readonly message: string;
}

/** How far a twin can be watched and maintained. */
export interface Readiness {
  readonly assetClass: string | null;
  /** Share of what its class expects that is there, 0 to 100. */
  readonly score: number;
  /** Whether nothing blocking is missing. */
  readonly ready: boolean;
  readonly missing: readonly ReadinessCheck[];
  /** Failure modes that the signals at hand can show. */
  readonly detectable: readonly string[];
}

/** What is known about the twin. */
export interface ReadinessInput {
  readonly assetClass: string | null;
  readonly template: AssetClassTemplate | null;
  readonly parentId: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly signals: readonly SignalContent[];
  /** Signals of its parts and of the machine it is part of: symptoms may show there. */
  readonly signalsAround: readonly string[];
  readonly parts: readonly {
    readonly assetClass: string | null;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
  readonly failureModes: readonly FailureMode[];
  /** Time of the newest sample by signal, epoch ms; `null` when it is not known here whether samples come. */
  readonly newestSamples: ReadonlyMap<string, number> | null;
  /** Epoch ms. */
  readonly now: number;
}

const weights: Readonly<Record<ReadinessSeverity, number>> = { BLOCKING: 3, IMPORTANT: 2, ADVICE: 1 };
/** Samples are stale after this many times the expected period, and never before a quarter of an hour. */
const stalePeriods = 60;
const leastStaleMs = 900_000;
/** A mode is detectable when signals for this share of its symptoms' weight are there. */
const detectableShare = 0.5;

/** Checks a twin against its class; pure. */
export function readinessOf(input: ReadinessInput): Readiness {
  const modes = input.failureModes.map((mode) => ({ mode, share: shareOf(mode, input) }));
  const missing = [
    ...classChecks(input),
    ...(input.template?.signals ?? []).flatMap((expected) => signalChecks(expected, input)),
    ...sampleChecks(input),
    ...modes.flatMap(({ mode, share }) => modeCheck(mode, share)),
    ...partChecks(input),
    ...twinChecks(input),
  ];
  const lost = missing.reduce((sum, { severity }) => sum + weights[severity], 0);
  const expected = expectedWeight(input);
  return {
    assetClass: input.assetClass,
    score: Math.round(100 * Math.max(0, 1 - lost / Math.max(1, expected))),
    ready: !missing.some(({ severity }) => severity === 'BLOCKING'),
    missing,
    detectable: modes.filter(({ share }) => share >= detectableShare).map(({ mode }) => mode.id),
  };
}

/** What would be lost if everything were missing. */
function expectedWeight({ template, failureModes, newestSamples, signals }: ReadinessInput): number {
  const ofSignals = (template?.signals ?? []).reduce((sum, { needed }) => sum + (needed ? 3 : 1), 0);
  const ofSamples = newestSamples ? signals.length * weights.IMPORTANT : 0;
  return (
    ofSignals + ofSamples + failureModes.length * 2 + (template?.parts.length ?? 0) * 2 + 3 + 2 + 2 + 2 + 1
  );
}

const check = (
  code: ReadinessCode,
  severity: ReadinessSeverity,
  subject: string | null,
  message: string,
): ReadinessCheck => ({ code, severity, subject, message });

function classChecks({ assetClass, template }: ReadinessInput): ReadinessCheck[] {
  if (assetClass === null)
    return [
      check(
        'NO_CLASS',
        'BLOCKING',
        null,
        'Nothing says what it is: set assetClass, or use a model of a class.',
      ),
    ];
  if (template) return [];
  return [
    check(
      'NO_TEMPLATE',
      'ADVICE',
      null,
      `There is no template for the class ${assetClass}; only its own signals are compared.`,
    ),
  ];
}

function signalChecks(expected: SignalTemplate, { signals }: ReadinessInput): ReadinessCheck[] {
  const found = signals.find(({ name }) => name === expected.name);
  const unit = expected.unit === null ? '' : ` in ${expected.unit}`;
  if (!found)
    return [
      check(
        'SIGNAL_MISSING',
        expected.needed ? 'BLOCKING' : 'ADVICE',
        expected.name,
        `The signal ${expected.name}${unit} is missing: add it to the model, or map a tag of the plant to it.`,
      ),
    ];
  if (expected.unit !== null && !(found.unit !== null && areConvertible(found.unit, expected.unit)))
    return [
      check(
        'SIGNAL_UNIT',
        'IMPORTANT',
        expected.name,
        `${expected.name} is in ${found.unit ?? 'no unit'}; expected is ${expected.unit} or one that converts to it.`,
      ),
    ];
  if (expected.range && !found.range)
    return [
      check(
        'SIGNAL_WITHOUT_RANGE',
        'ADVICE',
        expected.name,
        `${expected.name} has no plausible range: wrong values cannot be told from right ones.`,
      ),
    ];
  return [];
}

function sampleChecks({ signals, newestSamples, now }: ReadinessInput): ReadinessCheck[] {
  if (!newestSamples) return [];
  return signals.flatMap(({ name, samplingPeriodMs }) => {
    const newest = newestSamples.get(name);
    if (newest === undefined)
      return check(
        'SIGNAL_WITHOUT_SAMPLES',
        'IMPORTANT',
        name,
        `No sample of ${name} has come yet: check its source and the mapping.`,
      );
    const limit = Math.max(leastStaleMs, (samplingPeriodMs ?? 1000) * stalePeriods);
    if (now - newest <= limit) return [];
    const minutes = Math.round((now - newest) / 60_000);
    return check('SAMPLES_STALE', 'IMPORTANT', name, `The newest sample of ${name} is ${minutes} min old.`);
  });
}

/** Share of the weight of a mode's symptoms that signals at hand can show. */
function shareOf({ symptoms }: FailureMode, { signals, signalsAround }: ReadinessInput): number {
  const names = new Set([...signals.map(({ name }) => name), ...signalsAround]);
  const total = symptoms.reduce((sum, { weight }) => sum + weight, 0);
  const shown = symptoms.reduce((sum, { signal, weight }) => sum + (names.has(signal) ? weight : 0), 0);
  return total > 0 ? shown / total : 0;
}

function modeCheck(mode: FailureMode, share: number): ReadinessCheck[] {
  if (share >= 1) return [];
  const wanted = mode.symptoms.map(({ signal }) => signal);
  const list = [...new Set(wanted)].join(', ');
  if (share < detectableShare)
    return [
      check(
        'FAILURE_MODE_NOT_DETECTABLE',
        'IMPORTANT',
        mode.id,
        `${mode.name} would not be noticed; it shows on ${list}.`,
      ),
    ];
  return [
    check(
      'FAILURE_MODE_PARTLY_DETECTABLE',
      'ADVICE',
      mode.id,
      `${mode.name} would be noticed late or unsurely; it shows on ${list}.`,
    ),
  ];
}

function partChecks({ template, parts }: ReadinessInput): ReadinessCheck[] {
  const left = parts.map(({ assetClass }) => assetClass);
  const missing = (template?.parts ?? []).flatMap((part) => {
    const at = left.indexOf(part.assetClass);
    if (at >= 0) {
      left.splice(at, 1);
      return [];
    }
    return check('PART_MISSING', 'ADVICE', part.id, `There is no ${part.text['en'] ?? part.id} below it.`);
  });
  const bearings = parts.filter(({ assetClass }) => assetClass === 'bearing');
  const unknown = bearings.filter(({ properties }) => typeof properties['ballDiameter'] !== 'number');
  if (!unknown.length) return missing;
  return [
    ...missing,
    check(
      'BEARING_WITHOUT_GEOMETRY',
      'ADVICE',
      null,
      `${unknown.length} of ${bearings.length} bearings have no geometry: their fault frequencies are not known.`,
    ),
  ];
}

function twinChecks({ template, parentId, properties }: ReadinessInput): ReadinessCheck[] {
  const has = (...names: readonly string[]) =>
    names.some(
      (name) => properties[name] !== undefined && properties[name] !== null && properties[name] !== '',
    );
  const plan = has('maintenance.plan', 'maintenance.maintenanceFree', 'maintenancePlan');
  const due = template?.maintenance
    .map(({ name, intervalHours }) => `${name} (${intervalHours} h)`)
    .join('; ');
  return [
    ...(parentId === null
      ? [check('NO_PARENT', 'IMPORTANT', null, 'It stands nowhere in the hierarchy: name its parent.')]
      : []),
    ...(has('criticality')
      ? []
      : [
          check('NO_CRITICALITY', 'IMPORTANT', null, 'Nothing says how much depends on it: set criticality.'),
        ]),
    ...(plan
      ? []
      : [
          check(
            'NO_MAINTENANCE_PLAN',
            'IMPORTANT',
            null,
            `There is no maintenance plan.${due ? ` Usual for its class: ${due}.` : ''}`,
          ),
        ]),
    ...(has('serialNumber', 'nameplate.serialNumber')
      ? []
      : [
          check(
            'NO_SERIAL_NUMBER',
            'ADVICE',
            null,
            'No nameplate and no serial number: spare parts cannot be told.',
          ),
        ]),
  ];
}
