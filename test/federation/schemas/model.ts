/** The type of a field or argument. */
export type TypeRef = { name: string } | { list: TypeRef } | { nonNull: TypeRef };

export interface ArgModel {
  name: string;
  type: TypeRef;
  /** A literal. */
  default?: string;
  /** Subgraphs that do not know it, so that the graph loses it. It is nullable then. */
  absentIn: string[];
  /** Subgraphs that insist on it, so that everybody has to give it. */
  requiredIn: string[];
}

export interface FieldModel {
  name: string;
  /** As clients see it. */
  type: TypeRef;
  args: ArgModel[];
  /** Subgraphs that resolve it. On a shared value type: empty, all that have the type. */
  holders: string[];
  /** Subgraphs that name it as `@external`. */
  externals: string[];
  /** Subgraphs in which it is never null although clients are told it may be. */
  strictIn: string[];
  /** What its only holder computes it from. */
  requires?: string;
  /** What comes along with it, by subgraph. */
  provides: Record<string, string>;
  /** The former holder, which still declares it. */
  override?: { from: string; label?: string };
  inaccessible?: boolean;
  tag?: boolean;
  /** Never fails and is null only where its type allows. */
  safe?: boolean;
  /** Part of a key: tells the entity. `nullable` ones are null for some entities. */
  key?: 'never null' | 'nullable';
  /** Counts the mutations so far. */
  counts?: boolean;
}

export interface KeyModel {
  /** A field set. */
  fields: string;
  in: string[];
  /** Subgraphs that only refer by it. */
  unresolvableIn: string[];
}

/** An entity, a value type or a root type. */
export interface ObjectModel {
  kind: 'object';
  role: 'entity' | 'value' | 'root';
  name: string;
  /** Subgraphs with the entity; of a value type, the only one that has it; empty when it is shared by all who use it. */
  in: string[];
  keys: KeyModel[];
  fields: FieldModel[];
  /** The entity interface it belongs to. */
  space?: string;
  /** Subgraphs that have never heard of some of its entities. */
  missingIn: string[];
  /** Subgraphs that find it by a nullable key only, and so never refer to it. */
  sinks: string[];
}

/** An interface over objects that have certain fields alike. With `key`, an entity interface. */
export interface InterfaceModel {
  kind: 'interface';
  name: string;
  members: string[];
  /** Names of fields that all members have. */
  common: string[];
  /** Subgraphs with the interface. */
  in: string[];
  key?: string;
  /** Subgraphs that have it as an `@interfaceObject`. */
  objectIn: string[];
  /** What those add to all members. */
  fields: FieldModel[];
}

export interface UnionModel {
  kind: 'union';
  name: string;
  members: string[];
  /** Members a subgraph leaves out, by subgraph. */
  without: Record<string, string[]>;
}

export interface EnumModel {
  kind: 'enum';
  name: string;
  values: string[];
  /** Values a subgraph leaves out, by subgraph. */
  without: Record<string, string[]>;
}

export interface InputModel {
  kind: 'input';
  name: string;
  fields: ArgModel[];
}

export interface ScalarModel {
  kind: 'scalar';
  name: string;
}

export type TypeModel = ObjectModel | InterfaceModel | UnionModel | EnumModel | InputModel | ScalarModel;

export interface SubgraphModel {
  name: string;
  /** Names of its own for the root types. */
  rootNames: { Query?: string; Mutation?: string };
}

/** A federated graph as data: what it is made of and who has what. Whatever is taken out of it leaves a model. */
export interface Model {
  seed: number;
  subgraphs: SubgraphModel[];
  types: TypeModel[];
}

export const builtIn = ['Int', 'Float', 'String', 'Boolean', 'ID'] as const;

export function nameOf(type: TypeRef): string {
  if ('name' in type) return type.name;
  return nameOf('list' in type ? type.list : type.nonNull);
}

export function textOf(type: TypeRef): string {
  if ('name' in type) return type.name;
  return 'list' in type ? `[${textOf(type.list)}]` : `${textOf(type.nonNull)}!`;
}

export function nullable(type: TypeRef): TypeRef {
  return 'nonNull' in type ? type.nonNull : type;
}

export function strict(type: TypeRef): TypeRef {
  return 'nonNull' in type ? type : { nonNull: type };
}

export function newField(name: string, type: TypeRef, holders: string[]): FieldModel {
  return { name, type, args: [], holders, externals: [], strictIn: [], provides: {} };
}

/** Questions about a model. Answers hold as long as the model does not change. */
export class ModelView {
  readonly model: Model;
  readonly #byName: Map<string, TypeModel>;

  constructor(model: Model) {
    this.model = model;
    this.#byName = new Map(model.types.map((type) => [type.name, type]));
  }

  get(name: string): TypeModel | undefined {
    return this.#byName.get(name);
  }

  object(name: string): ObjectModel | undefined {
    const type = this.get(name);
    return type?.kind === 'object' ? type : undefined;
  }

  objects(): ObjectModel[] {
    return this.model.types.filter((type) => type.kind === 'object');
  }

  entities(): ObjectModel[] {
    return this.objects().filter(({ role }) => role === 'entity');
  }

  interfaces(): InterfaceModel[] {
    return this.model.types.filter((type) => type.kind === 'interface');
  }

  isLeaf(name: string): boolean {
    const type = this.get(name);
    return !type || type.kind === 'scalar' || type.kind === 'enum';
  }

  /** Whether a subgraph resolves the field of a type. */
  resolves(subgraph: string, type: ObjectModel, field: FieldModel): boolean {
    return type.role === 'value' && !field.holders.length ? true : field.holders.includes(subgraph);
  }

  /** Whether the field stands in a subgraph's SDL. */
  declares(subgraph: string, type: ObjectModel, field: FieldModel): boolean {
    return (
      this.resolves(subgraph, type, field) ||
      field.externals.includes(subgraph) ||
      field.override?.from === subgraph
    );
  }

  /** Whether the subgraph may have the type at all. */
  canHave(subgraph: string, type: ObjectModel): boolean {
    return !type.in.length || type.in.includes(subgraph);
  }

  /** Objects a subgraph may answer where an abstract type stands. */
  membersIn(subgraph: string, type: InterfaceModel | UnionModel): string[] {
    if (type.kind === 'interface' && type.objectIn.includes(subgraph)) return type.members;
    if (type.kind === 'interface' && !this.fieldsIn(subgraph, type).length) return [];
    const left = type.kind === 'union' ? (type.without[subgraph] ?? []) : [];
    return type.members.filter((name) => {
      const object = this.object(name);
      if (!object || left.includes(name) || object.sinks.includes(subgraph)) return false;
      return this.canHave(subgraph, object) && (type.kind === 'union' || type.in.includes(subgraph));
    });
  }

  /** The common fields an interface has in a subgraph: those that all its members there resolve. */
  fieldsIn(subgraph: string, type: InterfaceModel): FieldModel[] {
    if (!type.in.includes(subgraph)) return [];
    const members = type.members
      .map((name) => this.object(name))
      .filter((object) => object !== undefined && this.canHave(subgraph, object)) as ObjectModel[];
    const [first, ...rest] = members;
    if (!first) return [];
    const has = (object: ObjectModel, name: string) =>
      object.fields.some((field) => field.name === name && this.resolves(subgraph, object, field));
    return first.fields.filter(
      ({ name }) => type.common.includes(name) && [first, ...rest].every((object) => has(object, name)),
    );
  }

  /** Interfaces an object implements in a subgraph. */
  interfacesOf(subgraph: string, object: ObjectModel): InterfaceModel[] {
    return this.interfaces().filter(
      (type) => type.members.includes(object.name) && this.fieldsIn(subgraph, type).length > 0,
    );
  }

  field(typeName: string, fieldName: string): FieldModel | undefined {
    const type = this.get(typeName);
    if (type?.kind !== 'object' && type?.kind !== 'interface') return undefined;
    const own = type.fields.find(({ name }) => name === fieldName);
    if (own || type.kind === 'interface') return own ?? this.#commonField(type, fieldName);
    const space = this.interfaces().find(
      ({ members, fields }) => members.includes(typeName) && fields.length,
    );
    return space?.fields.find(({ name }) => name === fieldName);
  }

  #commonField(type: { kind: string }, fieldName: string): FieldModel | undefined {
    const { members, common } = type as InterfaceModel;
    const [member] = members;
    return member && common.includes(fieldName) ? this.field(member, fieldName) : undefined;
  }
}
