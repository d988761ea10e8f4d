import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked } from './cases/behaviour.ts';
import { behaviours } from './cases/index.ts';
import { comparePlans, costOf, type Comparison } from './plan-quality.ts';

const operationsEach = 12;

test('our plans take as few steps and requests as the native ones, with rare exceptions', async (t) => {
  const all: (Comparison & { readonly behaviour: string })[] = [];
  for (const behaviour of behaviours) {
    const found = await comparePlans(linked(behaviour), operationsEach);
    all.push(...found.map((one) => ({ ...one, behaviour: behaviour.name })));
  }
  const worse = all.filter(({ own, native }) =>
    own.steps === native.steps ? own.requests > native.requests : own.steps > native.steps,
  );
  for (const { behaviour, own, native, query } of worse)
    t.diagnostic(`${behaviour}: ${JSON.stringify({ own, native })} ${query}`);
  t.diagnostic(`${worse.length} of ${all.length} plans are worse`);
  assert.ok(all.length > behaviours.length * 4, 'both planned most operations');
  assert.ok(worse.length <= all.length / 50, `${worse.length} of ${all.length} plans are worse`);
});

test('what a plan costs: steps add up in sequence and not side by side, requests always', () => {
  const fetch = { kind: 'Fetch', serviceName: 'a', operation: '{a}' } as const;
  const chain = { kind: 'Sequence', nodes: [fetch, { kind: 'Flatten', path: ['@'], node: fetch }] } as const;
  assert.deepEqual(costOf({ kind: 'Parallel', nodes: [chain, fetch] }), { steps: 2, requests: 3 });
  assert.deepEqual(costOf(null), { steps: 0, requests: 0 });
});
