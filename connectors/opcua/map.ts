import type { Sample, SampleValue } from '#ontology/sample.ts';
import { convert } from '#ontology/units.ts';
import type { RawValue } from './driver.ts';
import type { KnownSignal, Tag } from './mapping.ts';

/** Most numbers in a list and characters in a text: what a program may send in over GraphQL. */
const most = { lines: 16_384, characters: 4_096 } as const;

/** Clocks of controllers are off by hours where a time zone was mistaken, not by more. */
const maxAheadMs = 24 * 3_600_000;

/** Why a value cannot be used, in the status words of OPC UA. */
class Unusable extends Error {}

/**
 * A value of a node as a sample of its signal, in the signal's unit.
 *
 * Bad quality carries no value. A value that does not fit the signal becomes BAD: `BadTypeMismatch` for another
 * type, `BadOutOfRange` for NaN, infinity, and whole numbers beyond 2^53 that would lose digits,
 * `BadEncodingLimitsExceeded` for longer lists and texts than a sample may have, and `BadInvalidTimestamp` for a time
 * that lies more than a day ahead: it would stand as the newest value until then.
 *
 * @see OPC 10000-8, DataValue; OPC 10000-4, StatusCode
 */
export function toSample(raw: RawValue, signal: KnownSignal, tag: Tag, receivedTime: number): Sample {
  const time = raw.sourceTime ?? raw.serverTime;
  const isAhead = time !== null && time > receivedTime + maxAheadMs;
  const common = { unit: signal.unit, sourceTime: isAhead ? null : time, receivedTime };
  if (isAhead) return { ...common, value: null, quality: 'BAD', status: 'BadInvalidTimestamp' };
  if (raw.quality === 'BAD') return { ...common, value: null, quality: 'BAD', status: raw.status };
  try {
    const value = toValue(raw, signal, tag);
    return { ...common, value, quality: raw.quality, status: raw.status === 'Good' ? null : raw.status };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { ...common, value: null, quality: 'BAD', status: error.message };
  }
}

/** What is known while nothing comes: no value, and why. @param sourceTime - `null`, or just after the last one. */
export function noCommunication(
  signal: KnownSignal,
  status: string,
  sourceTime: number | null,
  receivedTime: number,
): Sample {
  return { value: null, unit: signal.unit, quality: 'BAD', status, sourceTime, receivedTime };
}

function toValue(raw: RawValue, signal: KnownSignal, tag: Tag): SampleValue {
  const isList = isListLike(raw.value);
  if (isList !== (signal.valueType === 'number[]')) throw new Unusable('BadTypeMismatch');
  if (isListLike(raw.value) && raw.value.length > most.lines) throw new Unusable('BadEncodingLimitsExceeded');
  if (isListLike(raw.value)) return Array.from(raw.value, (element) => toNumber(element, signal, tag));
  switch (signal.valueType) {
    case 'boolean':
      return toBoolean(raw.value);
    case 'number':
    case 'integer':
      return toNumber(raw.value, signal, tag);
    case 'dateTime':
      return toDateTime(raw.value);
    case 'string':
    case 'duration':
      return toText(raw.value);
    default:
      throw new Unusable('BadTypeMismatch');
  }
}

function isListLike(value: unknown): value is ArrayLike<unknown> {
  return (
    Array.isArray(value) ||
    (ArrayBuffer.isView(value) && !Buffer.isBuffer(value) && !(value instanceof DataView))
  );
}

function toNumber(value: unknown, signal: KnownSignal, tag: Tag): number {
  const plain = typeof value === 'bigint' ? fromBigInt(value) : value;
  if (typeof plain !== 'number') throw new Unusable('BadTypeMismatch');
  const scaled = plain * tag.scale + tag.offset;
  const converted =
    tag.unit !== null && signal.unit !== null ? convert(scaled, tag.unit, signal.unit) : scaled;
  if (!Number.isFinite(converted)) throw new Unusable('BadOutOfRange');
  return converted;
}

function fromBigInt(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
    throw new Unusable('BadOutOfRange');
  return Number(value);
}

/** Controllers without a Boolean type send 0 and 1. */
function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1 || value === 0n || value === 1n) return Number(value) === 1;
  throw new Unusable('BadTypeMismatch');
}

function toDateTime(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  throw new Unusable('BadTypeMismatch');
}

function toText(value: unknown): string {
  if (typeof value === 'string' && value.length > most.characters)
    throw new Unusable('BadEncodingLimitsExceeded');
  if (typeof value === 'string') return value;
  throw new Unusable('BadTypeMismatch');
}
