import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';

/**
 * The schema that clients see: without the join machinery and without what is `@inaccessible`.
 *
 * Not the planner's own consumer schema: that declares `__schema` and `__type` as fields of Query, which breaks
 * introspection.
 */
export function buildPublicSchema(supergraph: DocumentNode): GraphQLSchema {
  return buildASTSchema(withoutLostMembers(transformSupergraphToPublicSchema(supergraph)));
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
