import type { TypeLookup } from './type-lookup.ts';
import type { ResponseObject } from './types.ts';

/** Whether a value is an object of a response (not a list, not a leaf). */
export function isObject(value: unknown): value is ResponseObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * Whether nothing stands at a key. No answer holds functions: one is what every object inherits under a name that a client
 * chose as an alias, like `constructor`.
 */
export function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'function';
}

/**
 * Merges what a later fetch brought into what is there, in place: objects key by key, lists item by item. A null
 * never replaces a value (two subgraphs may both answer a shared field and one of them failed), a value replaces null.
 *
 * @param types - with them, the name of an interface never replaces that of one of its types: a subgraph with an
 *   `@interfaceObject` knows the interface only.
 */
export function mergeInto(target: ResponseObject, source: ResponseObject, types?: TypeLookup): void {
  for (const key of Object.keys(source)) {
    // An own key of this name would set the prototype of a target that came out of JSON.parse.
    if (key === '__proto__') continue;
    if (key === '__typename' && types && isKnownBetter(target[key], source[key], types)) continue;
    target[key] = merged(target[key], source[key], types);
  }
}

function isKnownBetter(there: unknown, brought: unknown, types: TypeLookup): boolean {
  return there !== brought && typeof brought === 'string' && types.satisfies(there, brought);
}

function merged(there: unknown, brought: unknown, types: TypeLookup | undefined): unknown {
  if (isAbsent(there)) return brought === undefined && typeof there !== 'function' ? there : brought;
  if (brought === undefined || brought === null || there === brought) return there;
  if (Array.isArray(there) && Array.isArray(brought)) {
    brought.forEach((item, index) => (there[index] = merged(there[index], item, types)));
    return there;
  }
  if (isObject(there) && isObject(brought)) {
    mergeInto(there, brought, types);
    return there;
  }
  return brought;
}

/**
 * A copy that shares no object with the original. One answered entity may belong to several places of a response; what
 * is fetched for one place afterwards must not show up at another.
 */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  const copy: ResponseObject = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key]);
  return copy;
}
