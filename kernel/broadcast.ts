import { AsyncQueue } from './async-queue.ts';

/** Options of one subscription to a Broadcast. */
export interface SubscribeOptions<T> {
  /** Only these events are queued. */
  readonly filter?: (event: T) => boolean;
  /** Events kept for a slow reader before its stream ends with LIMIT_EXCEEDED. @default 1024 */
  readonly capacity?: number;
}

/** Hands each event, in order, to everybody listening at that moment, within one process. Nothing is stored. */
export class Broadcast<T> {
  readonly #listeners = new Set<(event: T) => void>();

  /** Calls every listener before it returns. A listener must not throw. */
  publish(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` for each event until the returned function is called. */
  listen(listener: (event: T) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The events from now on as an async iterator; its `return()` ends it at once. */
  subscribe(options: SubscribeOptions<T> = {}): AsyncQueue<T> {
    const { filter, capacity } = options;
    const queue = new AsyncQueue<T>({
      overflow: 'fail',
      ...(capacity === undefined ? {} : { capacity }),
      onStop: () => stop(),
    });
    const stop = this.listen((event) => {
      if (!filter || filter(event)) queue.push(event);
    });
    return queue;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}
