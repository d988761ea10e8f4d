import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { MessageHandler } from '#ontology/ports/message-bus.ts';
import type { MessageBusOwners } from './message-bus-owners.ts';
import type { ClaimedMessage, MessageBusStore, Outcome, QueueRules } from './message-bus-store.ts';

/** Why a message was not handled, in one line. */
export function failureReason(error: unknown): string {
  return isHubError(error) ? `${error.code}: ${error.message}` : messageOf(error);
}

export interface SqliteConsumerOptions {
  readonly rules: QueueRules;
  readonly handler: MessageHandler;
  readonly prefetch: number;
  readonly store: MessageBusStore;
  readonly owners: MessageBusOwners;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called once when the consumer has closed. */
  readonly onClosed: () => void;
}

/** One consumer of one queue: claims while it has free places, settles each message after its handler. */
export class SqliteConsumer implements Closable {
  readonly #options: SqliteConsumerOptions;
  readonly #owner: string;
  readonly #running = new Set<Promise<void>>();
  #nextDue: number | null = null;
  #closing: Promise<void> | undefined;

  constructor(options: SqliteConsumerOptions) {
    this.#options = options;
    this.#owner = options.owners.add(options.clock.now());
  }

  /** Whether a message that waited for its retry can be taken now. */
  get due(): boolean {
    return this.#nextDue !== null && this.#options.clock.now() >= this.#nextDue;
  }

  /** Takes what there is and place for. */
  pump(): void {
    const { store, rules, prefetch, clock, log } = this.#options;
    const free = prefetch - this.#running.size;
    if (this.#closing || free <= 0) return;
    try {
      const claimed = store.claim(rules, this.#owner, free, clock.now());
      for (const message of claimed) this.#start(message);
      this.#nextDue = claimed.length < free ? store.nextDue(rules.name) : null;
    } catch (error) {
      log.error('Messages could not be taken from a queue; trying again', { queue: rules.name, error });
      this.#nextDue = clock.now() + 1_000;
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all(this.#running);
    this.#options.owners.remove(this.#owner);
    this.#options.onClosed();
  }

  #start(message: ClaimedMessage): void {
    const work = this.#handle(message).finally(() => {
      this.#running.delete(work);
      this.pump();
    });
    this.#running.add(work);
  }

  async #handle({ position, delivery }: ClaimedMessage): Promise<void> {
    const { handler, log, rules } = this.#options;
    let outcome: Outcome;
    try {
      await handler(delivery);
      outcome = { state: 'done', endedAt: this.#options.clock.now() };
    } catch (error) {
      outcome = this.#afterFailure(error, delivery.attempt);
      const fields = { queue: rules.name, messageId: delivery.message.id, attempt: delivery.attempt, error };
      if (outcome.state === 'dead') log.error('A message was set aside', fields);
      else log.warn('A message will be tried again', fields);
    }
    await this.#settle(position, outcome);
  }

  #afterFailure(error: unknown, attempt: number): Outcome {
    const { rules, clock } = this.#options;
    const reason = failureReason(error);
    const hopeless = error instanceof HubError && !error.retryable;
    if (hopeless || attempt >= rules.deliveryLimit) return { state: 'dead', reason, endedAt: clock.now() };
    const delay = rules.retryDelaysMs[Math.min(attempt, rules.retryDelaysMs.length) - 1] ?? 0;
    return { state: 'waiting', reason, availableAt: clock.now() + delay };
  }

  /** Settling is repeated until the store takes it: the message would stay in flight for as long as this process lives. */
  async #settle(position: number, outcome: Outcome): Promise<void> {
    const { store, clock, log, rules } = this.#options;
    for (;;) {
      try {
        const held = store.settle(position, this.#owner, outcome);
        if (!held)
          log.warn('A message was handled after its lease had passed to another consumer', {
            queue: rules.name,
          });
        return;
      } catch (error) {
        log.error('A handled message could not be acknowledged', { queue: rules.name, error });
        if (this.#closing) return;
        await clock.sleep(500);
      }
    }
  }
}
