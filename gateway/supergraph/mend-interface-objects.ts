import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
} from 'graphql';

/** A subgraph's own definitions. */
interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/**
 * Says in a supergraph which subgraph has a field of an interface only as `@external` of an `@interfaceObject`.
 *
 * federation-composition 0.27 leaves `@join__field` away when all other subgraphs of the interface have the field, so
 * that a planner takes the one with `@external` for able to answer it: what `@requires` it gets null.
 *
 * @see https://specs.apollo.dev/join/v0.3/#@field (`external`)
 */
export function mendInterfaceObjects(supergraphSdl: string, services: readonly Service[]): string {
  if (!supergraphSdl.includes('isInterfaceObject: true')) return supergraphSdl;
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const names = enumNames(supergraph);
  let mended = false;
  const result = visit(supergraph, {
    [Kind.INTERFACE_TYPE_DEFINITION]: (type) => {
      const fields = type.fields?.map((field) => {
        const joins = hasJoin(field) ? null : joinsOf(type, field, names, services);
        if (!joins) return field;
        mended = true;
        return { ...field, directives: [...(field.directives ?? []), ...joins] };
      });
      return { ...type, ...(fields ? { fields } : {}) };
    },
  });
  return mended ? print(result) : supergraphSdl;
}

/** `null` when no subgraph has the field as external. */
function joinsOf(
  type: InterfaceTypeDefinitionNode,
  field: FieldDefinitionNode,
  names: ReadonlyMap<string, string>,
  services: readonly Service[],
): ConstDirectiveNode[] | null {
  const holders = joinedGraphs(type).flatMap((graph) => {
    const service = services.find(({ name }) => name === names.get(graph));
    const own = service && fieldIn(service.typeDefs, type.name.value, field.name.value);
    return own ? [{ graph, external: has(own, 'external') }] : [];
  });
  if (!holders.some(({ external }) => external)) return null;
  return holders.map(({ graph, external }) => joinField(graph, external));
}

/** Each once, although a type stands there once for every key it has in a graph. */
function joinedGraphs({ directives = [] }: InterfaceTypeDefinitionNode): string[] {
  const graphs = directives
    .filter(({ name }) => name.value === 'join__type')
    .flatMap((directive) => {
      const value = directive.arguments?.find(({ name }) => name.value === 'graph')?.value;
      return value?.kind === Kind.ENUM ? [value.value] : [];
    });
  return [...new Set(graphs)];
}

function fieldIn(
  document: DocumentNode,
  typeName: string,
  fieldName: string,
): FieldDefinitionNode | undefined {
  for (const node of document.definitions) {
    if (!('fields' in node) || !('name' in node) || node.name?.value !== typeName) continue;
    const field = node.fields?.find(({ name }) => name.value === fieldName);
    if (field?.kind === Kind.FIELD_DEFINITION) return field;
  }
  return undefined;
}

/** Names of the subgraphs by the values of `join__Graph`. */
function enumNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  visit(supergraph, {
    [Kind.ENUM_VALUE_DEFINITION]: ({ name, directives = [] }) => {
      const graph = directives.find((directive) => directive.name.value === 'join__graph');
      const value = graph?.arguments?.find((argument) => argument.name.value === 'name')?.value;
      if (value?.kind === Kind.STRING) names.set(name.value, value.value);
    },
  });
  return names;
}

/** The directive under whatever name the subgraph imports it. */
function has({ directives = [] }: FieldDefinitionNode, name: string): boolean {
  return directives.some(
    (directive) => directive.name.value === name || directive.name.value.endsWith(`__${name}`),
  );
}

function hasJoin({ directives = [] }: FieldDefinitionNode): boolean {
  return directives.some(({ name }) => name.value === 'join__field');
}

function joinField(graph: string, external: boolean): ConstDirectiveNode {
  const argument = (
    name: string,
    value: { kind: Kind.ENUM; value: string } | { kind: Kind.BOOLEAN; value: boolean },
  ) => ({ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value }) as const;
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'join__field' },
    arguments: [
      argument('graph', { kind: Kind.ENUM, value: graph }),
      ...(external ? [argument('external', { kind: Kind.BOOLEAN, value: true })] : []),
    ],
  };
}
