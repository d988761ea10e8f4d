import type { IncomingMessage } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import { callerGone } from '../context.ts';
import { limitExceeded } from '../limits.ts';

/**
 * Reads a JSON request body.
 * @param maxBytes - larger ones are refused, without reading on.
 * @throws {HubError} LIMIT_EXCEEDED - `details.limit` is `bodyBytes`; INVALID_INPUT - not JSON, or not said to be.
 */
export async function readJsonBody(req: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new HubError(
      'INVALID_INPUT',
      `The request body must be application/json; it is ${type ?? 'of no type'}.`,
      { details: { rule: 'contentType', types: ['application/json'] } },
    );
  }
  const charset = /;\s*charset="?([^";\s]+)/i.exec(req.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw new HubError('INVALID_INPUT', `The request body must be UTF-8; it is ${charset}.`, {
      details: { rule: 'contentType', charset: 'utf-8' },
    });
  }
  const text = (await readBytes(req, maxBytes)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HubError('INVALID_INPUT', 'The request body is not JSON.', { cause: error });
  }
}

async function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(req)) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as it comes; a caller that hangs up halfway is no fault of the hub. */
async function* chunksOf(req: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* req;
  } catch {
    throw callerGone();
  }
}

function tooLarge(maxBytes: number): HubError {
  return limitExceeded('bodyBytes', maxBytes, `The request body is larger than ${maxBytes} bytes.`);
}
