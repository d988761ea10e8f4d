import type { Dice } from './dice.ts';
import { inputEnums, outputEnums } from './generate.ts';
import {
  builtIn,
  ModelView,
  newField,
  type ArgModel,
  type FieldModel,
  type InterfaceModel,
  type Model,
  type ObjectModel,
  type TypeRef,
} from './model.ts';

const words = ['label', 'rating', 'weight', 'owner', 'parts', 'peer', 'grid', 'reading', 'origin', 'trend'];

/** Gives every type of a model its fields: who has them, of which type, with which arguments. */
export function addFields(model: Model, dice: Dice): void {
  const adder = new FieldAdder(model, dice);
  for (const type of model.types.filter((one) => one.kind === 'object' && one.role === 'value'))
    adder.value(type as ObjectModel);
  for (const type of model.types) if (type.kind === 'interface') adder.common(type);
  for (const entity of new ModelView(model).entities()) adder.entity(entity);
  for (const type of model.types) if (type.kind === 'interface' && type.key) adder.interfaceObjects(type);
  adder.roots();
}

class FieldAdder {
  readonly #model: Model;
  readonly #dice: Dice;
  readonly #view: ModelView;
  readonly #names: string[];
  #count = 0;

  constructor(model: Model, dice: Dice) {
    this.#model = model;
    this.#dice = dice;
    this.#view = new ModelView(model);
    this.#names = model.subgraphs.map(({ name }) => name);
  }

  value(type: ObjectModel): void {
    if (type.fields.length) return;
    for (let left = this.#dice.between(1, 3); left > 0; left -= 1) {
      // Subgraphs that share a value type all have to know what its fields lead to: leaves and other such types.
      const named = type.in.length
        ? this.#named(type.in)
        : this.#dice.chance(0.75)
          ? this.#leaf()
          : this.#sharedValue(type);
      type.fields.push(this.#field(named, [...type.in]));
    }
  }

  /** A field that all members of an interface have alike. */
  common(type: InterfaceModel): void {
    if (type.key && this.#dice.chance(0.2)) return;
    for (let left = this.#dice.between(1, 2); left > 0; left -= 1) {
      const shared = this.#dice.chance(0.7) ? this.#leaf() : this.#sharedValue();
      const made = this.#field(shared, []);
      type.common.push(made.name);
      for (const name of type.members) {
        const member = this.#view.object(name)!;
        const holders = member.role === 'value' ? [...member.in] : this.#holdersFor(member, type);
        member.fields.push({ ...structuredClone(made), holders });
      }
    }
  }

  #holdersFor(member: ObjectModel, type: InterfaceModel): string[] {
    const having = this.#resolvable(member).filter((name) => type.in.includes(name));
    if (type.key) return [type.in[0]!];
    return having.length ? this.#dice.some(having, 1, 2) : [this.#dice.pick(this.#resolvable(member))];
  }

  /** Subgraphs that can look the entity up, and so can have fields of it. */
  #resolvable(entity: ObjectModel): string[] {
    const can = entity.in.filter((name) =>
      entity.keys.some((key) => key.in.includes(name) && !key.unresolvableIn.includes(name)),
    );
    return can;
  }

  entity(entity: ObjectModel): void {
    const subgraphs = this.#resolvable(entity);
    for (const subgraph of subgraphs)
      for (let left = this.#dice.between(entity.space ? 0 : 1, 3); left > 0; left -= 1) {
        const isSink = entity.sinks.includes(subgraph);
        const others = subgraphs.filter((name) => name !== subgraph && !entity.sinks.includes(name));
        const holders =
          !isSink && others.length && this.#dice.chance(0.2)
            ? [subgraph, ...this.#dice.some(others, 1, 2)]
            : [subgraph];
        entity.fields.push(this.#field(this.#named(holders), holders));
      }
  }

  interfaceObjects(type: InterfaceModel): void {
    for (const subgraph of type.objectIn)
      for (let left = this.#dice.between(1, 2); left > 0; left -= 1)
        type.fields.push(this.#field(this.#named([subgraph]), [subgraph]));
  }

  roots(): void {
    const query = newRoot('Query');
    for (const name of this.#names) {
      for (let left = this.#dice.between(1, 3); left > 0; left -= 1)
        query.fields.push(this.#rootField([name]));
    }
    if (this.#dice.chance(0.5)) query.fields.push(this.#rootField(this.#dice.some(this.#names, 2)));
    this.#model.types.push(query);
    if (this.#dice.chance(0.6)) this.#model.types.push(this.#mutations());
  }

  #mutations(): ObjectModel {
    const mutation = newRoot('Mutation');
    for (const name of this.#dice.some(this.#names, 1)) {
      mutation.fields.push(this.#rootField([name]));
      mutation.fields.push({
        ...this.#field('Int', [name]),
        name: `count${this.#count}`,
        type: { name: 'Int' },
        counts: true,
        safe: true,
      });
    }
    for (const entity of this.#view.entities()) {
      const holders = this.#resolvable(entity).filter((name) => !entity.sinks.includes(name));
      if (holders.length && this.#dice.chance(0.5))
        entity.fields.push({
          ...newField(`touched${(this.#count += 1)}`, { name: 'Int' }, [this.#dice.pick(holders)]),
          counts: true,
          safe: true,
        });
    }
    return mutation;
  }

  #rootField(holders: string[]): FieldModel {
    const composite = this.#dice.chance(0.85) ? this.#composite(holders) : undefined;
    const field = this.#field(composite ?? this.#named(holders), holders);
    return 'nonNull' in field.type && this.#dice.chance(0.6) ? { ...field, type: field.type.nonNull } : field;
  }

  #field(named: string, holders: string[]): FieldModel {
    this.#count += 1;
    const field = newField(
      `${this.#dice.pick(words)}${this.#count}`,
      this.#wrapped({ name: named }),
      holders,
    );
    if (this.#dice.chance(0.25)) field.args = this.#arguments();
    // Below an object a failure would go up further where the object must not be null.
    if (
      holders.length > 1 &&
      this.#view.isLeaf(named) &&
      !('nonNull' in field.type) &&
      this.#dice.chance(0.3)
    ) {
      field.strictIn = this.#dice.some(holders, 1, holders.length - 1);
      field.safe = true;
    }
    return field;
  }

  #wrapped(type: TypeRef): TypeRef {
    const maybe = (inner: TypeRef, share: number): TypeRef =>
      this.#dice.chance(share) ? { nonNull: inner } : inner;
    if (this.#dice.chance(0.7)) return maybe(type, 0.25);
    const list = { list: maybe(type, 0.4) };
    return maybe(this.#dice.chance(0.2) ? { list: maybe(list, 0.4) } : list, 0.25);
  }

  /** Anything all these subgraphs can answer. */
  #named(holders: string[]): string {
    return this.#dice.chance(0.45) ? this.#leaf() : (this.#composite(holders) ?? this.#leaf());
  }

  #leaf(): string {
    const own = this.#model.types.filter(({ kind, name }) => kind === 'scalar' || outputEnums.includes(name));
    return own.length && this.#dice.chance(0.35) ? this.#dice.pick(own).name : this.#dice.pick(builtIn);
  }

  /** Values come in the order of their names below one another, so that they end. */
  #sharedValue(above?: ObjectModel): string {
    const values = this.#view
      .objects()
      .filter(({ role, in: only, name }) => role === 'value' && !only.length && !/At\d/.test(name));
    const below = above ? values.slice(values.indexOf(above) + 1) : values;
    return below.length ? this.#dice.pick(below).name : this.#leaf();
  }

  #composite(holders: string[]): string | undefined {
    const usable = this.#model.types.filter((type) => {
      if (type.kind === 'object') return type.role !== 'root' && this.#canAnswer(type, holders);
      if (
        type.kind === 'interface' &&
        type.key &&
        holders.every((name) => [...type.in, ...type.objectIn].includes(name))
      )
        return true;
      if (type.kind !== 'interface' && type.kind !== 'union') return false;
      if (type.kind === 'interface' && (type.key || !type.common.length)) return false;
      const common = type.members.filter((member) =>
        holders.every((name) => this.#view.membersIn(name, type).includes(member)),
      );
      return common.length > 0;
    });
    return usable.length ? this.#dice.pick(usable).name : undefined;
  }

  #canAnswer(type: ObjectModel, holders: string[]): boolean {
    return (
      holders.every((name) => this.#view.canHave(name, type) && !type.sinks.includes(name)) &&
      !/At\d/.test(type.name)
    );
  }

  #arguments(): ArgModel[] {
    const inputs = this.#model.types.filter(
      ({ kind, name }) => kind === 'input' || inputEnums.includes(name) || kind === 'scalar',
    );
    return Array.from({ length: this.#dice.between(1, 2) }, (_, index) => {
      const named =
        inputs.length && this.#dice.chance(0.5) ? this.#dice.pick(inputs).name : this.#dice.pick(builtIn);
      const inner: TypeRef = { name: named };
      const type: TypeRef = this.#dice.chance(0.2)
        ? { list: this.#dice.chance(0.5) ? { nonNull: inner } : inner }
        : inner;
      const literal = literals[named] ?? undefined;
      const isPlain = 'name' in type;
      return {
        name: `by${index}`,
        type: this.#dice.chance(0.25) ? { nonNull: type } : type,
        absentIn: [],
        requiredIn: [],
        ...(isPlain && literal && this.#dice.chance(0.35) ? { default: literal } : {}),
      };
    });
  }
}

const literals: Readonly<Record<string, string>> = {
  Int: '4',
  Float: '1.5',
  String: '"plain"',
  ID: '"i1"',
  Boolean: 'true',
  Mode: 'AUTO',
  Level: 'HIGH',
  Window: '{ from: 1 }',
};

function newRoot(name: string): ObjectModel {
  return { kind: 'object', role: 'root', name, in: [], keys: [], fields: [], missingIn: [], sinks: [] };
}
