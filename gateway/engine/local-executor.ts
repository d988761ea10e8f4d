import {
  createSourceEventStream,
  execute,
  GraphQLError,
  Kind,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { withWorkOf } from '#kernel/work-signal.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { throwIfEnded } from './abort.ts';
import { defaultHotAfter, HotDocuments } from './hot-documents.ts';
import { defaultListValues, ListBudget } from './list-budget.ts';
import {
  isStream,
  type SubgraphExecutor,
  type SubgraphRequest,
  type SubgraphResult,
  type SubgraphStream,
} from './types.ts';

/**
 * Runs a subgraph's schema in this process with graphql-js, without HTTP.
 *
 * An event of a subscription is completed with the context of that event, not with the one the subscription began
 * with, so loaders do not live on from event to event.
 *
 * @param options.maxListValues - see ListBudget; the schema's list fields are made to count. @default 150_000
 * @param options.eventTime - when the hub had what a source's event tells, epoch ms. @default it is not known
 * @param options.hotAfter - runs of a document before it is compiled; see HotDocuments. @default 20
 */
export function createLocalExecutor(
  schema: GraphQLSchema,
  options: {
    readonly maxListValues?: number;
    readonly hotAfter?: number;
    readonly eventTime?: EventTime | undefined;
  } = {},
): SubgraphExecutor {
  const budget = new ListBudget(options.maxListValues ?? defaultListValues);
  budget.watch(schema);
  const hot = new HotDocuments(schema, options.hotAfter ?? defaultHotAfter);
  const run = async (
    request: SubgraphRequest,
    context: RequestContext,
    rootValue?: unknown,
  ): Promise<SubgraphResult> => {
    budget.assertLeft(context);
    const { document, variables } = request;
    const compiled = request.operation === 'mutation' ? null : hot.runOf(document);
    if (compiled) {
      const before = budget.spentBy(context);
      const { data, errors } = await compiled(rootValue, context, variables);
      budget.assertLeft(context);
      if (!errors?.length) return { data };
      hot.cool(document);
      budget.refund(context, before);
      throwIfEnded(context);
    }
    const result = withInputErrors(
      await execute({ schema, document, variableValues: variables, contextValue: context, rootValue }),
    );
    budget.assertLeft(context);
    return result;
  };
  return {
    execute: (request) =>
      request.operation === 'query'
        ? withWorkOf(request.context, () => run(request, request.context))
        : run(request, request.context),
    async subscribe(request) {
      const { document, variables: variableValues, context: contextValue } = request;
      const source = await createSourceEventStream({ schema, document, variableValues, contextValue });
      if (!(Symbol.asyncIterator in source)) return withInputErrors(source);
      const events = source[Symbol.asyncIterator]();
      if (!isStream(events))
        throw new HubError('INTERNAL', 'A subscription resolver did not return an async iterator.');
      return toStream(events, (event, context) => run(request, context, event), options.eventTime);
    },
  };
}

type EventTime = (event: unknown) => number | null;

function toStream(
  events: AsyncIterator<unknown>,
  resolve: (event: unknown, context: RequestContext) => Promise<SubgraphResult>,
  eventTime: EventTime = () => null,
): SubgraphStream {
  return {
    async next() {
      const step = await events.next();
      if (step.done) return { done: true, value: undefined };
      const sourceTime = eventTime(step.value);
      return { done: false, value: { sourceTime, resolve: (context) => resolve(step.value, context) } };
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
  };
}

/**
 * Marks errors that the caller's input caused: all of a result without `data` (variables are coerced before execution
 * starts), and those that point at something else than a field (an argument's literal).
 */
function withInputErrors(result: ExecutionResult): SubgraphResult {
  if (!result.errors) return result as SubgraphResult;
  const before = !('data' in result);
  const errors = result.errors.map((error) => (isInputError(error, before) ? asInputError(error) : error));
  return { ...(before ? {} : { data: result.data ?? null }), errors };
}

/** A resolver's error always has a path, also when it refused to start a subscription. */
function isInputError(error: GraphQLError, before: boolean): boolean {
  return (before && !error.path) || (isBare(error) && pointsAtInput(error));
}

function pointsAtInput(error: GraphQLError): boolean {
  const [node] = error.nodes ?? [];
  return node !== undefined && node.kind !== Kind.FIELD;
}

/** Whether no resolver threw it: then it is graphql-js's own. */
function isBare(error: GraphQLError): boolean {
  let inner: Error | undefined = error;
  while (inner instanceof GraphQLError) inner = inner.originalError;
  return inner === undefined;
}

function asInputError(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    path: error.path,
    originalError: error,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
  });
}
