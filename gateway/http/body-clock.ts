import type { IncomingMessage } from 'node:http';
import { Deadlines } from '#kernel/deadlines.ts';

/** How long a body may take. */
export interface BodyClock {
  /** For the whole of it, milliseconds. @default 60_000 */
  readonly wholeMs?: number;
  /** Between two pieces of a long one, milliseconds. @default 60_000 */
  readonly pauseMs?: number;
}

/** Ends requests whose bodies do not come. Node's own limit knows only one time for all of them. */
export class BodyWatch {
  readonly #deadlines: Deadlines;
  readonly #pauseMs: number;

  constructor({ wholeMs = 60_000, pauseMs = 60_000 }: BodyClock = {}) {
    this.#deadlines = new Deadlines(wholeMs);
    this.#pauseMs = pauseMs;
  }

  /**
   * Calls `onLate` when a body does not come: an ordinary one within a minute, a long one (a file) when nothing of it
   * came for a minute.
   *
   * @see https://nodejs.org/api/http.html#serverrequesttimeout
   */
  watch(req: IncomingMessage, isLong: boolean, onLate: () => void): void {
    if (!hasBody(req)) return;
    const late = () => {
      if (!req.complete) onLate();
    };
    if (isLong) return void req.setTimeout(this.#pauseMs, late);
    const waiting = { late };
    this.#deadlines.add(waiting);
    req.on('close', () => this.#deadlines.remove(waiting));
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
