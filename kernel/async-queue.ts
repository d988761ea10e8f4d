/**
 * A bounded queue read as an async iterator; the plain object form whose `return()` stops at once, also on a quiet
 * stream (an `async function*` would wait for its next value). When the reader is too slow the oldest values are
 * dropped and counted, never silently: `dropped` tells.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #values: T[] = [];
  readonly #capacity: number;
  readonly #onStop: () => void;
  #waiting: PromiseWithResolvers<IteratorResult<T>>[] = [];
  #ended = false;
  #failure: { error: unknown } | undefined;
  #dropped = 0;

  /** @param options.onStop - called once, when the reader or the writer ends the queue. */
  constructor(options: { capacity?: number; onStop?: () => void } = {}) {
    this.#capacity = options.capacity ?? 1024;
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
