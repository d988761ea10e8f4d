import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlanner } from '#gateway/planner.ts';
import type { SubgraphResult } from '#gateway/engine/types.ts';
import { compareRun, compareSchema, newCounts, runOf, type Finding } from './differential.ts';
import { generateModel } from './generate.ts';
import { createGeneratedGraph, type GraphOptions } from './graph.ts';
import { knownCases } from './known.ts';
import { judgeWith, shrink } from './shrink.ts';

const own: GraphOptions = { planner: (sdl) => createPlanner(sdl, 'own') };
const schemas = 70;
const operationsEach = 12;

test('generated schemas compose to what the rules say, and operations answer as graphql-js does over one schema', async (t) => {
  const counts = newCounts();
  const findings: string[] = [];
  for (let seed = 2_001; seed <= 2_000 + schemas; seed += 1)
    await compareSchema(
      seed,
      { from: 0, to: operationsEach },
      counts,
      { found: (finding) => void findings.push(described(seed, finding)) },
      own,
    );
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(findings, []);
  assert.equal(counts.composed, schemas);
  assert.ok(counts.operations > schemas * operationsEach * 0.9, 'nearly all generated operations are valid');
  assert.ok(counts.withData > counts.operations * 0.6, 'most answers hold something');
  assert.ok(counts.withErrors > counts.operations * 0.15, 'many answers have errors');
  assert.ok(counts.joined > counts.operations * 0.4, 'many answers take several requests');
  assert.ok(counts.mutations > counts.operations * 0.05);
  assert.ok(counts.withSubgraphDown > counts.operations * 0.03);
});

function described(seed: number, finding: Finding): string {
  if (!('run' in finding)) return `seed ${seed}: ${finding.problem}`;
  const { operation } = finding.run;
  return `seed ${seed}: ${finding.difference.text}\n${operation.query}\n${JSON.stringify(operation.variables)}`;
}

/** Faults of a gateway, made by hand. */
const faults: Record<string, (result: SubgraphResult) => SubgraphResult> = {
  'entities in another order': ({ data, errors }) => {
    const swapped = Object.entries(data ?? {}).map(([key, value]) => [
      key,
      isEntities(key, value) ? value.toReversed() : value,
    ]);
    return { data: data && Object.fromEntries(swapped), ...(errors ? { errors } : {}) };
  },
  'errors that get lost': ({ data }) => ({ data: data ?? null }),
};

function isEntities(key: string, value: unknown): value is unknown[] {
  return key.startsWith('_e') && Array.isArray(value);
}

for (const [name, tamper] of Object.entries(faults))
  test(`a fault is found: ${name}`, async () => {
    let found = 0;
    for (let seed = 2_001; seed <= 2_012; seed += 1)
      await compareSchema(
        seed,
        { from: 0, to: operationsEach },
        newCounts(),
        { found: () => void (found += 1) },
        { ...own, tamper, remote: false },
      );
    assert.ok(found > 3, `${found} differences`);
  });

for (const { seed, index, native, isFatal } of knownCases)
  test(`operation ${index} of schema ${seed} is planned by our own planner, where the native one ${native}`, async () => {
    const model = generateModel(seed);
    const graph = await createGeneratedGraph(model, own);
    try {
      const run = runOf(graph, model, index);
      assert.ok(run);
      assert.equal(await compareRun(graph, run), null);
      if (isFatal) return;
      const other = await judgeWith({ planner: (sdl) => createPlanner(sdl, 'native') })({ model, run });
      assert.notEqual(other, null, 'the native planner has learned it: take the case out');
    } finally {
      await graph.close();
    }
  });

test('a difference is shrunk to less of the same kind', async () => {
  const model = generateModel(2_001);
  const options = { ...own, tamper: faults['errors that get lost']! };
  const graph = await createGeneratedGraph(model, options);
  const judge = judgeWith(options);
  for (let index = 1; index < 60; index += 1) {
    const run = runOf(graph, model, index);
    if (!run || (await judge({ model, run })) !== 'places') continue;
    const small = await shrink({ model, run }, judge);
    assert.equal(await judge(small), 'places');
    const sizeOf = (value: unknown) => JSON.stringify(value).length;
    assert.ok(sizeOf(small.model) < sizeOf(model) / 2 && sizeOf(small.run.operation) < sizeOf(run.operation));
    return;
  }
  assert.fail('none of the operations has an error');
});
