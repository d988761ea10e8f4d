import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayMetrics, type GraphNumbers } from '#gateway/telemetry/metrics.ts';

test('metrics tell which graph serves, whether a change was refused, and who can be reached', async (t) => {
  const metrics = new GatewayMetrics();
  t.after(() => metrics.close());
  let numbers: GraphNumbers = {
    generation: 3,
    refused: { code: 'CONFIG_INVALID' },
    peers: [
      { name: 'energy', circuit: 'closed' },
      { name: 'costs', circuit: 'open' },
    ],
  };
  metrics.watchGraph(() => numbers);
  const { body } = await metrics.text();
  for (const line of [
    'twinhub_graph_generation 3',
    'twinhub_graph_change_refused 1',
    'twinhub_subgraph_reachable{subgraph="energy"} 1',
    'twinhub_subgraph_reachable{subgraph="costs"} 0',
  ])
    assert.ok(body.includes(`\n${line}\n`), line);
  numbers = { generation: 4, refused: null, peers: [] };
  const later = (await metrics.text()).body;
  assert.ok(later.includes('\ntwinhub_graph_change_refused 0\n'));
  assert.doesNotMatch(later, /subgraph="costs"/);
});
