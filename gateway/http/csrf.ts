import type { IncomingHttpHeaders } from 'node:http';
import { HubError } from '#kernel/errors.ts';

/** Headers that a page cannot send to another site without asking first (preflight). Any value counts. */
const askedHeaders = [
  'authorization',
  'x-twinhub-csrf',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
  'x-requested-with',
] as const;

/**
 * Refuses a request that a page of another site can make a browser send, with the session's cookie and without asking:
 * a GET, by an image or a link. A POST must be `application/json`, which no page sends without asking.
 *
 * @throws {HubError} FORBIDDEN - `details.rule` is `csrf`.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
export function assertNotForged(method: string, headers: IncomingHttpHeaders): void {
  if (method === 'POST' || askedHeaders.some((name) => headers[name] !== undefined)) return;
  if (headers.cookie === undefined) return;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  throw new HubError(
    'FORBIDDEN',
    'A GET with a cookie could have been sent by a page of another site: add the header x-twinhub-csrf, or send a POST.',
    { details: { rule: 'csrf', headers: askedHeaders } },
  );
}
