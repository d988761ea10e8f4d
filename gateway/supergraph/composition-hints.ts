import {
  getLocation,
  Kind,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumTypeExtensionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputObjectTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';

/** A subgraph's own definitions, parsed with locations. */
export interface HintedService {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/** Something with a name that a subgraph defines at a place. */
interface Member {
  readonly coordinate: string;
  readonly node: { readonly loc?: DefinitionNode['loc'] };
}

/** What one subgraph says of one type or field whose members others may have too. */
interface Part {
  readonly service: HintedService;
  readonly members: readonly Member[];
}

/**
 * What composes, but not as its author may expect: input fields and arguments that not all subgraphs of an input or
 * field have are left out of the graph; enum values likewise where the enum is an input.
 *
 * @returns one sentence for each, with subgraph and place: `[b] ... (b:3:5)`.
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/composition#input-types-and-field-arguments
 */
export function compositionHints(services: readonly HintedService[]): readonly string[] {
  const parts = new Map<string, Part[]>();
  for (const service of services)
    for (const [owner, members] of partsOf(service.typeDefs))
      parts.set(owner, [...(parts.get(owner) ?? []), { service, members }]);
  return [...parts.values()].flatMap((ofOne) => (ofOne.length > 1 ? hintsOfOne(ofOne) : []));
}

function hintsOfOne(parts: readonly Part[]): string[] {
  return parts.flatMap(({ service, members }) =>
    members.flatMap((member) => {
      const without = parts.filter(
        (other) => !other.members.some(({ coordinate }) => coordinate === member.coordinate),
      );
      return without.length
        ? [
            hintOf(
              service,
              member,
              without.map((other) => other.service.name),
            ),
          ]
        : [];
    }),
  );
}

function hintOf({ name }: HintedService, { coordinate, node }: Member, without: readonly string[]): string {
  const at = node.loc ? getLocation(node.loc.source, node.loc.start) : null;
  const place = at ? ` (${name}:${at.line}:${at.column})` : '';
  return `[${name}] ${coordinate} is left out of inputs of the graph, since ${without.join(', ')} does not have it${place}`;
}

/** The members of inputs, enums and fields with arguments, by what they belong to. */
function partsOf({ definitions }: DocumentNode): Map<string, Member[]> {
  const parts = new Map<string, Member[]>();
  const add = (owner: string, members: readonly Member[]) =>
    parts.set(owner, [...(parts.get(owner) ?? []), ...members]);
  for (const definition of definitions) {
    if (isInput(definition)) add(definition.name.value, membersOf(definition.name.value, definition.fields));
    else if (isEnum(definition))
      add(definition.name.value, membersOf(definition.name.value, definition.values));
    else if (isObject(definition))
      for (const field of definition.fields ?? []) add(...argumentsOf(definition.name.value, field));
  }
  return parts;
}

function argumentsOf(type: string, field: FieldDefinitionNode): [string, Member[]] {
  const owner = `${type}.${field.name.value}`;
  const members = (field.arguments ?? []).map((node) => ({
    coordinate: `${owner}(${node.name.value}:)`,
    node,
  }));
  return [owner, members];
}

function membersOf(
  owner: string,
  nodes: readonly { readonly name: { readonly value: string }; readonly loc?: DefinitionNode['loc'] }[] = [],
): Member[] {
  return nodes.map((node) => ({ coordinate: `${owner}.${node.name.value}`, node }));
}

function isInput(node: DefinitionNode): node is InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode {
  return node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION;
}

function isEnum(node: DefinitionNode): node is EnumTypeDefinitionNode | EnumTypeExtensionNode {
  return node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION;
}

function isObject(node: DefinitionNode): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}
