import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from '../http-route.ts';

const allowedHeaders =
  'accept, authorization, content-type, traceparent, tracestate, x-twinhub-csrf, x-twinhub-plan, x-twinhub-trace, ' +
  'apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version';
const exposedHeaders = 'x-request-id, retry-after';

/** Seconds for which a browser keeps the answer to a preflight. */
const maxAgeSeconds = 600;

/**
 * Lets pages of the allowed origins read an answer, with the caller's cookie. To others nothing is said: their browser
 * keeps the answer from them.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowOrigin(
  req: IncomingMessage,
  res: ServerResponse,
  allowedOrigins: readonly string[],
): boolean {
  if (!allowedOrigins.length) return false;
  // Also without an Origin: a cache must not give this answer to a page.
  res.appendHeader('vary', 'Origin');
  const { origin } = req.headers;
  if (origin === undefined || !allowedOrigins.includes(origin)) return false;
  res.setHeader('access-control-allow-origin', origin);
  res.setHeader('access-control-allow-credentials', 'true');
  res.setHeader('access-control-expose-headers', exposedHeaders);
  return true;
}

/** Answers preflights for a path. */
export function createPreflightRoute(path: string, allowedOrigins: readonly string[]): HttpRoute {
  return {
    method: 'OPTIONS',
    path,
    public: true,
    handle(req, res) {
      if (allowOrigin(req, res, allowedOrigins)) {
        res.setHeader('access-control-allow-methods', 'GET, POST');
        res.setHeader('access-control-allow-headers', allowedHeaders);
        res.setHeader('access-control-max-age', maxAgeSeconds);
      }
      res.writeHead(204, { allow: 'GET, HEAD, POST, OPTIONS', 'content-length': 0 }).end();
    },
  };
}
