import { connect } from 'amqplib';
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { redactUrl } from '#kernel/config.ts';
import type { Clock } from '#kernel/clock.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import { withDeadline } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { AmqpConfig } from './config.ts';

export type AmqpChannel = Channel;
export type AmqpConfirmChannel = ConfirmChannel;
export type AmqpMessage = ConsumeMessage;
export type PublishOptions = Options.Publish;

/** Rejected when nothing came back in time. */
export interface AmqpClientDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** Runs on each new connection before anybody else gets it: what must exist there. */
  readonly setUp: (channel: AmqpChannel) => Promise<void>;
}

const firstDelayMs = 100;

/**
 * One connection that is made again for as long as the client is open. A connection is current until its `close`
 * event; who waits meanwhile gets the next one.
 */
export class AmqpClient {
  readonly #config: Required<AmqpConfig>;
  readonly #deps: AmqpClientDeps;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #current = Promise.withResolvers<ChannelModel>();
  #lastError: unknown;

  constructor(config: AmqpConfig, deps: AmqpClientDeps) {
    this.#config = { timeoutMs: 10_000, maxReconnectDelayMs: 5_000, heartbeatSeconds: 15, ...config };
    this.#deps = deps;
    this.#running = this.#keepConnected();
  }

  get closing(): boolean {
    return this.#abort.signal.aborted;
  }

  get timeoutMs(): number {
    return this.#config.timeoutMs;
  }

  /**
   * A new channel on the current connection. The caller listens to its `close`.
   * @throws {HubError} CONNECTOR_UNREACHABLE - no connection within the timeout.
   */
  async channel(): Promise<AmqpChannel> {
    return silenced(await (await this.#connection()).createChannel());
  }

  /** Like `channel`, with publisher confirms. */
  async confirmChannel(): Promise<AmqpConfirmChannel> {
    return silenced(await (await this.#connection()).createConfirmChannel());
  }

  /** Runs `work` on a channel of its own, which is closed afterwards. Failures come as HubErrors. */
  async withChannel<T>(work: (channel: AmqpChannel) => Promise<T>): Promise<T> {
    try {
      const channel = await this.channel();
      try {
        return await withDeadline(work(channel), this.#config.timeoutMs, 'a call to RabbitMQ');
      } finally {
        await channel.close().catch(() => {});
      }
    } catch (error) {
      throw toHubError(error, this.#config.url);
    }
  }

  async close(): Promise<void> {
    if (this.closing) return this.#running;
    this.#abort.abort(new HubError('CANCELLED', 'The message bus is closing.'));
    this.#current.promise.then((model) => model.close()).catch(() => {});
    this.#current.reject(this.#abort.signal.reason);
    await this.#running;
  }

  async #connection(): Promise<ChannelModel> {
    try {
      return await withDeadline(this.#current.promise, this.#config.timeoutMs, 'connecting to RabbitMQ');
    } catch (error) {
      throw toHubError(this.closing ? error : (this.#lastError ?? error), this.#config.url);
    }
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#abort;
    this.#current.promise.catch(() => {});
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#connectOnce(() => (failures = 0));
      } catch (error) {
        this.#lastError = error;
        const delayMs = Math.min(firstDelayMs * 2 ** failures, this.#config.maxReconnectDelayMs);
        failures += 1;
        if (signal.aborted) return;
        const fields = { url: redactUrl(this.#config.url), delayMs, error: messageOf(error) };
        this.#deps.log.warn('RabbitMQ is not connected; trying again', fields);
        await this.#deps.clock.sleep(delayMs, signal).catch(() => {});
      }
    }
  }

  /** Resolves or rejects when the connection has ended. */
  async #connectOnce(onUp: () => void): Promise<void> {
    const { timeoutMs, heartbeatSeconds, url } = this.#config;
    const address = new URL(url);
    address.searchParams.set('heartbeat', String(heartbeatSeconds));
    const model = await connect(address.href, {
      timeout: timeoutMs,
      clientProperties: { connection_name: 'twinhub' },
    });
    const ended = Promise.withResolvers<void>();
    // Without a listener an error of the connection ends the process.
    model.on('error', (error: Error) => ended.reject(error));
    model.on('close', () => ended.reject(new Error('The connection was closed.')));
    ended.promise.catch(() => {});
    if (this.closing) return void (await model.close().catch(() => {}));
    let up = false;
    try {
      const channel = silenced(await model.createChannel());
      await this.#deps.setUp(channel);
      await channel.close();
      onUp();
      up = true;
      this.#current.resolve(model);
      await ended.promise;
    } catch (error) {
      await model.close().catch(() => {});
      throw error;
    } finally {
      // Who waits for a connection that did not come up goes on waiting for the next one.
      if (up && !this.closing) {
        this.#current = Promise.withResolvers<ChannelModel>();
        this.#current.promise.catch(() => {});
      }
    }
  }
}

/** A channel's error event without a listener would end the process; its `close` follows and is what is acted on. */
function silenced<C extends Channel>(channel: C): C {
  channel.on('error', () => {});
  return channel;
}

/** A driver's failure by its reply code. @see AMQP 0-9-1, 1.2 (404 not found, 403 access refused, 406 precondition failed) */
export function toHubError(error: unknown, url: string): HubError {
  if (error instanceof HubError && error.code !== 'DEADLINE_EXCEEDED') return error;
  const text = messageOf(error);
  const where = redactUrl(url);
  switch ((error as { code?: unknown } | null)?.code) {
    case 404:
      return new HubError('NOT_FOUND', `RabbitMQ does not have it: ${text}`, { cause: error });
    case 403:
    case 406:
      return new HubError('CONNECTOR_REFUSED', `RabbitMQ at ${where} refused: ${text}`, { cause: error });
    default:
      return new HubError('CONNECTOR_UNREACHABLE', `RabbitMQ at ${where} does not answer: ${text}`, {
        cause: error,
      });
  }
}
