import { isEnumType, Kind, type ConstDirectiveNode, type GraphQLSchema } from 'graphql';

/** The names of the fields of one key. */
export type KeyNames = readonly string[];

/**
 * The keys by which a subgraph looks up entities of a type.
 * @param supergraph - with its join directives.
 * @see https://specs.apollo.dev/join/v0.3/#@type
 */
export function keysIn(
  supergraph: GraphQLSchema,
  serviceName: string,
  typeName: string,
): readonly KeyNames[] {
  const graph = graphOf(supergraph, serviceName);
  const directives = supergraph.getType(typeName)?.astNode?.directives ?? [];
  return directives.flatMap((directive) => {
    if (directive.name.value !== 'join__type' || argumentOf(directive, 'graph') !== graph) return [];
    const fields = argumentOf(directive, 'key');
    return typeof fields === 'string' && argumentOf(directive, 'resolvable') !== false
      ? [topNames(fields)]
      : [];
  });
}

/** The value of `join__Graph` that stands for a subgraph. */
function graphOf(supergraph: GraphQLSchema, serviceName: string): unknown {
  const graphs = supergraph.getType('join__Graph');
  if (!isEnumType(graphs)) return undefined;
  const isIt = (directive: ConstDirectiveNode) =>
    directive.name.value === 'join__graph' && argumentOf(directive, 'name') === serviceName;
  return graphs.getValues().find(({ astNode }) => astNode?.directives?.some(isIt))?.name;
}

function argumentOf({ arguments: given = [] }: ConstDirectiveNode, name: string): unknown {
  const value = given.find((argument) => argument.name.value === name)?.value;
  if (value?.kind === Kind.STRING || value?.kind === Kind.ENUM || value?.kind === Kind.BOOLEAN)
    return value.value;
  return undefined;
}

/** Names at the top of a field set; what is below a field is left out. */
function topNames(fieldSet: string): string[] {
  let depth = 0;
  const names: string[] = [];
  for (const [part] of fieldSet.matchAll(/[{}]|\w+/g)) {
    if (part === '{') depth += 1;
    else if (part === '}') depth -= 1;
    else if (depth === 0) names.push(part);
  }
  return names;
}
