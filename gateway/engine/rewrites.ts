import type { KeyRenamer, PlanRewrite, RewriteSegment, ValueSetter } from '../plan-nodes.ts';
import { isObject } from './merge.ts';
import type { TypeLookup } from './type-lookup.ts';
import type { ResponseObject, ResponsePath } from './types.ts';

/**
 * Changes a value in place as a plan says: renames keys (fields that had to be aliased because two subgraphs or types
 * disagree) and sets values (the type name of an `@interfaceObject`).
 */
export interface Rewrites {
  apply(value: unknown): void;
  /** An error's path with the keys renamed likewise. */
  path(path: ResponsePath): ResponsePath;
}

/** Compiles rewrites; `null` when there are none. */
export function compileRewrites(
  rewrites: readonly PlanRewrite[] | null | undefined,
  types: TypeLookup,
): Rewrites | null {
  if (!rewrites?.length) return null;
  const flat = rewrites.map(flatten);
  return {
    apply: (value) => flat.forEach((rewrite) => applyAt(value, rewrite, 0, types)),
    path: (path) => flat.reduce<ResponsePath>((renamed, rewrite) => renamePath(renamed, rewrite), path),
  };
}

function flatten(rewrite: PlanRewrite): ValueSetter | KeyRenamer {
  if ('ValueSetter' in rewrite) return rewrite.ValueSetter;
  if ('KeyRenamer' in rewrite) return rewrite.KeyRenamer;
  return rewrite;
}

function applyAt(value: unknown, rewrite: ValueSetter | KeyRenamer, depth: number, types: TypeLookup): void {
  if (Array.isArray(value)) return value.forEach((item) => applyAt(item, rewrite, depth, types));
  const segment = rewrite.path[depth];
  if (!isObject(value) || !segment) return;
  if ('TypenameEquals' in segment) {
    if (matches(value, segment.TypenameEquals, types)) applyAt(value, rewrite, depth + 1, types);
  } else if (depth < rewrite.path.length - 1) {
    applyAt(value[segment.Key], rewrite, depth + 1, types);
  } else {
    change(value, segment.Key, rewrite);
  }
}

function matches(value: ResponseObject, names: string | readonly string[], types: TypeLookup): boolean {
  const actual = value['__typename'];
  return actual === undefined || [names].flat().some((name) => types.satisfies(actual, name));
}

function change(object: ResponseObject, key: string, rewrite: ValueSetter | KeyRenamer): void {
  if ('setValueTo' in rewrite) {
    object[key] = rewrite.setValueTo;
  } else if (key in object) {
    object[rewrite.renameKeyTo] = object[key];
    delete object[key];
  }
}

function renamePath(path: ResponsePath, rewrite: ValueSetter | KeyRenamer): ResponsePath {
  if ('setValueTo' in rewrite) return path;
  const keys = rewrite.path.filter(
    (segment): segment is Extract<RewriteSegment, { Key: string }> => 'Key' in segment,
  );
  let matched = 0;
  for (const [index, part] of path.entries()) {
    if (typeof part === 'number') continue;
    if (part !== keys[matched]?.Key) return path;
    matched += 1;
    if (matched === keys.length) return path.with(index, rewrite.renameKeyTo);
  }
  return path;
}
