import { HubError } from '#kernel/errors.ts';

/** How far a reader has come in a stream. Another epoch is another stream: nothing can be said of what lies between. */
export interface StreamPosition {
  readonly epoch: string;
  /** Counts the stream's events, from 1. */
  readonly sequence: number;
}

/** `EPOCH.SEQUENCE`, as in the `id` of a server-sent event. */
export function formatPosition({ epoch, sequence }: StreamPosition): string {
  return `${epoch}.${sequence}`;
}

/** @returns `null` when the text is no position. */
export function parsePosition(text: string): StreamPosition | null {
  const [, epoch, digits] = /^([A-Za-z0-9-]{1,64})\.(\d{1,15})$/.exec(text) ?? [];
  return epoch && digits ? { epoch, sequence: Number(digits) } : null;
}

/**
 * The position in a request's `extensions.stream.resumeFrom`: `{epoch, sequence}` as the events carry it, or its text
 * form. `null` when the request does not ask to resume.
 *
 * @throws {HubError} INVALID_INPUT - it asks and the position cannot be read.
 */
export function resumePositionOf(extensions: unknown): StreamPosition | null {
  const given = memberOf(memberOf(extensions, 'stream'), 'resumeFrom');
  if (given === undefined || given === null) return null;
  const epoch = memberOf(given, 'epoch');
  const sequence = memberOf(given, 'sequence');
  const text =
    typeof given === 'string'
      ? given
      : typeof epoch === 'string' && typeof sequence === 'number'
        ? `${epoch}.${sequence}`
        : '';
  const position = parsePosition(text);
  if (position) return position;
  throw new HubError(
    'INVALID_INPUT',
    'extensions.stream.resumeFrom is not a position: send epoch and sequence of the last event you have, as its extensions.stream tells them.',
    { details: { path: ['extensions', 'stream', 'resumeFrom'] } },
  );
}

function memberOf(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
