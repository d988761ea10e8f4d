import type { DeadLetter } from '#ontology/ports/message-bus.ts';
import type { AmqpChannel, AmqpClient, AmqpMessage } from './client.ts';
import { forRedrive, idOf, toDeadLetter } from './map.ts';
import type { AmqpPublisher } from './publisher.ts';
import { deadQueueOf } from './topology.ts';

/** Letters looked at in one go at most. */
const browseLimit = 5_000;
const browseTimeoutMs = 3_000;

/** Reading the dead letters of a queue and putting one back. AMQP has no way to look without taking, so one at a time. */
export class AmqpDeadLetters {
  readonly #client: AmqpClient;
  readonly #publisher: AmqpPublisher;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: AmqpClient, publisher: AmqpPublisher) {
    this.#client = client;
    this.#publisher = publisher;
  }

  list(queue: string, limit: number): Promise<readonly DeadLetter[]> {
    return this.#alone(queue, async (_channel, letters) =>
      letters
        .map((raw, index) => ({ letter: toDeadLetter(queue, raw), index }))
        .sort((a, b) => b.letter.at - a.letter.at || b.index - a.index)
        .slice(0, limit)
        .map(({ letter }) => letter),
    );
  }

  redrive(queue: string, messageId: string): Promise<boolean> {
    return this.#alone(queue, async (channel, letters) => {
      const raw = letters.find((each) => idOf(each) === messageId);
      if (!raw) return false;
      await this.#publisher.publish('', queue, raw.content, forRedrive(raw));
      channel.ack(raw);
      return true;
    });
  }

  /** All letters, taken for as long as `work` runs; those not acknowledged are there again afterwards. */
  #alone<T>(
    queue: string,
    work: (channel: AmqpChannel, letters: readonly AmqpMessage[]) => Promise<T>,
  ): Promise<T> {
    const result = this.#last.then(() =>
      this.#client.withChannel(async (channel) => {
        const letters = await takeAll(channel, deadQueueOf(queue));
        const value = await work(channel, letters);
        if (letters.length) channel.nackAll(true);
        return value;
      }),
    );
    this.#last = result.catch(() => {});
    return result;
  }
}

async function takeAll(channel: AmqpChannel, queue: string): Promise<AmqpMessage[]> {
  const count = Math.min((await channel.checkQueue(queue)).messageCount, browseLimit);
  if (count === 0) return [];
  const letters: AmqpMessage[] = [];
  const all = Promise.withResolvers<void>();
  await channel.prefetch(count);
  const { consumerTag } = await channel.consume(queue, (raw) => {
    if (raw) letters.push(raw);
    if (letters.length >= count) all.resolve();
  });
  const timer = setTimeout(() => all.resolve(), browseTimeoutMs);
  await all.promise;
  clearTimeout(timer);
  await channel.cancel(consumerTag);
  return letters;
}
