import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

/** A subgraph ready for composition: its name, its SDL and its schema with resolvers. */
export interface Subgraph {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  /** When the hub had what an event of a subscription tells, epoch ms; `null` where that is not known. @default never */
  readonly eventTime?: (event: unknown) => number | null;
}

type Resolvers = NonNullable<
  Extract<
    Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>[number],
    { typeDefs: unknown; resolvers?: unknown }
  >['resolvers']
>;

/**
 * Builds a subgraph from its schema.graphql and resolvers.
 * @param sdlFile - URL of the SDL, e.g. `new URL('./schema.graphql', import.meta.url)`.
 */
export function buildSubgraph(name: string, sdlFile: URL, resolvers: Resolvers): Subgraph {
  const sdl = readFileSync(sdlFile, 'utf8');
  return { name, sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]) };
}
