import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { bodyBytes, maxMessageBytes } from '#ontology/message.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type { DeadLetter, MessageBus, MessageHandler, QueueSpec } from '#ontology/ports/message-bus.ts';
import { AmqpClient } from './client.ts';
import type { AmqpConfig } from './config.ts';
import { AmqpConsumer } from './consumer.ts';
import { AmqpDeadLetters } from './dead-letters.ts';
import { toWire } from './map.ts';
import { AmqpPublisher } from './publisher.ts';
import { declareExchanges, declareQueue, rulesOf } from './topology.ts';

export { readAmqpConfig } from './config.ts';
export type { AmqpConfig } from './config.ts';

export interface AmqpMessageBusDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Connects to RabbitMQ (3.10 or later) and makes the exchanges.
 *
 * @throws {HubError} CONNECTOR_UNREACHABLE - no connection within the timeout; CONNECTOR_REFUSED - no right to declare,
 *   or an exchange exists with other properties.
 */
export async function connectAmqpMessageBus(
  config: AmqpConfig,
  deps: AmqpMessageBusDeps,
): Promise<MessageBus> {
  const bus = new AmqpMessageBus(config, deps);
  try {
    await bus.connected();
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
}

class AmqpMessageBus implements MessageBus {
  readonly #deps: AmqpMessageBusDeps;
  readonly #client: AmqpClient;
  readonly #publisher: AmqpPublisher;
  readonly #deadLetters: AmqpDeadLetters;
  readonly #specs = new Map<string, QueueSpec>();
  readonly #consumers = new Set<AmqpConsumer>();
  #closing: Promise<void> | undefined;

  constructor(config: AmqpConfig, deps: AmqpMessageBusDeps) {
    this.#deps = deps;
    this.#client = new AmqpClient(config, {
      ...deps,
      // A broker that lost its data gets all of it again.
      setUp: async (channel) => {
        await declareExchanges(channel);
        for (const spec of this.#specs.values()) await declareQueue(channel, spec);
      },
    });
    this.#publisher = new AmqpPublisher(this.#client, config.url);
    this.#deadLetters = new AmqpDeadLetters(this.#client, this.#publisher);
  }

  connected(): Promise<void> {
    return this.#client.withChannel(async () => {});
  }

  async declareQueue(spec: QueueSpec): Promise<void> {
    await this.#client.withChannel((channel) => declareQueue(channel, spec));
    this.#specs.set(spec.name, spec);
  }

  async publish(outgoing: OutgoingMessage): Promise<void> {
    assertPublishable(outgoing);
    const { content, options } = toWire(outgoing);
    await this.#publisher.publish(outgoing.exchange, outgoing.routingKey, content, options);
  }

  async consume(
    queue: string,
    handler: MessageHandler,
    options: { prefetch?: number } = {},
  ): Promise<Closable> {
    const spec = this.#specs.get(queue);
    if (!spec)
      throw new HubError('NOT_FOUND', `This bus has not declared the queue ${queue}.`, {
        details: { queue },
      });
    const rules = rulesOf(spec);
    const prefetch = rules.ordered ? 1 : (options.prefetch ?? 16);
    const { clock, log } = this.#deps;
    const consumer = new AmqpConsumer({
      rules,
      handler,
      prefetch,
      client: this.#client,
      publisher: this.#publisher,
      clock,
      log,
    });
    await consumer.start();
    this.#consumers.add(consumer);
    return {
      close: async () => {
        await consumer.close();
        this.#consumers.delete(consumer);
      },
    };
  }

  depth(queue: string): Promise<number> {
    return this.#client.withChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  }

  deadLetters(queue: string, limit: number): Promise<readonly DeadLetter[]> {
    return this.#deadLetters.list(queue, limit);
  }

  redrive(queue: string, messageId: string): Promise<boolean> {
    return this.#deadLetters.redrive(queue, messageId);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await this.#publisher.close();
    await this.#client.close();
  }
}

/** @throws {HubError} LIMIT_EXCEEDED, INVALID_INPUT */
function assertPublishable({ message, routingKey }: OutgoingMessage): void {
  // Short strings of AMQP hold 255 bytes.
  for (const [what, text] of Object.entries({ 'message id': message.id, 'routing key': routingKey })) {
    const length = Buffer.byteLength(text, 'utf8');
    if (length < 1 || length > 255)
      throw new HubError('INVALID_INPUT', `A ${what} has 1 to 255 bytes, not ${length}.`);
  }
  const bytes = bodyBytes(message);
  if (bytes > maxMessageBytes)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `The body of message ${message.id} has ${bytes} bytes; at most ${maxMessageBytes} go.`,
      {
        details: { bytes, limit: maxMessageBytes },
      },
    );
}
