import type { ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import { sendJson, tellRetryAfter } from '../http/respond.ts';
import { httpStatusOf } from '../present-error.ts';
import type { Consumer } from './reader.ts';
import type { StreamPosition } from './stream-position.ts';
import type { StreamFormat } from './stream-format.ts';
import type { Heartbeat } from './timing.ts';

/** Writes the results of one operation into one HTTP response. */
export class StreamConsumer implements Consumer {
  readonly #res: ServerResponse;
  readonly #format: StreamFormat;
  readonly #heartbeat: Heartbeat;
  #stopBeating = () => {};
  #done = false;

  constructor(res: ServerResponse, format: StreamFormat, heartbeat: Heartbeat) {
    this.#res = res;
    this.#format = format;
    this.#heartbeat = heartbeat;
  }

  get bufferedBytes(): number {
    return this.#res.writableLength;
  }

  begin(): void {
    if (this.#res.headersSent || this.#done) return;
    this.#res.writeHead(200, {
      'content-type': this.#format.contentType,
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    this.#res.write(this.#format.opening);
    this.#stopBeating = this.#heartbeat.add(() => this.#res.write(this.#format.beat));
  }

  next(payload: Buffer, position?: StreamPosition): void {
    if (this.#done) return;
    this.begin();
    this.#res.write(this.#format.result(payload, position));
  }

  error(errors: readonly GraphQLFormattedError[]): void {
    if (this.#done) return;
    if (!this.#res.headersSent) {
      this.ended();
      tellRetryAfter(this.#res, errors[0]);
      return sendJson(this.#res, httpStatusOf(errors[0]?.extensions?.['code']), { errors });
    }
    this.#res.write(this.#format.failure(errors));
    this.complete();
  }

  complete(): void {
    if (this.#done) return;
    this.begin();
    this.ended();
    this.#res.end(this.#format.closing);
  }

  ended(): void {
    this.#done = true;
    this.#stopBeating();
  }
}
