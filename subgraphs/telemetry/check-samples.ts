import { HubError, isHubError } from '#kernel/errors.ts';
import { localIdFor, parseSignalId, type TenantId, type TwinId } from '#ontology/ids.ts';
import type { SignalContent } from '#ontology/model.ts';
import type { Quality, SampleValue, SignalSample } from '#ontology/sample.ts';

/** Looks a signal of a twin's model up; `null` when there is none. */
export type SignalLookup = (
  tenant: TenantId,
  twinId: TwinId,
  name: string,
) => Promise<SignalContent | null> | SignalContent | null;

/** One item of RecordSamplesInput; `sourceTime` epoch ms. */
export interface SampleInput {
  readonly signalId: string;
  readonly value?: unknown;
  readonly quality: Quality;
  readonly status?: string | null;
  readonly sourceTime?: number | null;
}

/** Most samples in one call, lines in one spectrum, characters in a status or text value, and lead of a device's clock. */
export const recordLimits = {
  samples: 5_000,
  lines: 16_384,
  characters: 4_096,
  aheadMs: 5 * 60_000,
} as const;

/**
 * Checks samples item by item.
 * @returns the samples ready to be stored, in the units of their models, and every fault with `details.path`.
 */
export async function checkSamples(
  tenant: TenantId,
  inputs: readonly SampleInput[],
  deps: { signalOf: SignalLookup; now: number },
): Promise<{ samples: readonly SignalSample[]; faults: readonly HubError[] }> {
  if (inputs.length < 1 || inputs.length > recordLimits.samples)
    return {
      samples: [],
      faults: [
        fault(
          'LIMIT_EXCEEDED',
          `${inputs.length} samples; allowed are 1 to ${recordLimits.samples} in one call.`,
          [],
        ),
      ],
    };
  const known = new Map<string, Promise<SignalContent | null>>();
  const lookup: SignalLookup = (of, twinId, name) => {
    const key = `${twinId}/${name}`;
    const found = known.get(key) ?? Promise.resolve(deps.signalOf(of, twinId, name));
    known.set(key, found);
    return found;
  };
  const samples: SignalSample[] = [];
  const faults: HubError[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      samples.push(await checkOne(tenant, input, { signalOf: lookup, now: deps.now }));
    } catch (error) {
      if (!isHubError(error) || error.code === 'STORE_UNAVAILABLE') throw error;
      const path = (error.details['path'] as readonly string[] | undefined) ?? ['signalId'];
      faults.push(
        new HubError(error.code, error.message, {
          details: { ...error.details, path: ['input', 'samples', String(index), ...path] },
          cause: error,
        }),
      );
    }
  }
  return { samples, faults };
}

async function checkOne(
  tenant: TenantId,
  input: SampleInput,
  deps: { signalOf: SignalLookup; now: number },
): Promise<SignalSample> {
  const local = localIdFor(input.signalId, 'Signal', tenant);
  const { twinId, name } = local === null ? { twinId: null, name: '' } : parseSignalId(local);
  const content = twinId && (await deps.signalOf(tenant, twinId, name));
  if (!twinId || !content)
    throw itemFault('NOT_FOUND', `There is no signal ${local ?? input.signalId} visible to you.`, 'signalId');
  const value = checkValue(input, content);
  if (input.status && input.status.length > recordLimits.characters)
    throw itemFault(
      'LIMIT_EXCEEDED',
      `status has ${input.status.length} characters; allowed are ${recordLimits.characters}.`,
      'status',
    );
  const sourceTime = input.sourceTime ?? null;
  if (sourceTime !== null && sourceTime > deps.now + recordLimits.aheadMs)
    throw itemFault(
      'INVALID_INPUT',
      `sourceTime lies ${Math.round((sourceTime - deps.now) / 1000)} s in the future; allowed are ${recordLimits.aheadMs / 1000} s. Check the device's clock.`,
      'sourceTime',
    );
  return {
    twinId,
    signal: name,
    sample: {
      value,
      unit: content.unit,
      quality: input.quality,
      status: input.status ?? null,
      sourceTime,
      receivedTime: deps.now,
    },
  };
}

function checkValue(input: SampleInput, content: SignalContent): SampleValue {
  const { value = null, quality } = input;
  if (value === null) {
    if (quality === 'BAD') return null;
    throw itemFault(
      'INVALID_INPUT',
      `value is missing; only a sample of quality BAD may be without one, this is ${quality}.`,
      'value',
    );
  }
  const bad = (allowed: string) =>
    itemFault('INVALID_INPUT', `value is ${describe(value)}; ${content.name} takes ${allowed}.`, 'value');
  switch (content.valueType) {
    case 'number':
      if (!isFiniteNumber(value)) throw bad('a finite number');
      return value;
    case 'integer':
      if (!isFiniteNumber(value) || !Number.isInteger(value)) throw bad('a whole number');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw bad('true or false');
      return value;
    case 'number[]':
      if (!Array.isArray(value) || value.length > recordLimits.lines || !value.every(isFiniteNumber))
        throw bad(`a list of at most ${recordLimits.lines} finite numbers`);
      return value;
    default:
      if (typeof value !== 'string' || value.length > recordLimits.characters)
        throw bad(`a text of at most ${recordLimits.characters} characters`);
      return value;
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length}` : JSON.stringify(value).slice(0, 60);
}

function itemFault(code: HubError['code'], message: string, field: string): HubError {
  return fault(code, message, [field]);
}

function fault(code: HubError['code'], message: string, path: readonly string[]): HubError {
  return new HubError(code, message, { details: { path: path.length ? path : ['input', 'samples'] } });
}
