import { HubError } from '#kernel/errors.ts';
import type { ConditionNode, FlattenNode, PlanNode, SequenceNode, SubscriptionNode } from '../plan-nodes.ts';
import { compileBatchFetch, compileEntityFetch } from './entity-fetch.ts';
import type { Step } from './execution.ts';
import { compileFetch, compileRootFetch, type CompiledFetch, type CompileScope } from './fetch.ts';

/** Compiles a plan (or a part of one) to a step that runs it. @throws {HubError} INTERNAL - a node the engine does not know. */
export function compilePlan(node: PlanNode, scope: CompileScope): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileRootFetch(node, scope);
    case 'BatchFetch':
      return compileBatchFetch(node, scope);
    case 'Flatten':
      return compileFlatten(node, scope);
    case 'Sequence':
      return inSequence(node.nodes.map((child) => compilePlan(child, scope)));
    case 'Parallel':
      return inParallel(node.nodes.map((child) => compilePlan(child, scope)));
    case 'Condition':
      return compileCondition(node, scope);
    case 'Subscription':
    case 'Defer':
      throw unsupported(`a ${node.kind} within`);
    default:
      throw unsupported(`the node ${JSON.stringify((node as { kind?: unknown }).kind)} in`);
  }
}

/** A subscription's plan: the fetch that is the stream, and what runs for each event. */
export function compileSubscriptionPlan(
  node: PlanNode | null,
  scope: CompileScope,
): { source: CompiledFetch; joins: Step | null } {
  const nodes = node?.kind === 'Sequence' ? node.nodes : node ? [node] : [];
  const [first, ...rest] = nodes;
  if (first?.kind !== 'Subscription') throw unsupported('no Subscription at the start of');
  const source = compileFetch((first satisfies SubscriptionNode).primary, scope);
  const sequence: SequenceNode = { kind: 'Sequence', nodes: rest };
  return { source, joins: rest.length ? compilePlan(sequence, scope) : null };
}

function compileFlatten(node: FlattenNode, scope: CompileScope): Step {
  if (node.node.kind !== 'Fetch') throw unsupported(`a ${node.node.kind} under a Flatten of`);
  return compileEntityFetch(node.node, node.path, scope);
}

function compileCondition(node: ConditionNode, scope: CompileScope): Step {
  const whenTrue = node.ifClause ? compilePlan(node.ifClause, scope) : nothing;
  const whenFalse = node.elseClause ? compilePlan(node.elseClause, scope) : nothing;
  return (execution) => (execution.variables[node.condition] === true ? whenTrue : whenFalse)(execution);
}

const nothing: Step = () => Promise.resolve();

function inSequence(steps: readonly Step[]): Step {
  return async (execution) => {
    for (const step of steps) await step(execution);
  };
}

/** Runs steps that do not depend on one another. */
export function inParallel(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return async (execution) => {
    await Promise.all(steps.map((step) => step(execution)));
  };
}

function unsupported(what: string): HubError {
  return new HubError('INTERNAL', `The engine met ${what} a plan, which it does not know.`);
}
