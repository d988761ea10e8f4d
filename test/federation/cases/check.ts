import assert from 'node:assert/strict';
import type { OpenAnswer, OpenGraph } from '../open-graph.ts';
import type { Ask } from './behaviour.ts';

/** Asks and compares everything the behaviour says about the answer. */
export async function checkAsk(
  graph: Pick<OpenGraph, 'ask' | 'served'>,
  ask: Ask,
  { fetches = true }: { readonly fetches?: boolean } = {},
): Promise<void> {
  for (const { seen, invalid } of graph.served) {
    seen.length = 0;
    invalid.length = 0;
  }
  const { status, data, errors } = await graph.ask(ask);
  const place = JSON.stringify({ errors, asked: queriesOf(graph) }, null, 1);
  assert.equal(status, 200, place);
  assert.deepEqual(data, ask.data, place);
  if (ask.refused) return assert.ok(errors?.length && !queriesOf(graph).length, place);
  assert.deepEqual(placesOf(errors), (ask.errors ?? []).map((path) => JSON.stringify(path)).sort(), place);
  assert.deepEqual(
    graph.served.flatMap(({ invalid }) => invalid),
    [],
  );
  if (ask.fetches && fetches) assert.deepEqual(askedOf(graph), [...ask.fetches].sort(), place);
}

function placesOf(errors: OpenAnswer['errors'] = []): string[] {
  return errors.map(({ path }) => JSON.stringify(path)).sort();
}

function queriesOf({ served }: Pick<OpenGraph, 'served'>): string[] {
  return served.flatMap(({ name, seen }) =>
    seen.map(({ query, variables }) => `${name}: ${query} ${JSON.stringify(variables)}`),
  );
}

function askedOf({ served }: Pick<OpenGraph, 'served'>): string[] {
  return served.flatMap(({ name, seen }) => seen.map(() => name)).sort();
}
