import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLScalarType, Kind } from 'graphql';
import { createGraph, plain, type TestSubgraph } from './support.ts';

const parsed: string[] = [];
/** Refuses what it has made itself: coercing a value twice would show. */
const Instant = new GraphQLScalarType({
  name: 'Instant',
  parseValue(value) {
    if (typeof value !== 'string') throw new TypeError('an instant is a text');
    parsed.push(value);
    return new Date(value);
  },
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new TypeError('an instant is a text');
    return new Date(node.value);
  },
  serialize: (value) => (value as Date).toISOString(),
});

const clock: TestSubgraph = {
  name: 'clock',
  sdl: `scalar Instant input Span { from: Instant! to: Instant = "2026-01-02T00:00:00.000Z" steps: [Int!]! = [1] }
    type Query { at(time: Instant): Instant span(span: Span!): String item: Item }
    type Item @key(fields: "id") { id: ID! }`,
  resolvers: {
    Instant,
    Query: {
      at: (_: unknown, { time }: { time: Date }) => new Date(time.getTime() + 1),
      span: (_: unknown, { span }: { span: { from: Date; to: Date; steps: number[] } }) =>
        `${span.to.getTime() - span.from.getTime()}/${span.steps.join()}`,
      item: () => ({ id: '1' }),
    },
  },
};
const log: TestSubgraph = {
  name: 'log',
  sdl: `scalar Instant type Item @key(fields: "id") { id: ID! since(time: Instant!, unit: Unit = HOURS): String } enum Unit { HOURS DAYS }`,
  resolvers: {
    Instant,
    Item: {
      __resolveReference: async (item: object) => item,
      since: (_: unknown, { time, unit }: { time: Date; unit: string }) => `${time.toISOString()} ${unit}`,
    },
  },
};
const time = '2026-01-01T00:00:00.000Z';

test('a scalar of a subgraph reads a variable once, in the subgraph that asks for it', async () => {
  const graph = await createGraph([clock, log]);
  parsed.length = 0;
  const result = await graph.run(
    'query ($time: Instant!, $unit: Unit = DAYS) { at(time: $time) item { since(time: $time, unit: $unit) } }',
    { time },
  );
  assert.deepEqual(plain(result), {
    data: { at: '2026-01-01T00:00:00.001Z', item: { since: `${time} DAYS` } },
  });
  assert.deepEqual(parsed, [time, time], 'once in each of the two subgraphs');
});

test('defaults within inputs, single items for lists and literals come to the subgraph as they are meant', async () => {
  const graph = await createGraph([clock, log]);
  const run = async (query: string, variables?: Record<string, unknown>) =>
    plain(await graph.run(query, variables));
  assert.deepEqual(await run('query ($s: Span!) { span(span: $s) }', { s: { from: time, steps: 7 } }), {
    data: { span: '86400000/7' },
  });
  assert.deepEqual(
    await run(
      `query ($from: Instant!) { span(span: { from: $from, to: "2026-01-03T00:00:00.000Z" }) at(time: "${time}") }`,
      { from: time },
    ),
    {
      data: { span: '172800000/1', at: '2026-01-01T00:00:00.001Z' },
    },
  );
});

test('what a scalar of the subgraph refuses is an error of the caller at the field', async () => {
  const graph = await createGraph([clock, log]);
  const { data, errors } = plain(
    await graph.run('query ($time: Instant) { at(time: $time) item { id } }', { time: 5 }),
  );
  assert.equal(errors?.length, 1);
  assert.equal((errors?.[0]?.extensions as Record<string, unknown>)['code'], 'BAD_USER_INPUT');
  assert.equal((data as Record<string, unknown> | null | undefined)?.['at'] ?? null, null);
});
