import { HubError } from './errors.ts';

/**
 * A bounded queue read as an async iterator; the plain object form whose `return()` stops at once, also on a quiet
 * stream (an `async function*` would wait for its next value). Nothing is lost silently when the reader is too slow:
 * the oldest values are dropped and counted in `dropped`, or the queue ends with an error after what it holds.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #values: T[] = [];
  readonly #capacity: number;
  readonly #overflow: 'drop' | 'fail';
  readonly #onStop: () => void;
  #waiting: PromiseWithResolvers<IteratorResult<T>>[] = [];
  #ended = false;
  #failure: { error: unknown } | undefined;
  #dropped = 0;

  /**
   * @param options.overflow - what happens when one value too many waits. @default drop
   * @param options.onStop - called once, when the reader or the writer ends the queue.
   */
  constructor(options: { capacity?: number; overflow?: 'drop' | 'fail'; onStop?: () => void } = {}) {
    this.#capacity = options.capacity ?? 1024;
    this.#overflow = options.overflow ?? 'drop';
    this.#onStop = options.onStop ?? (() => {});
  }

  /** Values lost because the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  push(value: T): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader) return reader.resolve({ done: false, value });
    if (this.#overflow === 'fail' && this.#values.length >= this.#capacity)
      return this.end(overflowed(this.#capacity));
    this.#values.push(value);
    if (this.#values.length > this.#capacity) {
      this.#values.shift();
      this.#dropped += 1;
    }
  }

  /** Ends the stream after what is queued; with `error`, the reader then gets the error. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const [first, ...rest] = this.#waiting.splice(0);
    if (error === undefined) first?.resolve({ done: true, value: undefined });
    else if (first) first.reject(error);
    else this.#failure = { error };
    for (const reader of rest) reader.resolve({ done: true, value: undefined });
    this.#onStop();
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#values.length) return Promise.resolve({ done: false, value: this.#values.shift() as T });
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const reader = Promise.withResolvers<IteratorResult<T>>();
    this.#waiting.push(reader);
    return reader.promise;
  }

  return(): Promise<IteratorResult<T>> {
    this.#values.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorResult<T>> {
    this.#values.length = 0;
    this.end();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function overflowed(capacity: number): HubError {
  return new HubError(
    'LIMIT_EXCEEDED',
    `More than ${capacity} events waited to be delivered. Subscribe again and read the present state first.`,
    { details: { limit: 'waitingEvents', max: capacity } },
  );
}
