import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { callerGone, signedOut, signInEnded, type OnSignOut } from '../context.ts';
import { isObject } from '../engine/merge.ts';
import { readJsonBody } from '../http/body.ts';
import { requestUrl } from '../http/request-url.ts';
import { paramsOfUrl, type OperationParams } from '../operation-params.ts';
import { presentError } from '../present-error.ts';
import { resumePositionOf } from './stream-position.ts';
import { tooManyConnections, type Quota } from './quota.ts';
import type { OperationRunner, RunningOperation } from './operation-runner.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { serverSentEvents, streamFormatOf } from './stream-format.ts';
import { callAt, type Heartbeat } from './timing.ts';

export interface HttpStreamsDeps {
  readonly runner: OperationRunner;
  readonly clock: Clock;
  readonly log: Logger;
  readonly heartbeat: Heartbeat;
  readonly onSignOut: OnSignOut;
  readonly connections: Quota;
  readonly maxBodyBytes: number;
}

/** Operations whose results are streamed over HTTP, one operation per request. */
export class HttpStreams {
  readonly #deps: HttpStreamsDeps;
  readonly #open = new Set<StreamConsumer>();

  constructor(deps: HttpStreamsDeps) {
    this.#deps = deps;
  }

  get connections(): number {
    return this.#open.size;
  }

  /**
   * Runs the request's operation and streams its results, in the form the client accepts, until it ends or the client
   * leaves.
   * @param read - the request's operation, where its body has been read already.
   * @throws {HubError} INVALID_INPUT, LIMIT_EXCEEDED - nothing has been sent.
   */
  async handle(
    req: IncomingMessage,
    res: ServerResponse,
    principal: Principal,
    requestId: string,
    read?: OperationParams,
  ): Promise<void> {
    // Who left while their sign-in was looked at would never be heard to leave, and keep the place for good.
    if (res.closed) throw callerGone();
    const readOnly = req.method !== 'POST';
    const release = this.#deps.connections.take(principal.tenant);
    if (!release) throw tooManyConnections(this.#deps.connections);
    res.once('close', release);
    const asked = read ?? (await paramsOf(req, this.#deps.maxBodyBytes));
    if (res.closed) throw callerGone();
    const params = resumed(asked, req.headers['last-event-id']);
    const format = streamFormatOf(req.headers.accept) ?? serverSentEvents;
    const consumer = new StreamConsumer(res, format, this.#deps.heartbeat);
    this.#open.add(consumer);
    const running = this.#deps.runner.run(params, principal, consumer, { readOnly });
    this.#watch(res, consumer, running, principal, requestId);
    await running.started;
    consumer.begin();
  }

  /** Ends all streams with a reason. */
  close(reason: HubError): void {
    for (const consumer of this.#open)
      consumer.error([presentError(reason, { log: this.#deps.log, requestId: '' })]);
  }

  #watch(
    res: ServerResponse,
    consumer: StreamConsumer,
    running: RunningOperation,
    principal: Principal,
    requestId: string,
  ): void {
    const gone = new AbortController();
    res.once('close', () => {
      gone.abort();
      consumer.ended();
      this.#open.delete(consumer);
      // HTTP does not tell a client that has enough from one whose line broke.
      running.stop({ lost: true });
    });
    const end = (reason: HubError) => {
      running.stop();
      consumer.error([presentError(reason, { log: this.#deps.log, requestId })]);
    };
    callAt(this.#deps.clock, principal.expiresAt, gone.signal, () => end(signInEnded(principal)));
    const stopListening = this.#deps.onSignOut(principal, () => end(signedOut()));
    gone.signal.addEventListener('abort', stopListening, { once: true });
  }
}

async function paramsOf(req: IncomingMessage, maxBytes: number): Promise<OperationParams> {
  if (req.method !== 'POST') return paramsOfUrl(requestUrl(req).searchParams);
  const body = await readJsonBody(req, maxBytes);
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new HubError('INVALID_INPUT', 'The request body is not an object.');
  return body;
}

/** A browser's EventSource that comes back says which event it had last. @see https://html.spec.whatwg.org/#last-event-id */
function resumed(params: OperationParams, lastEventId: string | string[] | undefined): OperationParams {
  if (typeof lastEventId !== 'string' || !lastEventId || resumePositionOf(params.extensions)) return params;
  const extensions = isObject(params.extensions) ? params.extensions : {};
  const stream = isObject(extensions['stream']) ? extensions['stream'] : {};
  return { ...params, extensions: { ...extensions, stream: { ...stream, resumeFrom: lastEventId } } };
}
