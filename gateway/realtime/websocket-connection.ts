import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLFormattedError } from 'graphql';
import { CloseCode, MessageType, parseMessage, type Message, type SubscribeMessage } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '#kernel/clock.ts';
import { isHubError, messageOf, type HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { signedOut, signInEnded, type OnSignOut } from '../context.ts';
import { limitExceeded } from '../limits.ts';
import { presentError } from '../present-error.ts';
import { tellRefusal } from '../refusals.ts';
import { FrameWriter } from './frame-writer.ts';
import type { OperationRunner, RunningOperation } from './operation-runner.ts';
import { tooManyConnections, type Quota } from './quota.ts';
import type { Consumer } from './reader.ts';
import { callAt, type Heartbeat } from './timing.ts';

export interface ConnectionDeps {
  readonly runner: OperationRunner;
  readonly clock: Clock;
  readonly log: Logger;
  readonly heartbeat: Heartbeat;
  readonly newId: () => string;
  readonly authenticate: (
    params: Readonly<Record<string, unknown>> | undefined,
    headers: IncomingHttpHeaders,
  ) => Promise<Principal | null>;
  readonly onSignOut: OnSignOut;
  readonly initTimeoutMs: number;
  readonly connections: Quota;
  readonly maxOperations: number;
}

/** A WebSocket and the stream below it. */
export interface OpenSocket {
  readonly socket: WebSocket;
  readonly stream: Duplex;
}

/** An operation of the connection; `null` while it is being started. */
interface OpenOperation {
  readonly consumer: Consumer;
  running: RunningOperation | null;
}

/**
 * One connection of the graphql-transport-ws protocol.
 * @see https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export class WebSocketConnection {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #headers: IncomingHttpHeaders;
  readonly #deps: ConnectionDeps;
  readonly #operations = new Map<string, OpenOperation>();
  readonly #closed = new AbortController();
  #initialised = false;
  #principal: Principal | null = null;
  #answersPings = true;

  constructor({ socket, stream }: OpenSocket, headers: IncomingHttpHeaders, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#stream = stream;
    this.#headers = headers;
    this.#deps = deps;
    const stopBeating = deps.heartbeat.add(() => this.#beat());
    socket.on('message', (data) => this.#receive(data));
    socket.on('pong', () => (this.#answersPings = true));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The socket itself closes the connection (1009).
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') tellRefusal({ limit: 'messageBytes' });
      deps.log.debug('A WebSocket failed', { error });
    });
    socket.once('close', (code) => {
      stopBeating();
      this.#closed.abort();
      this.#stopAll({ lost: !deliberate.has(code) });
    });
    callAt(deps.clock, deps.clock.now() + deps.initTimeoutMs, this.#closed.signal, () => {
      if (!this.#principal)
        this.#close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    });
  }

  /** Ends the connection; clients connect again on this code. @see RFC 6455, 7.4.1 (1001) */
  goAway(): void {
    this.#close(1001, 'The hub is closing');
  }

  get operations(): number {
    return this.#operations.size;
  }

  #receive(data: RawData): void {
    let message: Message;
    // Whoever has not said who they are gets no work out of the hub.
    if (!this.#principal && sizeOf(data) > maxBytesBeforeInit)
      return this.#close(
        CloseCode.BadRequest,
        'The message is too large for a connection that is not initialised',
      );
    try {
      message = parseMessage(textOf(data));
    } catch (error) {
      return this.#close(CloseCode.BadRequest, messageOf(error));
    }
    this.#dispatch(message);
  }

  #dispatch(message: Message): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return void this.#init(message.payload);
      case MessageType.Ping:
        return this.#send({
          type: MessageType.Pong,
          ...(message.payload ? { payload: message.payload } : {}),
        });
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#subscribe(message);
      case MessageType.Complete:
        return this.#take(message.id)?.running?.stop();
      default:
        return this.#close(CloseCode.BadRequest, `Unexpected message of type ${message.type}`);
    }
  }

  async #init(params: Readonly<Record<string, unknown>> | undefined): Promise<void> {
    if (this.#initialised)
      return this.#close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    this.#initialised = true;
    try {
      const principal = await this.#deps.authenticate(params, this.#headers);
      if (this.#closed.signal.aborted) return;
      if (!principal)
        return this.#close(CloseCode.Forbidden, 'UNAUTHENTICATED: No valid sign-in came with the connection');
      const release = this.#deps.connections.take(principal.tenant);
      if (!release) return this.#tooManyConnections();
      this.#closed.signal.addEventListener('abort', release, { once: true });
      this.#principal = principal;
      callAt(this.#deps.clock, principal.expiresAt, this.#closed.signal, () =>
        this.#expire(signInEnded(principal), 'The sign-in ended'),
      );
      const stopListening = this.#deps.onSignOut(principal, () => this.#expire(signedOut(), 'Signed out'));
      this.#closed.signal.addEventListener('abort', stopListening, { once: true });
      this.#send({ type: MessageType.ConnectionAck });
    } catch (error) {
      this.#refuseInit(error);
    }
  }

  #tooManyConnections(): void {
    const { message, details } = tooManyConnections(this.#deps.connections);
    tellRefusal(details);
    this.#close(tryAgainLater, message);
  }

  #refuseInit(error: unknown): void {
    if (isHubError(error, 'UNAUTHENTICATED'))
      return this.#close(CloseCode.Forbidden, `UNAUTHENTICATED: ${error.message}`);
    const { message } = presentError(error, { log: this.#deps.log, requestId: this.#deps.newId() });
    this.#close(CloseCode.InternalServerError, message);
  }

  #subscribe({ id, payload }: SubscribeMessage): void {
    const principal = this.#principal;
    if (!principal) return this.#close(CloseCode.Unauthorized, 'Unauthorized');
    if (this.#operations.has(id))
      return this.#close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    const open: OpenOperation = {
      consumer: new WebSocketConsumer(this.#socket, this.#stream, id, () => this.#operations.delete(id)),
      running: null,
    };
    if (this.#operations.size >= this.#deps.maxOperations) return open.consumer.error([this.#tooMany()]);
    this.#operations.set(id, open);
    open.running = this.#deps.runner.run(payload, principal, open.consumer);
  }

  #tooMany(): GraphQLFormattedError {
    const max = this.#deps.maxOperations;
    const error = limitExceeded(
      'operationsPerConnection',
      max,
      `This connection runs ${max} operations already, the most it may.`,
    );
    return presentError(error, { log: this.#deps.log, requestId: this.#deps.newId() });
  }

  #take(id: string): OpenOperation | undefined {
    const open = this.#operations.get(id);
    this.#operations.delete(id);
    return open;
  }

  #expire(error: HubError, closeReason: string): void {
    this.#principal = null;
    const reason = presentError(error, {
      log: this.#deps.log,
      requestId: this.#deps.newId(),
    });
    for (const { consumer, running } of [...this.#operations.values()]) {
      running?.stop();
      consumer.error([reason]);
    }
    this.#close(CloseCode.Forbidden, `UNAUTHENTICATED: ${closeReason}`);
  }

  #stopAll(options?: { lost: boolean }): void {
    for (const id of [...this.#operations.keys()]) this.#take(id)?.running?.stop(options);
  }

  /** A peer that has answered none of the last interval's pings is gone. */
  #beat(): void {
    if (!this.#answersPings) return this.#socket.terminate();
    this.#answersPings = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #send(message: Message): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #close(code: number, reason: string): void {
    this.#stopAll();
    // A close frame holds 123 bytes of reason at most. @see RFC 6455, 5.5
    this.#socket.close(code, Buffer.from(reason).subarray(0, 123).toString('utf8').replace(/�+$/, ''));
  }
}

/** @see RFC 6455, 7.4.2 and the IANA registry of close codes */
const tryAgainLater = 1013;

/** Codes with which a client says that it wants no more. @see RFC 6455, 7.4.1 */
const deliberate: ReadonlySet<number> = new Set([1000, 1001]);

class WebSocketConsumer implements Consumer {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #id: string;
  readonly #onEnd: () => void;
  readonly #head: Buffer;

  constructor(socket: WebSocket, stream: Duplex, id: string, onEnd: () => void) {
    this.#socket = socket;
    this.#stream = stream;
    this.#id = id;
    this.#onEnd = onEnd;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  next(payload: Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) frames.write(this.#stream, this.#head, payload);
  }

  error(errors: readonly GraphQLFormattedError[]): void {
    this.#onEnd();
    this.#send(JSON.stringify({ id: this.#id, type: MessageType.Error, payload: errors }));
  }

  complete(): void {
    this.#onEnd();
    this.#send(JSON.stringify({ id: this.#id, type: MessageType.Complete }));
  }

  #send(message: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(message);
  }
}

/** One for all connections: a result goes to one reader after the other. */
const frames = new FrameWriter();

/** A connection_init with a token of every size seen in practice. */
const maxBytesBeforeInit = 64 * 1024;

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
