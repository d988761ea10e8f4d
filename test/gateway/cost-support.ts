import { composeSupergraph, type SubgraphDefinition } from '#gateway/compose.ts';
import { createEngine, type FederationEngine } from '#gateway/engine/engine.ts';
import type { SubgraphExecutor } from '#gateway/engine/types.ts';
import type { CostLimits } from '#gateway/guards/cost/cost-guard.ts';
import { createPlanner } from '#gateway/planner.ts';

/** No limits; lists nothing is known about have ten items. */
export const wide: CostLimits = {
  perOperation: 0,
  perTenant: { amount: 0, windowMs: 1_000 },
  assumedListSize: 10,
};

/** Nothing is fetched: the operation is refused as soon as its cost is known. */
const unused: SubgraphExecutor = {
  execute: () => Promise.reject(new Error('it was run')),
  subscribe: () => Promise.reject(new Error('it was run')),
};

/** An engine over composed subgraphs. @param options.executors - by subgraph. @default nothing may be fetched */
export async function createGraph(
  subgraphs: readonly SubgraphDefinition[],
  { executors = {} }: { readonly executors?: Readonly<Record<string, SubgraphExecutor>> } = {},
): Promise<FederationEngine> {
  const { supergraphSdl } = composeSupergraph(subgraphs);
  return createEngine({
    supergraphSdl,
    planner: await createPlanner(supergraphSdl),
    executors: Object.fromEntries(subgraphs.map(({ name }) => [name, executors[name] ?? unused])),
  });
}
