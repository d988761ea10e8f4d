import {
  DataType,
  Int64ToBigInt,
  UInt64ToBigInt,
  type DataValue,
  type StatusCode,
  type Variant,
} from 'node-opcua';
import type { Quality } from '#ontology/sample.ts';
import type { RawValue } from './driver.ts';

const qualityOfSeverity: readonly Quality[] = ['GOOD', 'UNCERTAIN', 'BAD', 'BAD'];
/** OPC UA and .NET say "no time" with their first instant, 1601 or 0001. */
const earliestTime = Date.UTC(1970, 0, 2);

/** A DataValue of the driver in plain JavaScript. @see OPC 10000-4, StatusCode (severity in the two highest bits) */
export function toRawValue(dataValue: DataValue): RawValue {
  const { statusCode, value: variant } = dataValue;
  return {
    type: DataType[variant.dataType],
    value: toPlain(variant),
    quality: qualityOf(statusCode),
    status: statusCode.name,
    sourceTime: toEpochMs(dataValue.sourceTimestamp),
    serverTime: toEpochMs(dataValue.serverTimestamp),
  };
}

/**
 * As `toRawValue`, but never throws: the driver calls from its own event loop, where what is thrown ends the process,
 * and no server may do that with a value it made up.
 */
export function readRawValue(dataValue: DataValue): RawValue {
  try {
    return toRawValue(dataValue);
  } catch {
    return {
      type: 'Null',
      value: null,
      quality: 'BAD',
      status: 'BadDecodingError',
      sourceTime: null,
      serverTime: null,
    };
  }
}

function qualityOf(statusCode: StatusCode): Quality {
  return qualityOfSeverity[statusCode.value >>> 30] ?? 'BAD';
}

function toEpochMs(time: Date | null | undefined): number | null {
  const epochMs = time?.getTime();
  return epochMs !== undefined && epochMs >= earliestTime ? epochMs : null;
}

/** The driver gives 64-bit integers as a pair of 32-bit words, and arrays of numbers as typed arrays. */
function toPlain(variant: Variant): unknown {
  const value: unknown = variant.value ?? null;
  // An array of length -1 is a null array. @see OPC 10000-6, 5.2.5
  if (value === null) return null;
  const isList = variant.arrayType !== 0;
  switch (variant.dataType) {
    case DataType.Int64:
      return isList
        ? (value as [number, number][]).map(Int64ToBigInt)
        : Int64ToBigInt(value as [number, number]);
    case DataType.UInt64:
      return isList
        ? (value as [number, number][]).map(UInt64ToBigInt)
        : UInt64ToBigInt(value as [number, number]);
    case DataType.LocalizedText:
      return isList ? value : ((value as { text?: string | null } | null)?.text ?? null);
    default:
      return value;
  }
}
