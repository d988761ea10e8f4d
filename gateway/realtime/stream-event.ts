import type { GraphQLFormattedError } from 'graphql';
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

/** Serialises a result. */
export function encodeEvent(
  result: { readonly data?: unknown; readonly errors?: readonly GraphQLFormattedError[] },
  { epoch, sequence }: StreamPosition,
  key: string | null,
): StreamEvent {
  const { errors, data } = result;
  const text = JSON.stringify({
    ...(errors ? { errors } : {}),
    data,
    extensions: { stream: { epoch, sequence } },
  });
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
