import type { LanguageTexts, ValueType } from '../../model.ts';
import type { FieldValue } from './fields.ts';

/** A typed value under one of the hub's own names, e.g. `nameplate.serialNumber`. */
export interface CanonicalProperty {
  readonly name: string;
  readonly valueType: ValueType;
  /** UCUM code. */
  readonly unit: string | null;
  /** `null` when the submodel has none. */
  readonly value: unknown;
  readonly description: LanguageTexts;
}

/** Canonical properties of the fields that are there, under `prefix`. */
export function propertiesOf(
  prefix: string,
  fields: Readonly<Record<string, FieldValue | undefined>>,
): CanonicalProperty[] {
  return Object.entries(fields).flatMap(([field, found]) =>
    found ? property(`${prefix}.${field}`, found.valueType, found.value, found.unit) : [],
  );
}

export function property(
  name: string,
  valueType: ValueType,
  value: unknown,
  unit: string | null = null,
): CanonicalProperty {
  return { name, valueType, unit, value: value ?? null, description: {} };
}
