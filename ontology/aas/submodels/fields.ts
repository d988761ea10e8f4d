import type { ValueType } from '../../model.ts';
import { valueOf, valueTypeOf } from '../values.ts';
import { baseName, languageTextsOf, textOf, type Placed, type ReadScope } from './elements.ts';

/** Where one field of a known submodel stands: the term it means, and its idShort in the templates. */
export interface Field {
  readonly term: string;
  readonly names: readonly string[];
  /** `texts` by language; else as the element says. */
  readonly as?: 'texts' | 'text';
}
export type Fields = Readonly<Record<string, Field>>;

/** A value with what is known about it. */
export interface FieldValue {
  /** `null` when the element has none. */
  readonly value: unknown;
  readonly valueType: ValueType;
  readonly unit: string | null;
  readonly placed: Placed;
}

/**
 * Finds the fields among elements. An element that means a term is taken, unless its name is that of another field: then
 * its semantic id is a slip, the name counts, and it is reported.
 */
export function readFields<T extends Fields>(
  elements: readonly Placed[],
  fields: T,
  scope: ReadScope,
): { readonly [K in keyof T]?: FieldValue } {
  const nameOwner = new Map(
    Object.entries(fields).flatMap(([field, { names }]) => names.map((name) => [name, field] as const)),
  );
  const found: Partial<Record<keyof T, FieldValue>> = {};
  for (const [field, definition] of Object.entries(fields)) {
    const placed = findField(elements, field, definition, nameOwner);
    if (!placed) continue;
    if (placed.term && placed.term.term !== definition.term) reportMismatch(placed, definition, scope);
    found[field as keyof T] = valueIn(placed, definition, scope);
  }
  return found;
}

function findField(
  elements: readonly Placed[],
  field: string,
  { term, names }: Field,
  nameOwner: ReadonlyMap<string, string>,
): Placed | null {
  const named = (placed: Placed) => names.includes(baseName(placed.element.idShort));
  const meant = elements.filter((placed) => placed.term?.term === term);
  return (
    meant.find(named) ??
    meant.find(({ element }) => (nameOwner.get(baseName(element.idShort)) ?? field) === field) ??
    elements.find(named) ??
    null
  );
}

function reportMismatch({ element, pointer, term }: Placed, definition: Field, { report }: ReadScope): void {
  report(
    'hub:semanticIdMismatch',
    pointer,
    `${element.idShort} has the semantic id ${term?.id}, which means ${term?.term}; by its name it is taken as ${definition.term}.`,
  );
}

function valueIn(placed: Placed, { as }: Field, scope: ReadScope): FieldValue {
  const unit = scope.unitOf(placed.path);
  if (as === 'texts') return { value: languageTextsOf(placed), valueType: 'object', unit: null, placed };
  if (as === 'text' || placed.element.modelType !== 'Property')
    return { value: textOf(placed), valueType: 'string', unit: null, placed };
  const valueType = valueTypeOf(placed.element.valueType ?? 'xs:string');
  const text = textOf(placed);
  return { value: text === null ? null : valueOf(text, valueType), valueType, unit, placed };
}

/** The value of a field as text; `null` when it is missing or empty. */
export function textValue(field: FieldValue | undefined): string | null {
  return field?.value === null || field?.value === undefined ? null : String(field.value);
}

/** The value of a field as number; `null` when it is missing or none. */
export function numberValue(field: FieldValue | undefined): number | null {
  const value = typeof field?.value === 'string' && field.value.trim() ? Number(field.value) : field?.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
