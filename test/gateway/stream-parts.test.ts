import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { isHubError } from '#kernel/errors.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import type { SubgraphRequest, SubgraphResult } from '#gateway/engine/types.ts';
import { coalesceKeyOf, coalesceRulesOf } from '#gateway/realtime/coalesce-key.ts';
import { EntityBatcher } from '#gateway/realtime/entity-batcher.ts';
import { Quota } from '#gateway/realtime/quota.ts';
import { Reader, type Consumer } from '#gateway/realtime/reader.ts';
import { Retention } from '#gateway/realtime/retention.ts';
import { encodeEvent, payloadAfterSkipping } from '#gateway/realtime/stream-event.ts';
import { streamFormatOf, multipart, serverSentEvents } from '#gateway/realtime/stream-format.ts';
import { parsePosition, resumePositionOf } from '#gateway/realtime/stream-position.ts';

const event = (sequence: number, key: string | null = null, data: unknown = { n: sequence }) =>
  encodeEvent({ data }, { epoch: 'e', sequence }, key);

const wide = () => ({ used: 0, max: 1e9 });

test('retention keeps the newest events within its limits and names exactly what is gone', () => {
  const kept = new Retention({ events: 100, bytes: 1e9 }, wide());
  for (let sequence = 1; sequence <= 1_000; sequence += 1) kept.add(event(sequence));
  assert.equal(kept.size, 100);
  assert.deepEqual(
    kept.after(997, 1_000).events.map(({ sequence }) => sequence),
    [998, 999, 1_000],
  );
  assert.equal(kept.after(900, 1_000).gone, null);
  assert.deepEqual(kept.after(899, 1_000).gone, { from: 900, to: 900 });
  assert.deepEqual(kept.after(0, 1_000).gone, { from: 1, to: 900 });
  assert.deepEqual(kept.after(1_000, 1_000), { events: [], gone: null });
  const size = event(1).payload.length;
  const small = new Retention({ events: 100, bytes: size * 2 }, wide());
  for (let sequence = 1; sequence <= 5; sequence += 1) small.add(event(sequence));
  assert.equal(small.size, 2);
  const none = new Retention({ events: 0, bytes: 0 }, wide());
  none.add(event(1));
  assert.deepEqual(none.after(0, 1), { events: [], gone: { from: 1, to: 1 } });
});

test('the streams of a tenant keep no more together than the tenant may, and give it back when they end', () => {
  const size = event(1).payload.length;
  const budget = { used: 0, max: size * 3 };
  const [one, two] = [0, 1].map(() => new Retention({ events: 100, bytes: 1e9 }, budget)) as [
    Retention,
    Retention,
  ];
  for (const sequence of [1, 2]) one.add(event(sequence));
  for (const sequence of [1, 2, 3]) two.add(event(sequence));
  assert.deepEqual([one.size, two.size, budget.used], [2, 1, size * 3]);
  assert.deepEqual(two.after(0, 3).gone, { from: 1, to: 2 });
  one.close();
  one.add(event(3));
  assert.deepEqual([one.size, budget.used], [0, size]);
  two.add(event(4));
  assert.equal(two.size, 2);
});

test('an event carries its position, and a reader that was sent less is told how much less', () => {
  const one = event(7, null, { text: 'ends in }}}' });
  assert.deepEqual(JSON.parse(one.payload.toString()), {
    data: { text: 'ends in }}}' },
    extensions: { stream: { epoch: 'e', sequence: 7 } },
  });
  assert.equal(payloadAfterSkipping(one, 0), one.payload);
  assert.deepEqual(JSON.parse(payloadAfterSkipping(one, 3).toString()), {
    data: { text: 'ends in }}}' },
    extensions: { stream: { epoch: 'e', sequence: 7, skipped: 3 } },
  });
});

test('a reader that lags behind gets the latest of each key in order, and the count of what was left out', () => {
  const sent: string[] = [];
  const connection = { bufferedBytes: 0 };
  const consumer: Consumer = {
    get bufferedBytes() {
      return connection.bufferedBytes;
    },
    next: (payload) => sent.push(payload.toString()),
    error: () => assert.fail('ended'),
    complete: () => assert.fail('ended'),
  };
  const reader = new Reader(consumer, 100, () => {});
  assert.equal(reader.take(event(1, 'a')), true);
  connection.bufferedBytes = 101;
  for (const [sequence, key] of [
    [2, 'a'],
    [3, 'b'],
    [4, 'a'],
    [5, 'a'],
    [6, 'c'],
  ] as const)
    assert.equal(reader.take(event(sequence, key)), true);
  assert.equal(reader.take(event(7)), false, 'an event that nothing may replace ends the subscription');
  reader.catchUp();
  assert.equal(sent.length, 1, 'nothing is sent while the connection is full');
  connection.bufferedBytes = 0;
  reader.catchUp();
  assert.equal(reader.lags, false);
  const streams = sent.map(
    (text) => (JSON.parse(text) as { extensions: { stream: object } }).extensions.stream,
  );
  assert.deepEqual(streams, [
    { epoch: 'e', sequence: 1 },
    { epoch: 'e', sequence: 3, skipped: 2 },
    { epoch: 'e', sequence: 5 },
    { epoch: 'e', sequence: 6 },
  ]);
});

test('keys follow aliases and fragments, and need all their fields selected unconditionally', () => {
  const rules = coalesceRulesOf([
    parse('type Subscription { reading: R @coalesce(by: ["signal.id", "kind"]) other: R }'),
    parse('extend type Subscription { plain: R @coalesce(by: ["id"]) }'),
  ]);
  const key = (query: string, data: unknown) => coalesceKeyOf(parse(query), null, rules)(data);
  assert.equal(
    key('subscription { r: reading { ...F k: kind } } fragment F on R { s: signal { ... on S { i: id } } }', {
      r: { s: { i: 'x' }, k: 2 },
    }),
    '["x",2]',
  );
  const data = { reading: { signal: { id: 'x' }, kind: null } };
  assert.equal(
    key('subscription { reading { signal { id } kind } }', data),
    null,
    'a key that is null is none',
  );
  assert.equal(key('subscription { reading { signal { id } } }', data), null);
  assert.equal(
    key('subscription($c: Boolean!) { reading { signal { id } kind @include(if: $c) } }', data),
    null,
  );
  assert.equal(key('subscription { other { id } }', { other: { id: 'x' } }), null);
  assert.equal(key('subscription { plain { id } }', { plain: { id: 'x' } }), '["x"]');
});

test('positions are read in both forms, and anything else is refused with what to send', () => {
  assert.deepEqual(parsePosition('abc-1.42'), { epoch: 'abc-1', sequence: 42 });
  for (const bad of ['', '.', 'a.', '.1', 'a.-1', 'a.1.2', 'a b.1', `${'x'.repeat(65)}.1`, 'a.1e3'])
    assert.equal(parsePosition(bad), null, bad);
  assert.equal(resumePositionOf(undefined), null);
  assert.equal(resumePositionOf({ stream: {} }), null);
  assert.equal(resumePositionOf({ stream: { resumeFrom: null } }), null);
  const position = { epoch: 'a', sequence: 3 };
  assert.deepEqual(resumePositionOf({ stream: { resumeFrom: 'a.3' } }), position);
  assert.deepEqual(resumePositionOf({ stream: { resumeFrom: position } }), position);
  for (const bad of [7, [], {}, { epoch: 'a' }, { epoch: 'a', sequence: -1 }, { epoch: 'a', sequence: 1.5 }])
    assert.throws(
      () => resumePositionOf({ stream: { resumeFrom: bad } }),
      (error) => isHubError(error, 'INVALID_INPUT'),
    );
});

test('the form of a stream follows the accept header', () => {
  assert.equal(streamFormatOf('text/event-stream'), serverSentEvents);
  assert.equal(
    streamFormatOf('multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'),
    multipart,
  );
  assert.equal(streamFormatOf('multipart/mixed;deferSpec=20220824, application/json'), null);
  assert.equal(streamFormatOf(undefined), null);
});

test('a quota gives each tenant its places, and gives a place back once', () => {
  const quota = new Quota(2);
  const first = quota.take('a');
  assert.ok(first && quota.take('a') && quota.take('b'));
  assert.equal(quota.take('a'), null);
  first();
  first();
  assert.ok(quota.take('a'));
  assert.equal(quota.take('a'), null);
});

const contextOf = (signal = new AbortController().signal): RequestContext => ({
  principal: {
    tenant: parseTenantId('acme'),
    subject: 's',
    personId: 's',
    name: 's',
    roles: [],
    authTime: 0,
    acr: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
  },
  requestId: 'r',
  signal,
});

const lookup = (context: RequestContext, ids: readonly string[], query = 'q'): SubgraphRequest => ({
  operation: 'query',
  document: parse(
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { id } }',
  ),
  query,
  variables: { representations: ids.map((id) => ({ __typename: 'T', id })), x: 1 },
  context,
});

/** A subgraph that answers each representation with its id and fails for `bad`. */
function echoing() {
  const asked: (readonly { id: string }[])[] = [];
  const execute = async ({ variables }: SubgraphRequest): Promise<SubgraphResult> => {
    const wanted = variables['representations'] as readonly { id: string }[];
    asked.push(wanted);
    const errors = wanted.flatMap(({ id }, index) =>
      id === 'bad' ? [{ message: 'no', path: ['_entities', index, 'name'], extensions: { code: 'X' } }] : [],
    );
    return { data: { _entities: wanted.map(({ id }) => ({ id })) }, ...(errors.length ? { errors } : {}) };
  };
  return { asked, executor: { execute, subscribe: () => assert.fail('no subscription here') } };
}

test('lookups of events that arrive together are one request, each gets its entities and errors', async () => {
  const { asked, executor } = echoing();
  const batcher = new EntityBatcher();
  const wrapped = batcher.wrap(executor);
  const contexts = [contextOf(), contextOf(), contextOf()];
  for (const context of contexts) batcher.mark(context, 'scope');
  const [one, two, three] = contexts as [RequestContext, RequestContext, RequestContext];
  const results = await Promise.all([
    wrapped.execute(lookup(one, ['a', 'b'])),
    wrapped.execute(lookup(two, ['c', 'bad'])),
    wrapped.execute(lookup(three, [])),
  ]);
  assert.equal(asked.length, 1);
  assert.deepEqual(
    results.map(({ data }) => data?.['_entities']),
    [[{ id: 'a' }, { id: 'b' }], [{ id: 'c' }, { id: 'bad' }], []],
  );
  assert.deepEqual(
    results.map(({ errors }) => errors),
    [undefined, [{ message: 'no', path: ['_entities', 1, 'name'], extensions: { code: 'X' } }], undefined],
  );
});

test('requests with several lookups are joined lookup by lookup', async () => {
  const document = parse(
    'query ($r0: [_Any!]!, $r1: [_Any!]!) { _e0: _entities(representations: $r0) { id } _e1: _entities(representations: $r1) { id } }',
  );
  const asked: SubgraphRequest['variables'][] = [];
  const batcher = new EntityBatcher();
  const wrapped = batcher.wrap({
    execute: async ({ variables }) => {
      asked.push(variables);
      const data = { _e0: variables['r0'], _e1: variables['r1'] };
      return { data, errors: [{ message: 'no', path: ['_e1', 2, 'id'] }] };
    },
    subscribe: () => assert.fail('no subscription here'),
  });
  const ask = (r0: readonly string[], r1: readonly string[]) => {
    const context = contextOf();
    batcher.mark(context, 'scope');
    return wrapped.execute({ operation: 'query', document, query: 'q', variables: { r0, r1 }, context });
  };
  const results = await Promise.all([ask(['a'], ['b', 'c']), ask([], ['d']), ask(['e', 'f'], [])]);
  assert.deepEqual(asked, [{ r0: ['a', 'e', 'f'], r1: ['b', 'c', 'd'] }]);
  assert.deepEqual(
    results.map(({ data, errors }) => [{ ...data }, errors?.map(({ path }) => path)]),
    [
      [{ _e0: ['a'], _e1: ['b', 'c'] }, undefined],
      [{ _e0: [], _e1: ['d'] }, [['_e1', 0, 'id']]],
      [{ _e0: ['e', 'f'], _e1: [] }, undefined],
    ],
  );
});

test('other scopes, other operations and requests of no event are not joined; a failure reaches everybody', async () => {
  const { asked, executor } = echoing();
  const batcher = new EntityBatcher();
  const wrapped = batcher.wrap(executor);
  const [one, two, three, none] = [contextOf(), contextOf(), contextOf(), contextOf()];
  batcher.mark(one, 'a');
  batcher.mark(two, 'b');
  batcher.mark(three, 'a');
  await Promise.all([
    wrapped.execute(lookup(one, ['1'])),
    wrapped.execute(lookup(two, ['2'])),
    wrapped.execute(lookup(three, ['3'], 'other')),
    wrapped.execute(lookup(none, ['4'])),
  ]);
  assert.equal(asked.length, 4);
  const failing = batcher.wrap({ ...executor, execute: () => Promise.reject(new Error('down')) });
  const outcomes = await Promise.allSettled([
    failing.execute(lookup(one, ['1'])),
    failing.execute(lookup(three, ['2'])),
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status === 'rejected' && String(outcome.reason)),
    ['Error: down', 'Error: down'],
  );
});

test('a joined request ends early only when all who wait for it have gone', async () => {
  const batcher = new EntityBatcher();
  const seen = Promise.withResolvers<AbortSignal>();
  const wrapped = batcher.wrap({
    execute: ({ context }) => {
      seen.resolve(context.signal);
      return new Promise(() => {});
    },
    subscribe: () => assert.fail('no subscription here'),
  });
  const [a, b] = [new AbortController(), new AbortController()];
  for (const { signal } of [a, b]) {
    const context = contextOf(signal);
    batcher.mark(context, 's');
    void wrapped.execute(lookup(context, ['1']));
  }
  const signal = await seen.promise;
  a.abort();
  assert.equal(signal.aborted, false);
  b.abort();
  assert.equal(signal.aborted, true);
});
