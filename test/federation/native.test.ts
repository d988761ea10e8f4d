import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked } from './cases/behaviour.ts';
import { checkAsk } from './cases/check.ts';
import { behaviours } from './cases/index.ts';
import { createOpenGraph } from './open-graph.ts';
import { usePlanner } from './support.ts';

/** Operations that the native planner gives up on, from 1; ours plans them (behaviours.test.ts). */
const givenUp: Readonly<Record<string, readonly number[]>> = {
  'fields added to every type of an interface by a subgraph that knows none of the types': [2, 4, 5, 7, 10],
  'two subgraphs with the same interface object, one of which requires what the other adds': [2],
};

usePlanner('native');

/** As long as TWINHUB_PLANNER=native can be chosen, what the engine does for that planner (ADR 10) has to hold. */
for (const behaviour of behaviours)
  test(`planned by the native planner: ${behaviour.name}`, async () => {
    const graph = await createOpenGraph(linked(behaviour));
    try {
      for (const [index, ask] of behaviour.asks.entries()) {
        const checked = checkAsk(graph, ask);
        if (givenUp[behaviour.name]?.includes(index + 1))
          await assert.rejects(checked, /could not be planned/);
        else await checked;
      }
    } finally {
      await graph.close();
    }
  });

test('what is listed as given up names behaviours and operations that there are', () => {
  for (const [name, operations] of Object.entries(givenUp)) {
    const asks = behaviours.find((one) => one.name === name)?.asks.length ?? 0;
    assert.ok(Math.max(...operations) <= asks, name);
  }
});
