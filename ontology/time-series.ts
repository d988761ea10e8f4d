/**
 * Rules of the telemetry store that every TimeSeriesStore keeps in the same way: pure, no I/O.
 */
import { HubError } from '#kernel/errors.ts';
import type { TimeRange } from './ports/time-series-store.ts';
import { qualities, timeOf, type SampleValue, type SignalSample } from './sample.ts';

/** Latest storable time, epoch ms: nanoseconds since 1970 have to fit a signed 64 bit number (year 2262). */
export const latestTime = 9_223_372_036_853;

/** Longest text of a name, unit, status or string value, in characters. */
const longestText = 16_384;

/** Most lines of one spectrum or waveform. */
const longestArray = 32_768;

const twinIdForm = /^[A-Za-z0-9._:-]{1,128}$/;
const signalForm = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;

/** What a stored value is. */
export const valueKinds = ['null', 'number', 'boolean', 'string', 'number[]'] as const;
export type ValueKind = (typeof valueKinds)[number];

/** The kind of a sample's value. */
export function valueKindOf(value: SampleValue): ValueKind {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'number[]' : (typeof value as 'number' | 'boolean' | 'string');
}

/**
 * Checks a batch before anything of it is stored.
 * @throws {HubError} INVALID_INPUT - naming the first sample at fault: a value or time that cannot be kept exactly.
 */
export function checkSamples(samples: readonly SignalSample[]): void {
  for (const [index, item] of samples.entries()) {
    const fault = faultOf(item);
    if (!fault) continue;
    const { twinId, signal } = item;
    throw new HubError('INVALID_INPUT', `Sample ${index} (${twinId}/${signal}): ${fault}.`, {
      details: { index, twinId, signal, fault },
    });
  }
}

function faultOf({ twinId, signal, sample }: SignalSample): string | undefined {
  const { value, unit, status, sourceTime, receivedTime, quality } = sample;
  if (!twinIdForm.test(twinId)) return 'the twin id has not the form of one';
  if (!signalForm.test(signal))
    return 'a signal name is a letter and up to 127 letters, digits and underscores';
  for (const [name, text] of Object.entries({ unit, status }))
    if (text !== null && text.length > longestText)
      return `${name} has ${text.length} characters; at most ${longestText} are kept`;
  if (!qualities.includes(quality))
    return `quality is ${JSON.stringify(quality)}; allowed are ${qualities.join(', ')}`;
  for (const [name, time] of Object.entries({ time: timeOf(sample), sourceTime, receivedTime }))
    if (time !== null && !isTime(time))
      return `${name} is ${time}; allowed are whole milliseconds from 1970 to 2262`;
  return valueFault(value);
}

function valueFault(value: SampleValue): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value))
    return `the value is ${value}; send null with quality BAD instead`;
  if (typeof value === 'string' && value.length > longestText)
    return `the value has ${value.length} characters; at most ${longestText} are kept`;
  if (!Array.isArray(value)) return undefined;
  if (value.length > longestArray)
    return `the value has ${value.length} lines; at most ${longestArray} are kept`;
  const at = value.findIndex((line) => typeof line !== 'number' || !Number.isFinite(line));
  return at < 0 ? undefined : `line ${at} of the value is ${String(value[at])}, not a finite number`;
}

const isTime = (time: number): boolean => Number.isSafeInteger(time) && time >= 0 && time <= latestTime;

/**
 * The range cut to storable times; `null` when nothing can be in it.
 * @throws {HubError} INVALID_INPUT - an end is not a whole number of milliseconds.
 */
export function checkRange({ from, to }: TimeRange): TimeRange | null {
  if (!Number.isInteger(from) || !Number.isInteger(to))
    throw invalid(`The range is ${from} to ${to}; allowed are whole milliseconds.`, { from, to });
  const cut = { from: Math.max(0, from), to: Math.min(latestTime + 1, to) };
  return cut.from < cut.to ? cut : null;
}

/** @throws {HubError} INVALID_INPUT - `limit` is not a whole number from 1 to 10,000. */
export function checkLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw invalid(`limit is ${limit}; allowed is a whole number from 1 to 10,000.`, { limit });
  return limit;
}

/**
 * @throws {HubError} INVALID_INPUT - not a whole number of at least 1 ms; LIMIT_EXCEEDED - the range has over 10,000
 *   windows.
 */
export function checkWindow({ from, to }: TimeRange, windowMs: number): number {
  if (!Number.isSafeInteger(windowMs) || windowMs < 1)
    throw invalid(`windowMs is ${windowMs}; allowed is a whole number from 1.`, { windowMs });
  const windows = (to - from) / windowMs;
  if (windows > 10_000)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `The range has ${Math.ceil(windows)} windows of ${windowMs} ms; at most 10,000 are answered.`,
      {
        details: { windows: Math.ceil(windows), limit: 10_000 },
      },
    );
  return windowMs;
}

function invalid(message: string, details: Record<string, unknown>): HubError {
  return new HubError('INVALID_INPUT', message, { details });
}
