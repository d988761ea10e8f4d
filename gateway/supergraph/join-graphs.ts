import { Kind, parse, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { HubError, messageOf } from '#kernel/errors.ts';
import { assertSupported } from './features.ts';

/** A subgraph as a supergraph names it. */
export interface JoinGraph {
  readonly name: string;
  /** Where it answers; empty when the composer did not know. */
  readonly url: string;
}

/** @throws {HubError} CONFIG_INVALID - it is no GraphQL document, or needs what the engine does not support. */
export function parseSupergraph(supergraphSdl: string): DocumentNode {
  const document = parsed(supergraphSdl);
  assertSupported(document);
  return document;
}

function parsed(supergraphSdl: string): DocumentNode {
  try {
    return parse(supergraphSdl);
  } catch (error) {
    throw new HubError('CONFIG_INVALID', `The supergraph cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * The subgraphs of a supergraph, in its order.
 *
 * @throws {HubError} CONFIG_INVALID - the document is not a composed one.
 * @see https://specs.apollo.dev/join/v0.3/#@graph
 */
export function joinGraphs(supergraph: DocumentNode): readonly JoinGraph[] {
  const graphs = supergraph.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION)
    throw new HubError('CONFIG_INVALID', 'The supergraph has no join__Graph: it is not a composed one.');
  return (graphs.values ?? []).flatMap(({ directives }) => {
    const graph = directives?.find(({ name }) => name.value === 'join__graph');
    const name = graph && stringArgument(graph, 'name');
    return name ? [{ name, url: stringArgument(graph, 'url') }] : [];
  });
}

function stringArgument(directive: ConstDirectiveNode, argument: string): string {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
