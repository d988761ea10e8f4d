import type { Closable } from '#kernel/lifecycle.ts';
import type { Exchange, Message, OutgoingMessage } from '../message.ts';

/** A durable queue and what it gets. */
export interface QueueSpec {
  /** e.g. `hub.workflows`, `sap-pm.commands`. */
  readonly name: string;
  readonly bindings: readonly { readonly exchange: Exchange; readonly pattern: string }[];
  /** Only one consumer at a time and one message in flight, so that order holds. @default false */
  readonly ordered?: boolean;
  /** How often a message is tried before it goes to the dead-letter queue. @default 8 */
  readonly deliveryLimit?: number;
  /** Waits before a retry, ms; the last one repeats. @default [200, 1_000, 5_000, 30_000] */
  readonly retryDelaysMs?: readonly number[];
}

/** A message as handed to a consumer. */
export interface Delivery {
  readonly message: Message;
  readonly exchange: Exchange;
  readonly routingKey: string;
  /** 1 on the first try. */
  readonly attempt: number;
}

/**
 * Resolving acknowledges. Throwing retries later while attempts remain, then dead-letters; a thrown HubError that is
 * not `retryable` dead-letters at once. A handler may see a message again (crash before the acknowledgement): it drops
 * repeats by `message.id`.
 */
export type MessageHandler = (delivery: Delivery) => Promise<void>;

/** A message that could not be handled. */
export interface DeadLetter {
  readonly queue: string;
  readonly delivery: Delivery;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Durable messages between the hub and other systems, at least once. */
export interface MessageBus extends Closable {
  /** Makes queue and bindings; repeating it with the same spec is harmless. @throws {HubError} STORE_UNAVAILABLE, CONNECTOR_UNREACHABLE */
  declareQueue(spec: QueueSpec): Promise<void>;
  /**
   * Resolves once the message is durable in at least one queue.
   * @throws {HubError} MESSAGE_UNROUTABLE - no queue is bound to the routing key; LIMIT_EXCEEDED - body above maxMessageBytes;
   *   CONNECTOR_UNREACHABLE - no confirm in time (the message may have arrived: publish it again with the same id).
   */
  publish(outgoing: OutgoingMessage): Promise<void>;
  /**
   * Starts handling a declared queue. Closing the consumer waits for handlers that run; what they did not finish is delivered again.
   * Goes on by itself after the connection was lost.
   * @param options.prefetch - messages in flight at most. @default 16; 1 on an ordered queue
   * @throws {HubError} NOT_FOUND - the queue was not declared.
   */
  consume(
    queue: string,
    handler: MessageHandler,
    options?: { readonly prefetch?: number },
  ): Promise<Closable>;
  /** Messages ready (without those in flight or waiting for a retry). */
  depth(queue: string): Promise<number>;
  /** The newest dead letters of a queue, at most `limit`, newest first; they stay. */
  deadLetters(queue: string, limit: number): Promise<readonly DeadLetter[]>;
  /** Puts a dead letter back into its queue for a fresh set of attempts; false when there is none of this id. */
  redrive(queue: string, messageId: string): Promise<boolean>;
}
