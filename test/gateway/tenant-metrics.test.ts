import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { readTelemetryConfig } from '#gateway/telemetry/index.ts';
import { GatewayMetrics } from '#gateway/telemetry/metrics.ts';
import { listening, until, type Running } from './support.ts';
import { scrape, start } from './telemetry-support.ts';

/** Subscribes over WebSocket until the test ends; gives what came. */
function subscribe({ wsClient }: Running, token: string): unknown[] {
  const seen: unknown[] = [];
  const run = async () => {
    for await (const result of wsClient(token).iterate({ query: 'subscription Mine { mine }' }))
      seen.push(result);
  };
  run().catch((error: unknown) => seen.push(error));
  return seen;
}

test("a tenant's integrator reads that tenant's part of the metrics and nothing else", async (t) => {
  const running = await start(t, { TWINHUB_METRICS_TOKEN: 'scraper' });
  const { post, url, plant } = running;
  await post('query SecretOfBeta { whoami }', { token: 'beta.bob' });
  await post('query SecretOfBeta { boom }', { token: 'beta.bob' });
  await post('{ whoami }');
  const seen = [subscribe(running, 'ada'), subscribe(running, 'beta.bob')];
  await listening(running, 2);
  plant.readings.publish({ id: 'r', value: 1 });
  await until(() => seen.every(({ length }) => length === 1), 'both got the event');

  const acme = await scrape(url, 'ida');
  assert.ok(acme.size > 5);
  for (const series of acme.keys()) assert.match(series, /tenant="acme"/);
  assert.equal(acme.get('twinhub_tenant_operations_total{tenant="acme",kind="query",outcome="ok"}'), 1);
  assert.equal(acme.get('twinhub_tenant_subscriptions{tenant="acme"}'), 1);
  assert.equal(acme.get('twinhub_tenant_events_total{tenant="acme"}'), 1);

  const beta = await scrape(url, 'beta.ida');
  for (const series of beta.keys()) assert.match(series, /tenant="beta"/);
  assert.equal(beta.get('twinhub_tenant_operations_total{tenant="beta",kind="query",outcome="errors"}'), 1);
  assert.equal(beta.get('twinhub_tenant_errors_total{tenant="beta",code="INTERNAL"}'), 1);
  const text = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer ida' } });
  assert.doesNotMatch(await text.text(), /beta|SecretOfBeta|process_|nodejs_/);

  const all = await scrape(url, 'scraper');
  assert.ok(all.has('process_resident_memory_bytes'));
  assert.equal(all.get('twinhub_tenant_events_total{tenant="beta"}'), 1);
  assert.equal(
    all.get('twinhub_operations_total{operation="Mine",kind="subscription",outcome="ok"}'),
    2,
    'subscriptions are operations',
  );
  assert.equal(all.get('twinhub_event_duration_seconds_count'), 2);
});

test('integrators of the tenants that operate the hub read all', async (t) => {
  const { url } = await start(t, { TWINHUB_OPERATOR_TENANTS: 'acme, gamma' });
  assert.ok((await scrape(url, 'ida')).has('process_resident_memory_bytes'));
  assert.equal((await scrape(url, 'beta.ida')).has('process_resident_memory_bytes'), false);
  const reader = new ConfigReader({ TWINHUB_OPERATOR_TENANTS: 'acme,Not A Tenant' });
  readTelemetryConfig(reader);
  assert.throws(
    () => reader.finish(),
    (error) => isHubError(error, 'CONFIG_INVALID'),
  );
});

test('tenants that come after the hundredth share a series that none of them may read', async () => {
  const metrics = new GatewayMetrics();
  for (let i = 0; i < 120; i += 1) metrics.event({ tenant: `t${i}`, seconds: 0.1, delaySeconds: null });
  metrics.close();
  const { body } = await metrics.text();
  assert.match(body, /twinhub_tenant_events_total\{tenant="_other"\} 20/);
  assert.equal(body.match(/twinhub_tenant_events_total\{/g)?.length, 101);
  assert.match((await metrics.textFor('t7')).body, /twinhub_tenant_events_total\{tenant="t7"\} 1/);
  assert.doesNotMatch((await metrics.textFor('t110')).body, /_other|t7/);
});

test('costs are counted, estimated and actual, and what a tenant was charged', async (t) => {
  const { post, url } = await start(t, { TWINHUB_METRICS_TOKEN: 'scraper' });
  await post('{ box { a box { b } } }');
  await post('{ asset(id: 1) { name } }', { token: 'beta.bob' });
  const all = await scrape(url, 'scraper');
  assert.equal(all.get('twinhub_operation_cost_estimated_count'), 2);
  assert.equal(all.get('twinhub_operation_cost_actual_sum'), 3);
  assert.equal(all.get('twinhub_tenant_cost_total{tenant="acme"}'), 2);
  assert.equal(all.get('twinhub_tenant_cost_total{tenant="beta"}'), 1);
});

test('an estimate beyond any number breaks neither the answer nor the metrics', () => {
  const metrics = new GatewayMetrics();
  metrics.close();
  metrics.cost({ tenant: 'acme', estimated: Infinity, actual: 3, charged: Infinity });
  return assert.doesNotReject(metrics.text());
});

test('whatever is refused is counted by the name of its limit, whoever was to answer it', async (t) => {
  const running = await start(t, {
    TWINHUB_METRICS_TOKEN: 'scraper',
    TWINHUB_MAX_QUERY_DEPTH: '2',
    TWINHUB_MAX_BODY_BYTES: '2000',
    TWINHUB_MAX_HEADER_BYTES: '2000',
    TWINHUB_MAX_SUBSCRIPTIONS_PER_TENANT: '1',
    TWINHUB_MAX_COST: '5',
  });
  const { post, url } = running;
  const deep = '{ box { box { box { a } } } }';
  await post(deep);
  await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada', 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: deep }),
  });
  await post(`{ ping } #${'x'.repeat(3_000)}`);
  await post('{ ping }', { headers: { 'x-long': 'x'.repeat(5_000) } });
  await post('{ a: box { a } b: box { a } c: box { a } d: box { a } e: box { a } f: box { a } }');
  const [one, two] = [subscribe(running, 'ada'), subscribe(running, 'bob')];
  await until(() => one.length + two.length === 1, 'the second was refused');
  const all = await scrape(url, 'scraper');
  const refused = (limit: string) => all.get(`twinhub_refusals_total{limit="${limit}"}`);
  assert.deepEqual(
    ['depth', 'bodyBytes', 'headerBytes', 'cost', 'subscriptionsPerTenant'].map(refused),
    [2, 1, 1, 1, 1],
  );
  const ofAcme = (limit: string) => all.get(`twinhub_tenant_refusals_total{tenant="acme",limit="${limit}"}`);
  assert.deepEqual(['depth', 'cost', 'subscriptionsPerTenant'].map(ofAcme), [2, 1, 1]);
});

test('connections that are refused, and messages that are too large, are counted too', async (t) => {
  const running = await start(t, {
    TWINHUB_METRICS_TOKEN: 'scraper',
    TWINHUB_MAX_BODY_BYTES: '2000',
    TWINHUB_MAX_CONNECTIONS_PER_TENANT: '1',
  });
  subscribe(running, 'ada');
  await listening(running, 1);
  const [refused] = [subscribe(running, 'bob')];
  await until(() => refused?.length === 1, 'the connection was refused');
  const stream = await fetch(`${running.url}/graphql/stream?query={ping}`, {
    headers: { authorization: 'Bearer ada', accept: 'text/event-stream' },
  });
  assert.equal(stream.status, 400);
  const large: unknown[] = [];
  const huge = running.wsClient('beta.bob').iterate({ query: `{ ping } #${'x'.repeat(5_000)}` });
  huge.next().then(
    (result) => large.push(result),
    (error: unknown) => large.push(error),
  );
  await until(() => large.length === 1, 'the message was refused');
  const all = await scrape(running.url, 'scraper');
  assert.equal(all.get('twinhub_refusals_total{limit="connectionsPerTenant"}'), 2);
  assert.equal(all.get('twinhub_refusals_total{limit="messageBytes"}'), 1);
});
