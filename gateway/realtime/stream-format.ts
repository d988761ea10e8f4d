import type { GraphQLFormattedError } from 'graphql';
import { formatPosition, type StreamPosition } from './stream-position.ts';

/** How results of one operation are written into one HTTP response. */
export interface StreamFormat {
  readonly contentType: string;
  /** Sent at once, so that the client knows the stream runs before anything happens on it. */
  readonly opening: Buffer;
  /** A sign of life. */
  readonly beat: Buffer;
  result(payload: Buffer, position: StreamPosition | undefined): Buffer;
  /** The stream ends for a reason; `closing` follows. */
  failure(errors: readonly GraphQLFormattedError[]): Buffer;
  readonly closing: Buffer;
}

const newLines = Buffer.from('\n\n');

function serverSentEvent(payload: Buffer, position: StreamPosition | undefined): Buffer {
  const head = `event: next\n${position ? `id: ${formatPosition(position)}\n` : ''}data: `;
  return Buffer.concat([Buffer.from(head), payload, newLines]);
}

/**
 * Server-sent events, distinct connections mode. An event's `id` is its position in the stream.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: Buffer.from(':\n\n'),
  beat: Buffer.from(':\n\n'),
  result: serverSentEvent,
  failure: (errors) => serverSentEvent(Buffer.from(JSON.stringify({ errors })), undefined),
  closing: Buffer.from('event: complete\ndata:\n\n'),
};

const partHead = Buffer.from('\r\n--graphql\r\ncontent-type: application/json\r\n\r\n');
const payloadHead = Buffer.from('{"payload":');
const closingBrace = Buffer.from('}');

/**
 * Multipart HTTP subscriptions, as clients of Apollo speak them.
 * @see https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
 */
export const multipart: StreamFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: Buffer.concat([partHead, Buffer.from('{}')]),
  beat: Buffer.concat([partHead, Buffer.from('{}')]),
  result: (payload) => Buffer.concat([partHead, payloadHead, payload, closingBrace]),
  failure: (errors) => Buffer.concat([partHead, Buffer.from(JSON.stringify({ payload: null, errors }))]),
  closing: Buffer.from('\r\n--graphql--\r\n'),
};

/** The format of a stream that a client takes; `null` when it takes none. */
export function streamFormatOf(accept: string | undefined): StreamFormat | null {
  const wanted = accept ?? '';
  if (wanted.includes('text/event-stream')) return serverSentEvents;
  return /multipart\/mixed[^,]*subscriptionSpec/i.test(wanted) ? multipart : null;
}
