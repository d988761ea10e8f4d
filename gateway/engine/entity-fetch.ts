import type { BatchFetchNode, EntityBatchAlias, FetchNode, PlanPathSegment } from '../plan-nodes.ts';
import { commonPath, fetchFailure, fromSubgraph } from './error-log.ts';
import type { Execution, Step } from './execution.ts';
import { compileFetch, type CompiledFetch, type CompileScope } from './fetch.ts';
import { locate } from './locate.ts';
import { EntityBatch, RepresentationList } from './representations.ts';
import { compileRewrites, type Rewrites } from './rewrites.ts';
import type { SubgraphError, SubgraphResult } from './types.ts';

/** One `_entities` field of a request: under which response key, for which objects. */
interface Lookup {
  readonly key: string;
  readonly variable: string;
  readonly paths: readonly (readonly PlanPathSegment[])[];
  /** Renames within the answered entities. */
  readonly rewrites: Rewrites | null;
  newBatch(list: RepresentationList): EntityBatch;
}

interface OpenLookup {
  readonly lookup: Lookup;
  readonly batch: EntityBatch;
}

/** Entities for the objects at one path. */
export function compileEntityFetch(
  node: FetchNode,
  path: readonly PlanPathSegment[],
  scope: CompileScope,
): Step {
  const alias = {
    alias: '_entities',
    representationsVariableName: 'representations',
    paths: [path],
    requires: node.requires ?? [],
  };
  const lookup = compileLookup(
    { ...alias, ...(node.inputRewrites ? { inputRewrites: node.inputRewrites } : {}) },
    scope,
  );
  return entityStep(compileFetch(node, scope), [lookup], scope);
}

/** Entities for objects at several paths, possibly of several types, in one request. */
export function compileBatchFetch(node: BatchFetchNode, scope: CompileScope): Step {
  const lookups = node.entityBatch.aliases.map((alias) => compileLookup(alias, scope));
  return entityStep(compileFetch(node, scope), lookups, scope);
}

function compileLookup(alias: EntityBatchAlias, scope: CompileScope): Lookup {
  const { types } = scope;
  const shape = { types, requires: alias.requires, rewrites: compileRewrites(alias.inputRewrites, types) };
  return {
    key: alias.alias,
    variable: alias.representationsVariableName,
    paths: alias.paths,
    rewrites: compileRewrites(alias.outputRewrites, types),
    newBatch: (list) => new EntityBatch(list, shape),
  };
}

function entityStep(fetch: CompiledFetch, lookups: readonly Lookup[], scope: CompileScope): Step {
  return async (execution) => {
    const lists = new Map<string, RepresentationList>();
    const open = lookups.map((lookup) => openLookup(lookup, lists, execution, scope));
    if (![...lists.values()].some((list) => list.values.length)) return;
    const variables = Object.fromEntries([...lists].map(([name, list]) => [name, list.values]));
    try {
      takeEntities(await fetch.send(execution, variables), fetch, open, execution);
    } catch (error) {
      failAll(error, fetch, open, execution);
    }
  };
}

function openLookup(
  lookup: Lookup,
  lists: Map<string, RepresentationList>,
  execution: Execution,
  scope: CompileScope,
): OpenLookup {
  const list = lists.get(lookup.variable) ?? new RepresentationList();
  lists.set(lookup.variable, list);
  const batch = lookup.newBatch(list);
  for (const path of lookup.paths)
    locate(execution.data, path, scope.types, (object, at) => batch.add(object, at));
  return { lookup, batch };
}

function takeEntities(
  result: SubgraphResult,
  fetch: CompiledFetch,
  open: readonly OpenLookup[],
  execution: Execution,
): void {
  for (const error of result.errors ?? []) takeError(error, fetch, open, execution);
  if (!result.data) return;
  fetch.rewrites?.apply(result.data);
  for (const { lookup, batch } of open) {
    const entities = result.data[lookup.key];
    if (!Array.isArray(entities)) continue;
    lookup.rewrites?.apply(entities);
    batch.apply(entities);
  }
}

/** Puts an error of one entity at every place that entity belongs to; one without a place at all that was asked for. */
function takeError(
  error: SubgraphError,
  fetch: CompiledFetch,
  open: readonly OpenLookup[],
  execution: Execution,
): void {
  const [key, index, ...inner] = error.path ? (fetch.rewrites?.path(error.path) ?? error.path) : [];
  const found = open.find(({ lookup }) => lookup.key === key);
  if (!found || typeof index !== 'number') return failAll(error, fetch, open, execution);
  const below = found.lookup.rewrites?.path([index, ...inner]).slice(1) ?? inner;
  for (const path of found.batch.pathsOf(index)) {
    execution.errors.add(fromSubgraph(error, fetch.serviceName, [...path, ...below]));
  }
}

function failAll(
  error: unknown,
  fetch: CompiledFetch,
  open: readonly OpenLookup[],
  execution: Execution,
): void {
  const paths = open.flatMap(({ batch }) => batch.paths);
  const place = commonPath(paths);
  execution.errors.add(
    error instanceof Error || !isSubgraphError(error)
      ? fetchFailure(error, fetch.serviceName, place)
      : fromSubgraph(error, fetch.serviceName, place),
  );
  for (const path of paths) execution.errors.explain(path);
}

function isSubgraphError(error: unknown): error is SubgraphError {
  return (
    error !== null && typeof error === 'object' && 'message' in error && typeof error.message === 'string'
  );
}
