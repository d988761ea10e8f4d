import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';
import { directiveNames, readLinks } from '../supergraph/links.ts';

/**
 * The schema that clients see: without the join machinery and without what is `@inaccessible`.
 *
 * Not the native planner's consumer schema: that declares `__schema` and `__type` as fields of Query, which breaks
 * introspection.
 */
export function buildPublicSchema(supergraph: DocumentNode): GraphQLSchema {
  const plain = withPlainInaccessible(supergraph);
  return buildASTSchema(withoutLostMembers(transformSupergraphToPublicSchema(plain)));
}

/**
 * The transformation (0.27) knows `@inaccessible` under the name that `as` of its link gives it, not under one that
 * `import` gives it: what is hidden would be shown.
 */
function withPlainInaccessible(supergraph: DocumentNode): DocumentNode {
  const names = directiveNames(supergraph, ['inaccessible']);
  const own = readLinks(supergraph).find(({ feature }) => feature === 'inaccessible')?.as ?? 'inaccessible';
  if ([...names.keys()].every((name) => name === own || name.includes('__'))) return supergraph;
  const rename = <T extends { readonly name: { readonly value: string } }>(node: T) =>
    names.has(node.name.value) ? { ...node, name: { ...node.name, value: own } } : undefined;
  return visit(supergraph, { Directive: rename, DirectiveDefinition: rename });
}

/** The transformation removes a hidden type, but (0.27) leaves its name in the unions it belongs to. */
function withoutLostMembers(document: DocumentNode): DocumentNode {
  const defined = new Set(
    document.definitions.flatMap((node) => ('name' in node && node.name ? [node.name.value] : [])),
  );
  return visit(document, {
    [Kind.UNION_TYPE_DEFINITION]: (node) => ({
      ...node,
      types: node.types?.filter(({ name }) => defined.has(name.value)),
    }),
  });
}
