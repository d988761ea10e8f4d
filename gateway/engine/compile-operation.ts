import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { PlanNode } from '../plan-nodes.ts';
import type { Planner } from '../planner.ts';
import { Completer } from './complete.ts';
import { compilePlan, compileSubscriptionPlan } from './compile-plan.ts';
import { withConditionsDecided } from './conditions.ts';
import type { Execution, Step } from './execution.ts';
import { ErrorLog } from './error-log.ts';
import type { CompiledFetch, CompileScope } from './fetch.ts';
import { FieldCollector } from './field-groups.ts';
import { introspect } from './introspect.ts';
import {
  needsSubgraphs,
  printOperation,
  splitRootFields,
  withPlainTypeNames,
  type SelectedOperation,
} from './operation.ts';
import type { ResponseObject } from './types.ts';

/** An operation, planned once and ready to run many times. It holds nothing of any run. */
export interface CompiledOperation {
  readonly operation: OperationDefinitionNode;
  /** Runs a query or mutation into the execution. */
  readonly run: Step;
  /** The stream of a subscription and what joins to each event; `null` for other operations. */
  readonly subscription: { readonly source: CompiledFetch; readonly joins: Step | null } | null;
  /** The answer for the client. */
  complete(execution: Execution): ResponseObject | null;
}

/** What operations are compiled with. */
export interface OperationScope extends CompileScope {
  readonly schema: GraphQLSchema;
  readonly planner: Planner;
}

/**
 * Plans and compiles one operation for the given values of its condition variables.
 * @throws {HubError} INTERNAL - it could not be planned.
 */
export async function compileOperation(
  selected: SelectedOperation,
  variables: Execution['variables'],
  scope: OperationScope,
): Promise<CompiledOperation> {
  const { operation } = selected;
  const completer = completerOf(selected, scope);
  return {
    operation,
    ...(await compileRun(withConditionsDecided(selected, variables), scope)),
    complete: (execution) =>
      completer.complete(execution, introspect(scope.schema, selected, completer, execution)),
  };
}

function completerOf({ operation, fragments }: SelectedOperation, { schema }: OperationScope): Completer {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new HubError('INVALID_INPUT', `This graph has no ${operation.operation}.`);
  return new Completer(schema, new FieldCollector(schema, operation, fragments, root));
}

type Runnable = Pick<CompiledOperation, 'run' | 'subscription'>;

async function compileRun(selected: SelectedOperation, scope: OperationScope): Promise<Runnable> {
  const { operation, fragments } = withPlainTypeNames(selected);
  const plannable = { operation, fragments };
  if (operation.operation === 'subscription') {
    return { run: nothing, subscription: compileSubscriptionPlan(await planOf(plannable, scope), scope) };
  }
  if (operation.operation === 'query')
    return { run: await compileFetches(plannable, scope), subscription: null };
  const fields = splitRootFields(plannable).map((part) =>
    compileMutationField({ operation: part, fragments }, scope),
  );
  return { run: inOrder(await Promise.all(fields)), subscription: null };
}

const nothing: Step = () => Promise.resolve();

function planOf(
  { operation, fragments }: SelectedOperation,
  scope: OperationScope,
): Promise<PlanNode | null> {
  return scope.planner.plan({
    query: printOperation(operation, fragments),
    operationName: operation.name?.value ?? null,
  });
}

async function compileFetches(selected: SelectedOperation, scope: OperationScope): Promise<Step> {
  if (!needsSubgraphs(selected)) return nothing;
  const node = await planOf(selected, scope);
  return node ? compilePlan(node, scope) : nothing;
}

/** One root field of a mutation. */
interface MutationField {
  readonly run: Step;
  /** Whether its outcome makes the whole answer null: then the fields after it must not run. */
  endsMutation(execution: Execution): boolean;
}

async function compileMutationField(
  selected: SelectedOperation,
  scope: OperationScope,
): Promise<MutationField> {
  const run = await compileFetches(selected, scope);
  const completer = completerOf(selected, scope);
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
