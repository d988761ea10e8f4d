import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '#kernel/log.ts';
import { httpStatusOfError, presentError } from '../present-error.ts';

/** Answers with JSON that nobody may keep. @throws {TypeError} the body has no JSON text; nothing has been sent. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  sendText(res, status, 'application/json', JSON.stringify(body));
}

/**
 * As `sendJson`, with a text that is JSON already. It goes out as a string, which Node joins to the head: a buffer would
 * be copied once more and written as a second piece.
 */
export function sendText(res: ServerResponse, status: number, type: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  res.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': bytes,
    'cache-control': 'no-store',
  });
  // As many bytes as characters: it is ASCII, and its encoding need not be worked out again.
  res.end(text, bytes === text.length ? 'latin1' : 'utf8');
}

/** Answers with an error in the form of a GraphQL answer; does nothing more than end it when it has begun already. */
export function sendError(
  res: ServerResponse,
  error: unknown,
  options: { log: Logger; requestId: string; status?: number },
): void {
  if (res.headersSent) return void res.destroy();
  const presented = presentError(error, options);
  const status = options.status ?? httpStatusOfError(presented);
  if (status === 401) res.setHeader('www-authenticate', 'Bearer');
  if (status === 413) res.setHeader('connection', 'close');
  tellRetryAfter(res, presented);
  sendJson(res, status, { errors: [presented] });
}

/** Says when to come back, where an error knows it. @see RFC 9110, 10.2.3 */
export function tellRetryAfter(res: ServerResponse, error: GraphQLFormattedError | undefined): void {
  const details = error?.extensions?.['details'];
  if (details === null || typeof details !== 'object' || !('retryAfterMs' in details)) return;
  if (typeof details.retryAfterMs === 'number')
    res.setHeader('retry-after', Math.ceil(details.retryAfterMs / 1000));
}

/** Leads a browser elsewhere. */
export function redirect(res: ServerResponse, location: string): void {
  res.writeHead(303, { location, 'cache-control': 'no-store', 'content-length': 0 });
  res.end();
}

/** Whether the caller is a person with a browser who asks for a page. */
export function wantsPage(req: IncomingMessage): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && (req.headers.accept ?? '').includes('text/html');
}
