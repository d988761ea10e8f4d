import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { Delivery, MessageHandler } from '#ontology/ports/message-bus.ts';
import type { AmqpChannel, AmqpClient, AmqpMessage } from './client.ts';
import { attemptOf, forDeadLetters, forRetry, fromWire } from './map.ts';
import type { AmqpPublisher } from './publisher.ts';
import { deadLetterExchange, retryDelay, retryQueueOf } from './topology.ts';
import type { QueueRules } from './topology.ts';

export interface AmqpConsumerOptions {
  readonly rules: QueueRules;
  readonly handler: MessageHandler;
  readonly prefetch: number;
  readonly client: AmqpClient;
  readonly publisher: AmqpPublisher;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * One consumer on a channel of its own. The channel is watched: when it was closed, for whatever reason (connection
 * lost, queue deleted, acknowledgement refused, consumer timeout), a new one takes its place.
 */
export class AmqpConsumer implements Closable {
  readonly #options: AmqpConsumerOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #channel: AmqpChannel | undefined;
  #consumerTag: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: AmqpConsumerOptions) {
    this.#options = options;
  }

  /** @throws {HubError} CONNECTOR_UNREACHABLE - not at the first try. */
  async start(): Promise<void> {
    await this.#open();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    // Cancelling would hand an ordered queue to the next consumer while a message is still here; closing the channel
    // gives the message back and hands over in one.
    const cancel = this.#consumerTag !== undefined && !this.#options.rules.ordered;
    if (cancel) await this.#channel?.cancel(this.#consumerTag as string).catch(() => {});
    this.#abort.abort(new HubError('CANCELLED', 'The consumer is closing.'));
    await Promise.all(this.#running);
    await this.#channel?.close().catch(() => {});
  }

  async #open(): Promise<void> {
    const { client, rules, prefetch } = this.#options;
    const channel = await client.channel();
    const gone = Promise.withResolvers<void>();
    channel.on('close', () => gone.resolve());
    try {
      await channel.prefetch(prefetch);
      const reply = await channel.consume(rules.name, (raw) => {
        // `null`: the broker cancelled the consumer, e.g. because its queue was deleted.
        if (raw === null) void channel.close().catch(() => {});
        else this.#start(channel, raw);
      });
      this.#channel = channel;
      this.#consumerTag = reply.consumerTag;
    } catch (error) {
      await channel.close().catch(() => {});
      throw error;
    }
    void gone.promise.then(() => this.#reopen());
  }

  async #reopen(): Promise<void> {
    const { client, clock, log, rules } = this.#options;
    for (let delayMs = 50; !this.#closing && !client.closing; delayMs = Math.min(delayMs * 2, 5_000)) {
      try {
        await this.#open();
        log.info('A consumer goes on after its channel was lost', { queue: rules.name });
        return;
      } catch (error) {
        log.warn('A consumer has no channel; trying again', { queue: rules.name, error: messageOf(error) });
        await clock.sleep(delayMs, this.#abort.signal).catch(() => {});
      }
    }
  }

  #start(channel: AmqpChannel, raw: AmqpMessage): void {
    if (this.#closing && this.#options.rules.ordered) return;
    const work = this.#handle(channel, raw)
      .catch((error: unknown) => this.#giveBack(channel, raw, error))
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #handle(channel: AmqpChannel, raw: AmqpMessage): Promise<void> {
    const { rules, handler, log, clock } = this.#options;
    let attempt = attemptOf(raw);
    if (attempt > rules.deliveryLimit)
      return this.#bury(
        channel,
        raw,
        `The consumer ended ${attempt - 1} times while it handled the message.`,
      );
    for (;;) {
      let error: unknown;
      try {
        const delivery: Delivery = { ...fromWire(raw), attempt };
        await handler(delivery);
        return acknowledge(channel, raw);
      } catch (thrown) {
        error = thrown;
      }
      const reason = isHubError(error) ? `${error.code}: ${error.message}` : messageOf(error);
      const hopeless = isHubError(error) && !error.retryable;
      const fields = { queue: rules.name, messageId: raw.properties.messageId, attempt, error };
      if (hopeless || attempt >= rules.deliveryLimit) {
        log.error('A message was set aside', fields);
        return this.#bury(channel, raw, reason, attempt);
      }
      log.warn('A message will be tried again', fields);
      const delayMs = retryDelay(rules, attempt);
      attempt += 1;
      if (!rules.ordered) return this.#sendToRetry(channel, raw, delayMs, attempt);
      // In an ordered queue nothing may pass it: it stays unacknowledged here while it waits.
      await clock.sleep(delayMs, this.#abort.signal);
    }
  }

  async #sendToRetry(
    channel: AmqpChannel,
    raw: AmqpMessage,
    delayMs: number,
    attempt: number,
  ): Promise<void> {
    const { publisher, rules } = this.#options;
    await publisher.publish('', retryQueueOf(rules.name, delayMs), raw.content, forRetry(raw, attempt));
    acknowledge(channel, raw);
  }

  async #bury(
    channel: AmqpChannel,
    raw: AmqpMessage,
    reason: string,
    attempt = attemptOf(raw),
  ): Promise<void> {
    const { publisher, rules, clock } = this.#options;
    const options = forDeadLetters(raw, reason, clock.now(), attempt);
    await publisher.publish(deadLetterExchange, rules.name, raw.content, options);
    acknowledge(channel, raw);
  }

  /** It could be sent neither to its retry nor to the dead letters: back into the queue, after a pause. */
  async #giveBack(channel: AmqpChannel, raw: AmqpMessage, error: unknown): Promise<void> {
    if (this.#closing && this.#options.rules.ordered) return;
    if (!this.#closing) {
      this.#options.log.error('A message goes back to its queue', { queue: this.#options.rules.name, error });
      await this.#options.clock.sleep(1_000, this.#abort.signal).catch(() => {});
    }
    try {
      channel.reject(raw, true);
    } catch {
      // The channel is closed: the broker gives the message to the next one by itself.
    }
  }
}

function acknowledge(channel: AmqpChannel, raw: AmqpMessage): void {
  try {
    channel.ack(raw);
  } catch {
    // The channel is closed: the message comes again, and its handler drops the repeat.
  }
}
