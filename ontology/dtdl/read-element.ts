import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode } from '../json-text.ts';
import type { LanguageTexts } from '../model.ts';
import { readContext, type Context } from './context.ts';
import { isDefinableDtmi, isDtmi, isReservedDtmi, maxDtmiLength } from './dtmi.ts';
import type { Child, DtdlElement } from './element.ts';
import { readLiteral, readTexts } from './literals.ts';
import {
  forVersion,
  members as membersOf,
  standardSchemas,
  type DtdlClass,
  type MemberRule,
} from './metamodel.ts';
import { measurementMembers, readQuantities } from './quantities.ts';
import { isReservedTerm, termOf } from './terms.ts';
import { readTypes, type TypeInfo } from './types.ts';

/** Where an element stands. */
export interface Surroundings {
  readonly document: number;
  readonly context: Context | null;
  readonly owner: string | null;
  readonly sink: FindingSink;
}

type ElementsRule = Extract<MemberRule, { holds: 'elements' }>;
interface Parts {
  readonly values: Map<string, string | number | boolean>;
  readonly children: Map<string, readonly Child[]>;
  readonly texts: Map<string, LanguageTexts>;
}

/** Reads one element and everything inside it; `null` after a finding when it is not one of the expected classes. */
export function readElement(
  node: JsonNode,
  pointer: string,
  expected: readonly DtdlClass[],
  around: Surroundings,
): DtdlElement | null {
  const { sink } = around;
  if (node.kind !== 'object') {
    sink.error(
      around.context ? 'refNotStringOrObject' : 'notJsonObject',
      pointer,
      'A JSON object was expected here.',
    );
    return null;
  }
  const context = readContext(node.members.get('@context'), pointer, around.context, sink);
  if (!context) return null;
  const types = readTypes(
    node.members.get('@type'),
    expected,
    context,
    around.context === null,
    pointer,
    sink,
  );
  if (!types) return null;
  const id = readId(node.members.get('@id'), types.cls, context, pointer, sink);
  if (!id && !around.context)
    sink.error(
      'missingTopLevelId',
      pointer,
      'A top-level element needs an @id, such as "dtmi:com:example:Pump;1".',
    );
  const owner = types.cls === 'Interface' ? id : around.owner;
  const parts: Parts = { values: new Map(), children: new Map(), texts: new Map() };
  const inside = { ...around, context, owner };
  for (const [key, value] of node.members) readMember(key, value, types, pointer, inside, parts);
  checkRequired(types.cls, node.members, context, pointer, sink);
  return {
    cls: types.cls,
    id,
    name: (parts.values.get('name') as string | undefined) ?? null,
    displayName: parts.texts.get('displayName') ?? {},
    description: parts.texts.get('description') ?? {},
    context,
    document: around.document,
    pointer,
    node,
    owner,
    quantities: readQuantities(node.members, types, context, pointer, sink),
    values: parts.values,
    children: parts.children,
  };
}

function readId(
  node: JsonNode | undefined,
  cls: DtdlClass,
  context: Context,
  pointer: string,
  sink: FindingSink,
): string | null {
  if (!node) return null;
  const at = pointerTo(pointer, '@id');
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  const longest = cls === 'Interface' ? maxDtmiLength.Interface : maxDtmiLength.other;
  if (!text) sink.error('idNotString', at, '@id has to be a string.');
  else if (text.length > longest)
    sink.error(
      'idTooLongForType',
      at,
      `The @id of a ${cls} has at most ${longest} characters, not ${text.length}.`,
    );
  else if (isReservedDtmi(text))
    sink.error('reservedId', at, `${text} begins with a prefix that belongs to the language.`);
  else if (!isDefinableDtmi(text, context.version))
    sink.error(
      'invalidId',
      at,
      `${text} is not a DTMI of DTDL ${context.version}, such as "dtmi:com:example:Pump;1".`,
    );
  else return text;
  return null;
}

function readMember(
  key: string,
  value: JsonNode,
  types: TypeInfo,
  pointer: string,
  inside: Surroundings & { context: Context },
  parts: Parts,
): void {
  if (key === '@context' || key === '@id' || key === '@type') return;
  const at = pointerTo(pointer, key);
  const name = termOf(key);
  const rules = membersOf[types.cls];
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (!rule || (rule.versions && !rule.versions.includes(inside.context.version)))
    return reportMember(key, types, inside.context, at, inside.sink);
  if (rule.holds === 'elements') parts.children.set(name, readChildren(value, rule, at, inside));
  else if (rule.holds === 'text')
    parts.texts.set(
      name,
      readTexts(value, forVersion(rule.maxLength, inside.context.version), at, inside.sink),
    );
  else {
    const found = readValue(value, rule, at, inside.context, inside.sink);
    if (found !== null) parts.values.set(name, found);
  }
}

function reportMember(key: string, types: TypeInfo, context: Context, at: string, sink: FindingSink): void {
  const name = termOf(key);
  if (name === 'unit' && context.quantitative) return;
  if (types.measurement && measurementMembers.some((member) => member === name)) return;
  const [code, tolerated] = key.startsWith('@')
    ? (['keywordDisallowed', false] as const)
    : key.startsWith('dtmi:') && !isDtmi(key, context.version)
      ? (['propertyInvalidDtmi', context.version === 2] as const)
      : key.startsWith('dtmi:') || isReservedTerm(key)
        ? (['propertyIrrelevantDtmiOrTerm', context.open] as const)
        : key.includes(':')
          ? (['propertyNotDtmiNorTerm', context.version === 2] as const)
          : (['propertyUndefinedTerm', context.open] as const);
  if (tolerated)
    sink.warn(code, at, `${key} is not a member of a ${types.cls}; it is kept in the source and not used.`);
  else sink.error(code, at, `${key} is not a member of a ${types.cls}; remove it or correct it.`);
}

function readValue(
  node: JsonNode,
  rule: Exclude<MemberRule, { holds: 'elements' | 'text' }>,
  at: string,
  context: Context,
  sink: FindingSink,
): string | number | boolean | null {
  switch (rule.holds) {
    case 'boolean':
      return readLiteral(node, 'boolean', at, sink);
    case 'integer':
      return inRange(
        readLiteral(node, 'integer', at, sink),
        rule.min,
        forVersion(rule.max, context.version),
        at,
        sink,
      );
    case 'stringOrInteger': {
      const only = node.kind === 'array' ? node.items[0] : node;
      return readLiteral(
        node,
        only?.kind === 'scalar' && typeof only.value === 'number' ? 'integer' : 'string',
        at,
        sink,
      );
    }
    case 'string':
      return checkedString(readLiteral(node, 'string', at, sink), rule, at, context, sink);
    case 'term': {
      const text = readLiteral(node, 'string', at, sink);
      if (text === null || rule.terms.includes(termOf(String(text))))
        return text === null ? null : termOf(String(text));
      sink.error('badDtmiOrTerm', at, `${text} is not one of ${rule.terms.join(', ')}.`);
      return null;
    }
    case 'reference': {
      const text = readLiteral(node, 'string', at, sink);
      if (text === null || isDtmi(String(text), context.version)) return text;
      sink.error('badDtmiOrTerm', at, `${text} is not a DTMI.`);
      return null;
    }
  }
}

function inRange(
  value: string | number | boolean | null,
  min: number,
  max: number | null,
  at: string,
  sink: FindingSink,
): number | null {
  if (typeof value !== 'number') return null;
  if (value < min) sink.error('valueBelowMin', at, `${value} is below the least allowed, ${min}.`);
  else if (max !== null && value > max)
    sink.error(
      max === min ? 'valueNotExact' : 'valueAboveMax',
      at,
      `${value} is above the most allowed, ${max}.`,
    );
  else return value;
  return null;
}

function checkedString(
  value: string | number | boolean | null,
  rule: Extract<MemberRule, { holds: 'string' }>,
  at: string,
  context: Context,
  sink: FindingSink,
): string | null {
  if (typeof value !== 'string') return null;
  const longest = forVersion(rule.maxLength, context.version);
  if (value.length > longest)
    sink.error('stringTooLong', at, `The text has ${value.length} characters; allowed are ${longest}.`);
  else if (rule.pattern && !rule.pattern.test(value))
    sink.error(
      'stringInvalid',
      at,
      `${JSON.stringify(value)} has to begin with a letter and have letters, digits and inner underscores only.`,
    );
  else return value;
  return null;
}

function readChildren(
  node: JsonNode,
  rule: ElementsRule,
  at: string,
  inside: Surroundings & { context: Context },
): Child[] {
  const { sink, context } = inside;
  const parts =
    node.kind === 'array'
      ? node.items.map((item, i) => [item, pointerTo(at, i)] as const)
      : [[node, at] as const];
  const max = forVersion(rule.max, context.version);
  if (max === 1 && parts.length > 1) sink.error('objectMultipleValues', at, 'Only one value is allowed.');
  else if (max !== null && parts.length > max)
    sink.error('objectCountAboveMax', at, `There are ${parts.length} values; allowed are ${max}.`);
  if (rule.required && parts.length === 0)
    sink.error('objectCountBelowMin', at, 'At least one value is needed.');
  const classes = forVersion(rule.classes, context.version);
  return parts.flatMap(([part, pointer]) => {
    if (part.kind === 'scalar') return readName(part.value, rule, pointer, context, sink);
    if (part.kind === 'object' && part.members.size === 1 && part.members.has('@id')) {
      sink.error(
        'idReference',
        pointer,
        'An object with nothing but @id refers to nothing; write the id as a string.',
      );
      return [];
    }
    const element = classes.length ? readElement(part, pointer, classes, inside) : null;
    if (!classes.length)
      sink.error('refObjectNotAllowed', pointer, 'The name of a primitive schema was expected here.');
    if (element && rule.idRequired && !element.id)
      sink.error('missingRequiredId', pointer, 'A shared schema needs an @id.');
    return element ? [{ kind: 'element', element, pointer } as const] : [];
  });
}

function readName(
  value: unknown,
  rule: ElementsRule,
  pointer: string,
  context: Context,
  sink: FindingSink,
): Child[] {
  if (typeof value !== 'string') {
    sink.error('refNotStringOrObject', pointer, 'A string or an object was expected here.');
    return [];
  }
  const term = termOf(value);
  const terms = !rule.primitives
    ? []
    : rule.primitives === 'enumValue'
      ? ['integer', 'string']
      : rule.primitives === 'string'
        ? ['string']
        : standardSchemas(context.version);
  if (terms.includes(term)) return [{ kind: 'standard', term, pointer }];
  if (rule.byReference && isDtmi(value, context.version)) {
    if (isReservedDtmi(value))
      sink.error('undefinedReservedId', pointer, `${value} is not defined by the language.`);
    else return [{ kind: 'reference', id: value, pointer }];
  } else
    sink.error(
      'badDtmiOrTerm',
      pointer,
      `${JSON.stringify(value)} is neither ${terms.length ? `one of ${terms.join(', ')}` : 'a known term'}${rule.byReference ? ' nor a DTMI' : ''}.`,
    );
  return [];
}

function checkRequired(
  cls: DtdlClass,
  present: ReadonlyMap<string, JsonNode>,
  context: Context,
  pointer: string,
  sink: FindingSink,
): void {
  const names = new Set([...present.keys()].map(termOf));
  for (const [name, rule] of Object.entries(membersOf[cls])) {
    if (!rule.required || names.has(name) || (rule.versions && !rule.versions.includes(context.version)))
      continue;
    sink.error(
      rule.holds === 'elements' ? 'missingObjectProperty' : 'missingLiteralProperty',
      pointer,
      `A ${cls} needs the member ${name}.`,
    );
  }
}
