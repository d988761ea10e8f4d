import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataValue, Variant } from 'node-opcua';
import { BinaryStream } from 'node-opcua-binary-stream';
import { toSample } from '#connectors/opcua/map.ts';
import type { KnownSignal, Tag } from '#connectors/opcua/mapping.ts';
import { readRawValue } from '#connectors/opcua/raw-value.ts';
import { parseTwinId } from '#ontology/ids.ts';

const receivedTime = Date.UTC(2026, 0, 2);
const tag: Tag = { nodeId: 'ns=1;s=x', unit: null, scale: 1, offset: 0, priority: 0 };
const signal = (valueType: KnownSignal['valueType']): KnownSignal => ({
  twinId: parseTwinId('P-101'),
  signal: 'x',
  valueType,
  unit: null,
});

/** What becomes of a variant as it stands on the wire, hexadecimal. */
function fromWire(hex: string) {
  const variant = new Variant();
  variant.decode(new BinaryStream(Buffer.from(hex, 'hex')));
  const dataValue = new DataValue({});
  dataValue.value = variant;
  return readRawValue(dataValue);
}

test('null arrays of 64-bit integers and other odd values of a server become bad samples, not exceptions', () => {
  for (const hex of [
    '88ffffffff',
    '89ffffffff',
    '8bffffffff',
    '98ffffffff',
    '1500',
    '00',
    '0b000000000000f87f',
  ])
    for (const type of [
      'number',
      'integer',
      'number[]',
      'string',
      'boolean',
      'dateTime',
      'duration',
    ] as const) {
      const sample = toSample(fromWire(hex), signal(type), tag, receivedTime);
      assert.deepEqual([sample.value, sample.quality], [null, 'BAD'], `${hex} as ${type}`);
    }
  const broken = new DataValue({});
  (broken as { value: unknown }).value = null;
  assert.deepEqual([readRawValue(broken).quality, readRawValue(broken).status], ['BAD', 'BadDecodingError']);
});

const raw = (value: unknown, sourceTime: number | null = receivedTime) => ({
  type: 'Double',
  value,
  quality: 'GOOD' as const,
  status: 'Good',
  sourceTime,
  serverTime: null,
});

test('lists and texts longer than a sample may be are refused before they are copied', () => {
  const huge = new Float64Array(5_000_000);
  const list = toSample(raw(huge), signal('number[]'), tag, receivedTime);
  assert.deepEqual([list.value, list.status], [null, 'BadEncodingLimitsExceeded']);
  const text = toSample(raw('x'.repeat(4_097)), signal('string'), tag, receivedTime);
  assert.deepEqual([text.value, text.status], [null, 'BadEncodingLimitsExceeded']);
  const allowed = toSample(raw(new Float64Array(16_384)), signal('number[]'), tag, receivedTime);
  assert.equal(allowed.quality, 'GOOD');
});

test('a time far ahead does not make a value the newest one for ever', () => {
  for (const time of [Date.UTC(9999, 11, 31), 910_000_000_000_000, receivedTime + 25 * 3_600_000]) {
    const sample = toSample(raw(1, time), signal('number'), tag, receivedTime);
    assert.deepEqual(
      [sample.value, sample.quality, sample.status, sample.sourceTime],
      [null, 'BAD', 'BadInvalidTimestamp', null],
    );
  }
  const hours = toSample(raw(1, receivedTime + 2 * 3_600_000), signal('number'), tag, receivedTime);
  assert.equal(hours.quality, 'GOOD');
});
