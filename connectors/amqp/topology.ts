import { exchanges } from '#ontology/message.ts';
import type { QueueSpec } from '#ontology/ports/message-bus.ts';
import type { AmqpChannel } from './client.ts';

/** Dead letters go here with the queue's name as routing key. */
export const deadLetterExchange = 'hub.dlx';
/** Gets what had no queue to go to. The hub binds none to it: its own publishes are `mandatory` and told at once. */
export const unroutedExchange = 'hub.unrouted';

export const deadQueueOf = (queue: string) => `${queue}.dead`;
export const retryQueueOf = (queue: string, delayMs: number) => `${queue}.retry.${delayMs}`;

/** A queue's rules with the defaults filled in. */
export interface QueueRules {
  readonly name: string;
  readonly ordered: boolean;
  readonly deliveryLimit: number;
  readonly retryDelaysMs: readonly number[];
}

export function rulesOf(spec: QueueSpec): QueueRules {
  const { name, ordered = false, deliveryLimit = 8, retryDelaysMs = [200, 1_000, 5_000, 30_000] } = spec;
  return { name, ordered, deliveryLimit, retryDelaysMs };
}

/** Wait before the try after `attempt`, ms. */
export function retryDelay({ retryDelaysMs }: QueueRules, attempt: number): number {
  return retryDelaysMs[Math.min(attempt, retryDelaysMs.length) - 1] ?? 0;
}

// Without a limit of its own a quorum queue of RabbitMQ 4 drops a message that was looked at twenty times.
const practicallyUnlimited = 1_000_000_000;

/** Makes the exchanges. Repeating it is harmless. */
export async function declareExchanges(channel: AmqpChannel): Promise<void> {
  await channel.assertExchange(unroutedExchange, 'fanout', { durable: true });
  await channel.assertExchange(deadLetterExchange, 'direct', { durable: true });
  for (const exchange of exchanges)
    await channel.assertExchange(exchange, 'topic', { durable: true, alternateExchange: unroutedExchange });
}

/** Makes a queue with its bindings, its dead-letter queue and one queue for each retry delay. */
export async function declareQueue(channel: AmqpChannel, spec: QueueSpec): Promise<void> {
  const rules = rulesOf(spec);
  const dead = deadQueueOf(rules.name);
  const durable = { durable: true };
  const quorum = { 'x-queue-type': 'quorum' };
  await channel.assertQueue(dead, {
    ...durable,
    arguments: { ...quorum, 'x-delivery-limit': practicallyUnlimited },
  });
  await channel.bindQueue(dead, deadLetterExchange, rules.name);
  // In an ordered queue a failed message waits at the head, in its consumer.
  for (const delayMs of rules.ordered ? [] : new Set(rules.retryDelaysMs))
    await channel.assertQueue(retryQueueOf(rules.name, delayMs), {
      ...durable,
      arguments: { ...quorum, ...toDeadLetter('', rules.name), 'x-message-ttl': delayMs },
    });
  await channel.assertQueue(rules.name, {
    ...durable,
    arguments: {
      ...quorum,
      ...toDeadLetter(deadLetterExchange, rules.name),
      // Only a backstop: the consumer sets aside before.
      'x-delivery-limit': rules.deliveryLimit + 2,
      ...(rules.ordered ? { 'x-single-active-consumer': true } : {}),
    },
  });
  for (const { exchange, pattern } of spec.bindings) await channel.bindQueue(rules.name, exchange, pattern);
}

/** At-least-once dead-lettering, so that a message on its way between queues survives the loss of a node. */
function toDeadLetter(exchange: string, routingKey: string) {
  return {
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-routing-key': routingKey,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}
