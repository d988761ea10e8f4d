import assert from 'node:assert/strict';
import { isHubError, type ErrorCode } from '#kernel/errors.ts';
import type { TwinId } from '#ontology/ids.ts';
import type { SignalRef, TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { Quality, Sample, SampleValue, SignalSample } from '#ontology/sample.ts';

/** How the suite gets at one implementation. */
export interface TimeSeriesHarness {
  /** Opens the store on data that outlives `close`: opened again it has what was written. */
  open(): Promise<TimeSeriesStore>;
}

/** 2026-01-01T00:00:00Z */
export const t0 = 1_767_225_600_000;
export const twinId = 'P-101' as TwinId;
/** A range around every sample of the suite. */
export const all = { from: t0 - 1_000_000, to: t0 + 100_000_000 };

/** A signal of P-101. */
export const ref = (signal: string): SignalRef => ({ twinId, signal });

/** A sample of P-101 at t0 + `offset` ms. */
export function at(
  offset: number,
  value: SampleValue,
  more: Partial<Sample> = {},
  signal = 'flow',
): SignalSample {
  const sample = {
    value,
    unit: 'm3/h',
    quality: 'GOOD' as Quality,
    status: null,
    sourceTime: t0 + offset,
    receivedTime: t0 + offset + 7,
    ...more,
  };
  return { twinId, signal, sample };
}

/** What a broken sensor sends. */
export const bad = { quality: 'BAD' as const, status: 'BadSensorFailure' };
export const valuesOf = (result: { readonly samples: readonly Sample[] }): SampleValue[] =>
  result.samples.map(({ value }) => value);

/** The work fails with this code and words. */
export async function rejectsWith(code: ErrorCode, work: Promise<unknown>, naming = ''): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isHubError(error, code), `expected ${code}, got ${String(error)}`);
    assert.ok(error.message.includes(naming), error.message);
    return true;
  });
}
