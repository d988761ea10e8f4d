import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceEventStream, graphql, parse, subscribe, type ExecutionResult } from 'graphql';
import { Broadcast } from '#kernel/broadcast.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { formatGlobalId, type TenantId } from '#ontology/ids.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { SignalContent } from '#ontology/model.ts';
import type { LinkStatus } from '#ontology/ports/field-device.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { Role } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { createIngest } from '#subgraphs/telemetry/ingest.ts';
import { createTelemetrySubgraph } from '#subgraphs/telemetry/schema.ts';
import { sampleAt, tenantA, tenantB, withStore } from './support.ts';

// The shape of an answer follows from the text of its query.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = ExecutionResult<any>;

const start = Date.UTC(2026, 0, 1);
const types: Readonly<Record<string, SignalContent['valueType']>> = {
  flow: 'number',
  running: 'boolean',
  envelopeSpectrum: 'number[]',
  state: 'string',
};
const signalOf = (_: TenantId, twinId: string, name: string): SignalContent | null => {
  const valueType = twinId === 'P-101' ? types[name] : undefined;
  const rest = {
    displayName: {},
    description: {},
    declaredBy: 'dtmi:x;1' as SignalContent['declaredBy'],
    quantity: null,
    range: null,
    samplingPeriodMs: null,
  };
  return valueType
    ? { kind: 'signal', name, valueType, unit: name === 'flow' ? 'm3/h' : null, ...rest }
    : null;
};

function contextOf(tenant: TenantId, roles: readonly Role[] = ['integrator']): RequestContext {
  const principal = {
    tenant,
    subject: 's',
    personId: 'p',
    name: 'n',
    roles,
    authTime: start,
    acr: null,
    expiresAt: start + 1e9,
  };
  return { principal, requestId: 'r', signal: new AbortController().signal };
}

function setUp(store: TimeSeriesStore) {
  const clock = new SimulatedClock(start);
  const live = new Broadcast<LiveSample>();
  const linkChanges = new Broadcast<LinkStatus>();
  const asked: number[] = [];
  const link: LinkStatus = {
    name: 'opc-ua',
    protocol: 'opc.tcp',
    endpoint: 'opc.tcp://localhost',
    state: 'ONLINE',
    since: start,
    reason: null,
    mappedSignals: 3,
    samplesReceived: 10,
  };
  const ingest = createIngest({ store, clock, live, log: createMemoryLogger() });
  const watched = {
    ...ingest,
    latest: (...args: Parameters<typeof ingest.latest>) => (
      asked.push(args[1].length),
      ingest.latest(...args)
    ),
  };
  const links = (tenant: TenantId) => (tenant === tenantA ? [link] : []);
  const { schema, eventTime } = createTelemetrySubgraph({
    store,
    ingest: watched,
    live,
    links,
    linkChanges,
    signalOf,
    clock,
  });
  const run = (
    source: string,
    variableValues: Record<string, unknown> = {},
    contextValue = contextOf(tenantA),
  ) =>
    graphql({ schema, source, variableValues, contextValue }).then(
      (result) => JSON.parse(JSON.stringify(result)) as Answer,
    );
  const listen = (
    source: string,
    variableValues: Record<string, unknown>,
    contextValue = contextOf(tenantA),
  ) => subscribe({ schema, document: parse(source), variableValues, contextValue });
  return { clock, live, linkChanges, link, ingest, asked, run, listen, schema, eventTime };
}

const signalId = (name: string, tenant = tenantA) => formatGlobalId('Signal', tenant, `P-101/${name}`);
const entities = (ids: readonly string[]) => ({ refs: ids.map((id) => ({ __typename: 'Signal', id })) });
const latest =
  'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Signal { id latest { value number unit quality status sourceTime receivedTime ageMs } } } }';
const record =
  'mutation ($samples: [SampleInput!]!) { recordSamples(input: { samples: $samples }) { stored errors { code message advice path } } }';
const updated =
  'subscription ($ids: [ID!]!) { signalUpdated(signalIds: $ids) { sequence signal { id } sample { value } } }';

test('the newest values of many signals come in one call, another tenant sees none', async () => {
  await withStore(async (store) => {
    const { run, ingest, clock, asked } = setUp(store);
    ingest.sink(tenantA, [
      sampleAt(start, 42),
      {
        ...sampleAt(start, 0, 'envelopeSpectrum'),
        sample: { ...sampleAt(start, 0).sample, value: [1, 2], unit: null },
      },
    ]);
    await clock.advance(1500);
    const ids = [
      signalId('flow'),
      signalId('envelopeSpectrum'),
      signalId('running'),
      signalId('flow', tenantB),
    ];
    const { data, errors } = await run(latest, entities(ids));
    assert.equal(errors, undefined);
    assert.deepEqual(data._entities[0].latest, {
      ...{ value: 42, number: 42, unit: 'm3/h', quality: 'GOOD', status: null, ageMs: 1500 },
      ...{ sourceTime: '2026-01-01T00:00:00.000Z', receivedTime: '2026-01-01T00:00:00.000Z' },
    });
    assert.deepEqual(data._entities[1].latest.value, [1, 2]);
    assert.equal(data._entities[1].latest.number, null);
    assert.equal(data._entities[2].latest, null);
    assert.equal(data._entities[3], null);
    assert.deepEqual(asked, [3]);
    const other = await run(latest, entities([signalId('flow', tenantB)]), contextOf(tenantB));
    assert.equal(other.data._entities[0].latest, null);
    await ingest.close();
  });
});

test('samples and windows cover the range asked for', async () => {
  await withStore(async (store) => {
    const { run, ingest, clock } = setUp(store);
    await clock.advance(120_000);
    ingest.sink(
      tenantA,
      Array.from({ length: 120 }, (_, i) => sampleAt(start + i * 1000, i)),
    );
    const query = `query ($refs: [_Any!]!, $range: TimeRangeInput!, $limit: Int!, $window: Duration!) { _entities(representations: $refs) { ... on Signal {
      samples(range: $range, limit: $limit) { truncated samples { value } } history(range: $range, window: $window) { start end count badCount mean min max first last stddev } } } }`;
    const refs = entities([signalId('flow')]);
    const { data, errors } = await run(query, {
      ...refs,
      range: { last: 'PT1M' },
      limit: 10,
      window: 'PT30S',
    });
    assert.equal(errors, undefined);
    const [{ samples, history }] = data._entities;
    assert.equal(samples.truncated, true);
    assert.equal(samples.samples.length, 10);
    assert.deepEqual(
      history.map((w: { start: string; count: number; mean: number }) => [w.start, w.count, w.mean]),
      [
        ['2026-01-01T00:01:00.000Z', 29, 75],
        ['2026-01-01T00:01:30.000Z', 30, 104.5],
      ],
    );
    const faults: [Record<string, unknown>, string, RegExp][] = [
      [{ range: {} }, 'INVALID_INPUT', /needs last, or both from and to/],
      [{ range: { last: 'PT1M', from: '2026-01-01T00:00:00Z' } }, 'INVALID_INPUT', /either last alone/],
      [{ range: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } }, 'INVALID_INPUT', /not after/],
      [{ limit: 10_001 }, 'LIMIT_EXCEEDED', /1 to 10000/],
      [{ range: { last: 'P30D' }, window: 'PT1S' }, 'LIMIT_EXCEEDED', /PT260S or longer/],
    ];
    for (const [change, code, message] of faults) {
      const { errors: [error] = [] } = await run(query, {
        ...refs,
        range: { last: 'PT1M' },
        limit: 10,
        window: 'PT30S',
        ...change,
      });
      assert.match(String(error?.message), message);
      const original = (await setUpError(
        query,
        { ...refs, range: { last: 'PT1M' }, limit: 10, window: 'PT30S', ...change },
        store,
      )) as { code?: string };
      assert.equal(original.code, code);
    }
    await ingest.close();
  });
});

/** The HubError behind the first GraphQL error. */
async function setUpError(
  source: string,
  variableValues: Record<string, unknown>,
  store: TimeSeriesStore,
): Promise<unknown> {
  const clock = new SimulatedClock(start + 120_000);
  const live = new Broadcast<LiveSample>();
  const ingest = createIngest({ store, clock, live, log: createMemoryLogger() });
  const { schema } = createTelemetrySubgraph({
    store,
    ingest,
    live,
    links: () => [],
    linkChanges: new Broadcast(),
    signalOf,
    clock,
  });
  const { errors } = await graphql({ schema, source, variableValues, contextValue: contextOf(tenantA) });
  return errors?.[0]?.originalError;
}

test('recorded samples are checked item by item and stored all or none', async () => {
  await withStore(async (store) => {
    const { run, ingest } = setUp(store);
    const good = { signalId: signalId('flow'), value: 1, sourceTime: '2026-01-01T00:00:00Z' };
    const bad = [
      [{ ...good, signalId: signalId('flow', tenantB) }, 'NOT_FOUND', 'signalId'],
      [{ ...good, signalId: signalId('nothing') }, 'NOT_FOUND', 'signalId'],
      [{ ...good, signalId: 'x' }, 'INVALID_ID', 'signalId'],
      [{ ...good, value: 'high' }, 'INVALID_INPUT', 'value'],
      [{ ...good, value: null }, 'INVALID_INPUT', 'value'],
      [{ signalId: signalId('running'), value: 1 }, 'INVALID_INPUT', 'value'],
      [{ signalId: signalId('envelopeSpectrum'), value: [1, 'x'] }, 'INVALID_INPUT', 'value'],
      [{ ...good, sourceTime: '2026-01-01T01:00:00Z' }, 'INVALID_INPUT', 'sourceTime'],
    ] as const;
    const refused = await run(record, { samples: [good, ...bad.map(([sample]) => sample)] });
    assert.equal(refused.data.recordSamples.stored, 0);
    assert.deepEqual(
      refused.data.recordSamples.errors.map(({ code, path }: { code: string; path: string[] }) => [
        code,
        path,
      ]),
      bad.map(([, code, field], i) => [code, ['input', 'samples', String(i + 1), field]]),
    );
    assert.deepEqual(
      (await store.raw(tenantA, { twinId: 'P-101' as never, signal: 'flow' }, { from: 0, to: 1e15 }, 10))
        .samples,
      [],
    );
    const taken = await run(record, {
      samples: [
        good,
        { signalId: signalId('running'), value: true },
        { signalId: signalId('flow'), quality: 'BAD', status: 'BadSensorFailure' },
      ],
    });
    assert.deepEqual(taken.data.recordSamples, { stored: 3, errors: [] });
    const stored = await store.raw(
      tenantA,
      { twinId: 'P-101' as never, signal: 'flow' },
      { from: 0, to: 1e15 },
      10,
    );
    assert.ok(
      stored.samples.some(
        ({ unit, quality }) => unit === 'm3/h' && (quality === 'BAD' || quality === 'GOOD'),
      ),
    );
    await ingest.close();
  });
});

test('recording needs its role, and a reasonable number of samples', async () => {
  await withStore(async (store) => {
    const { run, ingest } = setUp(store);
    const sample = { signalId: signalId('flow'), value: 1 };
    const forbidden = await run(record, { samples: [sample] }, contextOf(tenantA, ['operator']));
    assert.equal(forbidden.data.recordSamples.errors[0].code, 'FORBIDDEN');
    const none = await run(record, { samples: [] });
    assert.deepEqual(none.data.recordSamples.errors[0].path, ['input', 'samples']);
    const many = await run(record, { samples: Array.from({ length: 5001 }, () => sample) });
    assert.equal(many.data.recordSamples.errors[0].code, 'LIMIT_EXCEEDED');
    await ingest.close();
  });
});

test('a subscription carries the samples of its signals and tenant, and ends at once', async () => {
  await withStore(async (store) => {
    const { listen, ingest, live } = setUp(store);
    const iterator = (await listen(updated, { ids: [signalId('flow')] })) as AsyncGenerator<Answer>;
    ingest.sink(tenantB, [sampleAt(start, -1)]);
    ingest.sink(tenantA, [sampleAt(start, 1), sampleAt(start, 9, 'running'), sampleAt(start + 1, 2)]);
    const values = [await iterator.next(), await iterator.next()].map(({ value }) => [
      value.data.signalUpdated.sample.value,
      value.data.signalUpdated.sequence,
    ]);
    assert.deepEqual(values, [
      [1, 1],
      [2, 2],
    ]);
    assert.equal(live.listenerCount, 1);
    const waiting = iterator.next();
    await iterator.return(undefined);
    assert.equal((await waiting).done, true);
    assert.equal(live.listenerCount, 0);
    await ingest.close();
  });
});

test('a slow reader sees by the sequence that samples were left out', async () => {
  await withStore(async (store) => {
    const { listen, ingest } = setUp(store);
    const iterator = (await listen(updated, { ids: [signalId('flow')] })) as AsyncGenerator<Answer>;
    ingest.sink(
      tenantA,
      Array.from({ length: 5000 }, (_, i) => sampleAt(start + i, i)),
    );
    const first = (await iterator.next()).value.data.signalUpdated;
    const second = (await iterator.next()).value.data.signalUpdated;
    assert.equal(first.sequence, 5000 - 4096 + 1);
    assert.equal(first.sample.value, first.sequence - 1);
    assert.equal(second.sequence, first.sequence + 1);
    await iterator.return(undefined);
    await ingest.close();
  });
});

test('a subscription to too many, unknown or foreign signals is refused with the place', async () => {
  await withStore(async (store) => {
    const { listen, ingest, live } = setUp(store);
    const cases: [string[], string][] = [
      [[], 'LIMIT_EXCEEDED'],
      [Array.from({ length: 501 }, () => signalId('flow')), 'LIMIT_EXCEEDED'],
      [[signalId('flow'), signalId('nothing')], 'NOT_FOUND'],
      [[signalId('flow', tenantB)], 'NOT_FOUND'],
    ];
    for (const [ids, code] of cases) {
      const result = (await listen(updated, { ids })) as ExecutionResult;
      assert.equal((result.errors?.[0]?.originalError as { code?: string } | undefined)?.code, code);
    }
    assert.equal(live.listenerCount, 0);
    await ingest.close();
  });
});

test('plant links are shown to their tenant alone, as is each change', async () => {
  await withStore(async (store) => {
    const { run, listen, link, linkChanges, ingest } = setUp(store);
    const query = '{ plantLinks { name state since samplesReceived } }';
    assert.deepEqual((await run(query)).data.plantLinks, [
      { name: 'opc-ua', state: 'ONLINE', since: '2026-01-01T00:00:00.000Z', samplesReceived: 10 },
    ]);
    assert.deepEqual((await run(query, {}, contextOf(tenantB))).data.plantLinks, []);
    const mine = (await listen(
      'subscription { plantLinkChanged { name state } }',
      {},
    )) as AsyncGenerator<Answer>;
    const other = (await listen(
      'subscription { plantLinkChanged { name } }',
      {},
      contextOf(tenantB),
    )) as AsyncGenerator<Answer>;
    linkChanges.publish({ ...link, state: 'INTERRUPTED' });
    assert.equal((await mine.next()).value.data.plantLinkChanged.state, 'INTERRUPTED');
    const nothing = other.next();
    await other.return(undefined);
    assert.equal((await nothing).done, true);
    await mine.return(undefined);
    await ingest.close();
  });
});

test('events know when the hub got what they tell, where that is a sample', async () => {
  await withStore(async (store) => {
    const { schema, eventTime, ingest, linkChanges, link, clock } = setUp(store);
    const source = async (text: string, variableValues: Record<string, unknown>) => {
      const asked = { schema, document: parse(text), variableValues, contextValue: contextOf(tenantA) };
      const events = await createSourceEventStream(asked);
      assert.ok(Symbol.asyncIterator in events);
      return events[Symbol.asyncIterator]();
    };
    const samples = await source(updated, { ids: [signalId('flow')] });
    const links = await source('subscription { plantLinkChanged { state } }', {});
    ingest.sink(tenantA, [sampleAt(start, 1)]);
    linkChanges.publish({ ...link, state: 'INTERRUPTED' });
    const [sample, change] = [await samples.next(), await links.next()];
    const { receivedTime } = (sample.value as { live: LiveSample }).live.sample;
    assert.ok(receivedTime > 0 && receivedTime <= clock.now());
    assert.equal(eventTime?.(sample.value), receivedTime);
    assert.equal(eventTime?.(change.value), null);
    await Promise.all([samples.return?.(), links.return?.()]);
    await ingest.close();
  });
});
