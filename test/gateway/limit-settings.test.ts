import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigReader, type Setting } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { readGatewayConfig } from '#gateway/config.ts';

/** Settings that are numbers, with the least and the most they may be. */
function numbers(): readonly (Setting & { readonly min: number; readonly max: number })[] {
  const reader = new ConfigReader({});
  readGatewayConfig(reader);
  return reader.settings().flatMap((setting) => {
    const [, min, max] = /number from (-?[\d.]+) to ([\d.e+]+)/.exec(setting.allowed) ?? [];
    return min === undefined ? [] : [{ ...setting, min: Number(min), max: Number(max) }];
  });
}

/** The names of the settings that are faults when all have one value. */
function faultsOf(value: (setting: ReturnType<typeof numbers>[number]) => string): readonly string[] {
  const reader = new ConfigReader(
    Object.fromEntries(numbers().map((setting) => [setting.name, value(setting)])),
  );
  readGatewayConfig(reader);
  try {
    reader.finish();
    return [];
  } catch (error) {
    assert.ok(isHubError(error, 'CONFIG_INVALID'));
    return (error.details['faults'] as { name: string }[]).map(({ name }) => name).toSorted();
  }
}

const names = numbers().map(({ name }) => name);

test('every limit is a number with a least and a most', () => {
  assert.ok(names.length >= 35, `only ${names.length} were found`);
  for (const { name, min, max } of numbers()) assert.ok(min < max && Number.isFinite(max), name);
});

for (const nonsense of ['-1', 'NaN', 'Infinity', '1e400', '9'.repeat(30), 'ten', '1;2', ' '])
  test(`${JSON.stringify(nonsense.slice(0, 10))} is refused for every limit, and all faults are told at once`, () => {
    assert.deepEqual(
      faultsOf(() => nonsense),
      names,
    );
  });

test('what is just below the least and just above the most is refused; the ends are taken', () => {
  assert.deepEqual(
    faultsOf(({ min }) => String(min - 1)),
    names,
  );
  assert.deepEqual(
    faultsOf(({ max }) => String(max + 1)),
    names,
  );
  assert.deepEqual(
    faultsOf(({ min }) => String(min)),
    [],
  );
  assert.deepEqual(
    faultsOf(({ max }) => String(max)),
    [],
  );
});

/** Where 0 has a meaning: no limit, none kept, none allowed, at once. */
const zeroMeansSomething: readonly string[] = [
  'TWINHUB_DRAIN_TIMEOUT_MS',
  'TWINHUB_MAX_COST',
  'TWINHUB_MAX_COST_PER_TENANT',
  'TWINHUB_MAX_PLANNING_MS_PER_TENANT',
  'TWINHUB_MAX_QUERY_ALIASES',
  'TWINHUB_MAX_QUERY_DIRECTIVES',
  'TWINHUB_MAX_REQUESTS_PER_PRINCIPAL',
  'TWINHUB_MAX_REQUESTS_PER_TENANT',
  'TWINHUB_MAX_UPLOAD_BYTES_PER_PRINCIPAL',
  'TWINHUB_MAX_UPLOAD_BYTES_PER_TENANT',
  'TWINHUB_MAX_UPLOAD_REQUESTS_PER_PRINCIPAL',
  'TWINHUB_MAX_UPLOAD_REQUESTS_PER_TENANT',
  'TWINHUB_PERSISTED_QUERIES',
  'TWINHUB_PORT',
  'TWINHUB_STREAM_LINGER_MS',
  'TWINHUB_STREAM_RETAINED_BYTES',
  'TWINHUB_STREAM_RETAINED_BYTES_PER_TENANT',
  'TWINHUB_STREAM_RETAINED_EVENTS',
  'TWINHUB_TRACE_SAMPLE_RATIO',
];

test('0 is refused where it would stand for nothing that works', () => {
  assert.deepEqual(
    faultsOf(() => '0'),
    names.filter((name) => !zeroMeansSomething.includes(name)),
  );
});
