import type { IncomingMessage } from 'node:http';

/** How long a body may take. */
export interface BodyClock {
  /** For the whole of it, milliseconds. @default 60_000 */
  readonly wholeMs?: number;
  /** Between two pieces of a long one, milliseconds. @default 60_000 */
  readonly pauseMs?: number;
}

/**
 * Calls `onLate` when a body does not come: an ordinary one within a minute, a long one (a file) when nothing of it came
 * for a minute. Node's own limit knows only one time for all requests.
 *
 * @see https://nodejs.org/api/http.html#serverrequesttimeout
 */
export function watchBody(
  req: IncomingMessage,
  isLong: boolean,
  onLate: () => void,
  { wholeMs = 60_000, pauseMs = 60_000 }: BodyClock = {},
): void {
  if (!hasBody(req)) return;
  const late = () => {
    if (!req.complete) onLate();
  };
  if (isLong) return void req.setTimeout(pauseMs, late);
  const timer = setTimeout(late, wholeMs).unref();
  req.once('close', () => clearTimeout(timer));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
