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
  assertJson(req.headers['content-type']);
  const text = (await readBytes(req, maxBytes)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HubError('INVALID_INPUT', 'The request body is not JSON.', { cause: error });
  }
}

/** @throws {HubError} INVALID_INPUT */
function assertJson(contentType: string | undefined): void {
  if (contentType === 'application/json') return;
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new HubError(
      'INVALID_INPUT',
      `The request body must be application/json; it is ${type ?? 'of no type'}.`,
      { details: { rule: 'contentType', types: ['application/json'] } },
    );
  }
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw new HubError('INVALID_INPUT', `The request body must be UTF-8; it is ${charset}.`, {
      details: { rule: 'contentType', charset: 'utf-8' },
    });
  }
}

/** By listeners: an iterator over the stream costs several times as much for a body that comes in one piece. */
function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (error: HubError) => {
      req.off('data', onData);
      // What is left of it is not read; the connection ends with the answer.
      req.pause();
      reject(error);
    };
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return fail(tooLarge(maxBytes));
      chunks.push(chunk);
    };
    // A caller that hangs up halfway is no fault of the hub.
    const onGone = () => reject(callerGone());
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge(maxBytes));
    if (req.destroyed) return onGone();
    req.on('data', onData);
    req.on('end', () => resolve(wholeOf(chunks)));
    req.on('error', onGone);
    req.on('close', () => req.complete || onGone());
  });
}

function wholeOf(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): HubError {
  return limitExceeded('bodyBytes', maxBytes, `The request body is larger than ${maxBytes} bytes.`);
}
