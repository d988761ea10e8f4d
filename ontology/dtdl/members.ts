/** Reads the members of an element: plain values, texts, elements, and what its adjuncts add. */
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode, JsonObject } from '../json-text.ts';
import { resolveTerm } from './context.ts';
import type { DtdlVersion } from './dtmi.ts';
import { noChildren, type DtdlElement } from './element.ts';
import { propertiesOf, textOf, typesOf, valuesOf, type Values } from './json-ld.ts';
import { readAny, readIdentifier, readLiteral } from './literals.ts';
import { memberTable, type ElementsOf, type MemberOf } from './metamodel/compiled.ts';
import { language } from './metamodel/language.ts';
import type { AdjunctProperty, LiteralMember } from './metamodel/types.ts';
import { adjunctOf, wordFor } from './metamodel/vocabulary.ts';
import { readElement, type Reading } from './read-element.ts';
import { adjunctProperty } from './registry.ts';
import { readTexts } from './texts.ts';

/** Reads all members into the element. */
export function readMembers(element: DtdlElement, reading: Reading): void {
  const { version } = element.context;
  const rules = memberTable(element.cls, version);
  for (const [key, node] of propertiesOf(element.node)) {
    const at = pointerTo(element.pointer, key);
    const name = memberName(key, version);
    const rule = rules.get(name);
    if (element.node.repeated.includes(key)) reportDouble(key, at, reading);
    if (rule) readMember(element, name, rule, node, at, reading);
    else if (!readAdjunctMember(element, key, node, at, reading)) reportUnknown(element, key, at, reading);
  }
  checkRequired(element, rules, reading);
  checkAdjuncts(element, reading);
}

/** The name of a member, be it written as word or as identifier. */
function memberName(key: string, version: DtdlVersion): string {
  const prefix = 'dtmi:dtdl:property:';
  const suffix = `;${version}`;
  return key.startsWith(prefix) && key.endsWith(suffix) ? key.slice(prefix.length, -suffix.length) : key;
}

function reportDouble(key: string, at: string, { report }: Reading): void {
  report.error('duplicatePropertyName', at, `${key} stands more than once in the element; keep one.`);
}

function readMember(
  element: DtdlElement,
  name: string,
  rule: MemberOf,
  node: JsonNode,
  at: string,
  reading: Reading,
): void {
  if (element.written.has(name)) {
    reportDouble(name, at, reading);
    return;
  }
  const values = valuesOf(node, at);
  element.written.set(name, at);
  if (rule.holds === 'elements') readElements(element, name, rule, values, reading);
  else if (rule.holds === 'text')
    (element.texts ??= new Map()).set(
      name,
      readTexts(values, element.context.limits[rule.length], element.context, reading.report),
    );
  else {
    const value = readValue(element, rule, values, reading);
    if (value !== null) element.values.set(name, value);
  }
}

function readValue(
  element: DtdlElement,
  rule: Exclude<LiteralMember, { holds: 'text' }>,
  values: Values,
  { report }: Reading,
): unknown {
  const { context } = element;
  const required = rule.required === true;
  switch (rule.holds) {
    case 'string':
      return readLiteral(
        values,
        'string',
        { required, maxLength: context.limits[rule.length], pattern: rule.pattern },
        context,
        report,
      );
    case 'boolean':
      return readLiteral(values, 'boolean', { required }, context, report);
    case 'integer': {
      const max = typeof rule.max === 'number' ? rule.max : context.limits[rule.max];
      return readLiteral(values, 'integer', { required, min: rule.min, max }, context, report);
    }
    case 'literal':
      return readAny(values, context, report);
    case 'dtmi':
      return readIdentifier(
        values,
        { required, maxLength: context.limits[rule.length], dtmi: true },
        context,
        report,
      );
  }
}

function readElements(
  element: DtdlElement,
  member: string,
  table: ElementsOf,
  values: Values,
  reading: Reading,
): void {
  const { context } = element;
  const { rule, versions, references: classes } = table;
  const { group } = table.expected;
  const position = {
    parent: element,
    member,
    expected: table.expected,
    idRequired: rule.idRequired,
    named: rule.named,
    versions,
  };
  let count = 0;
  for (const { node, pointer } of values.items) {
    if (!rule.plural && count > 0) {
      reading.report.error(
        'objectMultipleValues',
        values.pointer,
        'Only one value is allowed; remove the others.',
      );
      return;
    }
    const text = textOf(node);
    if (text !== null) {
      const id = resolveTerm(text, context);
      if (id === null) reportBadTerm(text, pointer, group, reading);
      else {
        count++;
        hold(element, member, { id, pointer }, reading, { written: text, classes, versions });
      }
    } else if (node.kind === 'object') {
      const child = readElement(node, pointer, position, reading);
      if (child) {
        count++;
        hold(element, member, { id: child.id, pointer }, reading, {
          written: null,
          classes: null,
          versions: null,
        });
      }
    } else reading.report.error('refNotStringOrObject', pointer, 'A string or an object was expected here.');
  }
  if (count === 0 && table.required)
    reading.report.error('objectCountBelowMin', values.pointer, `${member} needs a value.`);
}

function reportBadTerm(text: string, at: string, what: string, { report }: Reading): void {
  report.error(
    'badDtmiOrTerm',
    at,
    `${JSON.stringify(text)} is neither a valid DTMI nor a word of DTDL; a ${what} is expected here.`,
  );
}

interface Link {
  readonly written: string | null;
  readonly classes: readonly string[] | null;
  readonly versions: readonly DtdlVersion[] | null;
  readonly types?: readonly string[];
  readonly childOf?: string | undefined;
}

function hold(
  element: DtdlElement,
  member: string,
  child: { readonly id: string; readonly pointer: string },
  { registry }: Reading,
  link: Link,
): void {
  if (element.children === noChildren) element.children = new Map();
  const held = element.children.get(member);
  if (held) held.push(child);
  else element.children.set(member, [child]);
  registry.references.push({
    from: element,
    member,
    id: child.id,
    pointer: child.pointer,
    written: link.written,
    classes: link.classes,
    versions: link.versions,
    types: link.types ?? null,
    childOf: link.childOf ?? null,
  });
}

/** @returns whether an adjunct of the element has the member. */
function readAdjunctMember(
  element: DtdlElement,
  key: string,
  node: JsonNode,
  at: string,
  reading: Reading,
): boolean {
  const uri = resolveTerm(key, element.context);
  const rule = uri === null ? null : adjunctProperty(element, uri);
  if (uri === null || !rule) return false;
  if (element.written.has(uri)) {
    reportDouble(key, at, reading);
    return true;
  }
  const values = valuesOf(node, at);
  element.written.set(uri, at);
  if (rule.holds === 'element') readAdjunctElement(element, uri, rule, values, reading);
  else {
    const value = readAdjunctValue(element, rule, values, reading);
    if (value !== null) element.values.set(uri, value);
  }
  return true;
}

function readAdjunctValue(
  element: DtdlElement,
  rule: AdjunctProperty,
  values: Values,
  { report }: Reading,
): unknown {
  const { holds, required, min, maxLength, pattern } = rule;
  if (holds === 'identifier')
    return readIdentifier(values, { required, dtmi: false }, element.context, report);
  if (holds === 'element') return null;
  return readLiteral(
    values,
    holds,
    { required, min, maxLength: maxLength ?? null, pattern },
    element.context,
    report,
  );
}

function readAdjunctElement(
  element: DtdlElement,
  uri: string,
  rule: AdjunctProperty,
  values: Values,
  reading: Reading,
): void {
  let count = 0;
  for (const { node, pointer } of values.items) {
    if (count > 0) {
      reading.report.error(
        'objectMultipleValues',
        values.pointer,
        'Only one value is allowed; remove the others.',
      );
      return;
    }
    const text = textOf(node);
    const id = text === null ? null : resolveTerm(text, element.context);
    if (id !== null) {
      count++;
      const types = rule.type === undefined ? [] : [rule.type];
      hold(element, uri, { id, pointer }, reading, {
        written: text,
        classes: null,
        versions: null,
        types,
        childOf: rule.childOf,
      });
    } else if (text !== null) reportBadTerm(text, pointer, wordFor(rule.type ?? uri), reading);
    else if (node.kind === 'object') {
      if (readUnit(element, uri, rule, { node, pointer }, reading)) count++;
    } else reading.report.error('refNotStringOrObject', pointer, 'A word or a DTMI was expected here.');
  }
  if (count < (rule.required ? 1 : 0))
    reading.report.error('objectCountBelowMin', values.pointer, `${wordFor(uri)} needs a value.`);
}

/** Reads a unit written in place, as DTDL 2 allows. */
function readUnit(
  element: DtdlElement,
  uri: string,
  rule: AdjunctProperty,
  { node, pointer }: { readonly node: JsonObject; readonly pointer: string },
  reading: Reading,
): boolean {
  const type = rule.type === undefined ? undefined : adjunctOf(rule.type);
  if (rule.type === undefined || !type) {
    reading.report.error(
      'refObjectNotAllowed',
      pointer,
      'A word or a DTMI was expected here, not an object.',
    );
    return false;
  }
  const position = {
    parent: element,
    member: wordFor(uri),
    expected: { classes: [], inferred: null, group: type.kind === 'unit' ? 'Unit' : 'UnitAttribute' },
    idRequired: false,
    named: false,
    versions: null,
  };
  const child = readElement(node, pointer, position, reading);
  if (!child) return false;
  const link = { written: null, classes: null, versions: null, types: [rule.type], childOf: rule.childOf };
  hold(element, uri, { id: child.id, pointer }, reading, link);
  return true;
}

function reportUnknown(element: DtdlElement, key: string, at: string, { report }: Reading): void {
  const { context, cls } = element;
  const about = `${key} is not a member of a ${cls}`;
  const strict = !language[context.version].tolerant;
  if (strict && resolveTerm(key, context) !== null) {
    if (!context.incomplete) {
      report.error('propertyIrrelevantDtmiOrTerm', at, `${about}; remove it.`);
      return;
    }
  } else if (strict && key.startsWith('dtmi:')) {
    report.error('propertyInvalidDtmi', at, `${about}, and not a valid DTMI; remove it.`);
    return;
  } else if (strict && key.includes(':')) {
    report.error('propertyNotDtmiNorTerm', at, `${about}, and neither a DTMI nor a word; remove it.`);
    return;
  } else if (strict && !context.incomplete) {
    report.error('propertyUndefinedTerm', at, `${about}; remove it or correct it.`);
    return;
  }
  if (element.unknownTypes.length) {
    report.sink.warn(
      'hub:memberKept',
      at,
      `${about} that is known here; it is kept in the source and not used.`,
    );
    return;
  }
  const code = typesOf(element.node) ? 'noTypeThatAllows' : 'inferredTypeDoesNotAllow';
  report.error(code, at, `${about}, and @type names nothing that allows it; remove it or add its type.`);
}

function checkRequired(
  element: DtdlElement,
  rules: ReadonlyMap<string, MemberOf>,
  { report }: Reading,
): void {
  for (const [name, rule] of rules) {
    if (!rule.required || element.written.has(name)) continue;
    report.error(
      rule.holds === 'elements' ? 'missingObjectProperty' : 'missingLiteralProperty',
      element.pointer,
      `A ${element.cls} needs the member ${name}.`,
    );
  }
}

function checkAdjuncts(element: DtdlElement, { report }: Reading): void {
  if (!element.adjuncts.size) return;
  const madeUpFor = [...element.adjuncts].flatMap((uri) => adjunctOf(uri)?.makesUpFor ?? []);
  for (const uri of element.adjuncts) {
    for (const [property, rule] of Object.entries(adjunctOf(uri)?.properties ?? {})) {
      if (!rule.required || element.written.has(property) || madeUpFor.includes(wordFor(property))) continue;
      const kind =
        rule.holds === 'identifier' ? 'Identifier' : rule.holds === 'element' ? 'Object' : 'Literal';
      report.stop(
        `missingSupplemental${kind}Property`,
        element.pointer,
        `An element with the type ${wordFor(uri)} needs the member ${wordFor(property)}.`,
      );
    }
  }
}
