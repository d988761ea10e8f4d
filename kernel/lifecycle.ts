import { HubError } from './errors.ts';
import type { Logger } from './log.ts';

/** Something that holds resources until closed. Closing twice is harmless. */
export interface Closable {
  close(): Promise<void> | void;
}

/**
 * Opens parts in order and closes them in the reverse order, each within a deadline, going on after a failure.
 * `await using` closes the whole on every way out of a scope.
 */
export class Lifecycle implements Closable, AsyncDisposable {
  readonly #parts: { name: string; part: Closable }[] = [];
  readonly #abort = new AbortController();
  readonly #log: Logger;
  readonly #closeTimeoutMs: number;
  #closing: Promise<void> | undefined;

  constructor(log: Logger, options: { closeTimeoutMs?: number } = {}) {
    this.#log = log;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? 10_000;
  }

  /** Aborted when closing begins. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Adds a part that is open already; it is closed before those added earlier. */
  add<T extends Closable>(name: string, part: T): T {
    this.#parts.push({ name, part });
    return part;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll());
  }

  async #closeAll(): Promise<void> {
    this.#abort.abort(new HubError('CANCELLED', 'The hub is closing.'));
    for (const { name, part } of this.#parts.reverse()) {
      try {
        await withDeadline(Promise.resolve(part.close()), this.#closeTimeoutMs, `closing ${name}`);
      } catch (error) {
        this.#log.error('A part did not close cleanly', { part: name, error });
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * The promise's outcome, or a failure when it takes longer than `timeoutMs`.
 * The work itself goes on: pass its AbortSignal as well where it takes one.
 *
 * @throws {HubError} DEADLINE_EXCEEDED - after `timeoutMs`, naming `what`.
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new HubError('DEADLINE_EXCEEDED', `${what} took longer than ${timeoutMs} ms.`, {
            details: { what, timeoutMs },
          }),
        ),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
