import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { ModelId } from '../ids.ts';
import type { PropertyContent, ValueType } from '../model.ts';
import { positionOf } from './instance.ts';
import { namesOf, textsOf, type LangString, type SubmodelElement } from './environment.ts';
import { valueOf, valueTypeOf } from './values.ts';

/** A submodel as flat properties. */
export interface Flattened {
  readonly contents: readonly PropertyContent[];
  readonly values: ReadonlyMap<string, unknown>;
  /** Values as they were written, where JavaScript writes them otherwise (`4.50`), by the same names. */
  readonly texts: ReadonlyMap<string, string>;
  /** The elements as they came, without the values that became properties. */
  readonly elements: readonly unknown[];
}

/** What flattening needs besides the elements. */
export interface FlattenScope {
  readonly declaredBy: ModelId;
  /** UCUM code for an element, or `null`. */
  readonly unitOf: (element: SubmodelElement, pointer: string) => string | null;
  readonly sink: FindingSink;
}

interface Leaf {
  /** Added to the element's name, for elements with two values. */
  readonly suffix: string;
  readonly valueType: ValueType;
  /** `null` when the element has no value. */
  readonly value: unknown;
  /** The lexical value it was read from. */
  readonly text?: string;
}

/** Elements that hold others, and the member that does. */
const containers: Readonly<Record<string, 'value' | 'statements'>> = {
  SubmodelElementCollection: 'value',
  SubmodelElementList: 'value',
  Entity: 'statements',
};

/**
 * Turns a tree of submodel elements into properties whose names are paths, e.g. `Nameplate.Markings.0.MarkingName`.
 * Elements that are no values (operations, events, relationships, blobs) stay in `elements` and are reported.
 */
export function flatten(
  elements: readonly SubmodelElement[],
  prefix: string,
  pointer: string,
  scope: FlattenScope,
): Flattened {
  const contents: PropertyContent[] = [];
  const values = new Map<string, unknown>();
  const texts = new Map<string, string>();
  const names = new Set<string>();
  const walk = (list: readonly SubmodelElement[], path: string, at: string): unknown[] => {
    const siblings = namesOf(list);
    return list.map((element, i) => {
      const name = `${path}.${siblings[i]}`;
      const place = pointerTo(at, positionOf(element, i));
      if (element.idShort !== undefined && element.idShort !== siblings[i])
        scope.sink.warn(
          'hub:duplicateName',
          place,
          `There is a second element ${path}.${element.idShort}; it is named ${name} after its position.`,
        );
      const member = Object.hasOwn(containers, element.modelType) ? containers[element.modelType] : undefined;
      const held = member ? element[member] : undefined;
      if (member)
        return Array.isArray(held)
          ? { ...element, [member]: walk(held as SubmodelElement[], name, pointerTo(place, member)) }
          : element;
      const leaves = leavesOf(element, place, scope.sink);
      if (!leaves) return element;
      const isTaken = leaves.some(({ suffix }) => names.has(`${name}${suffix}`));
      if (isTaken)
        scope.sink.warn(
          'hub:duplicateName',
          place,
          `There are two elements ${name}; this one stays in the source.`,
        );
      else for (const leaf of leaves) add(element, `${name}${leaf.suffix}`, leaf, place);
      return isTaken || leaves.some((leaf) => leaf.value === undefined)
        ? element
        : without(element, ['value', 'min', 'max']);
    });
  };
  const add = (element: SubmodelElement, name: string, leaf: Leaf, place: string): void => {
    names.add(name);
    const base = {
      name,
      displayName: textsOf(element.displayName),
      description: textsOf(element.description),
      declaredBy: scope.declaredBy,
    };
    contents.push({
      ...base,
      kind: 'property',
      valueType: leaf.valueType,
      enumValues: null,
      unit: scope.unitOf(element, place),
      quantity: null,
      writable: false,
    });
    if (leaf.value === null || leaf.value === undefined) return;
    values.set(name, leaf.value);
    if (leaf.text !== undefined && String(leaf.value) !== leaf.text) texts.set(name, leaf.text);
  };
  const kept = walk(elements, prefix, pointer);
  return { contents, values, texts, elements: kept };
}

function without(element: SubmodelElement, names: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(element).filter(([name]) => !names.includes(name)));
}

/** The values of an element; `undefined` as value when there is one that the hub cannot hold; `null` when it is no value. */
function leavesOf(element: SubmodelElement, place: string, sink: FindingSink): readonly Leaf[] | null {
  switch (element.modelType) {
    case 'Property':
      return [lexical('', element.value, element, pointerTo(place, 'value'), sink)];
    case 'Range':
      return [
        lexical('.min', element.min, element, pointerTo(place, 'min'), sink),
        lexical('.max', element.max, element, pointerTo(place, 'max'), sink),
      ];
    case 'MultiLanguageProperty':
      return [languages(element, pointerTo(place, 'value'), sink)];
    case 'File':
      return [{ suffix: '', valueType: 'string', value: element.value ?? null }];
    case 'ReferenceElement':
      return [{ suffix: '', valueType: 'object', value: element.value ?? null }];
    default:
      sink.warn(
        'hub:elementNotUsed',
        place,
        `The ${element.modelType} ${element.idShort ?? ''} is kept in the source; the hub does not use it.`,
      );
      return null;
  }
}

/** Texts by language; two texts in one language, which only imported documents have, stay in the source. */
function languages(element: SubmodelElement, place: string, sink: FindingSink): Leaf {
  const strings = Array.isArray(element.value) ? (element.value as LangString[]) : null;
  const value = strings && textsOf(strings);
  if (!strings || !value || Object.keys(value).length === strings.length)
    return { suffix: '', valueType: 'object', value };
  sink.warn(
    'hub:languageTwice',
    place,
    'There are several texts in one language; the value is kept in the source only.',
  );
  return { suffix: '', valueType: 'object', value: undefined };
}

function lexical(
  suffix: string,
  text: unknown,
  element: SubmodelElement,
  place: string,
  sink: FindingSink,
): Leaf {
  const valueType = valueTypeOf(element.valueType ?? 'xs:string');
  if (typeof text !== 'string') return { suffix, valueType, value: null };
  const value = valueOf(text, valueType);
  if (value !== null) return { suffix, valueType, value, text };
  sink.warn(
    'hub:valueKeptAsText',
    place,
    `${JSON.stringify(text)} has no JSON value of type ${element.valueType}; it is kept in the source only.`,
  );
  return { suffix, valueType, value: undefined };
}
