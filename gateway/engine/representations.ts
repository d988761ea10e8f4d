import type { RequiresSelection } from '../plan-nodes.ts';
import { copyOf, isObject, mergeInto } from './merge.ts';
import type { Rewrites } from './rewrites.ts';
import type { TypeLookup } from './type-lookup.ts';
import type { ResponseObject, ResponsePath } from './types.ts';

/** The distinct representations that go out under one variable. */
export class RepresentationList {
  readonly values: ResponseObject[] = [];
  readonly #indexByText = new Map<string, number>();

  /** The index of an equal representation, added when new. */
  indexOf(representation: ResponseObject): number {
    const text = JSON.stringify(representation);
    const known = this.#indexByText.get(text);
    if (known !== undefined) return known;
    this.#indexByText.set(text, this.values.length);
    return this.values.push(representation) - 1;
  }
}

interface Target {
  readonly object: ResponseObject;
  readonly path: ResponsePath;
  readonly index: number;
}

/**
 * One entity lookup: which objects of the response need it, the representation of each (equal ones go out once), and
 * where each answer belongs.
 *
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec (`_entities`)
 */
export class EntityBatch {
  readonly #types: TypeLookup;
  readonly #requires: readonly RequiresSelection[];
  readonly #rewrites: Rewrites | null;
  readonly #list: RepresentationList;
  readonly #targets: Target[] = [];

  constructor(
    list: RepresentationList,
    shape: { types: TypeLookup; requires: readonly RequiresSelection[]; rewrites: Rewrites | null },
  ) {
    this.#list = list;
    this.#types = shape.types;
    this.#requires = shape.requires;
    this.#rewrites = shape.rewrites;
  }

  /** Adds an object, unless it is of a type this lookup is not for, or has no key to look up by. */
  add(object: ResponseObject, path: ResponsePath): void {
    const representation = this.#represent(object);
    if (representation) this.#targets.push({ object, path, index: this.#list.indexOf(representation) });
  }

  /** Where the objects are that wait for this lookup. */
  get paths(): ResponsePath[] {
    return this.#targets.map((target) => target.path);
  }

  /** Where the objects are that wait for the representation at `index`. */
  pathsOf(index: number): ResponsePath[] {
    return this.#targets.filter((target) => target.index === index).map((target) => target.path);
  }

  /** Merges the answers, in the order of the representations, into the objects. A null entity brings nothing. */
  apply(entities: readonly unknown[]): void {
    const used = new Set<number>();
    for (const { object, index } of this.#targets) {
      const entity = entities[index];
      if (!isObject(entity)) continue;
      mergeInto(object, used.has(index) ? (copyOf(entity) as ResponseObject) : entity);
      used.add(index);
    }
  }

  #represent(object: ResponseObject): ResponseObject | null {
    const typeName = object['__typename'];
    if (typeof typeName !== 'string' || !this.#concerns(typeName)) return null;
    const representation = project(this.#requires, object, this.#types);
    if (!representation || !hasKey(representation)) return null;
    representation['__typename'] ??= typeName;
    this.#rewrites?.apply(representation);
    return representation;
  }

  #concerns(typeName: string): boolean {
    return this.#requires.some(
      (part) => part.kind !== 'InlineFragment' || this.#types.satisfies(typeName, part.typeCondition),
    );
  }
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
): ResponseObject | undefined {
  const result: ResponseObject = {};
  for (const part of selections) {
    if (part.kind === 'InlineFragment') {
      if (!types.satisfies(object['__typename'], part.typeCondition)) continue;
      const inner = project(part.selections, object, types);
      if (!inner) return undefined;
      mergeInto(result, inner);
    } else if (part.kind === 'Field') {
      const key = part.alias !== undefined && !(part.name in object) ? part.alias : part.name;
      const value = projectValue(part.selections, object[key], types);
      if (value === undefined && part.name !== '__typename') return undefined;
      if (value !== undefined) result[part.alias ?? part.name] = value;
    }
  }
  return result;
}

function projectValue(
  selections: readonly RequiresSelection[] | null | undefined,
  value: unknown,
  types: TypeLookup,
): unknown {
  if (!selections?.length || value === null || value === undefined) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => projectValue(selections, item, types));
    return items.includes(undefined) ? undefined : items;
  }
  return isObject(value) ? project(selections, value, types) : value;
}
