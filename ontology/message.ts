import { canonicalJson } from '#kernel/canonical.ts';
import type { TenantId } from './ids.ts';

/** Where messages are sent to. @see DESIGN: hub.cmd carries requests to other systems, hub.evt what happened. */
export const exchanges = ['hub.cmd', 'hub.evt'] as const;
export type Exchange = (typeof exchanges)[number];

/**
 * One message between systems. On AMQP the body is the payload, `id` the message-id, and the rest flat
 * `cloudEvents_*` headers. @see CloudEvents 1.0, attributes (id, source, type, subject, time)
 */
export interface Message {
  /** Deterministic: the same cause gives the same id, so receivers can drop repeats. 1 to 255 characters. */
  readonly id: string;
  /** Reverse-dotted name, e.g. `sap-pm.MaintenanceNotification.Create`. */
  readonly type: string;
  /** Who sends, e.g. `twinhub/workflows`, `sap-pm`. */
  readonly source: string;
  readonly tenant: TenantId;
  /** RFC 3339. */
  readonly time: string;
  /** What it is about, e.g. a workflow id; messages of one key keep their order where the queue is ordered. */
  readonly key: string;
  /** The id of the message this one answers. */
  readonly correlationId: string | null;
  /** W3C trace context, or `null`. */
  readonly traceparent: string | null;
  /** JSON value. */
  readonly body: unknown;
}

/** A message with its way: the routing key is dotted words; queues bind to patterns with `*` and `#` (topic exchange). */
export interface OutgoingMessage {
  readonly exchange: Exchange;
  readonly routingKey: string;
  readonly message: Message;
}

/** Largest body, bytes of its JSON text. */
export const maxMessageBytes = 256 * 1024;

/** Bytes of the body's JSON text (UTF-8). */
export function bodyBytes(message: Message): number {
  return Buffer.byteLength(canonicalJson(message.body) ?? 'null', 'utf8');
}

/** Whether a topic pattern (`*` one word, `#` any number of words) matches a routing key. @see AMQP 0-9-1, 3.1.3.3 */
export function matchesTopic(pattern: string, routingKey: string): boolean {
  const match = (p: readonly string[], k: readonly string[]): boolean => {
    const [head, ...rest] = p;
    if (head === undefined) return k.length === 0;
    if (head === '#') return match(rest, k) || (k.length > 0 && match(p, k.slice(1)));
    return k.length > 0 && (head === '*' || head === k[0]) && match(rest, k.slice(1));
  };
  return match(pattern.split('.'), routingKey.split('.'));
}
