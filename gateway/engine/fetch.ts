import { Kind, parse, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import type { FetchNode } from '../plan-nodes.ts';
import { throwIfEnded, untilEnded } from './abort.ts';
import { commonPath, fetchFailure, fromSubgraph } from './error-log.ts';
import type { Execution, Step } from './execution.ts';
import { mergeInto } from './merge.ts';
import type { EngineObserver } from './observer.ts';
import { compileRewrites, type Rewrites } from './rewrites.ts';
import type { TypeLookup } from './type-lookup.ts';
import type { ResponsePath, SubgraphExecutor, SubgraphRequest, SubgraphResult } from './types.ts';

/** What compiled steps are made with. */
export interface CompileScope {
  readonly executors: ReadonlyMap<string, SubgraphExecutor>;
  readonly types: TypeLookup;
  /** Called for each request to a subgraph. */
  readonly onFetch: (serviceName: string) => void;
  readonly observer?: EngineObserver | undefined;
}

/** One request to one subgraph, ready to be sent with the variables of an execution. */
export interface CompiledFetch {
  readonly serviceName: string;
  readonly executor: SubgraphExecutor;
  readonly types: TypeLookup;
  readonly document: DocumentNode;
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
    types: scope.types,
    document,
    rootKeys: rootKeysOf(document),
    rewrites: compileRewrites(node.outputRewrites, scope.types),
    request,
    async send(execution, representations) {
      const { context } = execution;
      throwIfEnded(context);
      scope.onFetch(serviceName);
      const sent = request(execution, representations);
      const { observer } = scope;
      if (!observer) return untilEnded(executor.execute(sent), context);
      return observer.fetch(serviceName, sent, () => untilEnded(executor.execute(sent), context));
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
  if (!result.data) {
    // One field that must not be null took the others along: its error is theirs too.
    if (result.errors?.length) explainAll(paths, execution);
    return;
  }
  fetch.rewrites?.apply(result.data);
  mergeInto(execution.data, result.data, fetch.types);
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
  return fieldsOf(selectionOf(document))
    .map(keyOf)
    .filter((key) => key !== '__typename');
}

/** The response keys below the `_entities` field of a key, whatever type they are for. */
export function entityKeysOf(document: DocumentNode, key: string): string[] {
  const entities = fieldsOf(selectionOf(document)).find((field) => keyOf(field) === key);
  return fieldsOf(entities?.selectionSet).map(keyOf);
}

function selectionOf(document: DocumentNode): SelectionSetNode | undefined {
  return document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    ?.selectionSet;
}

/** With those of inline fragments; plans have no named ones. */
function fieldsOf(set: SelectionSetNode | undefined): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldsOf(selection.selectionSet) : [];
  });
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
