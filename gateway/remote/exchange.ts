import type { Dispatcher } from 'undici';
import type { Deadlines, Expiring } from '#kernel/deadlines.ts';
import type { Applicant, Connection, Connections, Refusal } from './connections.ts';
import { isReset } from './http-failures.ts';
import type { HttpAnswer, HttpPost } from './http-peer.ts';

/** What an exchange works with, and how it names what fails. */
export interface ExchangePeer {
  readonly connections: Connections;
  readonly deadlines: Deadlines;
  readonly path: string;
  mediaTypeOf(contentType: string | undefined): string;
  failed(error: unknown, state: ExchangeState): unknown;
  late(state: ExchangeState): unknown;
  refused(why: Refusal): unknown;
  answered(): void;
}

/** How far an exchange came: waiting for a connection; having one that is not ready yet; sent; answered in part. */
export type ExchangeState = 'waiting' | 'starting' | 'asking' | 'answering';

/** Why a request is not sent any more, or is broken off, when nobody waits for it. They are shown to nobody. */
const unsent = new Error('Nobody waited for this any more before it was sent.');
const brokenOff = new Error('Nobody waits for this answer any more.');

/**
 * One request and its answer. The answer, or why there is none, is told once; the connection is given back when the
 * client has done with it, which may be later.
 */
export class Exchange implements Applicant, Expiring, Dispatcher.DispatchHandler {
  readonly #peer: ExchangePeer;
  readonly #post: HttpPost;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #fresh: boolean;
  #state: ExchangeState = 'waiting';
  #settled = false;
  #connection: Connection | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #overKept = false;
  #status = 0;
  #contentType: string | undefined;

  constructor(
    peer: ExchangePeer,
    post: HttpPost,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#peer = peer;
    this.#post = post;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#fresh = !post.repeatable;
  }

  /** @throws the reason, when the request has ended. */
  start(): void {
    const { end } = this.#post;
    end.throwIfEnded();
    end.listen(this.#giveUp);
    this.#peer.deadlines.add(this);
    this.#peer.connections.ask(this);
  }

  late(): void {
    this.#giveUp(this.#peer.late(this.#state));
  }

  get fresh(): boolean {
    return this.#fresh;
  }

  take(connection: Connection): void {
    this.#connection = connection;
    this.#state = 'starting';
    const { headers, body } = this.#post;
    connection.client.dispatch(
      { path: this.#peer.path, method: 'POST', headers, body, reset: this.#fresh },
      this,
    );
  }

  refuse(why: Refusal): void {
    this.#fail(this.#peer.refused(why));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Nothing is sent then, and the connection stays as it is.
    if (this.#settled) throw unsent;
    this.#controller = controller;
    this.#overKept = this.#connection?.isKept ?? false;
    this.#state = 'asking';
  }

  onResponseStarted(): void {
    this.#state = 'answering';
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const type = headers['content-type'];
    this.#status = status;
    this.#contentType = Array.isArray(type) ? type[0] : type;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#connection?.answered();
    this.#peer.answered();
    this.#release(!this.#fresh);
    if (!this.#settle()) return;
    const [first] = this.#chunks;
    this.#resolve({
      status: this.#status,
      mediaType: this.#peer.mediaTypeOf(this.#contentType),
      body: first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const isStale = this.#overKept && this.#state === 'asking' && isReset(error) && !this.#settled;
    this.#release(error === unsent);
    // The server closed a kept connection just when this was written to it; it goes once more, over one of its own.
    if (isStale && this.#post.repeatable && !this.#fresh) return this.#again();
    this.#fail(error);
  }

  #again(): void {
    this.#fresh = true;
    this.#overKept = false;
    this.#controller = undefined;
    this.#state = 'waiting';
    this.#peer.connections.ask(this);
  }

  readonly #giveUp = (why: unknown): void => {
    if (!this.#settle()) return;
    this.#reject(why);
    this.#peer.connections.withdraw(this);
    this.#controller?.abort(brokenOff);
  };

  #fail(error: unknown): void {
    if (this.#settle()) this.#reject(this.#peer.failed(error, this.#state));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#post.end.unlisten(this.#giveUp);
    this.#peer.deadlines.remove(this);
    return true;
  }

  #release(whole: boolean): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) this.#peer.connections.release(connection, whole);
  }
}
