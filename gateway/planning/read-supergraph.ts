import {
  Kind,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
} from 'graphql';
import { parseFieldSet, topNames, type FieldSet } from './field-sets.ts';
import { joinsAt, type JoinArguments } from './join-directives.ts';
import {
  SupergraphModel,
  type FieldType,
  type GraphType,
  type SubgraphField,
  type SubgraphKey,
  type SubgraphType,
} from './supergraph-model.ts';

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode;

const kinds = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
} as const;

/** A subgraph by its value of `join__Graph` and its name. */
interface Graph {
  readonly value: string;
  readonly name: string;
}

/** Whether a progressive override is on, by its label. */
export type IsActive = (label: string) => boolean;

/** All labels of progressive overrides that a supergraph has. */
export function overrideLabels(supergraph: DocumentNode): readonly string[] {
  const labels = compositesOf(supergraph)
    .flatMap((type) => fieldsOf(type))
    .flatMap((field) => joinsAt(field, 'join__field'))
    .flatMap(({ overrideLabel }) => (typeof overrideLabel === 'string' ? [overrideLabel] : []));
  return [...new Set(labels)];
}

/** Reads a supergraph for one outcome of its progressive overrides. */
export function readSupergraph(supergraph: DocumentNode, isActive: IsActive): SupergraphModel {
  return new Reader(compositesOf(supergraph), isActive).read(supergraph);
}

function compositesOf({ definitions }: DocumentNode): Composite[] {
  return definitions.filter((node): node is Composite => Object.hasOwn(kinds, node.kind));
}

class Reader {
  readonly #composites: readonly Composite[];
  readonly #isActive: IsActive;
  readonly #possible: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(composites: readonly Composite[], isActive: IsActive) {
    this.#composites = composites;
    this.#isActive = isActive;
    this.#possible = new Map(composites.map((node) => [node.name.value, this.#possibleTypes(node)]));
  }

  read(supergraph: DocumentNode): SupergraphModel {
    const types = new Map(this.#composites.map((node) => [node.name.value, this.#graphType(node)]));
    const subgraphs = new Map<string, Map<string, SubgraphType>>();
    for (const [value, name] of graphNames(supergraph)) subgraphs.set(name, this.#subgraph({ value, name }));
    return new SupergraphModel(types, rootsOf(supergraph), subgraphs);
  }

  #graphType(node: Composite): GraphType {
    const fields = fieldsOf(node).map((field) => [field.name.value, fieldType(field.type)] as const);
    return {
      name: node.name.value,
      kind: kinds[node.kind],
      possible: this.#possible.get(node.name.value) ?? new Set(),
      interfaces: new Set(interfacesOf(node)),
      fields: new Map(fields),
    };
  }

  #possibleTypes(node: Composite): ReadonlySet<string> {
    const { value } = node.name;
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) return new Set([value]);
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      return new Set((node.types ?? []).map(({ name }) => name.value));
    return new Set(
      this.#objects()
        .filter((one) => interfacesOf(one).includes(value))
        .map(({ name }) => name.value),
    );
  }

  #objects(): Composite[] {
    return this.#composites.filter(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION);
  }

  #subgraph(graph: Graph): Map<string, SubgraphType> {
    const types = this.#composites.flatMap((node) => {
      const joins = typeJoins(node, graph.value);
      return joins.length ? [this.#subgraphType(node, graph, joins)] : [];
    });
    return new Map(types.map((type) => [type.name, type]));
  }

  #subgraphType(node: Composite, graph: Graph, joins: readonly JoinArguments[]): SubgraphType {
    const keys = joins.flatMap(({ key, resolvable }): SubgraphKey[] =>
      typeof key === 'string' ? [{ fields: parseFieldSet(key), resolvable: resolvable !== false }] : [],
    );
    const ofExtension = joins.some(({ extension }) => extension === true);
    const keyNames = new Set(ofExtension ? keys.flatMap(({ fields }) => topNames(fields)) : []);
    const fields = fieldsOf(node).flatMap((field) => {
      const read = this.#subgraphField(field, graph, keyNames.has(field.name.value));
      return read ? [[field.name.value, read] as const] : [];
    });
    return {
      name: node.name.value,
      kind: kinds[node.kind],
      isInterfaceObject: joins.some(({ isInterfaceObject }) => isInterfaceObject === true),
      keys,
      fields: new Map(fields),
      possible: this.#possibleIn(node, graph.value),
    };
  }

  #possibleIn(node: Composite, graph: string): ReadonlySet<string> {
    const name = node.name.value;
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) return new Set([name]);
    if (node.kind === Kind.UNION_TYPE_DEFINITION) return new Set(membersIn(node, graph));
    const implementing = this.#objects().filter((one) =>
      joinsAt(one, 'join__implements').some((join) => join['graph'] === graph && join['interface'] === name),
    );
    return new Set(implementing.map((one) => one.name.value));
  }

  /** `null` when the subgraph does not have the field. A field without `@join__field` is in every subgraph of its type. */
  #subgraphField(field: FieldDefinitionNode, graph: Graph, isKeyOfExtension: boolean): SubgraphField | null {
    const joins = joinsAt(field, 'join__field');
    const join = joins.length ? joins.find((one) => one['graph'] === graph.value) : {};
    if (!join) return null;
    return {
      type: typeof join['type'] === 'string' ? typeFromText(join['type']) : fieldType(field.type),
      resolvable: this.#isResolvable(join, isKeyOfExtension) && !this.#isTakenOver(joins, graph.name),
      requires: setOf(join['requires']),
      provides: setOf(join['provides']),
    };
  }

  /** Composers do not always say at the old field that a new one takes it over. */
  #isTakenOver(joins: readonly JoinArguments[], name: string): boolean {
    return joins.some(
      ({ override, overrideLabel }) =>
        override === name && (typeof overrideLabel !== 'string' || this.#isActive(overrideLabel)),
    );
  }

  /** External fields are answered where they are keys of an extended type, as Federation 1 has them. */
  #isResolvable(
    { external, override, overrideLabel, usedOverridden }: JoinArguments,
    isKeyOfExtension: boolean,
  ): boolean {
    if (external === true && !isKeyOfExtension) return false;
    if (typeof overrideLabel !== 'string') return usedOverridden !== true;
    return this.#isActive(overrideLabel) === (typeof override === 'string');
  }
}

function typeJoins(node: Composite, graph: string): JoinArguments[] {
  return joinsAt(node, 'join__type').filter((join) => join['graph'] === graph);
}

function membersIn(node: UnionTypeDefinitionNode, graph: string): string[] {
  const joins = joinsAt(node, 'join__unionMember');
  // Version 0.1 of the specification has no members by subgraph: then all have all.
  if (!joins.length) return (node.types ?? []).map(({ name }) => name.value);
  return joins.flatMap(({ graph: of, member }) =>
    of === graph && typeof member === 'string' ? [member] : [],
  );
}

function setOf(text: string | boolean | undefined): FieldSet | null {
  return typeof text === 'string' ? parseFieldSet(text) : null;
}

function fieldsOf(node: Composite): readonly FieldDefinitionNode[] {
  return node.kind === Kind.UNION_TYPE_DEFINITION ? [] : (node.fields ?? []);
}

function interfacesOf(node: Composite): string[] {
  return node.kind === Kind.UNION_TYPE_DEFINITION
    ? []
    : (node.interfaces ?? []).map(({ name }) => name.value);
}

function fieldType(type: TypeNode): FieldType {
  return typeFromText(textOf(type));
}

function textOf(type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return `${textOf(type.type)}!`;
  return type.kind === Kind.LIST_TYPE ? `[${textOf(type.type)}]` : type.name.value;
}

function typeFromText(text: string): FieldType {
  return { text, named: text.replaceAll(/[[\]!\s]/g, '') };
}

/** The names of the subgraphs by the values of `join__Graph`. */
function graphNames({ definitions }: DocumentNode): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
    for (const value of node.values ?? []) {
      const [join] = joinsAt(value, 'join__graph');
      if (typeof join?.['name'] === 'string') names.set(value.name.value, join['name']);
    }
  }
  return names;
}

function rootsOf({ definitions }: DocumentNode): SupergraphModel['roots'] {
  const roots: Partial<Record<'query' | 'mutation' | 'subscription', string>> = {};
  for (const node of definitions)
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
      for (const { operation, type } of node.operationTypes ?? []) roots[operation] = type.name.value;
  return Object.keys(roots).length
    ? roots
    : { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
}
