/** Reads elements with everything inside them; references are kept for later. */
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode, JsonObject } from '../json-text.ts';
import { readContext, reservedPrefixes, type Context, type DtdlReadOptions } from './context.ts';
import { childId, dtdlVersions, isDtmi, isGeneratedId } from './dtmi.ts';
import { noChildren, type DtdlElement } from './element.ts';
import { idOf, languageOf, otherKeywords, typesOf, valuesOf } from './json-ld.ts';
import { isBareId, plainLiteral } from './literals.ts';
import { isA } from './metamodel/classes.ts';
import { language } from './metamodel/language.ts';
import { readMembers } from './members.ts';
import type { Registry } from './registry.ts';
import { Stop, type Report } from './report.ts';
import { readTypes } from './types.ts';
import { rootExpected, type Expected } from './metamodel/compiled.ts';
import type { DtdlVersion } from './dtmi.ts';

/** What goes on around an element while a document is read. */
export interface Reading {
  readonly document: number;
  readonly registry: Registry;
  readonly options: DtdlReadOptions;
  readonly report: Report;
}

/** Where an element stands. */
export interface Position {
  readonly parent: DtdlElement;
  readonly member: string;
  readonly expected: Expected;
  readonly idRequired: boolean;
  /** Elements here get ids made of their names. */
  readonly named: boolean;
  readonly versions: readonly DtdlVersion[] | null;
}

/** Reads one top-level value of a document. */
export function readRoot(node: JsonNode, pointer: string, reading: Reading): DtdlElement | null {
  const report: Report = reading.report;
  if (node.kind !== 'object')
    report.stop('notJsonObject', pointer, 'A DTDL document is an object or an array of objects.');
  const context = readContext(node, pointer, null, reading.options, report);
  const { version } = context;
  const at = (member: string) => pointerTo(pointer, member);
  if (node.members.has('@graph'))
    report.stop(
      'topLevelGraphDisallowed',
      at('@graph'),
      '@graph is not allowed; use an array of interfaces.',
    );
  if (idOf(node) === null)
    report.stop(
      'missingTopLevelId',
      pointer,
      'A top-level element needs an @id, such as "dtmi:com:example:Pump;1".',
    );
  if (!typesOf(node)?.some((text) => text === 'Interface' || text === `dtmi:dtdl:class:Interface;${version}`))
    report.stop('typeNotRootable', pointer, 'A top-level element has to be an Interface; say so in @type.');
  const keywords = ['@language', '@value'].filter((name) => node.members.has(name));
  if (language[version].restrictsKeywords)
    for (const keyword of [...keywords, ...otherKeywords(node)])
      report.stop('topLevelKeywordDisallowed', at(keyword), `${keyword} is not allowed here; remove it.`);
  return readElement(node, pointer, null, reading, context);
}

/**
 * Reads an element.
 * @returns `null` after a finding that leaves no element.
 * @throws {Stop} when nothing of the document can be read from here on.
 */
export function readElement(
  node: JsonObject,
  pointer: string,
  position: Position | null,
  reading: Reading,
  rootContext: Context | null = null,
): DtdlElement | null {
  const { report, registry } = reading;
  const outer = position?.parent.context ?? null;
  const context = rootContext ?? readContext(node, pointer, outer, reading.options, report);
  if (position && isBareId(node)) {
    report.error(
      'idReference',
      pointer,
      'An object with nothing but @id refers to nothing; write the id as a string.',
    );
    return null;
  }
  if (position) checkKeywords(node, pointer, context, position, report);
  const id = readId(node, pointer, context, position, report);
  if (registry.elements.has(id)) {
    reportDouble(id, pointer, position, reading);
    return null;
  }
  const types = readTypes(
    node,
    position?.expected ?? rootExpected('Interface', context.version),
    context,
    pointer,
    report,
  );
  if (!types) return null;
  if (types.cls === 'Interface' && id.length > context.limits.interfaceIdLength)
    report.error(
      'idTooLongForType',
      pointerTo(pointer, '@id'),
      `The @id of an interface has at most ${context.limits.interfaceIdLength} characters.`,
    );
  const element: DtdlElement = {
    cls: types.cls,
    id,
    context,
    version: context.version,
    document: reading.document,
    pointer,
    node,
    parent: position?.parent.id ?? null,
    definedIn: position ? partitionOf(position.parent) : null,
    adjuncts: types.adjuncts,
    unknownTypes: types.unknown,
    texts: null,
    values: new Map(),
    children: noChildren,
    written: new Map(),
  };
  readMembers(element, reading);
  checkInside(element, registry);
  checkSize(element, report);
  registry.elements.set(id, element);
  return element;
}

/** An element inside another one took its id. For contents and interfaces other rules refuse that later on. */
function checkInside(element: DtdlElement, registry: Registry): void {
  const inside = registry.elements.get(element.id);
  if (inside && inside.cls !== element.cls && !isA(inside.cls, 'Content')) registry.clashes.push(inside);
}

/** The length of an interface is that of its text, without interfaces inside it. */
function checkSize({ cls, node, pointer, context, id }: DtdlElement, report: Report): void {
  const most = context.limits.interfaceLength;
  if (cls !== 'Interface' || most === null || node.end - node.at <= most) return;
  const length = node.end - node.at - nestedLength(node);
  if (length > most)
    report.error(
      'partitionTooLarge',
      pointer,
      `${id} has ${length} characters; ${context.limits.name} allows ${most}. Split it.`,
    );
}

function nestedLength(node: JsonNode): number {
  const inside =
    node.kind === 'object' ? [...node.members.values()] : node.kind === 'array' ? node.items : [];
  return inside.reduce(
    (sum, part) =>
      sum +
      (part.kind === 'object' && typesOf(part)?.includes('Interface')
        ? part.end - part.at
        : nestedLength(part)),
    0,
  );
}

/** The interface that what an element holds is part of. */
function partitionOf(parent: DtdlElement): string {
  return parent.cls === 'Interface' ? parent.id : (parent.definedIn ?? parent.id);
}

function checkKeywords(
  node: JsonObject,
  pointer: string,
  context: Context,
  { versions }: Position,
  report: Report,
): void {
  const at = (member: string) => pointerTo(pointer, member);
  if (node.members.has('@graph'))
    report.error('graphDisallowed', at('@graph'), '@graph is not allowed here; remove it.');
  if (language[context.version].restrictsKeywords) {
    const own = [
      languageOf(node) !== null ? '@language' : null,
      node.members.has('@value') ? '@value' : null,
    ];
    for (const keyword of [...own, ...otherKeywords(node)])
      if (keyword !== null)
        report.error('keywordDisallowed', at(keyword), `${keyword} is not allowed here; remove it.`);
  }
  if (versions && !versions.includes(context.version))
    report.error(
      'disallowedVersionDefinition',
      at('@context'),
      `An element here has to be of DTDL ${versions.join(', ')}; this one is of DTDL ${context.version}.`,
    );
}

function readId(
  node: JsonObject,
  pointer: string,
  context: Context,
  position: Position | null,
  report: Report,
): string {
  const id = idOf(node);
  if (id !== null) return checkedId(id, pointerTo(pointer, '@id'), context, report);
  if (!position || position.idRequired)
    report.stop(
      position ? 'missingRequiredId' : 'missingTopLevelId',
      pointer,
      'The element needs an @id, such as "dtmi:com:example:Shape;1".',
    );
  const { parent, member, named } = position;
  return childId(parent.id, member, named ? nameSegment(node, pointer, parent, report) : null);
}

function checkedId(id: string, at: string, context: Context, report: Report): string {
  const { limits, version } = context;
  if (id === '') report.stop('idNotString', at, '@id has to be a string, and not empty.');
  if (id.length > limits.idLength)
    report.stop('idTooLong', at, `An @id has at most ${limits.idLength} characters.`);
  if (!isDtmi(id, version))
    report.stop(
      'invalidId',
      at,
      `${JSON.stringify(id)} is not a DTMI of DTDL ${version}, such as "dtmi:com:example:Pump;1".`,
    );
  const reserved = reservedPrefixes(context).find((prefix) => id.startsWith(prefix));
  if (reserved)
    report.stop('reservedId', at, `Ids that begin with ${reserved} belong to the language; choose another.`);
  return id;
}

/** The name of an element, for its id. */
function nameSegment(node: JsonObject, pointer: string, parent: DtdlElement, report: Report): string {
  const { version } = parent.context;
  const found = ['name', ...dtdlVersions.map((known) => `dtmi:dtdl:property:name;${known}`)].find((name) =>
    node.members.has(name),
  );
  if (found === undefined)
    report.stop('missingDtmiSegPropertyValue', pointer, `The element needs a name (DTDL ${version}).`);
  const at = pointerTo(pointer, found);
  const value = plainLiteral(valuesOf(node.members.get(found) as JsonNode, at).items);
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value).replace('.', '_');
  report.stop('dtmiSegPropertyNotStringOrNumber', at, 'The name has to be one string.');
}

function reportDouble(id: string, pointer: string, position: Position | null, reading: Reading): void {
  const { report, registry } = reading;
  const before = registry.elements.get(id);
  const place = before?.pointer || 'the beginning of its document';
  if (!isGeneratedId(id))
    report.error(
      'duplicateDefinition',
      pointerTo(pointer, '@id'),
      `${id} is defined more than once; the other one is at ${place}.`,
    );
  else if (position?.named)
    report.error(
      'nonUniquePropertyValue',
      pointer,
      `Names in ${position.member} have to differ; the same name stands at ${place}.`,
    );
}

/** Reads all values of a document; a stop ends it, and what was read before stays. */
export function readDocument(node: JsonNode, pointer: string, reading: Reading): DtdlElement[] {
  const roots: DtdlElement[] = [];
  try {
    for (const item of valuesOf(node, pointer).items) {
      const root = readRoot(item.node, item.pointer, reading);
      if (root) roots.push(root);
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return roots;
}
