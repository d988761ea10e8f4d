import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked } from './cases/behaviour.ts';
import { checkAsk } from './cases/check.ts';
import { behaviours } from './cases/index.ts';
import { createOpenGraph } from './open-graph.ts';

/** Every behaviour through `twinhub gateway`, over subgraphs that listen on HTTP and validate what they are asked. */
for (const behaviour of behaviours)
  test(behaviour.name, async (t) => {
    const graph = await createOpenGraph(linked(behaviour));
    try {
      for (const [index, ask] of behaviour.asks.entries())
        await t.test(`${index + 1}: ${shortOf(ask.query)}`, () => checkAsk(graph, ask));
    } finally {
      await graph.close();
    }
  });

test('no two behaviours have one name, and each asks for two things at least', () => {
  assert.equal(new Set(behaviours.map(({ name }) => name)).size, behaviours.length);
  assert.deepEqual(
    behaviours.filter(({ asks }) => asks.length < 2).map(({ name }) => name),
    [],
  );
});

function shortOf(query: string): string {
  return query.replaceAll(/\s+/g, ' ').trim().slice(0, 100);
}
