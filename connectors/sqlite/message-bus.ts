import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { bodyBytes, maxMessageBytes } from '#ontology/message.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type { DeadLetter, MessageBus, MessageHandler, QueueSpec } from '#ontology/ports/message-bus.ts';
import { Database } from './database.ts';
import { SqliteConsumer } from './message-bus-consumer.ts';
import { MessageBusOwners } from './message-bus-owners.ts';
import { MessageBusStore } from './message-bus-store.ts';

/** Where the embedded bus keeps its messages, and its times in ms. */
export interface SqliteMessageBusConfig {
  /** The bus's own file; several processes of one machine may open it at the same time. */
  readonly path: string;
  /** How often other processes' messages are looked for. @default 25 */
  readonly pollMs?: number;
  /** After this long without a sign of life a consumer's messages go to another one. @default 10_000 */
  readonly leaseMs?: number;
  /** How long the id of a handled message is remembered, so that publishing it again is harmless. @default 86_400_000 */
  readonly dedupeWindowMs?: number;
  /** How many ids of handled messages are remembered at most. @default 200_000 */
  readonly dedupeLimit?: number;
}

export interface SqliteMessageBusDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Opens the embedded message bus: durable queues in one SQLite file.
 *
 * @throws {HubError} STORE_UNAVAILABLE - the file cannot be opened or was written by a newer version.
 */
export function openSqliteMessageBus(config: SqliteMessageBusConfig, deps: SqliteMessageBusDeps): MessageBus {
  return new SqliteMessageBus(config, deps);
}

class SqliteMessageBus implements MessageBus {
  readonly #db: Database;
  readonly #store: MessageBusStore;
  readonly #owners: MessageBusOwners;
  readonly #config: Required<SqliteMessageBusConfig>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #consumers = new Set<SqliteConsumer>();
  readonly #abort = new AbortController();
  readonly #watching: Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(config: SqliteMessageBusConfig, { clock, log }: SqliteMessageBusDeps) {
    this.#config = {
      pollMs: 25,
      leaseMs: 10_000,
      dedupeWindowMs: 86_400_000,
      dedupeLimit: 200_000,
      ...config,
    };
    this.#clock = clock;
    this.#log = log;
    this.#db = new Database(config.path);
    this.#store = new MessageBusStore(this.#db);
    this.#owners = new MessageBusOwners(this.#db, this.#config.leaseMs);
    this.#watching = this.#watch();
  }

  async declareQueue(spec: QueueSpec): Promise<void> {
    this.#assertOpen();
    const { name, ordered = false, deliveryLimit = 8, retryDelaysMs = [200, 1_000, 5_000, 30_000] } = spec;
    this.#store.declare({ name, ordered, deliveryLimit, retryDelaysMs }, spec.bindings);
  }

  async publish(outgoing: OutgoingMessage): Promise<void> {
    assertPublishable(outgoing);
    if (this.#store.publish(outgoing) === 0) throw unroutable(outgoing);
    // After the caller goes on: a handler must not run inside its sender's call.
    setImmediate(() => this.#wake());
  }

  async consume(
    queue: string,
    handler: MessageHandler,
    options: { prefetch?: number } = {},
  ): Promise<Closable> {
    this.#assertOpen();
    const rules = this.#store.rules(queue);
    if (!rules)
      throw new HubError('NOT_FOUND', `There is no queue ${queue}: declare it first.`, {
        details: { queue },
      });
    const consumer = new SqliteConsumer({
      rules,
      handler,
      prefetch: rules.ordered ? 1 : (options.prefetch ?? 16),
      store: this.#store,
      owners: this.#owners,
      clock: this.#clock,
      log: this.#log,
      onClosed: () => {
        this.#consumers.delete(consumer);
        this.#wake();
      },
    });
    this.#consumers.add(consumer);
    setImmediate(() => consumer.pump());
    return consumer;
  }

  async depth(queue: string): Promise<number> {
    return this.#store.depth(queue);
  }

  async deadLetters(queue: string, limit: number): Promise<readonly DeadLetter[]> {
    return this.#store.deadLetters(queue, limit);
  }

  async redrive(queue: string, messageId: string): Promise<boolean> {
    const found = this.#store.redrive(queue, messageId);
    if (found) setImmediate(() => this.#wake());
    return found;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    this.#abort.abort();
    await this.#watching;
    this.#db.close();
  }

  #wake(): void {
    for (const consumer of this.#consumers) consumer.pump();
  }

  /** Looks for other processes' messages, due retries and consumers that are gone. */
  async #watch(): Promise<void> {
    const { signal } = this.#abort;
    let seen = -1;
    let renewAt = 0;
    let pruneAt = 0;
    while (!signal.aborted) {
      try {
        if (this.#clock.now() >= renewAt) {
          this.#renew();
          renewAt = this.#clock.now() + this.#config.leaseMs / 4;
        }
        if (this.#clock.now() >= pruneAt) {
          this.#store.prune(this.#clock.now() - this.#config.dedupeWindowMs, this.#config.dedupeLimit);
          pruneAt = this.#clock.now() + 10_000;
        }
        const version = this.#store.dataVersion();
        for (const consumer of this.#consumers) if (version !== seen || consumer.due) consumer.pump();
        seen = version;
      } catch (error) {
        this.#log.error('The message store does not answer; trying again', {
          path: this.#config.path,
          error,
        });
      }
      await this.#clock.sleep(this.#config.pollMs, signal).catch(() => {});
    }
  }

  #renew(): void {
    const returned = this.#owners.renew(this.#clock.now());
    if (returned > 0) {
      this.#log.warn('Messages of a consumer that is gone were given back', { count: returned });
      this.#wake();
    }
  }

  #assertOpen(): void {
    if (this.#closing) throw new HubError('CANCELLED', 'The message bus is closing.');
  }
}

/** @throws {HubError} LIMIT_EXCEEDED, INVALID_INPUT */
function assertPublishable({ message }: OutgoingMessage): void {
  if (message.id.length < 1 || message.id.length > 255)
    throw new HubError('INVALID_INPUT', `A message id has 1 to 255 characters, not ${message.id.length}.`);
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

function unroutable({ exchange, routingKey, message }: OutgoingMessage): HubError {
  return new HubError(
    'MESSAGE_UNROUTABLE',
    `No queue takes ${routingKey} of ${exchange} (message ${message.id}).`,
    {
      details: { exchange, routingKey, messageId: message.id },
    },
  );
}
