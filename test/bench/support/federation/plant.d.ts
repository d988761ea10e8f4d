export interface BenchSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: object;
}

export const subgraphs: readonly BenchSubgraph[];

export const monolith: { readonly typeDefs: string; readonly resolvers: object };

export const queries: Readonly<
  Record<string, { readonly query: string; variables(random: () => number): object }>
>;
