import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '#ontology/principal.ts';

/**
 * One extra route of the gateway: the console, sign-in and others plug in with it. Routes are tried in the order
 * given, after `/graphql`, `/graphiql` and `/health`; a route never sees a request with a refused Host header.
 */
export interface HttpRoute {
  /** Upper-case method, or `*` for any. `GET` answers HEAD too. */
  readonly method: string;
  /** An exact path (`/sign-in`), or a prefix when it ends with `/*` (`/console/*` also takes `/console`). */
  readonly path: string;
  /** Whether it answers without a valid sign-in. A private route's HTML GET leads to the sign-in page, the rest to 401. */
  readonly public: boolean;
  /** Whether it takes long bodies (files), which have as long as they keep coming, not a minute. @default false */
  readonly longBody?: boolean;
  /** Whether pages of the allowed origins may read its answers. @default false */
  readonly crossOrigin?: boolean;
  /**
   * Answers the request. May throw a HubError before it has sent headers: the gateway presents it.
   * @param principal - who asks; never `null` on a private route; may be known on a public one.
   */
  handle(req: IncomingMessage, res: ServerResponse, principal: Principal | null): Promise<void> | void;
}

/** The first route for a method and a path (without the query part), or `undefined`. */
export function findRoute(routes: readonly HttpRoute[], method: string, path: string): HttpRoute | undefined {
  return routes.find((route) => matchesMethod(route.method, method) && matchesPath(route.path, path));
}

/** Whether the route of a request takes long bodies. */
export function takesLongBody(routes: readonly HttpRoute[], { method, url }: IncomingMessage): boolean {
  return findRoute(routes, method ?? '', url?.split('?')[0] ?? '')?.longBody === true;
}

function matchesMethod(wanted: string, method: string): boolean {
  return wanted === '*' || wanted === method || (wanted === 'GET' && method === 'HEAD');
}

function matchesPath(wanted: string, path: string): boolean {
  if (!wanted.endsWith('/*')) return wanted === path;
  const base = wanted.slice(0, -2);
  return path === base || path.startsWith(`${base}/`);
}
