import {
  GraphQLError,
  Kind,
  parse,
  valueFromASTUntyped,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { drawnFor } from './dice.ts';
import { publicArguments } from './sdl.ts';
import {
  ModelView,
  nameOf,
  strict,
  type ArgModel,
  type FieldModel,
  type Model,
  type ObjectModel,
  type TypeRef,
} from './model.ts';

/** An object of the data: which one of which type. */
export interface Thing {
  readonly __typename: string;
  /** A number for entities and parts of keys, a text for other values. */
  readonly at: number | string;
}

type Args = Readonly<Record<string, unknown>>;

/** How many entities of each type there are. */
const population = 6;

/** Some field that a value depends on got no answer. */
export class Unanswered extends Error {}

/** An impossible request: a plan asked a subgraph for what it does not have. */
export class Misplanned extends Error {
  constructor(message: string) {
    super(`${misplanned} ${message}`);
  }
}

/** How messages of impossible requests begin. */
export const misplanned = 'Misplanned:';

/**
 * The data behind a model: one value for each field of each object and each set of arguments, whoever asks. Some are
 * null, some are errors, some are not of the type the schema promises.
 */
export class World {
  readonly view: ModelView;
  /** Other values, other faults. */
  dataSeed = 0;
  /** The share of values that fail, 0 to 1. */
  faults = 0.06;
  /** What mutations did, in order. */
  log: string[] = [];

  constructor(model: Model) {
    this.view = new ModelView(model);
  }

  /** The value of a field for an object. Objects come as `Thing`s. @throws what a resolver throws. */
  value(type: ObjectModel | { name: string }, field: FieldModel, { at }: Thing, given: Args): unknown {
    const args = this.#publicArgs(field, given);
    const key = `${type.name}/${at}/${field.name}(${args})`;
    if (field.key) return this.keyValue(type.name, field, at as number);
    if (type.name === 'Mutation') this.log.push(key);
    if (field.counts) return this.log.length;
    this.#failAt(type.name, field, key);
    const wrong =
      !field.safe && this.#draw('wrong', key) < this.faults / 4 ? wrongFor(field.type) : undefined;
    if (wrong !== undefined) return wrong;
    return this.#build(field.strictIn.length ? strict(field.type) : field.type, key, field);
  }

  /** The value of a field that is computed from others. `null` among these makes null. */
  computed(type: { name: string }, field: FieldModel, thing: Thing, inputs: unknown): unknown {
    if (hasNull(inputs)) return null;
    const key = `${type.name}/${thing.at}/${field.name}/${canonical(inputs)}`;
    this.#failAt(type.name, field, key);
    return this.#build(field.type, key, field);
  }

  /** What a field set selects of an object, as a subgraph would get it. @throws {Unanswered} */
  required(thing: Thing, fieldSet: string): Record<string, unknown> {
    return this.#selected(thing, selectionOf(fieldSet));
  }

  /** Whether a subgraph that looks the entity up finds it. */
  knows(subgraph: string, type: ObjectModel, at: number | string): boolean {
    if (type.sinks.includes(subgraph)) {
      const key = type.fields.find((field) => field.key === 'nullable');
      if (key && this.keyValue(type.name, key, at as number) === null) return false;
    }
    return !(
      type.missingIn.includes(subgraph) &&
      this.#draw('missing', subgraph, type.name, String(at)) < this.faults * 2
    );
  }

  keyValue(typeName: string, field: FieldModel, at: number): unknown {
    const owner = this.view.object(typeName)?.space ?? typeName;
    if (field.key === 'nullable' && at % 3 === 1) return null;
    const named = nameOf(field.type);
    if (this.view.object(named)) return { __typename: named, at } satisfies Thing;
    return named === 'Int' ? at + 100 : `${owner}.${field.name}.${at}`;
  }

  /** Which entity has this key value. `undefined` when it is none. */
  static entityOf(value: unknown): number | undefined {
    if (typeof value === 'number') return value - 100;
    const match = typeof value === 'string' ? /\.(\d+)$/.exec(value) : null;
    return match ? Number(match[1]) : undefined;
  }

  /** The concrete type of an entity of an entity interface. */
  concreteOf(members: readonly string[], at: number): string {
    return members[at % members.length]!;
  }

  #selected(thing: Thing, set: SelectionSetNode): Record<string, unknown> {
    const fields = set.selections.filter((node): node is FieldNode => node.kind === Kind.FIELD);
    return Object.fromEntries(fields.map((node) => [node.name.value, this.#selectedField(thing, node)]));
  }

  #selectedField(thing: Thing, node: FieldNode): unknown {
    const owner = this.ownerOf(thing.__typename, node.name.value);
    const args = Object.fromEntries(
      (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
    );
    const found = this.answer(
      owner.type,
      owner.field,
      thing,
      this.#withDefaults(owner.field.args, args),
      true,
    );
    return this.#completed(owner.field.type, found, node.selectionSet);
  }

  #withDefaults(known: readonly ArgModel[], given: Args): Args {
    const missing = known.filter((arg) => arg.default !== undefined && !(arg.name in given));
    const all = { ...given, ...Object.fromEntries(missing.map((arg) => [arg.name, literal(arg.default!)])) };
    return Object.fromEntries(
      Object.entries(all).map(([name, value]) => {
        const type = this.view.get(nameOf(known.find((arg) => arg.name === name)!.type));
        const isObject =
          type?.kind === 'input' && value !== null && typeof value === 'object' && !Array.isArray(value);
        return [name, isObject ? this.#withDefaults(type.fields, value as Args) : value];
      }),
    );
  }

  #completed(type: TypeRef, value: unknown, set: SelectionSetNode | undefined): unknown {
    if ('nonNull' in type) return this.#completed(type.nonNull, value, set);
    if (value === null || value === undefined || value instanceof Error) return null;
    if ('list' in type)
      return Array.isArray(value) ? value.map((item) => this.#completed(type.list, item, set)) : null;
    if (set) return this.#selected(value as Thing, set);
    return value !== null && isWrongLeaf(value, type.name) ? null : serialized(value, type.name);
  }

  /** Where a field of an object is defined: at its type, or at the entity interface. */
  ownerOf(typeName: string, fieldName: string): { type: ObjectModel | { name: string }; field: FieldModel } {
    const type = this.view.object(typeName);
    const own = type?.fields.find(({ name }) => name === fieldName);
    if (type && own) return { type, field: own };
    const space = this.view
      .interfaces()
      .find(
        ({ members, fields }) => members.includes(typeName) && fields.some(({ name }) => name === fieldName),
      );
    const field = space?.fields.find(({ name }) => name === fieldName);
    if (!space || !field) throw new Error(`${typeName}.${fieldName} is nowhere`);
    return { type: space, field };
  }

  /** The value of a field as the whole graph has it. @param inner - gives `null` for an error; throws Unanswered. */
  answer(
    type: ObjectModel | { name: string },
    field: FieldModel,
    thing: Thing,
    args: Args,
    inner = false,
  ): unknown {
    const holder = field.holders[0];
    const lost =
      'missingIn' in type && holder !== undefined && !field.key && !this.knows(holder, type, thing.at);
    if (lost && inner) throw new Unanswered(`${type.name}.${field.name}`);
    if (lost) return null;
    try {
      return field.requires === undefined
        ? this.value(type, field, thing, args)
        : this.computed(type, field, thing, this.required(thing, field.requires));
    } catch (error) {
      if (error instanceof Unanswered && !inner) return null;
      if (error instanceof Unanswered || !inner) throw error;
      return null;
    }
  }

  #failAt(typeName: string, field: FieldModel, key: string): void {
    if (field.safe || this.#draw('fails', key) >= this.faults) return;
    const message = `${field.name} of ${typeName} failed`;
    if (this.#draw('how', key) < 0.5) throw new Error(message);
    throw new GraphQLError(message, {
      extensions: { code: 'BROKEN_SENSOR', field: field.name, tries: [1, { at: key.length }] },
    });
  }

  #build(type: TypeRef, key: string, field: FieldModel): unknown {
    if ('nonNull' in type) {
      const broken = !field.safe && this.#draw('hole', key) < this.faults / 3;
      return broken ? null : this.#present(type.nonNull, key, field);
    }
    return this.#draw('null', key) < (this.faults ? 0.08 : 0.02) ? null : this.#present(type, key, field);
  }

  #present(type: TypeRef, key: string, field: FieldModel): unknown {
    if ('nonNull' in type) return this.#build(type, key, field);
    if ('list' in type) {
      const length = Math.floor(this.#draw('length', key) * 3.6);
      return Array.from({ length }, (_, index) => this.#build(type.list, `${key}/${index}`, field));
    }
    return this.#named(type.name, key, field);
  }

  #named(name: string, key: string, field: FieldModel): unknown {
    const type = this.view.get(name);
    const at = Math.floor(this.#draw('which', key) * population);
    if (type?.kind === 'enum') return this.#enumValue(type.values, type.without, at, field);
    if (type?.kind === 'object') return this.#thing(type, at, key);
    if (type?.kind === 'interface' && type.key) return { __typename: this.concreteOf(type.members, at), at };
    if (type?.kind === 'interface' || type?.kind === 'union') {
      const everywhere = type.members.filter((member) =>
        field.holders.every((one) => this.view.membersIn(one, type).includes(member)),
      );
      const object = this.view.object(everywhere[at % everywhere.length] ?? '');
      return object ? this.#thing(object, Math.floor(this.#draw('which one', key) * population), key) : null;
    }
    return this.#leaf(name, key, at);
  }

  #thing(type: ObjectModel, at: number, key: string): Thing {
    if (type.role === 'value')
      return { __typename: type.name, at: `v${Math.floor(this.#draw('value', key) * 1e9)}` };
    const members = type.space
      ? this.view.interfaces().find(({ name }) => name === type.space)?.members
      : undefined;
    const offset = members ? members.indexOf(type.name) : 0;
    return { __typename: type.name, at: members ? (at % 2) * members.length + offset : at };
  }

  #enumValue(
    values: readonly string[],
    without: Readonly<Record<string, string[]>>,
    at: number,
    field: FieldModel,
  ): string {
    // Those who provide it, or had it before, have to know it too.
    const former = field.override ? [field.override.from] : [];
    const holders = field.holders.length
      ? [...field.holders, ...field.externals, ...former]
      : this.view.model.subgraphs.map(({ name }) => name);
    const known = values.filter((value) => !holders.some((name) => without[name]?.includes(value)));
    return known[at % known.length]!;
  }

  #leaf(name: string, key: string, at: number): unknown {
    if (name === 'Int') return Math.floor(this.#draw('int', key) * 1000);
    if (name === 'Float') return at % 2 ? at : Math.floor(this.#draw('float', key) * 1e6) / 1000;
    if (name === 'Boolean') return at % 2 === 0;
    if (name === 'ID') return at % 3 ? `id-${Math.floor(this.#draw('id', key) * 1e5)}` : at;
    if (name === 'Blob')
      return [{ b: at, a: [null, 'x'] }, [[at], []], 'text', at / 4, { __proto: { id: at } }, false][at];
    return `${name} ${Math.floor(this.#draw('text', key) * 1e5)}`;
  }

  #publicArgs(field: FieldModel, given: Args): string {
    const names = this.view.model.subgraphs.map(({ name }) => name);
    const having = field.holders.length ? [...field.holders, ...field.externals] : names;
    return canonical(this.#publicInput(publicArguments(field.args, having), given));
  }

  #publicInput(known: readonly ArgModel[], given: Args): Record<string, unknown> {
    return Object.fromEntries(
      known
        .filter(({ name }) => given[name] !== undefined)
        .map(({ name, type }) => [name, this.#publicValue(nameOf(type), given[name])]),
    );
  }

  #publicValue(name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#publicValue(name, item));
    const type = this.view.get(name);
    if (type?.kind !== 'input' || value === null || typeof value !== 'object') return value;
    const known = type.fields.filter(({ absentIn }) => !absentIn.length);
    return this.#publicInput(known, value as Args);
  }

  #draw(...parts: readonly string[]): number {
    return drawnFor(`${this.dataSeed}/${parts.join('/')}`);
  }
}

const sets = new Map<string, SelectionSetNode>();

/** The selection set of a field set. */
export function selectionOf(fieldSet: string): SelectionSetNode {
  const known = sets.get(fieldSet);
  if (known) return known;
  const [definition] = parse(`{ ${fieldSet} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(fieldSet);
  sets.set(fieldSet, definition.selectionSet);
  return definition.selectionSet;
}

/** The value of a literal. */
function literal(text: string): unknown {
  const [node] = selectionOf(`f(a: ${text})`).selections as [FieldNode];
  return valueFromASTUntyped(node.arguments![0]!.value);
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function hasNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.some(hasNull);
  return typeof value === 'object' && Object.values(value).some(hasNull);
}

/** Something that is not of the type, where there is such a thing. */
function wrongFor(type: TypeRef): unknown {
  const inner = 'nonNull' in type ? type.nonNull : type;
  if ('list' in inner) return 7;
  return 'name' in inner && isChecked(inner.name) ? { not: 'a leaf' } : undefined;
}

function isChecked(name: string): boolean {
  return ['Int', 'Float', 'String', 'Boolean', 'ID', 'State', 'Level'].includes(name);
}

function isWrongLeaf(value: unknown, name: string): boolean {
  return isChecked(name) && typeof value === 'object';
}

/** As it looks in JSON. */
function serialized(value: unknown, name: string): unknown {
  return name === 'ID' ? String(value) : value;
}
