import type { RequiresSelection } from '../plan-nodes.ts';
import type { KeyNames } from './entity-keys.ts';
import { pathTo, type Place } from './locate.ts';
import { copyOf, isObject, mergeInto } from './merge.ts';
import type { Rewrites } from './rewrites.ts';
import type { FieldType, TypeLookup } from './type-lookup.ts';
import type { ResponseObject, ResponsePath } from './types.ts';

/** What makes the representation of an object. */
export interface RepresentationShape {
  readonly types: TypeLookup;
  readonly requires: readonly RequiresSelection[];
  readonly rewrites: Rewrites | null;
  /** The subgraph that looks them up. */
  readonly serviceName: string;
}

/** The distinct representations that go out under one variable. */
export class RepresentationList {
  readonly values: ResponseObject[] = [];
  readonly #indexByText = new Map<string, number>();

  /**
   * The index of an equal representation, added when new.
   * @param text - the same for equal ones.
   */
  indexOf(representation: ResponseObject, text: string): number {
    const known = this.#indexByText.get(text);
    if (known !== undefined) return known;
    this.#indexByText.set(text, this.values.length);
    return this.values.push(representation) - 1;
  }
}

interface Target {
  readonly object: ResponseObject;
  readonly place: Place | null;
  readonly index: number;
}

/**
 * One entity lookup: which objects of the response need it, the representation of each (equal ones go out once), and
 * where each answer belongs.
 *
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec (`_entities`)
 */
export class EntityBatch {
  readonly #representer: Representer;
  readonly #list: RepresentationList;
  readonly #targets: Target[] = [];

  constructor(list: RepresentationList, representer: Representer) {
    this.#list = list;
    this.#representer = representer;
  }

  /** Adds an object, unless it is of a type this lookup is not for, or has no key to look up by. */
  add(object: ResponseObject, place: Place | null): void {
    const representation = this.#representer.of(object);
    if (!representation) return;
    const index = this.#list.indexOf(representation, this.#representer.textOf(representation));
    this.#targets.push({ object, place, index });
  }

  /** Where the objects are that wait for this lookup. */
  get paths(): ResponsePath[] {
    return this.#targets.map(({ place }) => pathTo(place));
  }

  /** Where the objects are that wait for the representation at `index`. */
  pathsOf(index: number): ResponsePath[] {
    return this.#targets.filter((target) => target.index === index).map(({ place }) => pathTo(place));
  }

  /** Merges the answers, in the order of the representations, into the objects. A null entity brings nothing. */
  apply(entities: readonly unknown[]): void {
    const used: boolean[] = [];
    for (const { object, index } of this.#targets) {
      const entity = entities[index];
      if (!isObject(entity)) continue;
      mergeInto(object, used[index] ? (copyOf(entity) as ResponseObject) : entity, this.#representer.types);
      used[index] = true;
    }
  }
}

/** Makes the representations of one lookup; what they consist of is worked out once for each type met. */
export class Representer {
  readonly #shape: RepresentationShape;
  /** For types whose representation is its name and plain fields: their names. */
  readonly #plain = new Map<string, readonly string[] | null>();
  /** By type: see #keysBeside. */
  readonly #keys = new Map<string, readonly KeyNames[] | null>();

  constructor(shape: RepresentationShape) {
    this.#shape = shape;
  }

  /** `null` for an object this lookup is not for, or without a key to look up by. */
  of(object: ResponseObject): ResponseObject | null {
    const typeName = object['__typename'];
    if (typeof typeName !== 'string') return null;
    let fields = this.#plain.get(typeName);
    if (fields === undefined) fields = this.#learn(typeName);
    const representation = fields ? plainOf(object, typeName, fields) : this.#general(object, typeName);
    return representation && this.#isFindable(representation) ? representation : null;
  }

  /** Whether it holds more than what a resolver computes with: a key that is null leads nowhere. */
  #isFindable(representation: ResponseObject): boolean {
    const typeName = String(representation['__typename']);
    let keys = this.#keys.get(typeName);
    if (keys === undefined) this.#keys.set(typeName, (keys = this.#keysBeside(typeName)));
    if (!keys) return true;
    const whole = keys.filter((key) => key.every((name) => name in representation));
    return !whole.length || whole.some((key) => key.some((name) => representation[name] !== null));
  }

  /** `null` when nothing but keys goes out. */
  #keysBeside(typeName: string): readonly KeyNames[] | null {
    const { types, requires, serviceName } = this.#shape;
    const keys = types.keysIn(serviceName, typeName);
    const inKeys = new Set(keys.flat());
    return topNames(requires).every((name) => inKeys.has(name)) ? null : keys;
  }

  get types(): TypeLookup {
    return this.#shape.types;
  }

  /** The same for equal representations. A single text beside the type's name is by far the most common key. */
  textOf(representation: ResponseObject): string {
    const fields = this.#plain.get(String(representation['__typename']));
    const [only] = fields ?? [];
    const value = only !== undefined && fields?.length === 1 ? representation[only] : undefined;
    if (typeof value !== 'string') return JSON.stringify(representation);
    // No JSON text begins so.
    return `${String(representation['__typename'])} ${only} ${value}`;
  }

  #learn(typeName: string): readonly string[] | null {
    const { types, requires, rewrites } = this.#shape;
    const fields = rewrites ? null : plainFields(requires, typeName, types);
    // The names come from subgraphs: an unknown one must not grow the memory.
    if (types.isKnown(typeName)) this.#plain.set(typeName, fields);
    return fields;
  }

  #general(object: ResponseObject, typeName: string): ResponseObject | null {
    const { types, requires, rewrites } = this.#shape;
    if (!concerns(requires, typeName, types)) return null;
    const representation = project(requires, object, types, typeName);
    if (!representation || !hasKey(representation)) return null;
    representation['__typename'] ??= typeName;
    rewrites?.apply(representation);
    return representation;
  }
}

function topNames(requires: readonly RequiresSelection[]): string[] {
  return requires.flatMap((part) => {
    if (part.kind === 'InlineFragment') return topNames(part.selections);
    return part.kind === 'Field' && part.name !== '__typename' ? [part.name] : [];
  });
}

function concerns(requires: readonly RequiresSelection[], typeName: string, types: TypeLookup): boolean {
  return requires.some(
    (part) => part.kind !== 'InlineFragment' || types.satisfies(typeName, part.typeCondition),
  );
}

/** The fields of a type's representation beside its name, when `project` would do nothing but copy them; else `null`. */
function plainFields(
  selections: readonly RequiresSelection[],
  typeName: string,
  types: TypeLookup,
): readonly string[] | null {
  const fields = new Set<string>();
  for (const part of selections) {
    if (part.kind === 'InlineFragment') {
      if (!types.satisfies(typeName, part.typeCondition)) continue;
      const inner = plainFields(part.selections, typeName, types);
      if (!inner) return null;
      for (const field of inner) fields.add(field);
    } else if (part.kind === 'Field' && part.alias === undefined && !part.selections?.length) {
      if (part.name !== '__typename') fields.add(part.name);
    } else return null;
  }
  return fields.size ? [...fields] : null;
}

function plainOf(object: ResponseObject, typeName: string, fields: readonly string[]): ResponseObject | null {
  const representation: ResponseObject = { __typename: typeName };
  let hasKey = false;
  for (const field of fields) {
    const value = object[field];
    if (value === undefined) return null;
    representation[field] = value;
    hasKey ||= value !== null;
  }
  return hasKey ? representation : null;
}

function hasKey(representation: ResponseObject): boolean {
  return Object.entries(representation).some(([name, value]) => name !== '__typename' && value !== null);
}

/**
 * The selected part of an object. `undefined` when a selected field was never answered, because the fetch for it
 * failed: asking with half a representation would make a resolver compute from nothing.
 */
function project(
  selections: readonly RequiresSelection[],
  object: ResponseObject,
  types: TypeLookup,
  typeName: string,
): ResponseObject | undefined {
  const result: ResponseObject = {};
  for (const part of selections) {
    if (part.kind === 'InlineFragment') {
      if (!types.satisfies(object['__typename'], part.typeCondition)) continue;
      const inner = project(part.selections, object, types, typeName);
      if (!inner) return undefined;
      mergeInto(result, inner);
    } else if (part.kind === 'Field') {
      const key = part.alias !== undefined && !(part.name in object) ? part.alias : part.name;
      const value = part.selections?.length
        ? projectBelow(part.selections, object[key], types, types.fieldType(typeName, part.name))
        : object[key];
      if (value === undefined && part.name !== '__typename') return undefined;
      if (value !== undefined) result[part.alias ?? part.name] = value;
    }
  }
  return result;
}

function projectBelow(
  selections: readonly RequiresSelection[],
  value: unknown,
  types: TypeLookup,
  type: FieldType | null,
): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => projectBelow(selections, item, types, type));
    return items.includes(undefined) ? undefined : items;
  }
  if (!isObject(value)) return value;
  const met = value['__typename'];
  const isTold = typeof met === 'string';
  const projected = project(selections, value, types, isTold ? met : (type?.name ?? ''));
  // Of an object of an interface or union a resolver must know what it is; plans leave that out.
  if (projected && isTold && type?.isAbstract) projected['__typename'] ??= met;
  return projected;
}
