import { buildSubgraph, type Subgraph } from '#subgraphs/common/build.ts';
import { createWorkflowsResolvers, type WorkflowsSubgraphDeps } from './resolvers.ts';

export type { WorkflowsSubgraphDeps } from './resolvers.ts';

/** The workflows subgraph: workflows, the decisions of people on them, their messages and evidence, and who asks. */
export function createWorkflowsSubgraph(deps: WorkflowsSubgraphDeps): Subgraph {
  return buildSubgraph(
    'workflows',
    new URL('./schema.graphql', import.meta.url),
    createWorkflowsResolvers(deps),
  );
}
