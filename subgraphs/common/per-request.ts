import type { RequestContext } from '#ontology/request-context.ts';

/** Makes a value once for each request (loaders, for instance) and forgets it with the request. */
export function perRequest<T>(make: (context: RequestContext) => T): (context: RequestContext) => T {
  const made = new WeakMap<RequestContext, T>();
  return (context) => {
    let value = made.get(context);
    if (value === undefined) made.set(context, (value = make(context)));
    return value;
  };
}
