import { HubError } from '#kernel/errors.ts';
import { withDeadline } from '#kernel/lifecycle.ts';
import { toHubError } from './client.ts';
import type { AmqpClient, AmqpConfirmChannel, PublishOptions } from './client.ts';

/** Publishes with confirms on one channel, which is made anew when it was closed. */
export class AmqpPublisher {
  readonly #client: AmqpClient;
  readonly #url: string;
  #channel: Promise<AmqpConfirmChannel> | undefined;
  /** Messages the broker gave back as unroutable; it does so before it confirms them. */
  readonly #returned = new Set<string>();
  #count = 0;

  constructor(client: AmqpClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /**
   * Resolves once the broker has confirmed the message in at least one queue.
   * @throws {HubError} MESSAGE_UNROUTABLE, CONNECTOR_UNREACHABLE
   */
  async publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options: PublishOptions,
  ): Promise<void> {
    const token = String((this.#count += 1));
    let unroutable: boolean;
    try {
      const channel = await this.#open();
      const headers = { ...options.headers, twinhub_publish: token };
      await withDeadline(
        new Promise<void>((resolve, reject) =>
          channel.publish(
            exchange,
            routingKey,
            content,
            { ...options, headers, mandatory: true },
            (error: Error | null) => (error ? reject(error) : resolve()),
          ),
        ),
        this.#client.timeoutMs,
        'a publisher confirm',
      );
    } catch (error) {
      throw toHubError(error, this.#url);
    } finally {
      unroutable = this.#returned.delete(token);
    }
    if (unroutable)
      throw new HubError(
        'MESSAGE_UNROUTABLE',
        `No queue takes ${routingKey} of ${exchange || 'the default exchange'}.`,
        {
          details: { exchange, routingKey },
        },
      );
  }

  async close(): Promise<void> {
    const channel = await this.#channel?.catch(() => undefined);
    await channel?.close().catch(() => {});
  }

  #open(): Promise<AmqpConfirmChannel> {
    if (this.#channel) return this.#channel;
    const opening = this.#client.confirmChannel().then((channel) => {
      channel.on('close', () => this.#forget(opening));
      channel.on(
        'return',
        (message) => void this.#returned.add(String(message.properties.headers?.['twinhub_publish'])),
      );
      return channel;
    });
    opening.catch(() => this.#forget(opening));
    return (this.#channel = opening);
  }

  #forget(channel: Promise<AmqpConfirmChannel>): void {
    if (this.#channel === channel) this.#channel = undefined;
  }
}
