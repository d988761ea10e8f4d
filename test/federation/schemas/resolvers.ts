import { Kind, type SelectionSetNode } from 'graphql';
import type { FieldModel, InterfaceModel, ModelView, ObjectModel } from './model.ts';
import { declaredIn } from './sdl.ts';
import { canonical, Misplanned, selectionOf, World, type Thing } from './world.ts';

/** An object as it goes through one subgraph's resolvers. */
interface Source extends Thing {
  /** What the gateway sent along. */
  readonly reference?: Readonly<Record<string, unknown>>;
  /** What of it this subgraph provides here. */
  readonly provided?: SelectionSetNode;
}

type Args = Readonly<Record<string, unknown>>;
type Resolve = (source: Source | undefined, args: Args) => unknown;
type ResolverMap = Record<string, Record<string, unknown>>;

const rootThing: Thing = { __typename: 'Query', at: 'root' };
const typeName = { __resolveType: (thing: Thing) => thing.__typename };

/** Resolvers of everything, for one schema. */
export function monolithResolvers(world: World): ResolverMap {
  const map: ResolverMap = {};
  for (const type of world.view.objects()) {
    const added = world.view.interfaces().filter(({ members }) => members.includes(type.name));
    const all = [...type.fields, ...added.flatMap(({ fields }) => fields)].filter(
      ({ inaccessible }) => !inaccessible,
    );
    map[type.name] = Object.fromEntries(
      all.map((field): [string, Resolve] => {
        const owner = type.fields.includes(field)
          ? type
          : added.find(({ fields }) => fields.includes(field))!;
        return [field.name, (source, args) => world.answer(owner, field, source ?? rootThing, args)];
      }),
    );
  }
  for (const { kind, name } of world.view.model.types)
    if (kind === 'interface' || kind === 'union') map[name] = typeName;
  return map;
}

/** The labels of progressive overrides that are on, whatever a request draws. */
export const activeLabels = ['moved-on'];

/** Resolvers of one subgraph. They refuse what a correct plan never asks of it. */
export function subgraphResolvers(world: World, subgraph: string): ResolverMap {
  const { view } = world;
  const declared = declaredIn(view, subgraph);
  const { rootNames } = view.model.subgraphs.find(({ name }) => name === subgraph)!;
  const map: ResolverMap = {};
  for (const type of view.model.types) {
    if (!declared.has(type.name)) continue;
    if (type.kind === 'object') {
      const name = (rootNames as Record<string, string>)[type.name] ?? type.name;
      map[name] = new ObjectResolvers(world, subgraph, type).map();
    } else if (type.kind === 'interface' && type.objectIn.includes(subgraph)) {
      map[type.name] = interfaceObjectResolvers(world, subgraph, type);
    } else if (type.kind === 'interface' || type.kind === 'union') {
      map[type.name] =
        type.kind === 'interface' && type.key
          ? { ...typeName, __resolveReference: interfaceReference(world, subgraph, type) }
          : typeName;
    }
  }
  return map;
}

class ObjectResolvers {
  readonly #world: World;
  readonly #view: ModelView;
  readonly #subgraph: string;
  readonly #type: ObjectModel;

  constructor(world: World, subgraph: string, type: ObjectModel) {
    this.#world = world;
    this.#view = world.view;
    this.#subgraph = subgraph;
    this.#type = type;
  }

  map(): Record<string, unknown> {
    const type = this.#type;
    const fields = type.fields.filter((field) => this.#view.declares(this.#subgraph, type, field));
    const resolvers: Record<string, unknown> = Object.fromEntries(
      fields.map((field) => [field.name, this.#resolver(field)]),
    );
    if (type.role === 'entity') resolvers['__resolveReference'] = this.#reference();
    return resolvers;
  }

  #resolver(field: FieldModel): Resolve {
    const type = this.#type;
    const subgraph = this.#subgraph;
    return (given, args) => {
      const source = given ?? rootThing;
      this.#assertPlanned(field, source);
      if (
        type.role === 'entity' &&
        !field.key &&
        this.#view.resolves(subgraph, type, field) &&
        !this.#world.knows(subgraph, type, source.at)
      )
        return null;
      const found = field.requires
        ? this.#world.computed(type, field, source, inputsOf(source, field, subgraph))
        : this.#world.value(type, field, source, args);
      return withProvided(found, providedBelow(field, source, subgraph));
    };
  }

  /** @throws {Misplanned} the subgraph does not have the field here, or has given it away. */
  #assertPlanned(field: FieldModel, source: Source): void {
    const place = `${this.#subgraph} was asked for ${this.#type.name}.${field.name}`;
    const { override } = field;
    const label = override?.label;
    if (override && label !== 'percent(50)') {
      const isMoved = label === undefined || label === 'percent(100)' || activeLabels.includes(label);
      if (isMoved === (override.from === this.#subgraph))
        throw new Misplanned(`${place}, which is overridden`);
      return;
    }
    if (override || this.#view.resolves(this.#subgraph, this.#type, field)) return;
    if (!providedOf(source, field.name)) throw new Misplanned(`${place}, which it does not have there`);
  }

  #reference() {
    return async (reference: Record<string, unknown>) => {
      const at = referredTo(this.#world, this.#type, reference, this.#subgraph);
      return this.#world.knows(this.#subgraph, this.#type, at)
        ? { __typename: this.#type.name, at, reference }
        : null;
    };
  }
}

/** Which entity a representation stands for. @throws {Misplanned} it has no whole key, or one that does not fit together. */
function referredTo(
  world: World,
  type: ObjectModel,
  reference: Record<string, unknown>,
  subgraph: string,
): number {
  const keys = type.keys.filter((key) => key.in.includes(subgraph) && !key.unresolvableIn.includes(subgraph));
  for (const key of keys) {
    const set = selectionOf(key.fields);
    const at = firstOf(set, reference);
    if (at === undefined) continue;
    const wanted = world.required({ __typename: type.name, at }, key.fields);
    if (canonical(part(set, reference)) === canonical(wanted)) return at;
  }
  throw new Misplanned(
    `${subgraph} was given a reference to ${type.name} without a whole key: ${JSON.stringify(reference)}`,
  );
}

function firstOf(set: SelectionSetNode, value: unknown): number | undefined {
  for (const node of set.selections) {
    if (node.kind !== Kind.FIELD) continue;
    const inner = (value as Record<string, unknown> | null)?.[node.name.value];
    const found = node.selectionSet ? firstOf(node.selectionSet, inner) : World.entityOf(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a field set selects of a representation. */
function part(set: SelectionSetNode, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => part(set, item));
  if (value === null || typeof value !== 'object') return value;
  const fields = set.selections.filter((node) => node.kind === Kind.FIELD);
  return Object.fromEntries(
    fields.map((node) => {
      const inner = (value as Record<string, unknown>)[node.name.value];
      return [node.name.value, node.selectionSet ? part(node.selectionSet, inner) : inner];
    }),
  );
}

function inputsOf(source: Source, field: FieldModel, subgraph: string): unknown {
  const set = selectionOf(field.requires!);
  const reference = source.reference ?? {};
  for (const node of set.selections)
    if (node.kind === Kind.FIELD && !(node.name.value in reference))
      throw new Misplanned(
        `${subgraph} was asked for ${source.__typename}.${field.name} without ${node.name.value}`,
      );
  return part(set, reference);
}

function providedOf(source: Source, name: string) {
  for (const node of source.provided?.selections ?? []) {
    if (node.kind === Kind.FIELD && node.name.value === name) return node;
    if (node.kind !== Kind.INLINE_FRAGMENT || node.typeCondition?.name.value !== source.__typename) continue;
    const found = node.selectionSet.selections.find(
      (inner) => inner.kind === Kind.FIELD && inner.name.value === name,
    );
    if (found?.kind === Kind.FIELD) return found;
  }
  return undefined;
}

function providedBelow(field: FieldModel, source: Source, subgraph: string): SelectionSetNode | undefined {
  const set = field.provides[subgraph];
  return set ? selectionOf(set) : providedOf(source, field.name)?.selectionSet;
}

function withProvided(value: unknown, provided: SelectionSetNode | undefined): unknown {
  if (!provided) return value;
  if (Array.isArray(value)) return value.map((item) => withProvided(item, provided));
  return value !== null && typeof value === 'object' && 'at' in value ? { ...value, provided } : value;
}

function interfaceReference(world: World, subgraph: string, type: InterfaceModel) {
  return async (reference: Record<string, unknown>) => {
    const at = keyOf(type, reference, subgraph);
    return { __typename: world.concreteOf(type.members, at), at, reference };
  };
}

function keyOf(type: InterfaceModel, reference: Record<string, unknown>, subgraph: string): number {
  const at = World.entityOf(reference[type.key!]);
  if (at === undefined)
    throw new Misplanned(`${subgraph} was given a reference to ${type.name} without a key`);
  return at;
}

function interfaceObjectResolvers(
  world: World,
  subgraph: string,
  type: InterfaceModel,
): Record<string, unknown> {
  const own = type.fields
    .filter((field) => field.holders.includes(subgraph))
    .map((field): [string, Resolve] => [
      field.name,
      (source, args) => {
        const found = field.requires
          ? world.computed(type, field, source!, inputsOf(source!, field, subgraph))
          : world.value(type, field, source!, args);
        return withProvided(found, providedBelow(field, source!, subgraph));
      },
    ]);
  const key = world.view.field(type.members[0]!, type.key!)!;
  const notOwn = (name: string): [string, Resolve] => [
    name,
    () => {
      throw new Misplanned(`${subgraph} was asked for ${type.name}.${name}, which it does not have`);
    },
  ];
  return {
    ...Object.fromEntries([...type.common, ...type.fields.map(({ name }) => name)].map(notOwn)),
    ...Object.fromEntries(own),
    [type.key!]: ({ at }: Source) => world.keyValue(type.members[0]!, key, at as number),
    __resolveReference: interfaceReference(world, subgraph, type),
  };
}
