import type { ModelId } from './ids.ts';

/** Where a model comes from. */
export const modelStandards = ['DTDL', 'AAS'] as const;
export type ModelStandard = (typeof modelStandards)[number];

/** Texts by BCP 47 language tag. */
export type LanguageTexts = Readonly<Record<string, string>>;

/** What a value of a property or signal is. `number[]` is a spectrum or waveform; `object` anything structured. */
export const valueTypes = [
  'boolean',
  'integer',
  'number',
  'string',
  'dateTime',
  'duration',
  'number[]',
  'object',
] as const;
export type ValueType = (typeof valueTypes)[number];

interface ContentBase {
  readonly name: string;
  readonly displayName: LanguageTexts;
  readonly description: LanguageTexts;
  /** The model that declares it (differs from the model asked when inherited). */
  readonly declaredBy: ModelId;
}

/** State that a twin keeps. */
export interface PropertyContent extends ContentBase {
  readonly kind: 'property';
  readonly valueType: ValueType;
  /** Allowed values of an enumeration, else `null`. */
  readonly enumValues: readonly (string | number)[] | null;
  /** UCUM code, or `null`. */
  readonly unit: string | null;
  /** Kind of quantity (DTDL semantic type such as `Temperature`), or `null`. */
  readonly quantity: string | null;
  readonly writable: boolean;
}

/** A stream of measured values. */
export interface SignalContent extends ContentBase {
  readonly kind: 'signal';
  readonly valueType: ValueType;
  readonly unit: string | null;
  readonly quantity: string | null;
  /** Expected range in `unit`, or `null`: lowest and highest plausible value. */
  readonly range: { readonly low: number; readonly high: number } | null;
  /** Expected time between samples in ms, or `null`. */
  readonly samplingPeriodMs: number | null;
}

/** A named link to other twins. */
export interface RelationshipContent extends ContentBase {
  readonly kind: 'relationship';
  readonly target: ModelId | null;
  readonly maxMultiplicity: number | null;
}

/** A part that lives within the twin. */
export interface ComponentContent extends ContentBase {
  readonly kind: 'component';
  readonly schema: ModelId;
}

export type ModelContent = PropertyContent | SignalContent | RelationshipContent | ComponentContent;

/** One model, immutable per version: a DTDL interface, or an AAS submodel template or type. */
export interface Model {
  readonly id: ModelId;
  readonly standard: ModelStandard;
  /** Version of the standard's language or metamodel, e.g. `3` for DTDL v3, `3.0` for AAS. */
  readonly standardVersion: string;
  readonly displayName: LanguageTexts;
  readonly description: LanguageTexts;
  /** Direct bases. */
  readonly extends: readonly ModelId[];
  /** Own contents, without inherited ones. */
  readonly contents: readonly ModelContent[];
  /** The document as it came, so that nothing is lost (JSON). */
  readonly source: unknown;
  /** AAS: concept descriptions that it refers to, as they came, ordered by id. */
  readonly concepts?: readonly unknown[];
}

/** The text in the wanted language, else English, else any, else `null`. */
export function pickText(texts: LanguageTexts, language = 'en'): string | null {
  return texts[language] ?? texts['en'] ?? Object.values(texts)[0] ?? null;
}
