import { GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { HubError } from '#kernel/errors.ts';

/** Why an operation did not begin: one or more errors. Caught by the engine and never seen outside. */
class Refusal extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

/**
 * An operation's variables as its types demand, defaults filled in.
 * @throws {Refusal} BAD_USER_INPUT - with an error for each wrong variable, 20 at most.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> {
  const result = getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {}, {
    maxErrors: 20,
  });
  if (!result.errors) return result.coerced;
  throw new Refusal(result.errors.map(asInputError));
}

function asInputError(error: GraphQLError): GraphQLError {
  const extensions = { ...error.extensions, code: 'BAD_USER_INPUT' };
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, originalError: error, extensions });
}

/** The errors of an operation that did not begin. */
export function refusalOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof Refusal) return error.errors;
  if (error instanceof GraphQLError) return [error];
  const original = error instanceof Error ? error : new HubError('INTERNAL', String(error));
  return [new GraphQLError(original.message, { originalError: original })];
}
