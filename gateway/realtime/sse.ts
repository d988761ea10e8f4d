import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { signedOut, signInEnded, type OnSignOut } from '../context.ts';
import { readJsonBody } from '../http/body.ts';
import { requestUrl } from '../http/request-url.ts';
import { sendJson } from '../http/respond.ts';
import { httpStatusOf, presentError } from '../present-error.ts';
import type { OperationParams, OperationRunner, RunningOperation } from './operation-runner.ts';
import type { Consumer } from './subscription-hub.ts';
import { callAt, type Heartbeat } from './timing.ts';

export interface SseDeps {
  readonly runner: OperationRunner;
  readonly clock: Clock;
  readonly log: Logger;
  readonly heartbeat: Heartbeat;
  readonly onSignOut: OnSignOut;
  readonly maxBodyBytes: number;
}

/**
 * GraphQL over server-sent events, distinct connections mode: one operation per request.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export class SseServer {
  readonly #deps: SseDeps;
  readonly #open = new Set<SseConsumer>();

  constructor(deps: SseDeps) {
    this.#deps = deps;
  }

  get connections(): number {
    return this.#open.size;
  }

  /**
   * Runs the request's operation and streams its results until it ends or the client leaves.
   * @throws {HubError} INVALID_INPUT, LIMIT_EXCEEDED - nothing has been sent.
   */
  async handle(
    req: IncomingMessage,
    res: ServerResponse,
    principal: Principal,
    requestId: string,
  ): Promise<void> {
    const readOnly = req.method !== 'POST';
    const params = readOnly ? paramsOf(req) : await readParams(req, this.#deps.maxBodyBytes);
    const consumer = new SseConsumer(res, this.#deps.heartbeat);
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
    consumer: SseConsumer,
    running: RunningOperation,
    principal: Principal,
    requestId: string,
  ): void {
    const gone = new AbortController();
    res.once('close', () => {
      gone.abort();
      consumer.ended();
      this.#open.delete(consumer);
      running.stop();
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

class SseConsumer implements Consumer {
  readonly #res: ServerResponse;
  readonly #heartbeat: Heartbeat;
  #stopBeating = () => {};
  #done = false;

  constructor(res: ServerResponse, heartbeat: Heartbeat) {
    this.#res = res;
    this.#heartbeat = heartbeat;
  }

  get bufferedBytes(): number {
    return this.#res.writableLength;
  }

  /** Sends the head, so that the client knows the stream runs before anything happens on it. */
  begin(): void {
    if (this.#res.headersSent || this.#done) return;
    this.#res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    this.#res.write(':\n\n');
    this.#stopBeating = this.#heartbeat.add(() => this.#res.write(':\n\n'));
  }

  next(payload: Buffer): void {
    if (this.#done) return;
    this.begin();
    this.#res.write(Buffer.concat([eventHead, payload, eventTail]));
  }

  error(errors: readonly GraphQLFormattedError[]): void {
    if (this.#done) return;
    if (!this.#res.headersSent) {
      this.ended();
      return sendJson(this.#res, httpStatusOf(errors[0]?.extensions?.['code']), { errors });
    }
    this.next(Buffer.from(JSON.stringify({ errors })));
    this.complete();
  }

  complete(): void {
    if (this.#done) return;
    this.begin();
    this.ended();
    this.#res.end('event: complete\ndata:\n\n');
  }

  ended(): void {
    this.#done = true;
    this.#stopBeating();
  }
}

const eventHead = Buffer.from('event: next\ndata: ');
const eventTail = Buffer.from('\n\n');

async function readParams(req: IncomingMessage, maxBytes: number): Promise<OperationParams> {
  const body = await readJsonBody(req, maxBytes);
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new HubError('INVALID_INPUT', 'The request body is not an object.');
  return body;
}

function paramsOf(req: IncomingMessage): OperationParams {
  const { searchParams } = requestUrl(req);
  const variables = searchParams.get('variables');
  return {
    query: searchParams.get('query') ?? undefined,
    operationName: searchParams.get('operationName') ?? undefined,
    variables: variables === null ? undefined : parseVariables(variables),
  };
}

function parseVariables(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HubError('INVALID_INPUT', 'variables is not JSON.', { cause: error });
  }
}
