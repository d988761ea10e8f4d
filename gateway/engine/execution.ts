import type { RequestContext } from '#ontology/request-context.ts';
import { ErrorLog } from './error-log.ts';
import type { ResponseObject } from './types.ts';

/** What one run of an operation (or one event of a subscription) gathers. Nothing of it outlives the run. */
export interface Execution {
  readonly context: RequestContext;
  /** The operation's variables, coerced by the public schema, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** As the subgraphs answered: keys and type names the client did not ask for included. */
  readonly data: ResponseObject;
  readonly errors: ErrorLog;
  /** Objects that subgraphs were asked about by their keys, so far. */
  joined: number;
}

/** One step of a compiled plan. Never rejects: what fails is in the execution's errors. */
export type Step = (execution: Execution) => Promise<void>;

export function newExecution(
  context: RequestContext,
  variables: Readonly<Record<string, unknown>>,
): Execution {
  return { context, variables, data: Object.create(null), errors: new ErrorLog(), joined: 0 };
}
