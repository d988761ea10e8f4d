import { isObject } from '../engine/merge.ts';
import type { StreamNotice } from '../engine/types.ts';

/** How far a stream of another gateway of this kind has come. */
export interface UpstreamPosition {
  readonly epoch: string;
  readonly sequence: number;
}

export interface StreamExtension {
  readonly position: UpstreamPosition | null;
  /** What the other gateway says of its stream instead of an event. */
  readonly notice: Pick<StreamNotice, 'state' | 'gap'> | null;
}

/** It is kept for each stream, and sent back. */
const maxEpochLength = 128;

const none: StreamExtension = { position: null, notice: null };

/** Reads `extensions.stream` of an event; anything else than what this gateway writes there says nothing. */
export function readStreamExtension(json: unknown): StreamExtension {
  const stream = isObject(json) && isObject(json['extensions']) ? json['extensions']['stream'] : undefined;
  if (!isObject(json) || !isObject(stream)) return none;
  const { epoch, sequence, gap, notice } = stream;
  const known =
    typeof epoch === 'string' &&
    epoch.length <= maxEpochLength &&
    typeof sequence === 'number' &&
    Number.isSafeInteger(sequence) &&
    sequence >= 0;
  const isEvent = json['data'] !== null || json['errors'] !== undefined;
  const interrupted = isObject(notice) && notice['state'] === 'interrupted';
  return {
    position: known ? { epoch, sequence } : null,
    notice:
      isEvent || (gap === undefined && notice === undefined)
        ? null
        : { state: interrupted ? 'interrupted' : 'resumed', gap: gap !== undefined },
  };
}
