import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { PlanNode } from '../plan-nodes.ts';
import type { ActiveOverrides, Planner } from '../planner.ts';
import { Effort } from '../planning/effort.ts';
import type { Denials } from './access.ts';
import { Completer } from './complete.ts';
import { TextCompleter } from './complete-text.ts';
import { compilePlan, compileSubscriptionPlan, inParallel } from './compile-plan.ts';
import { withConditionsDecided } from './conditions.ts';
import type { Execution, Step } from './execution.ts';
import { ErrorLog } from './error-log.ts';
import type { CompiledFetch, CompileScope } from './fetch.ts';
import { FieldCollector } from './field-groups.ts';
import { introspect } from './introspect.ts';
import { withMergedSelections } from './merge-selections.ts';
import {
  needsSubgraphs,
  printOperation,
  splitRootFields,
  withPlainTypeNames,
  type SelectedOperation,
} from './operation.ts';
import { keyInData, shield, type ShieldedNames } from './shielded-keys.ts';
import type { PlannedOperation, ResponseObject } from './types.ts';

/** An operation, planned once and ready to run many times. It holds nothing of any run. */
export interface CompiledOperation {
  readonly operation: OperationDefinitionNode;
  readonly planned: PlannedOperation;
  /** What planning it took: a plan is about as large as that. */
  readonly effort: number;
  /** Runs a query or mutation into the execution. */
  readonly run: Step;
  /** The stream of a subscription and what joins to each event; `null` for other operations. */
  readonly subscription: { readonly source: CompiledFetch; readonly joins: Step | null } | null;
  /** The answer for the client. */
  complete(execution: Execution): ResponseObject | null;
  /** The same as JSON text; `null` when only `complete` can say what it is. */
  completeText(execution: Execution): string | null;
}

/** What operations are compiled with. */
export interface OperationScope extends CompileScope {
  readonly schema: GraphQLSchema;
  readonly planner: Planner;
  /** See shieldedNames. */
  readonly shielded: ShieldedNames;
}

/** What tells apart the compilations of one operation. */
export interface Variant {
  /** Only those that conditions look at matter. */
  readonly variables: Execution['variables'];
  readonly denials: Denials | null;
  readonly overrides: ActiveOverrides;
}

/**
 * Plans and compiles one operation for the given values of its condition variables.
 * @throws {HubError} INTERNAL - it could not be planned; LIMIT_EXCEEDED - that would take too long.
 */
export async function compileOperation(
  selected: SelectedOperation,
  variant: Variant,
  scope: OperationScope,
): Promise<CompiledOperation> {
  const { operation } = selected;
  const collector = collectorOf(selected, scope, variant.denials);
  const completer = new Completer(scope.schema, collector);
  const writer = new TextCompleter(scope.schema, collector);
  const plans: PlanNode[] = [];
  const effort = new Effort();
  const run = await compileRun(selected, { ...scope, ...variant, plans, effort });
  return {
    operation,
    planned: { selected, plans, keyInData: (field) => keyInData(field, scope.shielded) },
    effort: effort.spent,
    ...run,
    complete: (execution) =>
      completer.complete(execution, introspect(scope.schema, selected, completer, execution)),
    completeText: (execution) => writer.complete(execution),
  };
}

function collectorOf(
  { operation, fragments }: SelectedOperation,
  { schema, shielded }: OperationScope,
  denials: Denials | null,
): FieldCollector {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new HubError('INVALID_INPUT', `This graph has no ${operation.operation}.`);
  return new FieldCollector(schema, operation, fragments, root, denials, shielded);
}

/** What one compilation is made with, and the plans it has made so far. */
interface RunScope extends OperationScope, Variant {
  readonly plans: PlanNode[];
  /** What planning all of it may take. */
  readonly effort: Effort;
}

type Runnable = Pick<CompiledOperation, 'run' | 'subscription'>;

async function compileRun(selected: SelectedOperation, scope: RunScope): Promise<Runnable> {
  const { operation, fragments } = selected;
  if (operation.operation === 'subscription') {
    assertStartAllowed(selected, scope);
    const plan = await planOf(plannable(selected, scope), scope);
    return { run: nothing, subscription: compileSubscriptionPlan(plan, scope) };
  }
  if (operation.operation === 'query')
    return { run: await compileFetches(selected, scope), subscription: null };
  const fields = splitRootFields(selected, scope.variables).map((part) =>
    compileMutationField({ operation: part, fragments }, scope),
  );
  return { run: inOrder(await Promise.all(fields)), subscription: null };
}

const nothing: Step = () => Promise.resolve();

/** The operation as the planner gets it: what is kept from the caller is gone, and conditions are decided. */
function plannable(
  selected: SelectedOperation,
  { denials, variables, shielded, schema, types }: RunScope,
): SelectedOperation {
  const visible = denials?.prune(selected) ?? selected;
  const decided = withPlainTypeNames(withConditionsDecided(visible, variables));
  return shield(withMergedSelections(decided, schema, types), shielded);
}

/** @throws {HubError} why the stream itself is kept from the caller. */
function assertStartAllowed({ operation, fragments }: SelectedOperation, scope: RunScope): void {
  const root = scope.schema.getSubscriptionType();
  if (!scope.denials || !root) return;
  const collector = new FieldCollector(scope.schema, operation, fragments, root, scope.denials);
  for (const { denied } of collector.root(scope.variables)) if (denied) throw denied;
}

async function planOf(
  { operation, fragments }: SelectedOperation,
  { planner, plans, overrides, effort }: RunScope,
): Promise<PlanNode | null> {
  const node = await planner.plan({
    query: printOperation(operation, fragments),
    operationName: operation.name?.value ?? null,
    overrides,
    effort,
  });
  if (node) plans.push(node);
  return node;
}

async function compileFetches(selected: SelectedOperation, scope: RunScope): Promise<Step> {
  const asked = plannable(selected, scope);
  if (!needsSubgraphs(asked)) return nothing;
  const nodes = await planWholeOrParts(asked, scope);
  return inParallel(nodes.map((node) => compilePlan(node, scope)));
}

/**
 * The native planner (router-query-planner 0.0.38) gives up on some operations whose root fields it could plan each
 * alone ("Expected a single parent, but the FetchStep has many"). Root fields of a query do not depend on one another.
 */
async function planWholeOrParts(asked: SelectedOperation, scope: RunScope): Promise<readonly PlanNode[]> {
  try {
    return [await planOf(asked, scope)].filter((node) => node !== null);
  } catch (error) {
    // What takes too long as a whole takes as long in parts.
    if (!isHubError(error, 'INTERNAL')) throw error;
    const parts = splitRootFields(asked).filter((operation) => needsSubgraphs({ ...asked, operation }));
    if (parts.length < 2) throw error;
    const plans = await Promise.all(parts.map((operation) => planOf({ ...asked, operation }, scope)));
    return plans.filter((node) => node !== null);
  }
}

/** One root field of a mutation. */
interface MutationField {
  readonly run: Step;
  /** Whether its outcome makes the whole answer null: then the fields after it must not run. */
  endsMutation(execution: Execution): boolean;
}

async function compileMutationField(selected: SelectedOperation, scope: RunScope): Promise<MutationField> {
  const run = await compileFetches(selected, scope);
  const completer = new Completer(scope.schema, collectorOf(selected, scope, scope.denials));
  return {
    run,
    endsMutation: (execution) => completer.complete({ ...execution, errors: new ErrorLog() }, null) === null,
  };
}

function inOrder(fields: readonly MutationField[]): Step {
  return async (execution) => {
    for (const field of fields) {
      await field.run(execution);
      if (field.endsMutation(execution)) return;
    }
  };
}
