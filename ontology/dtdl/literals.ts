/** Strings, booleans, numbers, durations and identifiers. @see DTDL specification, Representational literal */
import type { Context } from './context.ts';
import { isDtmi } from './dtmi.ts';
import { languageOf, memberCount, otherKeywords, propertiesOf, textOf, typesOf } from './json-ld.ts';
import type { Placed, Values } from './json-ld.ts';
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode, JsonObject } from '../json-text.ts';
import { language } from './metamodel/language.ts';
import { resolveTerm } from './context.ts';
import type { Report } from './report.ts';

type Kind = 'string' | 'boolean' | 'integer' | 'numeric' | 'duration';

const kinds: Readonly<Record<Kind, { xsd: string; json: string; notCode: string; valueNotCode: string }>> = {
  string: { xsd: 'string', json: 'string', notCode: 'stringNotString', valueNotCode: 'stringValueNotString' },
  boolean: {
    xsd: 'boolean',
    json: 'boolean',
    notCode: 'booleanNotBoolean',
    valueNotCode: 'booleanValueNotBoolean',
  },
  integer: {
    xsd: 'integer',
    json: 'whole number',
    notCode: 'integerNotInteger',
    valueNotCode: 'integerValueNotInteger',
  },
  numeric: {
    xsd: 'decimal',
    json: 'number',
    notCode: 'numericNotNumeric',
    valueNotCode: 'numericValueNotNumeric',
  },
  duration: {
    xsd: 'duration',
    json: 'string',
    notCode: 'durationNotString',
    valueNotCode: 'durationValueNotString',
  },
};

/** What a literal has to be like. */
export interface LiteralRule {
  readonly required: boolean;
  readonly maxLength?: number | null;
  readonly pattern?: RegExp | undefined;
  readonly min?: number | undefined;
  readonly max?: number | null | undefined;
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'integer') return Number.isInteger(value) && Math.abs((value as number) + 0.5) <= 2 ** 31;
  if (kind === 'numeric') return typeof value === 'number';
  return typeof value === (kind === 'duration' ? 'string' : kind);
}

function onlyValue(values: Values, kind: string, required: boolean, report: Report): Placed | null {
  const [first] = values.items;
  if (values.items.length > 1)
    report.error(`${kind}MultipleValues`, values.pointer, 'Only one value is allowed; remove the others.');
  else if (first) return first;
  else if (required)
    report.error(`${kind}CountBelowMin`, values.pointer, 'The array is empty; give a value.');
  return null;
}

/** Reads a value of one kind; `null` after a finding, or when there is none. */
export function readLiteral(
  values: Values,
  kind: Kind,
  rule: LiteralRule,
  context: Context,
  report: Report,
): string | number | boolean | null {
  const only = onlyValue(values, kind, rule.required, report);
  if (!only) return null;
  const value = readScalar(only, kind, kind, true, context, report);
  if (value === null) return null;
  if (typeof value === 'number') checkRange(value, rule, only.pointer, report);
  if (kind === 'duration') return checkDuration(String(value), only.pointer, report);
  if (typeof value === 'string') checkText(value, rule, only.pointer, report);
  return value;
}

/** @param strict - report a value of another kind; else it is left to the caller. */
function readScalar(
  placed: Placed,
  kind: Kind,
  name: string,
  strict: boolean,
  context: Context,
  report: Report,
): string | number | boolean | null {
  const { node, pointer } = placed;
  const { json, notCode } = kinds[kind];
  if (node.kind === 'object') return readValueObject(node, pointer, kind, name, strict, context, report);
  if (node.kind === 'scalar' && isOfKind(node.value, kind)) return node.value;
  if (strict) report.error(notCode, pointer, `The value has to be a JSON ${json}.`);
  return null;
}

function readValueObject(
  node: JsonObject,
  pointer: string,
  kind: Kind,
  name: string,
  strict: boolean,
  context: Context,
  report: Report,
): string | number | boolean | null {
  const { xsd, json, valueNotCode } = kinds[kind];
  checkValueObject(node, pointer, context, report);
  const value = node.members.get('@value');
  if (!value) {
    report.error(
      `${name}ObjectNoValue`,
      pointer,
      'The object has no @value; add it or write the bare value.',
    );
    return null;
  }
  const types = typesOf(node);
  if (types && types.length !== 1) {
    report.error('literalTypeNotSingular', pointerTo(pointer, '@type'), '@type has to be one string here.');
    return null;
  }
  const declared = types !== null && isDeclared(types[0], kind);
  if (types && !declared) {
    if (strict)
      report.error(
        `${kind}TypeNot${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
        pointerTo(pointer, '@type'),
        `@type has to be xsd:${xsd}, or left out.`,
      );
    return null;
  }
  if (value.kind === 'scalar' && isOfKind(value.value, kind)) return value.value;
  if (strict || declared)
    report.error(valueNotCode, pointerTo(pointer, '@value'), `@value has to be a JSON ${json}.`);
  return null;
}

function checkValueObject(node: JsonObject, pointer: string, context: Context, report: Report): void {
  const refuse = (code: string, member: string) =>
    report.error(code, pointerTo(pointer, member), `${member} cannot stand beside @value; remove it.`);
  if (node.members.has('@context')) refuse('valueObjectContext', '@context');
  if (node.members.has('@id')) refuse('valueObjectId', '@id');
  if (node.members.has('@graph')) refuse('valueObjectGraph', '@graph');
  if (language[context.version].restrictsKeywords) {
    if (languageOf(node) !== null) refuse('valueObjectLanguage', '@language');
    for (const keyword of otherKeywords(node)) refuse('valueObjectKeyword', keyword);
  }
  for (const [name] of propertiesOf(node)) refuse('valueObjectInvalidProp', name);
}

function checkText(value: string, rule: LiteralRule, at: string, report: Report): void {
  if (rule.maxLength != null && value.length > rule.maxLength)
    report.error(
      'stringTooLong',
      at,
      `The text has ${value.length} characters; allowed are ${rule.maxLength}.`,
    );
  if (rule.pattern && !rule.pattern.test(value))
    report.error('stringInvalid', at, `${quoted(value)} does not have the form ${rule.pattern.source}.`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function checkRange(value: number, rule: LiteralRule, at: string, report: Report): void {
  const min = rule.min ?? null;
  const max = rule.max ?? null;
  if (min !== null && min === max) {
    if (value !== min) report.error('valueNotExact', at, `The value has to be ${min}; it is ${value}.`);
  } else if (min !== null && value < min)
    report.error(
      max === null ? 'valueBelowMin' : 'valueBelowRange',
      at,
      `${value} is below the least allowed, ${min}.`,
    );
  else if (max !== null && value > max)
    report.error(
      min === null ? 'valueAboveMax' : 'valueAboveRange',
      at,
      `${value} is above the most allowed, ${max}.`,
    );
}

const date = String.raw`(?:(?:\d+Y|\d+\.\d+Y$)?(?:\d+M|\d+\.\d+M$)?|(?:\d+W|\d+\.\d+W$)?)(?:\d+D|\d+\.\d+D$)?`;
const time = String.raw`(?:T(?!$)(?:\d+H|\d+\.\d+H$)?(?:\d+M|\d+\.\d+M$)?(?:\d+(?:\.\d+)?S)?)?`;
const durationPattern = new RegExp(`^P(?!$)${date}${time}$`);

function checkDuration(text: string, at: string, report: Report): string | null {
  if (durationPattern.test(text)) return text;
  report.error('durationInvalid', at, `${quoted(text)} is not an ISO 8601 duration such as "PT30S".`);
  return null;
}

/** Reads a value that may be a string, an integer or a boolean. */
export function readAny(values: Values, context: Context, report: Report): string | number | boolean | null {
  const only = onlyValue(values, 'literal', true, report);
  if (!only) return null;
  const before = report.errors;
  for (const kind of ['string', 'integer', 'numeric', 'boolean'] as const) {
    if (only.node.kind === 'scalar' && !isOfKind(only.node.value, kind)) continue;
    const value = readScalar(only, kind, 'literal', false, context, report);
    if (value !== null) return value;
    if (report.errors > before) return null;
  }
  report.error('literalNotValid', only.pointer, 'The value has to be a JSON string, number or boolean.');
  return null;
}

const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/;

/** Reads an identifier: a DTMI, or any URI or word of the context when `dtmi` is not asked for. */
export function readIdentifier(
  values: Values,
  rule: LiteralRule & { readonly dtmi: boolean },
  context: Context,
  report: Report,
): string | null {
  const only = onlyValue(values, 'identifier', rule.required, report);
  if (!only) return null;
  const text = textOf(only.node);
  const what = rule.dtmi ? 'DTMI' : 'URI or a word of DTDL';
  if (text === null) {
    report.error('identifierNotString', only.pointer, `The value has to be a string with a ${what}.`);
    return null;
  }
  const uri = resolveTerm(text, context) ?? (rule.dtmi ? null : otherUri(text));
  if (uri === null) {
    report.error(
      rule.dtmi ? 'identifierNotDtmi' : 'identifierNotUri',
      only.pointer,
      `${quoted(text)} is not a ${what}.`,
    );
    return null;
  }
  if (rule.maxLength != null && uri.length > rule.maxLength)
    report.error('identifierTooLong', only.pointer, `${what}s have at most ${rule.maxLength} characters.`);
  if (rule.dtmi && !isDtmi(uri, context.version))
    report.error(
      'identifierInvalid',
      only.pointer,
      `${quoted(uri)} is not a DTMI of DTDL ${context.version}.`,
    );
  return uri;
}

function otherUri(text: string): string | null {
  return !text.startsWith('dtmi:') && absoluteUri.test(text) ? text : null;
}

/** Whether an object is nothing but an `@id`. */
export function isBareId(node: JsonNode): boolean {
  return node.kind === 'object' && memberCount(node) === 1 && node.members.has('@id');
}

/** The one string or number among values, be it in a value object; nothing is reported. */
export function plainLiteral(items: readonly Placed[]): string | number | null {
  const [only] = items;
  if (!only || items.length > 1) return null;
  const { node } = only;
  const value = node.kind === 'object' ? valueOf(node) : node;
  if (value?.kind !== 'scalar') return null;
  return typeof value.value === 'string' || typeof value.value === 'number' ? value.value : null;
}

function valueOf(node: JsonObject): JsonNode | undefined {
  const types = typesOf(node);
  const value = node.members.get('@value');
  if (!types || !value) return value;
  const kind = (['string', 'integer', 'numeric'] as const).find((known) => isDeclared(types[0], known));
  const fits = kind && value.kind === 'scalar' && isOfKind(value.value, kind);
  return types.length === 1 && fits ? value : undefined;
}

function isDeclared(type: string | null | undefined, kind: Kind): boolean {
  const { xsd } = kinds[kind];
  return type === `xsd:${xsd}` || type === `http://www.w3.org/2001/XMLSchema#${xsd}`;
}
