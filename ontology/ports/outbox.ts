import type { OutgoingMessage } from '../message.ts';

/** Messages written in the same transaction as the state they follow from, published afterwards until confirmed. */
export interface Outbox {
  /** Oldest first, at most `limit`. */
  pending(limit: number): readonly { readonly position: number; readonly outgoing: OutgoingMessage }[];
  /** Marks as published. */
  markPublished(position: number, atMs: number): void;
  /** Called after each transaction that added messages. */
  onAdded(listener: () => void): () => void;
}
