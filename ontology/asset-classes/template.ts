import type { LanguageTexts, ValueType } from '../model.ts';

/** A signal that assets of a class are expected to have. */
export interface SignalTemplate {
  readonly name: string;
  readonly text: LanguageTexts;
  readonly valueType: Extract<ValueType, 'number' | 'boolean' | 'number[]'>;
  /** DTDL semantic type such as `Pressure`; `null` when there is none. */
  readonly quantity: string | null;
  /** UCUM code; `null` for truth values. */
  readonly unit: string | null;
  /** Plausible values, in `unit`. */
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly samplingPeriodMs: number;
  /** Without it the asset cannot be watched well; others are welcome. */
  readonly needed: boolean;
  /** Smallest change that matters, for watching a class without a profile of its own. */
  readonly change: { readonly relative?: number; readonly absolute?: number; readonly slow?: boolean } | null;
}

/** A part that assets of a class have. */
export interface PartTemplate {
  /** Added to the asset's id with a dot, e.g. `motor` for `P-102.motor`. */
  readonly id: string;
  readonly assetClass: string;
  readonly text: LanguageTexts;
}

/** Work that is due by time. */
export interface MaintenanceTemplate {
  readonly name: string;
  readonly intervalHours: number;
  readonly workHours: number;
  readonly needsStop: boolean;
}

/** What assets of a class are measured by, unless the plant says otherwise. */
export interface KpiDefaults {
  /** Mean operating time between failures to aim at, hours. */
  readonly mtbfHours: number;
  /** Share of the planned time it should be able to run, 0 to 1. */
  readonly availability: number;
  /** Health scores (0 to 100) below which it is watched, warned about, critical. */
  readonly health: { readonly watch: number; readonly warning: number; readonly critical: number };
}

/** Properties of the nameplate and the data sheet that a class has besides those of every asset. */
export interface PropertyTemplate {
  readonly name: string;
  readonly text: LanguageTexts;
  readonly valueType: Extract<ValueType, 'number' | 'integer' | 'string'>;
  readonly quantity: string | null;
  readonly unit: string | null;
}

/** What the hub expects of an asset class. Its failure modes are those of the library (`failureModesOf`). */
export interface AssetClassTemplate {
  /** As in the property `assetClass`, e.g. `pump`. */
  readonly assetClass: string;
  /** ASSET, or COMPONENT for parts of other assets. */
  readonly kind: 'ASSET' | 'COMPONENT';
  readonly text: LanguageTexts;
  /** Name in DTMIs, e.g. `Pump` for `dtmi:twinhub:class:Pump;1`. */
  readonly modelName: string;
  readonly properties: readonly PropertyTemplate[];
  readonly signals: readonly SignalTemplate[];
  readonly parts: readonly PartTemplate[];
  readonly maintenance: readonly MaintenanceTemplate[];
  readonly kpis: KpiDefaults;
}

type Options = Partial<Pick<SignalTemplate, 'needed' | 'change'>>;

/** A numeric signal sampled once a second; `needed` unless said otherwise. */
export function signal(
  name: string,
  quantity: string | null,
  unit: string,
  [low, high]: readonly [number, number],
  [en, de]: readonly [string, string],
  { needed = true, change = null }: Options = {},
): SignalTemplate {
  return {
    name,
    text: { en, de },
    valueType: 'number',
    quantity,
    unit,
    range: { low, high },
    samplingPeriodMs: 1000,
    needed,
    change,
  };
}

/** Whether the machine runs. */
export const running: SignalTemplate = {
  name: 'running',
  text: { en: 'Running', de: 'In Betrieb' },
  valueType: 'boolean',
  quantity: null,
  unit: null,
  range: null,
  samplingPeriodMs: 1000,
  needed: true,
  change: null,
};

/** A spectrum of envelope or velocity, 1 Hz a line from 0 Hz. */
export function spectrum(name: string, unit: string, [en, de]: readonly [string, string]): SignalTemplate {
  return {
    name,
    text: { en, de },
    valueType: 'number[]',
    quantity: null,
    unit,
    range: null,
    samplingPeriodMs: 10_000,
    needed: false,
    change: null,
  };
}

/** A number of the data sheet. */
export function rating(
  name: string,
  quantity: string | null,
  unit: string | null,
  [en, de]: readonly [string, string],
): PropertyTemplate {
  return { name, text: { en, de }, valueType: 'number', quantity, unit };
}

export function part(id: string, assetClass: string, [en, de]: readonly [string, string]): PartTemplate {
  return { id, assetClass, text: { en, de } };
}

export function work(
  name: string,
  intervalHours: number,
  workHours: number,
  needsStop: boolean,
): MaintenanceTemplate {
  return { name, intervalHours, workHours, needsStop };
}

/** Health thresholds of the hub: as analytics counts health. */
export const usualHealth = { watch: 85, warning: 60, critical: 30 } as const;
