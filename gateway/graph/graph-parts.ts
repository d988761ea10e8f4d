import {
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type TypeNode,
} from 'graphql';

/** What a type, a field, an argument or a value of a supergraph says. */
export interface Part {
  readonly directives: readonly ConstDirectiveNode[];
  /** The type that a field answers, without lists. */
  readonly answers: string | null;
  readonly defaultValue: string | null;
}

/** A supergraph, taken apart. */
export interface GraphParts {
  readonly document: DocumentNode;
  /** By schema coordinate: `Type`, `Type.member`, `Type.member(argument:)`. */
  readonly parts: ReadonlyMap<string, Part>;
  /** Names of subgraphs by the value that stands for them. */
  readonly subgraphs: ReadonlyMap<string, string>;
}

/** Takes a supergraph apart. @throws {GraphQLError} it is no document. */
export function readGraphParts(sdl: string): GraphParts {
  const document = parse(sdl, { noLocation: true });
  const parts = new Map<string, Part>();
  const path: string[] = [];
  const enter = (node: Described) => {
    path.push(node.name.value);
    parts.set(coordinateOf(path), {
      directives: node.directives ?? [],
      answers: 'type' in node && node.type ? namedType(node.type) : null,
      defaultValue: 'defaultValue' in node && node.defaultValue ? print(node.defaultValue) : null,
    });
  };
  const leave = () => void path.pop();
  const both = { enter, leave };
  visit(document, {
    // Definitions of directives have arguments, too.
    DirectiveDefinition: () => false,
    ObjectTypeDefinition: both,
    InterfaceTypeDefinition: both,
    UnionTypeDefinition: both,
    ScalarTypeDefinition: both,
    EnumTypeDefinition: both,
    InputObjectTypeDefinition: both,
    FieldDefinition: both,
    InputValueDefinition: both,
    EnumValueDefinition: both,
  });
  return { document, parts, subgraphs: subgraphsOf(parts) };
}

type Described = { readonly name: { readonly value: string } } & {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
  readonly type?: TypeNode;
  readonly defaultValue?: Parameters<typeof print>[0] | undefined;
};

function coordinateOf([type, member, argument]: readonly string[]): string {
  return `${type}${member === undefined ? '' : `.${member}`}${argument === undefined ? '' : `(${argument}:)`}`;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function subgraphsOf(parts: GraphParts['parts']): GraphParts['subgraphs'] {
  const subgraphs = new Map<string, string>();
  for (const [coordinate, { directives }] of parts) {
    const [type, value] = coordinate.split('.');
    if (type !== 'join__Graph' || value === undefined) continue;
    for (const directive of directives) subgraphs.set(value, textArguments(directive)['name'] ?? value);
  }
  return subgraphs;
}

/** The fields a field set names, seen from a type; `__typename` is everybody's. */
export function coordinatesIn(fieldSet: string, type: string, { parts }: GraphParts): string[] {
  const found: string[] = [];
  const types = [type];
  visit(parse(`{ ${fieldSet} }`, { noLocation: true }), {
    InlineFragment: {
      enter: ({ typeCondition }) => void types.push(typeCondition?.name.value ?? (types.at(-1) as string)),
      leave: () => void types.pop(),
    },
    Field: {
      enter: ({ name }) => {
        const coordinate = `${types.at(-1)}.${name.value}`;
        if (name.value !== '__typename') found.push(coordinate);
        types.push(parts.get(coordinate)?.answers ?? '');
      },
      leave: () => void types.pop(),
    },
  });
  return found;
}

/** Arguments that are texts or names. */
export function textArguments({
  arguments: args = [],
}: ConstDirectiveNode): Record<string, string | undefined> {
  return Object.fromEntries(
    args.flatMap(({ name, value }) => {
      const read: unknown = valueFromASTUntyped(value);
      return typeof read === 'string' ? [[name.value, read]] : [];
    }),
  );
}
