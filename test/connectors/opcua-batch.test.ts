import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SampleBatch } from '#connectors/opcua/batch.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { parseTenantId, parseTwinId } from '#ontology/ids.ts';
import type { SignalSample } from '#ontology/sample.ts';

test('samples are handed on in time although the clock was set back', async () => {
  let offsetMs = 0;
  const clock: Clock = { now: () => systemClock.now() + offsetMs, sleep: systemClock.sleep };
  const got: number[] = [];
  const batch = new SampleBatch(20, {
    clock,
    tenant: parseTenantId('demo'),
    sink: (_tenant, samples) => void got.push(samples.length),
  });
  const add = () => {
    const now = clock.now();
    const sample: SignalSample = {
      twinId: parseTwinId('P-101'),
      signal: 'flow',
      sample: { value: 1, unit: null, quality: 'GOOD', status: null, sourceTime: now, receivedTime: now },
    };
    batch.add(sample);
  };
  add();
  await sleep(5);
  offsetMs = -600_000;
  add();
  await sleep(100);
  assert.deepEqual(got, [1, 1]);
});
