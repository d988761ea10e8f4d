/**
 * JSON-LD as DTDL uses it: objects with keywords and properties, values that may stand in arrays.
 * @see DTDL specification, JSON-LD; JSON-LD 1.1, section 1.7
 */
import { pointerTo } from '../json-pointer.ts';
import type { JsonArray, JsonNode, JsonObject } from '../json-text.ts';
import type { Report } from './report.ts';

/** A value with the place it stands at. */
export interface Placed {
  readonly node: JsonNode;
  readonly pointer: string;
}

/** Values of a member: nested arrays are one list. */
export interface Values {
  readonly pointer: string;
  /** Written as an array, be it of one value. */
  readonly plural: boolean;
  readonly items: readonly Placed[];
}

const own = new Set(['@context', '@graph', '@id', '@type', '@value', '@language']);

/** The text of a scalar that is a string, else `null`. */
export function textOf(node: JsonNode | undefined): string | null {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

/** `@id`: `null` when it is not there, empty when it is not a string. */
export function idOf(node: JsonObject): string | null {
  const id = node.members.get('@id');
  return id ? (textOf(id) ?? '') : null;
}

/** `@type` as a list, `null` for what is not a string; `null` when it is not there. */
export function typesOf(node: JsonObject): readonly (string | null)[] | null {
  const types = node.members.get('@type');
  if (!types) return null;
  if (types.kind === 'array') return types.items.map(textOf);
  const only = textOf(types);
  return only === null ? [] : [only];
}

/** `@language`: `null` when it is not there, empty when it is not a string. */
export function languageOf(node: JsonObject): string | null {
  const language = node.members.get('@language');
  return language ? (textOf(language) ?? '') : null;
}

/** Keywords without a meaning in DTDL. */
export function otherKeywords(node: JsonObject): readonly string[] {
  return [...node.members.keys()].filter((name) => name.startsWith('@') && !own.has(name));
}

/** Members that are not keywords; one that is repeated stands here once, with its last value. */
export function propertiesOf(node: JsonObject): readonly (readonly [name: string, value: JsonNode])[] {
  return [...node.members].filter(([name]) => !name.startsWith('@'));
}

/** How many members the object was written with. */
export function memberCount(node: JsonObject): number {
  return node.members.size + node.repeated.length;
}

/** The values of a member. */
export function valuesOf(node: JsonNode, pointer: string): Values {
  const items: Placed[] = [];
  if (node.kind === 'array') flatten(node, pointer, items);
  else items.push({ node, pointer });
  return { pointer, plural: node.kind === 'array', items };
}

function flatten(list: JsonArray, pointer: string, into: Placed[]): void {
  for (const [i, node] of list.items.entries()) {
    const at = pointerTo(pointer, i);
    if (node.kind === 'array') flatten(node, at, into);
    else into.push({ node, pointer: at });
  }
}

const repeatedCodes: Readonly<Record<string, string>> = {
  '@context': 'repeatedContextProperty',
  '@graph': 'repeatedGraphProperty',
  '@id': 'repeatedIdProperty',
  '@type': 'repeatedTypeProperty',
  '@value': 'repeatedValueProperty',
  '@language': 'repeatedLanguageProperty',
};

/** Stops at the first object that is no JSON-LD: keywords that repeat, a `@context` or `@graph` of the wrong shape. */
export function checkShape(node: JsonNode, pointer: string, report: Report): void {
  if (node.kind === 'array')
    for (const [i, item] of node.items.entries()) checkShape(item, pointerTo(pointer, i), report);
  if (node.kind !== 'object') return;
  for (const [name, value] of node.members) {
    const at = pointerTo(pointer, name);
    if (name.startsWith('@') && node.repeated.includes(name))
      report.stop(
        (Object.hasOwn(repeatedCodes, name) && repeatedCodes[name]) || 'repeatedKeyword',
        at,
        `${name} stands more than once in the object; keep one.`,
      );
    if (name === '@context') checkContext(value, at, report);
    else if (name === '@graph') checkGraph(value, at, report);
    else if (name === '@value' || !name.startsWith('@')) checkShape(value, at, report);
  }
}

function checkGraph(node: JsonNode, at: string, report: Report): void {
  const items = node.kind === 'array' ? node.items : [node];
  for (const item of items) {
    if (item.kind !== 'object')
      report.stop('graphNotObject', at, '@graph holds something that is not an object; use objects only.');
    checkShape(item, at, report);
  }
}

function checkContext(node: JsonNode, at: string, report: Report): void {
  const parts = node.kind === 'array' ? node.items : [node];
  for (const part of parts) {
    if (textOf(part) !== null) continue;
    if (part.kind !== 'object')
      report.stop('invalidContext', at, '@context has to be a string, or an array of strings.');
    checkLocalContext(part, at, report);
  }
}

function checkLocalContext(node: JsonObject, at: string, report: Report): void {
  const [repeated] = node.repeated;
  if (repeated !== undefined)
    report.stop(
      'duplicateTermInContextObject',
      at,
      `The term ${repeated} is defined twice in @context; keep one definition.`,
    );
  for (const [term, definition] of node.members) {
    if (textOf(definition) !== null || (definition.kind === 'scalar' && definition.value === null)) continue;
    if (definition.kind !== 'object')
      report.stop(
        'termDefinitionNotStringOrObject',
        at,
        `The definition of ${term} in @context has to be a string or an object.`,
      );
    const id = definition.members.get('@id');
    if (!id)
      report.stop(
        'termDefinitionMissingIdProperty',
        at,
        `The definition of ${term} in @context needs an @id.`,
      );
    if (textOf(id) === null)
      report.stop(
        'termDefinitionIdPropertyNotString',
        at,
        `The @id of the definition of ${term} in @context has to be a string.`,
      );
  }
}
