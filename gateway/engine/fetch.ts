import { Kind, parse, type DocumentNode } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import type { FetchNode } from '../plan-nodes.ts';
import { untilAborted } from './abort.ts';
import { commonPath, fetchFailure, fromSubgraph } from './error-log.ts';
import type { Execution, Step } from './execution.ts';
import { mergeInto } from './merge.ts';
import { compileRewrites, type Rewrites } from './rewrites.ts';
import type { TypeLookup } from './type-lookup.ts';
import type { ResponsePath, SubgraphExecutor, SubgraphRequest, SubgraphResult } from './types.ts';

/** What compiled steps are made with. */
export interface CompileScope {
  readonly executors: ReadonlyMap<string, SubgraphExecutor>;
  readonly types: TypeLookup;
  /** Called for each request to a subgraph. */
  readonly onFetch: (serviceName: string) => void;
}

/** One request to one subgraph, ready to be sent with the variables of an execution. */
export interface CompiledFetch {
  readonly serviceName: string;
  readonly executor: SubgraphExecutor;
  /** The response keys it fills at the root. */
  readonly rootKeys: readonly string[];
  readonly rewrites: Rewrites | null;
  request(
    execution: Pick<Execution, 'variables' | 'context'>,
    representations?: Record<string, unknown>,
  ): SubgraphRequest;
  /** @throws what the executor threw, or the signal's reason. */
  send(execution: Execution, representations?: Record<string, unknown>): Promise<SubgraphResult>;
}

/** Compiles the part that root fetches, entity fetches and subscriptions share. */
export function compileFetch(node: Omit<FetchNode, 'kind'>, scope: CompileScope): CompiledFetch {
  const { serviceName, operation: query } = node;
  const document = parse(query, { noLocation: true });
  const executor = executorOf(serviceName, scope);
  const usages = node.variableUsages ?? [];
  const operation = node.operationKind ?? 'query';
  const request = (
    { variables, context }: { variables: Execution['variables']; context: RequestContext },
    representations = {},
  ) => {
    const used = usages
      .filter((name) => Object.hasOwn(variables, name))
      .map((name) => [name, variables[name]]);
    return {
      operation,
      document,
      query,
      variables: { ...representations, ...Object.fromEntries(used) },
      context,
    };
  };
  return {
    serviceName,
    executor,
    rootKeys: rootKeysOf(document),
    rewrites: compileRewrites(node.outputRewrites, scope.types),
    request,
    async send(execution, representations) {
      const { signal } = execution.context;
      signal.throwIfAborted();
      scope.onFetch(serviceName);
      return untilAborted(executor.execute(request(execution, representations)), signal);
    },
  };
}

/** A fetch at the root of the operation: its answer is merged into the response as it is. */
export function compileRootFetch(node: FetchNode, scope: CompileScope): Step {
  const fetch = compileFetch(node, scope);
  return async (execution) => {
    try {
      takeRootResult(await fetch.send(execution), fetch, execution);
    } catch (error) {
      const paths = fetch.rootKeys.map((key) => [key]);
      execution.errors.add(fetchFailure(error, fetch.serviceName, commonPath(paths)));
      explainAll(paths, execution);
    }
  };
}

/** Takes a root answer (or a subscription's event) into the execution. */
export function takeRootResult(result: SubgraphResult, fetch: CompiledFetch, execution: Execution): void {
  const paths = fetch.rootKeys.map((key) => [key]);
  for (const error of result.errors ?? []) {
    if (!error.path) explainAll(paths, execution);
    const path = error.path ? (fetch.rewrites?.path(error.path) ?? error.path) : commonPath(paths);
    execution.errors.add(fromSubgraph(error, fetch.serviceName, path));
  }
  if (!result.data) return;
  fetch.rewrites?.apply(result.data);
  mergeInto(execution.data, result.data);
}

function explainAll(paths: readonly ResponsePath[], execution: Execution): void {
  for (const path of paths) execution.errors.explain(path);
}

function executorOf(serviceName: string, scope: CompileScope): SubgraphExecutor {
  const executor = scope.executors.get(serviceName);
  if (!executor)
    throw new HubError(
      'CONFIG_INVALID',
      `The supergraph names the subgraph ${serviceName}, which the gateway cannot reach.`,
    );
  return executor;
}

function rootKeysOf(document: DocumentNode): string[] {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const fields =
    operation?.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD) ?? [];
  return fields.map((field) => field.alias?.value ?? field.name.value).filter((key) => key !== '__typename');
}
