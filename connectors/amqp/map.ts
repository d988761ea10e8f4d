import { sha256Hex } from '#kernel/canonical.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { maxMessageBytes } from '#ontology/message.ts';
import type { Exchange, Message, OutgoingMessage } from '#ontology/message.ts';
import type { DeadLetter, Delivery } from '#ontology/ports/message-bus.ts';
import type { AmqpMessage, PublishOptions } from './client.ts';

type Headers = Record<string, unknown>;

/** Our own headers beside the message's: the way it came, which try it is, why it was set aside and when. */
const own = {
  exchange: 'twinhub_exchange',
  routingKey: 'twinhub_routing_key',
  attempt: 'twinhub_attempt',
  reason: 'twinhub_reason',
  deadAt: 'twinhub_dead_at',
} as const;

/** A message as AMQP properties and content. @see CloudEvents 1.0 (flat `cloudEvents_*` headers), W3C Trace Context */
export function toWire({ message }: Pick<OutgoingMessage, 'message'>): {
  content: Buffer;
  options: PublishOptions;
} {
  const { id, type, source, tenant, time, key, correlationId, traceparent, body } = message;
  const headers: Headers = {
    cloudEvents_specversion: '1.0',
    cloudEvents_id: id,
    cloudEvents_type: type,
    cloudEvents_source: source,
    cloudEvents_time: time,
    cloudEvents_subject: key,
    cloudEvents_tenant: tenant,
    ...(correlationId === null ? {} : { cloudEvents_correlationid: correlationId }),
    ...(traceparent === null ? {} : { traceparent }),
  };
  const content = Buffer.from(JSON.stringify(body ?? null), 'utf8');
  const options = {
    headers,
    messageId: id,
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    persistent: true,
  };
  return { content, options };
}

/**
 * A message as it came.
 * @throws {HubError} MESSAGE_INVALID - a header is missing, the body is not JSON or too large.
 */
export function fromWire(raw: AmqpMessage): Delivery {
  return { message: toMessage(raw), ...wayOf(raw), attempt: attemptOf(raw) };
}

function toMessage(raw: AmqpMessage): Message {
  const headers = (raw.properties.headers ?? {}) as Headers;
  const text = (name: string, fallback?: unknown): string => {
    const value = headers[name] ?? fallback;
    if (typeof value !== 'string' || value === '') throw invalid(`has no header ${name}`);
    return value;
  };
  const optional = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null);
  if (raw.content.length > maxMessageBytes)
    throw invalid(`has ${raw.content.length} bytes; at most ${maxMessageBytes} go`);
  const head = {
    id: text('cloudEvents_id', raw.properties.messageId),
    type: text('cloudEvents_type', raw.properties.type),
    source: text('cloudEvents_source', raw.properties.appId),
    time: text('cloudEvents_time'),
    key: text('cloudEvents_subject'),
    correlationId: optional('cloudEvents_correlationid') ?? raw.properties.correlationId ?? null,
    traceparent: optional('traceparent'),
  };
  try {
    const tenant = parseTenantId(text('cloudEvents_tenant'));
    return { ...head, tenant, body: JSON.parse(raw.content.toString('utf8')) as unknown };
  } catch (error) {
    throw error instanceof SyntaxError ? invalid(`is not JSON: ${messageOf(error)}`) : error;
  }
}

/** Which try this is: those before it as we counted them, and those the broker counted since (a consumer was lost). */
export function attemptOf(raw: AmqpMessage): number {
  const headers = (raw.properties.headers ?? {}) as Headers;
  return numberIn(headers, own.attempt, 1) + numberIn(headers, 'x-delivery-count', 0);
}

function wayOf(raw: AmqpMessage): { exchange: Exchange; routingKey: string } {
  const headers = (raw.properties.headers ?? {}) as Headers;
  const exchange = (headers[own.exchange] ?? raw.fields.exchange) as Exchange;
  return { exchange, routingKey: String(headers[own.routingKey] ?? raw.fields.routingKey) };
}

/** The same message on its way to a retry: content and headers as they came, and which try comes next. */
export function forRetry(raw: AmqpMessage, attempt: number): PublishOptions {
  return copyOf(raw, { [own.attempt]: attempt });
}

/** The same message on its way to the dead letters. */
export function forDeadLetters(
  raw: AmqpMessage,
  reason: string,
  at: number,
  attempt: number,
): PublishOptions {
  return copyOf(raw, {
    [own.attempt]: attempt,
    [own.reason]: reason.slice(0, 2_000),
    [own.deadAt]: String(at),
  });
}

/** A dead letter on its way back, attempts counted anew. */
export function forRedrive(raw: AmqpMessage): PublishOptions {
  const options = copyOf(raw, { [own.attempt]: 1 });
  const { [own.reason]: _reason, [own.deadAt]: _at, ...headers } = options.headers as Headers;
  return { ...options, headers };
}

/** The broker's own `x-` headers would grow with each round and are left out. */
function copyOf(raw: AmqpMessage, more: Headers): PublishOptions {
  const { messageId, contentType, contentEncoding, correlationId, type, appId } = raw.properties;
  const kept = Object.entries((raw.properties.headers ?? {}) as Headers).filter(
    ([name]) => !name.startsWith('x-'),
  );
  const { exchange, routingKey } = wayOf(raw);
  const headers = {
    ...Object.fromEntries(kept),
    [own.exchange]: exchange,
    [own.routingKey]: routingKey,
    ...more,
  };
  return { messageId, contentType, contentEncoding, correlationId, type, appId, headers, persistent: true };
}

/** A dead letter, also one whose content is no message: then with what can be told of it. */
export function toDeadLetter(queue: string, raw: AmqpMessage): DeadLetter {
  const headers = (raw.properties.headers ?? {}) as Headers;
  const death = (headers['x-death'] as readonly Headers[] | undefined)?.[0];
  const reason = headers[own.reason] ?? headers['x-first-death-reason'] ?? death?.['reason'] ?? 'unknown';
  const seconds = (death?.['time'] as { value?: number } | undefined)?.value;
  const at = headers[own.deadAt] === undefined ? (seconds ?? 0) * 1000 : Number(headers[own.deadAt]);
  // x-death tells the way of what the broker itself has set aside.
  const way = headers[own.routingKey] === undefined && death ? wayOfDeath(death) : wayOf(raw);
  const message = messageOrRest(raw);
  return {
    queue,
    delivery: { message, ...way, attempt: numberIn(headers, own.attempt, 1) },
    reason: String(reason),
    at,
  };
}

function wayOfDeath(death: Headers): { exchange: Exchange; routingKey: string } {
  const [routingKey = ''] = (death['routing-keys'] as string[] | undefined) ?? [];
  return { exchange: String(death['exchange']) as Exchange, routingKey };
}

/** The id by which a dead letter is asked for. */
export function idOf(raw: AmqpMessage): string {
  const headers = (raw.properties.headers ?? {}) as Headers;
  const id = headers['cloudEvents_id'] ?? raw.properties.messageId;
  return typeof id === 'string' && id !== '' ? id : `content-${sha256Hex(raw.content)}`;
}

function messageOrRest(raw: AmqpMessage): Message {
  try {
    return toMessage(raw);
  } catch {
    const headers = (raw.properties.headers ?? {}) as Headers;
    const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : 'unknown');
    return {
      id: idOf(raw),
      type: text('cloudEvents_type'),
      source: text('cloudEvents_source'),
      tenant: 'unknown' as Message['tenant'],
      time: text('cloudEvents_time'),
      key: text('cloudEvents_subject'),
      correlationId: null,
      traceparent: null,
      body: raw.content.toString('utf8', 0, 2_000),
    };
  }
}

function numberIn(headers: Headers, name: string, fallback: number): number {
  const value = Number(headers[name] ?? fallback);
  return Number.isFinite(value) ? value : fallback;
}

function invalid(what: string): HubError {
  return new HubError('MESSAGE_INVALID', `The message ${what}.`);
}
