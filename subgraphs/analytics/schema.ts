import { buildSubgraph, type Subgraph } from '#subgraphs/common/build.ts';
import { createAnalyticsResolvers, type AnalyticsSubgraphDeps } from './resolvers.ts';

export type { AnalyticsSubgraphDeps } from './resolvers.ts';

/** The analytics subgraph: health with reasons, and recommendations. */
export function createAnalyticsSubgraph(deps: AnalyticsSubgraphDeps): Subgraph {
  return buildSubgraph(
    'analytics',
    new URL('./schema.graphql', import.meta.url),
    createAnalyticsResolvers(deps),
  );
}
