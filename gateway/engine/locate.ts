import type { PlanPathSegment } from '../plan-nodes.ts';
import { isObject } from './merge.ts';
import type { TypeLookup } from './type-lookup.ts';
import type { ResponseObject, ResponsePath } from './types.ts';

/** A place in a response, as the way up from it: most places are walked to and never named. */
export interface Place {
  readonly up: Place | null;
  readonly key: string | number;
}

/** The path to a place; `null` is the root. */
export function pathTo(place: Place | null): ResponsePath {
  const path: (string | number)[] = [];
  for (let at = place; at; at = at.up) path.push(at.key);
  return path.reverse();
}

/** Calls `found` for every object of a response that a plan's path leads to, with its place. */
export function locate(
  data: ResponseObject,
  path: readonly PlanPathSegment[],
  types: TypeLookup,
  found: (object: ResponseObject, at: Place | null) => void,
): void {
  const walk = (value: unknown, depth: number, at: Place | null): void => {
    const segment = path[depth];
    if (Array.isArray(value)) {
      const next = segment === '@' ? depth + 1 : depth;
      for (let index = 0; index < value.length; index += 1) walk(value[index], next, { up: at, key: index });
    } else if (isObject(value)) {
      if (segment === undefined) found(value, at);
      else if (segment === '@') walk(value, depth + 1, at);
      else if ('Field' in segment) walk(value[segment.Field], depth + 1, { up: at, key: segment.Field });
      else if (isOneOf(value, segment.TypeCondition, types)) walk(value, depth + 1, at);
    }
  };
  walk(data, 0, null);
}

function isOneOf(object: ResponseObject, names: readonly string[], types: TypeLookup): boolean {
  const actual = object['__typename'];
  return actual === undefined || names.some((name) => types.satisfies(actual, name));
}
