import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawValue } from '#connectors/opcua/driver.ts';
import { noCommunication, toSample } from '#connectors/opcua/map.ts';
import type { KnownSignal, Tag } from '#connectors/opcua/mapping.ts';
import { nodeIdResolver } from '#connectors/opcua/node-ids.ts';
import { toRawValue } from '#connectors/opcua/raw-value.ts';
import { parseTwinId } from '#ontology/ids.ts';
import { DataType, DataValue, StatusCodes, VariantArrayType, type VariantOptions } from 'node-opcua';

const receivedTime = Date.UTC(2026, 0, 2, 3, 4, 5);
const sourceTime = receivedTime - 40;

function signal(more: Partial<KnownSignal> = {}): KnownSignal {
  return { twinId: parseTwinId('P-101'), signal: 'x', valueType: 'number', unit: null, ...more };
}

function tag(more: Partial<Tag> = {}): Tag {
  return { nodeId: 'ns=1;s=x', unit: null, scale: 1, offset: 0, priority: 0, ...more };
}

function raw(value: unknown, more: Partial<RawValue> = {}): RawValue {
  return {
    type: 'Double',
    value,
    quality: 'GOOD',
    status: 'Good',
    sourceTime,
    serverTime: sourceTime + 5,
    ...more,
  };
}

const valueOf = (value: unknown, of: Partial<KnownSignal> = {}, by: Partial<Tag> = {}) => {
  const { value: mapped, quality, status } = toSample(raw(value), signal(of), tag(by), receivedTime);
  return { value: mapped, quality, status };
};
const good = (value: unknown) => ({ value, quality: 'GOOD', status: null });
const bad = (status: string) => ({ value: null, quality: 'BAD', status });

describe('mapping an OPC UA value to a sample', () => {
  it('keeps the source time, else the server time, else none', () => {
    const time = (more: Partial<RawValue>) =>
      toSample(raw(1, more), signal(), tag(), receivedTime).sourceTime;
    assert.deepEqual(
      [time({}), time({ sourceTime: null }), time({ sourceTime: null, serverTime: null })],
      [sourceTime, sourceTime + 5, null],
    );
  });

  it('scales, offsets and converts to the unit of the signal', () => {
    const celsius = Number(valueOf(212, { unit: 'Cel' }, { unit: '[degF]' }).value);
    assert.ok(Math.abs(celsius - 100) < 1e-9, `${celsius}`);
    assert.deepEqual(valueOf(2750, { unit: 'bar' }, { unit: 'kPa', scale: 0.1 }), good(2.75));
    assert.deepEqual(valueOf(12, { unit: 'A' }, { unit: 'A', scale: 2, offset: -4 }), good(20));
    assert.deepEqual(
      valueOf([1000, 2000], { valueType: 'number[]', unit: 'm/s2' }, { unit: 'mm/s2' }),
      good([1, 2]),
    );
  });

  it('marks numbers that are none as bad', () => {
    assert.deepEqual(
      [NaN, Infinity, -Infinity].map((value) => valueOf(value)),
      Array(3).fill(bad('BadOutOfRange')),
    );
    assert.deepEqual(valueOf(Float32Array.of(1, NaN), { valueType: 'number[]' }), bad('BadOutOfRange'));
    assert.deepEqual(valueOf(1e308, {}, { scale: 10 }), bad('BadOutOfRange'));
  });

  it('takes 64-bit integers while they lose no digit', () => {
    assert.deepEqual(valueOf(9007199254740991n), good(9007199254740991));
    assert.deepEqual(valueOf(9007199254740993n), bad('BadOutOfRange'));
  });

  it('takes booleans, also as 0 and 1, texts and times', () => {
    assert.deepEqual(
      [true, 1, 0].map((value) => valueOf(value, { valueType: 'boolean' }).value),
      [true, true, false],
    );
    assert.deepEqual(valueOf(2, { valueType: 'boolean' }), bad('BadTypeMismatch'));
    assert.deepEqual(valueOf('Rinse', { valueType: 'string' }), good('Rinse'));
    assert.deepEqual(valueOf(new Date(0), { valueType: 'dateTime' }), good('1970-01-01T00:00:00.000Z'));
  });

  it('marks a value of another type than the signal as bad', () => {
    assert.deepEqual(
      [
        valueOf('7'),
        valueOf(true),
        valueOf(null),
        valueOf([1]),
        valueOf(1, { valueType: 'number[]' }),
        valueOf(1, { valueType: 'string' }),
        valueOf({}, { valueType: 'object' }),
      ],
      Array(7).fill(bad('BadTypeMismatch')),
    );
  });

  it('keeps the status of uncertain values and drops the value of bad ones', () => {
    const uncertain = toSample(
      raw(5, { quality: 'UNCERTAIN', status: 'UncertainSensorNotAccurate' }),
      signal(),
      tag(),
      receivedTime,
    );
    assert.deepEqual(
      [uncertain.value, uncertain.quality, uncertain.status],
      [5, 'UNCERTAIN', 'UncertainSensorNotAccurate'],
    );
    const broken = toSample(
      raw(5, { quality: 'BAD', status: 'BadSensorFailure' }),
      signal({ unit: 'A' }),
      tag(),
      receivedTime,
    );
    assert.deepEqual(broken, {
      value: null,
      unit: 'A',
      quality: 'BAD',
      status: 'BadSensorFailure',
      sourceTime,
      receivedTime,
    });
    const clamped = toSample(raw(5, { status: 'GoodClamped' }), signal(), tag(), receivedTime);
    assert.deepEqual([clamped.quality, clamped.status], ['GOOD', 'GoodClamped']);
  });

  it('says that nothing is known while nothing comes', () => {
    assert.deepEqual(noCommunication(signal({ unit: 'A' }), 'BadNoCommunication', null, receivedTime), {
      value: null,
      unit: 'A',
      quality: 'BAD',
      status: 'BadNoCommunication',
      sourceTime: null,
      receivedTime,
    });
  });
});

describe('reading a DataValue of the driver', () => {
  const plain = (value: VariantOptions) => toRawValue(new DataValue({ value })).value;

  it('gives 64-bit integers whole', () => {
    assert.equal(
      plain({ dataType: DataType.Int64, arrayType: VariantArrayType.Scalar, value: [0, 42] }),
      42n,
    );
    assert.equal(
      plain({
        dataType: DataType.Int64,
        arrayType: VariantArrayType.Scalar,
        value: [0xffffffff, 0xffffffff],
      }),
      -1n,
    );
    assert.equal(
      plain({
        dataType: DataType.UInt64,
        arrayType: VariantArrayType.Scalar,
        value: [0xffffffff, 0xffffffff],
      }),
      2n ** 64n - 1n,
    );
    assert.deepEqual(
      plain({
        dataType: DataType.UInt64,
        arrayType: VariantArrayType.Array,
        value: [
          [0, 1],
          [1, 0],
        ],
      }),
      [1n, 2n ** 32n],
    );
  });

  it('gives texts, arrays and nothing as they are', () => {
    assert.equal(
      plain({ dataType: DataType.LocalizedText, value: { locale: 'en', text: 'Filling' } }),
      'Filling',
    );
    assert.deepEqual(
      plain({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [1, 2] }),
      Float64Array.of(1, 2),
    );
    assert.equal(plain({ dataType: DataType.Null }), null);
  });

  it('tells severity and name of the status, and no time for the first instant there is', () => {
    const read = (statusCode: typeof StatusCodes.Good) => {
      const { quality, status } = toRawValue(new DataValue({ statusCode }));
      return `${quality} ${status}`;
    };
    assert.deepEqual(
      [
        StatusCodes.Good,
        StatusCodes.GoodClamped,
        StatusCodes.UncertainSensorNotAccurate,
        StatusCodes.BadNoCommunication,
      ].map(read),
      ['GOOD Good', 'GOOD GoodClamped', 'UNCERTAIN UncertainSensorNotAccurate', 'BAD BadNoCommunication'],
    );
    const { sourceTime: none } = toRawValue(
      new DataValue({ sourceTimestamp: new Date(Date.UTC(1601, 0, 1)) }),
    );
    assert.equal(none, null);
  });
});

describe('node ids of a mapping', () => {
  it('find their namespace by its URI on the server at hand', () => {
    const resolve = nodeIdResolver(['http://opcfoundation.org/UA/', 'urn:a', 'urn:maker;pump']);
    assert.equal(resolve('nsu=urn:a;s=Pump.Flow'), 'ns=1;s=Pump.Flow');
    assert.equal(resolve('nsu=urn:maker%3Bpump;i=7'), 'ns=2;i=7');
    assert.equal(resolve('ns=4;s=x;y'), 'ns=4;s=x;y');
    assert.equal(resolve('nsu=urn:b;s=x'), null);
  });
});
