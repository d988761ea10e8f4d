import { parse, validate } from 'graphql';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine } from '#gateway/engine/engine.ts';
import type { SubgraphExecutor } from '#gateway/engine/types.ts';
import type { PlanNode } from '#gateway/plan-nodes.ts';
import { createPlanner, type Planner } from '#gateway/planner.ts';
import { createRandom, randomOperation } from './random-operations.ts';
import { newContext, type TestSubgraph } from './support.ts';

/** What a plan costs: requests one after another, and requests. */
export interface PlanCost {
  readonly steps: number;
  readonly requests: number;
}

/** The plans of both planners for one operation, as the engine asks for it. */
export interface Comparison {
  readonly query: string;
  readonly own: PlanCost;
  readonly native: PlanCost;
  readonly ownMs: number;
  readonly nativeMs: number;
}

/** The cost of a plan. */
export function costOf(node: PlanNode | null): PlanCost {
  if (!node || node.kind === 'Condition' || node.kind === 'Defer') return { steps: 0, requests: 0 };
  if (node.kind !== 'Sequence' && node.kind !== 'Parallel') return { steps: 1, requests: 1 };
  const costs = node.nodes.map(costOf);
  const steps = costs.map((cost) => cost.steps);
  return {
    steps: node.kind === 'Sequence' ? steps.reduce((sum, one) => sum + one, 0) : Math.max(0, ...steps),
    requests: costs.reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** Plans random operations over a graph with both planners; those that the native one gives up on are left out. */
export async function comparePlans(
  subgraphs: readonly Pick<TestSubgraph, 'name' | 'sdl'>[],
  operations: number,
): Promise<Comparison[]> {
  const { supergraphSdl } = composeSupergraph(subgraphs);
  const found: Comparison[] = [];
  const planner = await comparing(supergraphSdl, (comparison) => found.push(comparison));
  const executors = Object.fromEntries(subgraphs.map(({ name }) => [name, silent]));
  const engine = createEngine({ supergraphSdl, planner, executors });
  for (let seed = 1; seed <= operations; seed += 1) {
    const { query, variables } = randomOperation(engine.schema, createRandom(seed));
    const document = parse(query);
    if (!validate(engine.schema, document).length)
      await engine.execute({ document, variables, context: newContext() });
  }
  return found;
}

/** Only the plans matter here. */
const silent: SubgraphExecutor = {
  execute: () => Promise.resolve({ data: null }),
  subscribe: () => Promise.resolve({ errors: [] }),
};

async function comparing(supergraphSdl: string, found: (one: Comparison) => void): Promise<Planner> {
  const own = await createPlanner(supergraphSdl, 'own');
  const native = await createPlanner(supergraphSdl, 'native');
  return {
    overrides: own.overrides,
    async plan(request) {
      const started = performance.now();
      const plan = await own.plan(request);
      const planned = performance.now();
      const other = await native.plan(request).catch(() => null);
      const ended = performance.now();
      if (plan && other)
        found({
          query: request.query,
          own: costOf(plan),
          native: costOf(other),
          ownMs: planned - started,
          nativeMs: ended - planned,
        });
      return plan;
    },
  };
}
