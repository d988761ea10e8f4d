import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked, type Ask } from './cases/behaviour.ts';
import { behaviours } from './cases/index.ts';
import { createRemoteGraph, type RemoteGraph } from './remote-graph.ts';
import { plain } from './support.ts';

/** Every behaviour over subgraphs that listen on HTTP and validate what they are asked. */
for (const behaviour of behaviours)
  test(behaviour.name, async (t) => {
    const graph = await createRemoteGraph(linked(behaviour));
    try {
      for (const [index, ask] of behaviour.asks.entries())
        await t.test(`${index + 1}: ${shortOf(ask.query)}`, () => check(graph, ask));
    } finally {
      await graph.close();
    }
  });

function shortOf(query: string): string {
  return query.replaceAll(/\s+/g, ' ').trim().slice(0, 100);
}

async function check(graph: RemoteGraph, ask: Ask): Promise<void> {
  for (const { seen } of Object.values(graph.served)) seen.length = 0;
  const { data, errors } = plain(await graph.run(ask.query, ask.variables));
  const place = JSON.stringify({ errors, asked: queriesOf(graph) }, null, 1);
  assert.deepEqual(data, ask.data, place);
  if (ask.refused) return assert.ok(errors?.length && !queriesOf(graph).length, place);
  const paths = (errors ?? []).map(({ path }) => JSON.stringify(path));
  assert.deepEqual(paths.sort(), (ask.errors ?? []).map((path) => JSON.stringify(path)).sort(), place);
  if (ask.fetches) assert.deepEqual(listOf(graph), [...ask.fetches].sort(), place);
}

function queriesOf({ served }: RemoteGraph) {
  return Object.values(served).flatMap(({ name, seen }) =>
    seen.map(({ query, variables }) => `${name}: ${query} ${JSON.stringify(variables)}`),
  );
}

function countsOf({ served }: RemoteGraph): Record<string, number> {
  return Object.fromEntries(Object.values(served).map(({ name, seen }) => [name, seen.length]));
}

function listOf(graph: RemoteGraph): string[] {
  return Object.entries(countsOf(graph))
    .flatMap(([name, count]) => Array<string>(count).fill(name))
    .sort();
}
