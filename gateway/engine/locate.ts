import type { PlanPathSegment } from '../plan-nodes.ts';
import { isObject } from './merge.ts';
import type { TypeLookup } from './type-lookup.ts';
import type { ResponseObject, ResponsePath } from './types.ts';

/** Calls `found` for every object of a response that a plan's path leads to, with its place. */
export function locate(
  data: ResponseObject,
  path: readonly PlanPathSegment[],
  types: TypeLookup,
  found: (object: ResponseObject, at: ResponsePath) => void,
): void {
  const walk = (value: unknown, depth: number, at: ResponsePath): void => {
    const segment = path[depth];
    if (Array.isArray(value)) {
      const next = segment === '@' ? depth + 1 : depth;
      value.forEach((item, index) => walk(item, next, [...at, index]));
    } else if (isObject(value)) {
      if (segment === undefined) found(value, at);
      else if (segment === '@') walk(value, depth + 1, at);
      else if ('Field' in segment) walk(value[segment.Field], depth + 1, [...at, segment.Field]);
      else if (isOneOf(value, segment.TypeCondition, types)) walk(value, depth + 1, at);
    }
  };
  walk(data, 0, []);
}

function isOneOf(object: ResponseObject, names: readonly string[], types: TypeLookup): boolean {
  const actual = object['__typename'];
  return actual === undefined || names.some((name) => types.satisfies(actual, name));
}
