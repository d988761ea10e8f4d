import type { PlanNode, PlanPathSegment } from '../../plan-nodes.ts';

/**
 * What joins cost: 1 for each object that a subgraph is asked about by its key.
 * @param counts - objects at each place of the answer, by response keys.
 */
export function joinCost(plans: readonly PlanNode[], counts: ReadonlyMap<string, number>): number {
  return plans.reduce((sum, plan) => sum + costOf(plan, counts), 0);
}

function costOf(node: PlanNode, counts: ReadonlyMap<string, number>): number {
  switch (node.kind) {
    case 'Flatten':
      return countAt(node.path, counts);
    case 'BatchFetch':
      return node.entityBatch.aliases
        .flatMap(({ paths }) => paths)
        .reduce((sum, path) => sum + countAt(path, counts), 0);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.reduce((sum, child) => sum + costOf(child, counts), 0);
    case 'Condition':
      return (
        (node.ifClause ? costOf(node.ifClause, counts) : 0) +
        (node.elseClause ? costOf(node.elseClause, counts) : 0)
      );
    default:
      return 0;
  }
}

/** A place the client did not ask for (a key's object) has as many objects as the nearest one above that it did. */
function countAt(path: readonly PlanPathSegment[], counts: ReadonlyMap<string, number>): number {
  const keys = path.flatMap((segment) =>
    typeof segment === 'object' && 'Field' in segment ? [segment.Field] : [],
  );
  for (let length = keys.length; length > 0; length -= 1) {
    const count = counts.get(keys.slice(0, length).join('.'));
    if (count !== undefined) return count;
  }
  return 1;
}
