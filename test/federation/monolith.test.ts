import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDifferential } from './differential.ts';

const ways = [
  { name: 'in this process', remote: false, from: 1, operations: 1_400 },
  { name: 'over HTTP', remote: true, from: 100_001, operations: 700 },
];

for (const { name, remote, from, operations } of ways)
  test(`random operations over failing data and subgraphs ${name} answer as graphql-js does over one schema`, async (t) => {
    const differential = await createDifferential({ remote });
    try {
      const { counts } = differential;
      for (let seed = from; counts.operations < operations; seed += 1) {
        assert.ok(seed < from + operations * 2, 'most generated operations are valid');
        await differential.compare(seed);
      }
      t.diagnostic(JSON.stringify(counts));
      assert.ok(counts.withErrors > operations / 5 && counts.joined > operations / 3);
      assert.ok(counts.withSubgraphDown > operations / 20);
      assert.ok(counts.asText > operations / 4);
    } finally {
      await differential.close();
    }
  });
