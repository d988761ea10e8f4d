import type { GraphQLError } from 'graphql';
import type { BatchFetchNode, EntityBatchAlias, FetchNode, PlanPathSegment } from '../plan-nodes.ts';
import { commonPath, fetchFailure, fromSubgraph } from './error-log.ts';
import type { Execution, Step } from './execution.ts';
import { compileFetch, entityKeysOf, type CompiledFetch, type CompileScope } from './fetch.ts';
import { locate } from './locate.ts';
import { EntityBatch, RepresentationList, Representer } from './representations.ts';
import { compileRewrites, type Rewrites } from './rewrites.ts';
import type { ResponsePath, SubgraphError, SubgraphResult } from './types.ts';

/** One `_entities` field of a request: under which response key, for which objects. */
interface Lookup {
  readonly key: string;
  readonly variable: string;
  readonly paths: readonly (readonly PlanPathSegment[])[];
  /** Renames within the answered entities. */
  readonly rewrites: Rewrites | null;
  /** The response keys it fills in each object. */
  readonly filled: readonly string[];
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
  const fetch = compileFetch(node, scope);
  const lookup = compileLookup(
    { ...alias, ...(node.inputRewrites ? { inputRewrites: node.inputRewrites } : {}) },
    fetch,
    scope,
  );
  return entityStep(fetch, [lookup], scope);
}

/** Entities for objects at several paths, possibly of several types, in one request. */
export function compileBatchFetch(node: BatchFetchNode, scope: CompileScope): Step {
  const fetch = compileFetch(node, scope);
  const lookups = node.entityBatch.aliases.map((alias) => compileLookup(alias, fetch, scope));
  return entityStep(fetch, lookups, scope);
}

function compileLookup(alias: EntityBatchAlias, fetch: CompiledFetch, scope: CompileScope): Lookup {
  const { types } = scope;
  const rewrites = compileRewrites(alias.inputRewrites, types);
  const representer = new Representer({
    types,
    requires: alias.requires,
    rewrites,
    serviceName: fetch.serviceName,
  });
  return {
    key: alias.alias,
    variable: alias.representationsVariableName,
    paths: alias.paths,
    rewrites: compileRewrites(alias.outputRewrites, types),
    filled: entityKeysOf(fetch.document, alias.alias),
    newBatch: (list) => new EntityBatch(list, representer),
  };
}

function entityStep(fetch: CompiledFetch, lookups: readonly Lookup[], scope: CompileScope): Step {
  return async (execution) => {
    const lists = new Map<string, RepresentationList>();
    const open = lookups.map((lookup) => openLookup(lookup, lists, execution, scope));
    if (![...lists.values()].some((list) => list.values.length)) return;
    const variables = Object.fromEntries([...lists].map(([name, list]) => [name, list.values]));
    for (const list of lists.values()) execution.joined += list.values.length;
    try {
      takeEntities(await fetch.send(execution, variables), fetch, open, execution);
    } catch (error) {
      failAll((place) => fetchFailure(error, fetch.serviceName, place), open, execution);
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
  for (const error of result.errors ?? []) takeError(error, result.data, fetch, open, execution);
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
  entities: SubgraphResult['data'],
  fetch: CompiledFetch,
  open: readonly OpenLookup[],
  execution: Execution,
): void {
  const [key, index, ...inner] = error.path ? (fetch.rewrites?.path(error.path) ?? error.path) : [];
  const found = open.find(({ lookup }) => lookup.key === key);
  if (!found || typeof index !== 'number')
    return failAll((place) => fromSubgraph(error, fetch.serviceName, place), open, execution);
  // One field that must not be null took the others of its entity along: its error is theirs too.
  const isLost = inner.length > 0 && isNullAt(entities?.[String(key)], index);
  const below = found.lookup.rewrites?.path([index, ...inner]).slice(1) ?? inner;
  for (const path of found.batch.pathsOf(index)) {
    execution.errors.add(fromSubgraph(error, fetch.serviceName, [...path, ...below]));
    if (isLost) for (const filled of found.lookup.filled) execution.errors.explain([...path, filled]);
  }
}

function isNullAt(entities: unknown, index: number): boolean {
  return !Array.isArray(entities) || entities[index] === null;
}

/** One error for everything that was asked for, at the place they have in common. */
function failAll(
  errorAt: (place: ResponsePath | undefined) => GraphQLError,
  open: readonly OpenLookup[],
  execution: Execution,
): void {
  const paths = open.flatMap(({ batch }) => batch.paths);
  execution.errors.add(errorAt(commonPath(paths)));
  for (const path of paths) execution.errors.explain(path);
}
