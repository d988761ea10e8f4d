import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { Broadcast } from '#kernel/broadcast.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { listening, until, type Running } from './support.ts';
import { attributeOf, scrape, start, startReceiver } from './telemetry-support.ts';

const query = 'subscription Values { reading { value asset { name } } }';

/** Reads a subscription until the test ends; gives what came. */
function read({ wsClient }: Pick<Running, 'wsClient'>, text = query): unknown[] {
  const seen: unknown[] = [];
  const run = async () => {
    for await (const result of wsClient('ada').iterate({ query: text })) seen.push(result);
  };
  run().catch((error: unknown) => seen.push(error));
  return seen;
}

test(
  'each event is a trace of its own, linked to the start of its subscription',
  { timeout: 120_000 },
  async (t) => {
    const receiver = await startReceiver(t);
    const running = await start(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      TWINHUB_TRACE_EXPORT_INTERVAL_MS: '10',
    });
    const seen = read(running);
    await listening(running, 1);
    for (const value of [1, 2]) running.plant.readings.publish({ id: 'a', value });
    await until(() => seen.length === 2, 'both events came');
    await running.telemetry.close();
    const named = (name: string) => receiver.spans.filter((span) => span.name === name);
    const [begun, ...others] = named('graphql.subscribe');
    assert.ok(begun && !others.length);
    assert.equal(attributeOf(begun, 'graphql.operation.name'), 'Values');
    assert.equal(named('graphql.plan')[0]?.parentSpanId, begun.spanId);
    const events = named('graphql.event');
    assert.equal(events.length, 2);
    assert.equal(new Set([begun, ...events].map(({ traceId }) => traceId)).size, 3, 'three traces');
    for (const event of events) {
      assert.ok(!event.parentSpanId);
      assert.deepEqual(
        event.links?.map(({ traceId, spanId }) => [traceId, spanId]),
        [[begun.traceId, begun.spanId]],
      );
      assert.equal(attributeOf(event, 'graphql.operation.name'), 'Values');
      const joins = named('subgraph assets').filter(({ traceId }) => traceId === event.traceId);
      assert.deepEqual(
        joins.map(({ parentSpanId }) => parentSpanId),
        [event.spanId],
        'the join of the event is below it',
      );
    }
  },
);

test(
  'events are sampled for themselves, and errors in them are told by their code',
  { timeout: 120_000 },
  async (t) => {
    const receiver = await startReceiver(t);
    const none = await start(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      TWINHUB_TRACE_SAMPLE_RATIO: '0',
    });
    const seen = read(none);
    await listening(none, 1);
    none.plant.readings.publish({ id: 'a', value: 1 });
    await until(() => seen.length === 1, 'the event came');
    await none.telemetry.close();
    assert.deepEqual(receiver.spans, []);

    const all = await start(t, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const wrong = read(all, 'subscription { reading { value } }');
    await listening(all, 1);
    all.plant.readings.publish({ id: 'a', value: 'no number' as never });
    const refused = read(all, 'subscription No { forbidden }');
    await until(() => wrong.length === 1 && refused.length === 1, 'the wrong event came');
    await all.telemetry.close();
    const event = receiver.spans.find(({ name }) => name === 'graphql.event');
    assert.ok(attributeOf(event, 'error.type'), JSON.stringify(wrong));
    const start_ = receiver.spans.find((span) => attributeOf(span, 'graphql.operation.name') === 'No');
    assert.equal(attributeOf(start_, 'error.type'), 'FORBIDDEN');
  },
);

test('how long events take and how late they are is counted where that is known', async (t) => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
    type Query { ping: Int } type Subscription { tick: Int }`;
  const ticks = new Broadcast<{ at: number | null }>();
  const resolvers = {
    Subscription: { tick: { subscribe: () => ticks.subscribe(), resolve: () => 1 } },
  };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const eventTime = (event: unknown) => (event as { at: number | null }).at;
  const running = await start(
    t,
    { TWINHUB_METRICS_TOKEN: 'scraper' },
    { subgraphs: [{ name: 'ticks', sdl, executor: createLocalExecutor(schema, { eventTime }) }] },
  );
  const seen = read(running, 'subscription { tick }');
  await until(() => ticks.listenerCount === 1, 'it listens');
  for (const at of [Date.now() - 20_000, Date.now() + 60_000, null]) ticks.publish({ at });
  await until(() => seen.length === 3, 'three events came');
  const all = await scrape(running.url, 'scraper');
  assert.equal(all.get('twinhub_event_duration_seconds_count'), 3);
  assert.equal(all.get('twinhub_event_delay_seconds_count'), 2, 'one has no time');
  assert.equal(all.get('twinhub_event_delay_seconds_bucket{le="10"}'), 1, 'a time to come is no delay');
  assert.equal(all.get('twinhub_event_delay_seconds_bucket{le="30"}'), 2);
});
