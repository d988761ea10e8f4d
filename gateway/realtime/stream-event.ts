import type { GraphQLFormattedError } from 'graphql';
import type { StreamNotice } from '../engine/types.ts';
import type { StreamPosition } from './stream-position.ts';

/** One result of a stream, serialised once for everybody who reads it. */
export interface StreamEvent extends StreamPosition {
  /** The execution result in UTF-8 JSON; `extensions.stream` holds epoch and sequence. */
  readonly payload: Buffer;
  /** Events with the same key replace one another for a reader that lags behind; `null`: nothing may replace it. */
  readonly key: string | null;
}

/** What a payload ends with: the result, `extensions` and `stream` are closed. */
const tail = '}}}';

/** A result as clients get it, its data as a value or as JSON text. */
export interface EncodedResult {
  readonly data?: unknown;
  readonly dataText?: string;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** Serialises a result. @param position - its epoch is a word of letters, digits and hyphens. */
export function encodeEvent(
  { errors, data, dataText }: EncodedResult,
  { epoch, sequence }: StreamPosition,
  key: string | null,
): StreamEvent {
  const before = errors ? `"errors":${JSON.stringify(errors)},` : '';
  const body = dataText ?? JSON.stringify(data ?? null);
  const text = `{${before}"data":${body},"extensions":{"stream":{"epoch":"${epoch}","sequence":${sequence}}}}`;
  return { epoch, sequence, key, payload: Buffer.from(text) };
}

/** The event's payload for one reader that was not sent the `skipped` events before it. */
export function payloadAfterSkipping({ payload }: StreamEvent, skipped: number): Buffer {
  if (!skipped) return payload;
  return Buffer.concat([
    payload.subarray(0, payload.length - tail.length),
    Buffer.from(`,"skipped":${skipped}${tail}`),
  ]);
}

/** Keys of notices: a later one replaces an earlier one for a reader that lags behind, but a gap stays known. */
const noticeKeys = { gap: 'notice: gap', other: 'notice' } as const;

/** What happened to the stream itself, in the place of an event. */
export function noticeEvent(
  { state, reason, serviceName, gap }: StreamNotice,
  { epoch, sequence }: StreamPosition,
): StreamEvent {
  const notice = { state, reason, subgraph: serviceName };
  const stream = { epoch, sequence, notice, ...(gap ? { gap: { from: null, to: null } } : {}) };
  const payload = Buffer.from(JSON.stringify({ data: null, extensions: { stream } }));
  return { epoch, sequence, payload, key: gap ? noticeKeys.gap : noticeKeys.other };
}

/** What a reader that resumes is told when not everything can be replayed. */
export interface ResumeGap {
  /** First and last sequence that are gone; both `null` when the stream itself is gone, so that nobody knows. */
  readonly from: number | null;
  readonly to: number | null;
}

/** A payload without data that says what cannot be replayed. */
export function gapPayload(epoch: string, sequence: number, gap: ResumeGap): Buffer {
  return Buffer.from(JSON.stringify({ data: null, extensions: { stream: { epoch, sequence, gap } } }));
}
