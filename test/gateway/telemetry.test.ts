import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { context, propagation } from '@opentelemetry/api';
import { parse } from 'graphql';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { currentTraceparent } from '#kernel/trace-context.ts';
import { BoundedNames } from '#gateway/telemetry/bounded-names.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { readTelemetryConfig, Telemetry, traceResolvers } from '#gateway/telemetry/index.ts';
import { bodyOf, until } from './support.ts';
import { attributeOf, known, start, startReceiver } from './telemetry-support.ts';

test(
  'a request is one trace: request, operation, preparation, plan and fetches',
  { timeout: 120_000 },
  async (t) => {
    const receiver = await startReceiver(t);
    const { post, telemetry } = await start(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20secret',
      TWINHUB_TRACE_EXPORT_INTERVAL_MS: '10',
    });
    const traceId = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const headers = { traceparent: `00-${traceId}-bbbbbbbbbbbbbbbb-01` };
    const answer = await bodyOf(post('query Two { whoami ping refused }', { headers }));
    assert.deepEqual(answer.data, { whoami: 'ada', ping: 'pong', refused: null });
    const named = (name: string) => receiver.spans.find((span) => span.name === name);
    await until(() => named('POST /graphql') !== undefined, 'the request span arrived');
    assert.deepEqual(receiver.spans.map(({ name }) => name).toSorted(), [
      'POST /graphql',
      'graphql.operation',
      'graphql.plan',
      'graphql.prepare',
      'subgraph assets',
      'subgraph telemetry',
    ]);
    assert.ok(receiver.spans.every((span) => span.traceId === traceId));
    const request = named('POST /graphql');
    const operation = named('graphql.operation');
    assert.equal(request?.parentSpanId, 'bbbbbbbbbbbbbbbb', 'the caller is the parent');
    assert.equal(operation?.parentSpanId, request?.spanId);
    for (const name of ['graphql.plan', 'graphql.prepare', 'subgraph assets', 'subgraph telemetry'])
      assert.equal(named(name)?.parentSpanId, operation?.spanId, name);
    assert.equal(attributeOf(operation, 'graphql.operation.name'), 'Two');
    assert.equal(attributeOf(operation, 'error.type'), 'STEP_NOT_ALLOWED');
    assert.equal(named('subgraph assets')?.kind, 3, 'a client span');
    assert.equal(receiver.headers[0]?.['api-key'], 'a secret');
    await telemetry.close();
  },
);

test('spans of resolvers are for those who ask and may', { timeout: 120_000 }, async (t) => {
  const receiver = await startReceiver(t);
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    TWINHUB_TRACE_EXPORT_INTERVAL_MS: '10',
  };
  const telemetry = new Telemetry(readTelemetryConfig(new ConfigReader(settings)), createMemoryLogger());
  assert.ok(telemetry.tracing);
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
    type Query { box: Box } type Box { plain: Int own: Int late: Int }`;
  const Box = { own: () => 2, late: async () => 3 };
  const resolvers = { Query: { box: () => ({ plain: 1 }) }, Box };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  traceResolvers(schema, telemetry.tracing);
  const subgraphs = [{ name: 'boxes', sdl, executor: createLocalExecutor(schema) }];
  const { post } = await start(t, settings, { telemetry, subgraphs });
  const query = '{ box { plain own late } }';
  const seen = { box: { plain: 1, own: 2, late: 3 } };
  assert.deepEqual((await bodyOf(post(query, { token: 'ida' }))).data, seen);
  const headers = { 'x-twinhub-trace': 'resolvers' };
  assert.deepEqual((await bodyOf(post(query, { token: 'ida', headers }))).data, seen);
  const refused = await post(query, { token: 'ada', headers });
  assert.equal(refused.status, 403);
  await telemetry.close();
  const names = receiver.spans.map(({ name }) => name).filter((name) => name.startsWith('resolve '));
  assert.deepEqual(names.toSorted(), ['resolve Box.late', 'resolve Box.own', 'resolve Query.box']);
});

test('without an endpoint no span is made and nothing is propagated', async (t) => {
  const { telemetry, post } = await start(t, { TWINHUB_METRICS: 'off' });
  assert.deepEqual([telemetry.tracing, telemetry.metrics, telemetry.observer], [null, null, undefined]);
  const headers = { traceparent: '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01' };
  assert.deepEqual((await bodyOf(post('{ whoami }', { headers }))).data, { whoami: 'ada' });
  assert.equal(currentTraceparent(), null);
});

test('what is traced goes on in messages and to subgraphs elsewhere', { timeout: 120_000 }, async (t) => {
  const receiver = await startReceiver(t);
  const { telemetry } = await start(t, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  const traceId = 'cccccccccccccccccccccccccccccccc';
  let inMessage: string | null = null;
  const carrier: Record<string, string> = {};
  await telemetry.request(
    { traceparent: `00-${traceId}-dddddddddddddddd-01` },
    'POST',
    known('ada'),
    async () => {
      await new Promise((resolve) => setImmediate(resolve));
      inMessage = currentTraceparent();
      propagation.inject(context.active(), carrier);
    },
  );
  assert.match(String(inMessage), new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  assert.equal(carrier['traceparent'], inMessage);
  assert.equal(currentTraceparent(), null, 'outside of the request nothing is traced');
  await telemetry.close();
});

test(
  'the share of requests that are traced is bounded, whole traces at a time',
  { timeout: 120_000 },
  async (t) => {
    const receiver = await startReceiver(t);
    const { telemetry, post } = await start(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      TWINHUB_TRACE_SAMPLE_RATIO: '0',
    });
    assert.equal((await post('{ whoami }')).status, 200);
    await telemetry.close();
    assert.deepEqual(receiver.spans, []);
  },
);

test(
  'metrics count operations, errors, plans and fetches, with few names',
  { timeout: 120_000 },
  async (t) => {
    const { post, url } = await start(t, { TWINHUB_OPERATOR_TENANTS: 'acme' });
    await post('query Mine { whoami ping }');
    await post('query Mine { whoami ping }');
    await post('{ refused }');
    await post('{ nothing }');
    const scrape = async (token: string | null) =>
      fetch(`${url}/metrics`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
    assert.equal((await scrape(null)).status, 401);
    assert.equal((await scrape('ada')).status, 403);
    const response = await scrape('ida');
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const value = (series: string) =>
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1];
    const cases: Record<string, string> = {
      'twinhub_operations_total{operation="Mine",kind="query",outcome="ok"}': '2',
      'twinhub_operations_total{operation="unnamed",kind="query",outcome="errors"}': '1',
      'twinhub_operations_total{operation="unnamed",kind="unknown",outcome="refused"}': '1',
      'twinhub_operation_duration_seconds_count{operation="Mine",kind="query"}': '2',
      'twinhub_operation_errors_total{code="STEP_NOT_ALLOWED"}': '1',
      'twinhub_operation_errors_total{code="GRAPHQL_VALIDATION_FAILED"}': '1',
      twinhub_plan_duration_seconds_count: '2',
      'twinhub_subgraph_fetches_total{subgraph="telemetry",outcome="ok"}': '2',
      'twinhub_subgraph_fetches_total{subgraph="assets",outcome="errors"}': '1',
      twinhub_websocket_connections: '0',
      twinhub_events_total: '0',
      twinhub_cached_plans: '2',
    };
    for (const [series, expected] of Object.entries(cases)) assert.equal(value(series), expected, series);
    assert.ok(Number(value('process_resident_memory_bytes')) > 0);
    assert.notEqual(value('nodejs_eventloop_lag_seconds'), undefined);
  },
);

test('a scraper reads the metrics with its token, or anybody where that is set', async (t) => {
  const withToken = await start(t, { TWINHUB_METRICS_TOKEN: 'scraper' });
  const read = (url: string, token: string) =>
    fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await read(withToken.url, 'scraper')).status, 200);
  assert.equal((await read(withToken.url, 'scrapes')).status, 403);
  const open = await start(t, { TWINHUB_METRICS: 'everyone' });
  assert.equal((await fetch(`${open.url}/metrics`)).status, 200);
  const off = await start(t, { TWINHUB_METRICS: 'off' });
  assert.equal((await read(off.url, 'ida')).status, 404);
});

test('names that clients choose do not make series without end', () => {
  const names = new BoundedNames(2);
  assert.deepEqual(
    [null, '', 'A', 'B', 'C', 'A', 'D'].map((name) => names.of(name)),
    ['unnamed', 'unnamed', 'A', 'B', 'other', 'A', 'other'],
  );
});

test('wrong settings of telemetry are said', () => {
  const reader = new ConfigReader({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://x',
    OTEL_EXPORTER_OTLP_HEADERS: 'no-value',
    TWINHUB_TRACE_SAMPLE_RATIO: '2',
    TWINHUB_METRICS: 'some',
  });
  readTelemetryConfig(reader);
  assert.throws(
    () => reader.finish(),
    (error) => isHubError(error, 'CONFIG_INVALID') && error.message.includes('has 4 fault(s)'),
  );
});
