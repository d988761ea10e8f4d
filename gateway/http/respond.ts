import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '#kernel/log.ts';
import { httpStatusOfError, presentError } from '../present-error.ts';

/** Answers with JSON that nobody may keep. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  sendAnswer(res, status, 'application/json', body);
}

/** As `sendJson`, with another media type. @throws {TypeError} the body has no JSON text; nothing has been sent. */
export function sendAnswer(res: ServerResponse, status: number, type: string, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': text.length,
    'cache-control': 'no-store',
  });
  res.end(text);
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
  sendJson(res, status, { errors: [presented] });
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
