import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, validate } from 'graphql';
import { linked } from './cases/behaviour.ts';
import { behaviours } from './cases/index.ts';
import { createRandom, randomOperation } from './random-operations.ts';
import { createRemoteGraph } from './remote-graph.ts';

const operationsEach = 30;

for (const behaviour of behaviours)
  test(`random operations can be planned, and subgraphs get valid requests only: ${behaviour.name}`, async () => {
    const graph = await createRemoteGraph(linked(behaviour));
    try {
      let ran = 0;
      for (let seed = 1; seed <= operationsEach; seed += 1) {
        const { query, variables } = randomOperation(graph.engine.schema, createRandom(seed));
        if (validate(graph.engine.schema, parse(query)).length) continue;
        ran += 1;
        const { errors = [] } = await graph.run(query, variables);
        const failed = errors.filter(({ message }) => /could not be planned/.test(message));
        assert.deepEqual(failed, [], query);
      }
      assert.ok(ran > operationsEach / 3);
      assert.deepEqual(
        Object.values(graph.served).flatMap(({ invalid }) => invalid),
        [],
      );
    } finally {
      await graph.close();
    }
  });
