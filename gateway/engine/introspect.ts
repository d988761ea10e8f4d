import { execute, Kind, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Completer } from './complete.ts';
import type { Execution } from './execution.ts';
import { isIntrospection, type SelectedOperation } from './operation.ts';
import type { ResponseObject } from './types.ts';

/** Answers the root's `__schema` and `__type` fields from the public schema; `null` when there are none. */
export function introspect(
  schema: GraphQLSchema,
  { operation, fragments }: SelectedOperation,
  completer: Completer,
  execution: Execution,
): ResponseObject | null {
  const selections = completer
    .rootGroups(execution)
    .flatMap((group) => group.nodes)
    .filter(isIntrospection);
  if (!selections.length) return null;
  const only = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } as const };
  const document = { kind: Kind.DOCUMENT, definitions: [only, ...fragments.values()] } as const;
  // Introspection resolvers are synchronous. The variables are coerced already; coercing them again changes nothing.
  const result = execute({ schema, document, variableValues: execution.variables }) as ExecutionResult;
  for (const error of result.errors ?? []) execution.errors.add(error);
  return result.data ?? null;
}
