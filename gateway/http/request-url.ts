import type { IncomingMessage } from 'node:http';
import { HubError } from '#kernel/errors.ts';

/**
 * Path and query of a request; the host part means nothing.
 * @throws {HubError} INVALID_INPUT - the request target is not a path. @see RFC 9112, 3.2.1
 */
export function requestUrl(req: IncomingMessage): URL {
  const target = req.url ?? '/';
  const text = `http://gateway${target}`;
  if (target.startsWith('/') && URL.canParse(text)) return new URL(text);
  throw new HubError('INVALID_INPUT', 'The request target is not a path.');
}

/** Paths that mean the same to a URL parser and to us: names between slashes, no dots, no escapes. */
const plainPath = /^(?:\/[\w-]+)+$/;

/** The path of a request alone. @throws {HubError} INVALID_INPUT - as `requestUrl`. */
export function requestPath(req: IncomingMessage): string {
  const { url } = req;
  return url !== undefined && plainPath.test(url) ? url : requestUrl(req).pathname;
}
