import type { Dice } from './dice.ts';
import {
  ModelView,
  nameOf,
  newField,
  textOf,
  type FieldModel,
  type InterfaceModel,
  type Model,
  type ObjectModel,
  type TypeRef,
} from './model.ts';

/** Adds what one subgraph says about fields of another: requires, provides, overrides, and what is hidden or missing. */
export function decorate(model: Model, dice: Dice): void {
  const decorator = new Decorator(model, dice);
  decorator.arguments();
  decorator.requires();
  decorator.provides();
  decorator.overrides();
  decorator.hidden();
  decorator.missing();
}

class Decorator {
  readonly #model: Model;
  readonly #view: ModelView;
  readonly #dice: Dice;
  readonly #common: ReadonlySet<string>;
  #count = 0;

  constructor(model: Model, dice: Dice) {
    this.#model = model;
    this.#view = new ModelView(model);
    this.#dice = dice;
    this.#common = new Set(this.#view.interfaces().flatMap(({ common }) => common));
  }

  arguments(): void {
    for (const type of this.#view.objects())
      for (const field of type.fields) {
        if (field.holders.length < 2 || this.#common.has(field.name)) continue;
        for (const arg of field.args) {
          if ('nonNull' in arg.type || arg.default !== undefined) continue;
          if (this.#dice.chance(0.3)) arg.absentIn = [this.#dice.pick(field.holders)];
          else if (this.#dice.chance(0.2)) arg.requiredIn = [this.#dice.pick(field.holders)];
        }
      }
  }

  requires(): void {
    for (const entity of this.#view.entities())
      for (const subgraph of this.#resolvable(entity))
        if (this.#dice.chance(0.45)) this.#addRequires(entity, subgraph, entity.fields);
    for (const type of this.#view.interfaces()) {
      const [member] = type.members;
      if (!type.key || !member) continue;
      const common = this.#view.object(member)!.fields.filter(({ name }) => type.common.includes(name));
      for (const subgraph of type.objectIn)
        if (this.#dice.chance(0.5)) this.#addRequires(type, subgraph, [...common, ...type.fields]);
    }
  }

  #addRequires(type: ObjectModel | InterfaceModel, subgraph: string, fields: FieldModel[]): void {
    const usable = fields.filter(
      (field) =>
        !field.key &&
        !field.override &&
        field.holders.length &&
        !field.holders.includes(subgraph) &&
        !field.counts &&
        !(field.requires && 'nonNull' in field.type),
    );
    const parts = this.#dice.some(usable, 1, 2).map((field) => this.#requiredPart(type, field, subgraph));
    const sets = parts.filter((part) => part !== undefined);
    if (!sets.length) return;
    const result: TypeRef = { name: this.#dice.pick(['Int', 'String', 'Float']) };
    this.#count += 1;
    type.fields.push({
      ...newField(`calc${this.#count}`, this.#dice.chance(0.2) ? { nonNull: result } : result, [subgraph]),
      requires: sets.join(' '),
    });
  }

  #requiredPart(type: ObjectModel | InterfaceModel, field: FieldModel, subgraph: string): string | undefined {
    const args = argumentsFor(field);
    if (args === undefined) return undefined;
    const below = this.#requiredBelow(nameOf(field.type), subgraph);
    if (below === undefined) return undefined;
    this.#declareExternal(type, field, subgraph);
    settle(field);
    return `${field.name}${args}${below}`;
  }

  #declareExternal(type: ObjectModel | InterfaceModel, field: FieldModel, subgraph: string): void {
    const isCommon = type.kind === 'interface' && type.common.includes(field.name);
    const owners = isCommon ? type.members.map((name) => this.#view.field(name, field.name)!) : [field];
    for (const one of owners) {
      settle(one);
      if (!one.externals.includes(subgraph)) one.externals.push(subgraph);
    }
  }

  /** What is required below a field: nothing for leaves; `undefined` when there is nothing suitable. */
  #requiredBelow(typeName: string, subgraph: string): string | undefined {
    if (this.#view.isLeaf(typeName)) return '';
    const object = this.#view.object(typeName);
    if (!object || object.sinks.length || !this.#view.canHave(subgraph, object)) return undefined;
    const leaves = object.fields.filter(
      (field) =>
        this.#view.isLeaf(nameOf(field.type)) &&
        !field.override &&
        !field.counts &&
        argumentsFor(field) !== undefined &&
        !field.requires,
    );
    if (object.role === 'value' && object.in.length) return undefined;
    const chosen = this.#dice.some(leaves, 1, 2);
    if (!chosen.length) return undefined;
    for (const field of chosen) {
      settle(field);
      if (
        object.role === 'entity' &&
        !field.holders.includes(subgraph) &&
        !field.externals.includes(subgraph)
      )
        field.externals.push(subgraph);
    }
    return ` { ${chosen.map((field) => field.name + argumentsFor(field)!).join(' ')} }`;
  }

  provides(): void {
    for (const type of this.#view.objects())
      for (const field of type.fields) {
        if (field.requires || field.key || this.#common.has(field.name)) continue;
        for (const subgraph of field.holders) if (this.#dice.chance(0.25)) this.#addProvides(field, subgraph);
      }
  }

  #addProvides(field: FieldModel, subgraph: string): void {
    const named = this.#view.get(nameOf(field.type));
    if (named?.kind === 'object') {
      const part = this.#provided(named, subgraph, 2);
      if (part) field.provides[subgraph] = part;
    } else if (named?.kind === 'union' || (named?.kind === 'interface' && !named.key)) {
      const chosen = this.#view.membersIn(subgraph, named).filter(() => this.#dice.chance(0.8));
      const parts = chosen.map(
        (name) => [name, this.#provided(this.#view.object(name)!, subgraph, 1)] as const,
      );
      const given = parts.filter(([, part]) => part !== undefined);
      if (given.length)
        field.provides[subgraph] = given.map(([name, part]) => `... on ${name} { ${part} }`).join(' ');
    }
  }

  #provided(type: ObjectModel, subgraph: string, depth: number): string | undefined {
    if (type.role !== 'entity' || !type.in.includes(subgraph) || type.sinks.length) return undefined;
    const usable = type.fields.filter(
      (field) =>
        !field.key &&
        !field.override &&
        !field.requires &&
        !field.args.length &&
        !field.counts &&
        !field.holders.includes(subgraph) &&
        !this.#common.has(field.name),
    );
    const parts = this.#dice.some(usable, 1, 2).map((field) => {
      const below = this.#providedBelow(nameOf(field.type), subgraph, depth);
      if (below === undefined) return undefined;
      if (!field.externals.includes(subgraph)) field.externals.push(subgraph);
      return field.name + below;
    });
    return parts.filter((part) => part !== undefined).join(' ') || undefined;
  }

  #providedBelow(typeName: string, subgraph: string, depth: number): string | undefined {
    if (this.#view.isLeaf(typeName)) return '';
    const object = this.#view.object(typeName);
    if (!object || depth === 0) return undefined;
    if (object.role === 'value') {
      const leaves = object.fields.filter(
        (field) => this.#view.isLeaf(nameOf(field.type)) && !field.args.length,
      );
      return object.in.length || !leaves.length
        ? undefined
        : ` { ${leaves.map(({ name }) => name).join(' ')} }`;
    }
    const part = this.#provided(object, subgraph, depth - 1);
    return part && ` { ${part} }`;
  }

  overrides(): void {
    for (const type of this.#view.objects()) {
      if (type.role === 'value' || type.sinks.length) continue;
      for (const field of type.fields) {
        const others = (type.role === 'root' ? this.#names() : this.#resolvable(type)).filter(
          (name) => !field.holders.includes(name),
        );
        if (!this.#canMove(field) || !others.length || !this.#dice.chance(0.12)) continue;
        const from = this.#dice.pick(others);
        const named = this.#view.get(nameOf(field.type));
        if (named?.kind === 'object' && (!this.#view.canHave(from, named) || named.sinks.includes(from)))
          continue;
        if (named?.kind === 'union' || named?.kind === 'interface') continue;
        const labels = ['percent(0)', 'percent(100)', 'percent(50)', 'moved-on', 'moved-off'];
        field.override = { from, ...(this.#dice.chance(0.5) ? { label: this.#dice.pick(labels) } : {}) };
      }
    }
  }

  #canMove(field: FieldModel): boolean {
    return (
      field.holders.length === 1 &&
      !field.key &&
      !field.requires &&
      !field.externals.length &&
      !Object.keys(field.provides).length &&
      !this.#common.has(field.name)
    );
  }

  #names(): string[] {
    return this.#model.subgraphs.map(({ name }) => name);
  }

  hidden(): void {
    for (const type of this.#view.objects()) {
      const free = type.fields.filter(
        ({ key, name }) => (!key || name.startsWith('key')) && !this.#common.has(name),
      );
      for (const field of free.slice(1)) if (this.#dice.chance(0.06)) field.inaccessible = true;
      for (const field of free) if (this.#dice.chance(0.05)) field.tag = true;
    }
  }

  /** Only where no other way leads to what the subgraph answers, so that both graphs lack the same. */
  missing(): void {
    for (const entity of this.#view.entities()) {
      if (entity.space) continue;
      for (const subgraph of this.#resolvable(entity)) {
        const keys = entity.keys.filter((key) => key.in.includes(subgraph));
        const own = entity.fields.filter((field) => !field.key && field.holders.includes(subgraph));
        const alone = own.every(
          (field) => field.holders.length === 1 && !field.override && !this.#isProvided(field),
        );
        if (keys.length === 1 && alone && own.length && this.#dice.chance(0.3))
          entity.missingIn.push(subgraph);
      }
    }
  }

  /** Whether some subgraph answers it as a provided field. A name stands for all fields of that name. */
  #isProvided({ name }: FieldModel): boolean {
    const sets = this.#view
      .objects()
      .flatMap(({ fields }) => fields.flatMap((field) => Object.values(field.provides)));
    return sets.some((set) => set.split(/\W+/).includes(name));
  }

  #resolvable(entity: ObjectModel): string[] {
    return entity.in.filter((name) =>
      entity.keys.some((key) => key.in.includes(name) && !key.unresolvableIn.includes(name)),
    );
  }
}

/** A required field that must not be null never fails: one that does takes along what was fetched beside it. */
function settle(field: FieldModel): void {
  if (textOf(field.type).includes('!')) field.safe = true;
}

/** Literals for a field in a field set; `undefined` when it asks for more than plain ones. */
function argumentsFor(field: FieldModel): string | undefined {
  const literal: Readonly<Record<string, string>> = {
    'Int!': '7',
    'String!': '"req"',
    'ID!': '"r"',
    'Boolean!': 'true',
    'Float!': '2.5',
  };
  const needed = field.args.filter(
    ({ type, default: value, requiredIn }) => ('nonNull' in type && value === undefined) || requiredIn.length,
  );
  const given = needed.map(({ name, type }) => [name, literal[textOf(type)]] as const);
  if (given.some(([, text]) => text === undefined)) return undefined;
  const optional = field.args.find(({ type, absentIn }) => textOf(type) === 'Int' && !absentIn.length);
  const all = optional ? [...given, [optional.name, '5'] as const] : given;
  return all.length ? `(${all.map(([name, text]) => `${name}: ${text}`).join(', ')})` : '';
}
