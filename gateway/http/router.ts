import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { findRoute, type HttpRoute } from '../http-route.ts';
import { allowOrigin } from './cors.ts';
import { requestPath } from './request-url.ts';
import { redirect, wantsPage } from './respond.ts';

/** Who asks; `null` without any sign-in. @throws {HubError} UNAUTHENTICATED - the sign-in is not valid. */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Principal | null>;

/**
 * Answers by the first route that fits. A person's browser without a valid sign-in is led to the sign-in page.
 * @throws {HubError} NOT_FOUND - no route; UNAUTHENTICATED - a private route without a valid sign-in.
 */
export async function routeRequest(
  req: IncomingMessage,
  res: ServerResponse,
  routes: readonly HttpRoute[],
  authenticate: Authenticate,
  allowedOrigins: readonly string[] = [],
): Promise<void> {
  const path = requestPath(req);
  const route = findRoute(routes, req.method ?? 'GET', path);
  if (!route) throw new HubError('NOT_FOUND', `There is nothing at ${req.method} ${path}.`);
  // Before anything can refuse the request: the page must be able to read why.
  if (route.crossOrigin) allowOrigin(req, res, allowedOrigins);
  const { principal, refusal } = await identify(req, authenticate);
  if (route.public || principal) return route.handle(req, res, principal);
  // A program that asks the API must see the refusal, whatever it says it accepts.
  if (!wantsPage(req) || path.startsWith('/graphql')) throw refusal ?? notSignedIn();
  redirect(res, `/sign-in?next=${encodeURIComponent(localPath(req.url))}`);
}

async function identify(
  req: IncomingMessage,
  authenticate: Authenticate,
): Promise<{ principal: Principal | null; refusal: HubError | null }> {
  try {
    return { principal: await authenticate(req.headers), refusal: null };
  } catch (error) {
    if (!isHubError(error, 'UNAUTHENTICATED')) throw error;
    return { principal: null, refusal: error };
  }
}

/** Made when it is needed: taking the stack costs more than the rest of routing. */
function notSignedIn(): HubError {
  return new HubError('UNAUTHENTICATED', 'No valid sign-in came with the request.');
}

/** `//elsewhere` is an address of another host to a browser. */
function localPath(url: string | undefined): string {
  return url && /^\/(?![/\\])/.test(url) ? url : '/';
}
