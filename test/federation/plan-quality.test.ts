import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked } from './cases/behaviour.ts';
import { behaviours } from './cases/index.ts';
import { comparePlans, costOf, type Comparison } from './plan-quality.ts';

const operationsEach = 12;

/**
 * Fields that require others travel apart from those that do not: where what is required cannot be had, nothing else is
 * lost. The native planner joins them where it can, so that some of our plans have a request more, none of them later.
 */
test('our plans take as few steps as the native ones, and hardly more requests in all', async (t) => {
  const all: (Comparison & { readonly behaviour: string })[] = [];
  for (const behaviour of behaviours) {
    const found = await comparePlans(linked(behaviour), operationsEach);
    all.push(...found.map((one) => ({ ...one, behaviour: behaviour.name })));
  }
  const longer = all.filter(({ own, native }) => own.steps > native.steps);
  for (const { behaviour, own, native, query } of longer)
    t.diagnostic(`${behaviour}: ${JSON.stringify({ own, native })} ${query}`);
  const [own, native] = [all.map((one) => one.own), all.map((one) => one.native)].map((plans) =>
    plans.reduce((sum, { requests }) => sum + requests, 0),
  ) as [number, number];
  t.diagnostic(`${all.length} plans: ${longer.length} have more steps; ${own} requests to ${native}`);
  assert.ok(all.length > behaviours.length * 4, 'both planned most operations');
  assert.ok(longer.length <= all.length / 100, `${longer.length} of ${all.length} plans have more steps`);
  assert.ok(own <= native * 1.02, `${own} requests to ${native}`);
});

test('what a plan costs: steps add up in sequence and not side by side, requests always', () => {
  const fetch = { kind: 'Fetch', serviceName: 'a', operation: '{a}' } as const;
  const chain = { kind: 'Sequence', nodes: [fetch, { kind: 'Flatten', path: ['@'], node: fetch }] } as const;
  assert.deepEqual(costOf({ kind: 'Parallel', nodes: [chain, fetch] }), { steps: 2, requests: 3 });
  assert.deepEqual(costOf(null), { steps: 0, requests: 0 });
});
