import type { GraphQLFormattedError } from 'graphql';
import type { StreamPosition } from './stream-position.ts';
import { payloadAfterSkipping, type StreamEvent } from './stream-event.ts';

/** One reader of a stream: one operation on one connection. Its methods must not throw. */
export interface Consumer {
  /** Bytes that wait to be sent to it. */
  readonly bufferedBytes: number;
  /** One result, as JSON in UTF-8. The buffer is shared with other consumers. @param position - for transports that have a place for it. */
  next(payload: Buffer, position?: StreamPosition): void;
  /** The stream ends for a reason. Nothing follows. */
  error(errors: readonly GraphQLFormattedError[]): void;
  /** The stream ends because its source did. Nothing follows. */
  complete(): void;
}

/** Latest values kept for a reader that lags behind, at most. */
const maxWaiting = 10_000;

/**
 * A consumer and what waits for it. While more than `maxBufferedBytes` wait in its connection, events that have a key
 * are kept as the latest of that key, and whoever gets them is told how many were left out.
 */
export class Reader {
  readonly consumer: Consumer;
  readonly onGone: () => void;
  readonly #maxBufferedBytes: number;
  /** Latest event by key, in the order they came; `null` when there is none. */
  #waiting: Map<string, StreamEvent> | null = null;
  #skipped = 0;

  /** @param onGone - called when the stream lets go of it, whyever. */
  constructor(consumer: Consumer, maxBufferedBytes: number, onGone: () => void) {
    this.consumer = consumer;
    this.onGone = onGone;
    this.#maxBufferedBytes = maxBufferedBytes;
  }

  /** Whether events wait for the connection to take more. */
  get lags(): boolean {
    return this.#waiting !== null;
  }

  /** @returns `false` when the reader is too slow for a stream whose events must not be left out. */
  take(event: StreamEvent): boolean {
    if (!this.lags && this.#hasRoom()) {
      this.#send(event);
      return true;
    }
    if (event.key === null) return false;
    const waiting = (this.#waiting ??= new Map<string, StreamEvent>());
    if (waiting.delete(event.key)) this.#skipped += 1;
    waiting.set(event.key, event);
    return waiting.size <= maxWaiting;
  }

  /** Sends what waits as far as the connection takes it. */
  catchUp(): void {
    for (const [key, event] of this.#waiting ?? []) {
      if (!this.#hasRoom()) return;
      this.#waiting?.delete(key);
      this.#send(event);
    }
    this.#waiting = null;
  }

  #hasRoom(): boolean {
    return this.consumer.bufferedBytes <= this.#maxBufferedBytes;
  }

  #send(event: StreamEvent): void {
    const skipped = this.#skipped;
    this.#skipped = 0;
    this.consumer.next(payloadAfterSkipping(event, skipped), event);
  }
}
