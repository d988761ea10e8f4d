import type { HubClient } from '#test/e2e/support/client.ts';
import { quantile, row, type Row } from './rows.ts';

/** What a page about one machine asks: all four subgraphs, model, place, live and historical values. */
const bigQuery = `{
  twinByTwinId(twinId: "P-101") {
    name kind revision
    model { modelId standard standardVersion bases { modelId } }
    ancestors { twinId kind } parent { twinId } children { twinId properties { name value unit } }
    properties { name value }
    signals { name unit latest { value number unit quality sourceTime receivedTime ageMs } }
    flow: signal(name: "flow") { history(range: { last: "PT5M" }, window: "PT10S") { start count mean min max stddev } }
    failureModes { failureModeId name mechanism { code text } }
    health { state score findings { text } }
    recommendations { title status }
    workflows { state approvals { by decision } }
  }
}`;
/** The least a request can ask: HTTP, the token, parsing, one field of one subgraph. */
const smallQuery = '{ twinByTwinId(twinId: "P-101") { name } }';
const warmUps = 50;

/** Answer times of the big twin query, one request at a time, in turns with the small one. */
export async function measureQueries(client: HubClient, durationMs: number): Promise<Row[]> {
  const big: number[] = [];
  const small: number[] = [];
  for (let count = 0; count < warmUps; count += 1)
    for (const query of [bigQuery, smallQuery]) await client.get(query);
  const end = performance.now() + durationMs;
  while (performance.now() < end)
    for (const [query, times] of [
      [bigQuery, big],
      [smallQuery, small],
    ] as const) {
      const begun = performance.now();
      await client.get(query);
      times.push(performance.now() - begun);
    }
  return ([0.5, 0.99] as const).flatMap((share) => {
    const label = `p${share * 100}`;
    const baseline = { name: `small query, ${label}`, value: quantile(small, share) };
    return [
      row(baseline.name, baseline.value, 'ms'),
      row(`big twin query, ${label}`, quantile(big, share), 'ms', baseline),
    ];
  });
}
