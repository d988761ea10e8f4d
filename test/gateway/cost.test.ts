import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { getOperationAST, parse, validate } from 'graphql';
import { SimulatedClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import type { FederationEngine } from '#gateway/engine/engine.ts';
import { readGuardsConfig } from '#gateway/guards/config.ts';
import { CostGuard, type CostReport } from '#gateway/guards/cost/cost-guard.ts';
import { consoleDocuments } from '#gateway/guards/documents/console-documents.ts';
import { createGraph, wide } from './cost-support.ts';
import { principalOf } from './support.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@cost", "@listSize"])\n`;
const shopSdl = `${link}
  type Query { pump(id: ID!): Pump pumps(first: Int! = 50): PumpConnection! all: [Pump!]! some(limit: Int): [Pump]
    by(ids: [ID!]!): [Pump!]! sized(n: Int, m: Int): Page @listSize(slicingArguments: ["n", "m"], sizedFields: ["rows"])
    assumed: [Pump] @listSize(assumedSize: 300) names: [String!]! dear: Pump @cost(weight: 40)
    found(text: String @cost(weight: 7)): Int thing: Thing cheap: Cheap
    of(states: [State!]): [Pump!]! huge(limit: Float): [Huge!]!
    paged(input: PageInput): [Pump!]! @listSize(slicingArguments: ["input.size", "input.within.first"])
    sizedBy(input: PageInput): Page @listSize(slicingArguments: ["input.size"], sizedFields: ["rows"])
    window(page: Window): [Pump!]! windows(a: Window, b: Window): [Pump!]! listing(page: Window! = { first: 7 }): PumpConnection! }
  input PageInput { size: Int within: Window }
  input Window { first: Int last: Int after: String }
  enum State { ON OFF }
  type Huge { more(limit: Float): [Pump!]! }
  type Cheap @cost(weight: 0) { id: ID }
  type Page { rows: [Pump!]! others: [Pump!]! }
  type Mutation { start: Pump stop: Int }
  type PumpConnection { nodes: [Pump!]! edges: [PumpEdge!]! total: Int }
  type PumpEdge { node: Pump cursor: String }
  interface Thing { id: ID! }
  type Pump implements Thing @key(fields: "id") { id: ID! parts(first: Int): [Part!]! maker: Maker }
  type Maker { name: String }
  type Part { id: ID! }`;
const notesSdl = `${link} type Query { ping: Int }
  type Pump @key(fields: "id") { id: ID! notes: [Note!]! }
  type Note { text: String author: Maker2 }
  type Maker2 { name: String }`;

const shop = () =>
  createGraph([
    { name: 'shop', sdl: shopSdl },
    { name: 'notes', sdl: notesSdl },
  ]);

/** Plans an operation, charges it, and gives it up. */
async function charge(
  engine: FederationEngine,
  guard: CostGuard,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<CostReport> {
  const document = parse(query);
  assert.deepEqual(validate(engine.schema, document), [], query);
  let report: CostReport | undefined;
  let refusal: Error | undefined;
  const request = {
    document,
    variables,
    context: { principal: principalOf('ada'), requestId: 'r', signal: new AbortController().signal },
    onPlanned: (
      ...planned: Parameters<NonNullable<Parameters<FederationEngine['execute']>[0]['onPlanned']>>
    ) => {
      try {
        report = guard.charge(...planned, principalOf('ada'));
      } catch (error) {
        refusal = error as Error;
      }
      throw new Error('enough');
    },
  };
  const isSubscription = getOperationAST(document)?.operation === 'subscription';
  await (isSubscription
    ? engine.subscribe({ ...request, eventScope: () => assert.fail('no event') })
    : engine.execute(request));
  if (refusal) throw refusal;
  assert.ok(report, `not planned: ${query}`);
  return report;
}

test('an operation costs what it may answer with: objects times lists, and joins', async () => {
  const engine = await shop();
  const guard = new CostGuard(new SimulatedClock(0), wide, engine);
  const cases: [query: string, cost: number, variables?: Record<string, unknown>][] = [
    ['{ ping }', 0],
    ['{ pump(id: 1) { id } }', 1],
    ['{ a: pump(id: 1) { id } b: pump(id: 2) { id } }', 2],
    ['{ pump(id: 1) { id } pump(id: 1) { maker { name } } }', 2],
    ['{ names }', 0],
    ['{ all { id } }', 10],
    ['{ some(limit: 3) { id } }', 3],
    ['query ($n: Int) { some(limit: $n) { id maker { name } } }', 14, { n: 7 }],
    ['query ($n: Int) { some(limit: $n) { id maker { name } } }', 20, {}],
    ['query ($n: Int = 4) { some(limit: $n) { id } }', 4],
    ['{ some(limit: -5) { id } }', 0],
    ['{ pumps { total } }', 1],
    ['{ pumps { nodes { id } } }', 51],
    ['{ pumps(first: 5) { nodes { id parts(first: 3) { id } } } }', 1 + 5 + 15],
    ['{ pumps(first: 5) { edges { node { id } } } }', 1 + 5 + 5],
    ['query ($ids: [ID!]!) { by(ids: $ids) { id } }', 3, { ids: [1, 2, 3] }],
    ['query ($ids: [ID!]!) { by(ids: $ids) { id } }', 1, { ids: [1] }],
    // An empty list may mean all, and a state is one of many pumps.
    ['query ($ids: [ID!]!) { by(ids: $ids) { id } }', 10, { ids: [] }],
    ['{ of(states: [ON]) { id } }', 10],
    ['{ of(states: []) { id } }', 10],
    // Beyond any number, times none.
    ['{ huge(limit: 1e300) { more(limit: 1e300) { parts(first: 0) { id } } } }', Infinity],
    ['{ sized(n: 4, m: 6) { rows { id } others { id } } }', 1 + 6 + 10],
    ['{ assumed { id } }', 300],
    ['{ dear { id } }', 40],
    // Sizes inside input objects: by directive, and by their usual names where one argument has them.
    ['{ paged(input: { size: 25 }) { id } }', 25],
    ['{ paged(input: { size: 2, within: { first: 30 } }) { id } }', 30],
    ['query ($i: PageInput) { paged(input: $i) { id } }', 40, { i: { within: { first: 40 } } }],
    ['query ($i: PageInput) { paged(input: $i) { id } }', 10, { i: null }],
    ['query ($n: Int) { paged(input: { size: $n }) { id } }', 6, { n: 6 }],
    ['{ sizedBy(input: { size: 3 }) { rows { id } others { id } } }', 1 + 3 + 10],
    ['{ window(page: { first: 60 }) { id } }', 60],
    ['{ window(page: { last: 4, after: "x" }) { id } }', 4],
    ['{ windows(a: { first: 60 }, b: { first: 1 }) { id } }', 10],
    ['{ listing { nodes { id } } }', 1 + 7],
    ['{ listing(page: { first: 80 }) { nodes { id } total } }', 1 + 80],
    ['{ found(text: "x") }', 7],
    ['{ found }', 0],
    ['{ cheap { id } }', 0],
    ['mutation { start { id } stop }', 21],
    // Two joins: one pump each; then ten notes with an author each.
    ['{ pump(id: 1) { notes { author { name } } } }', 1 + 10 + 10 + 1],
    ['{ pumps(first: 20) { nodes { notes { text } } } }', 1 + 20 + 200 + 20],
    ['query ($x: Boolean!) { all { id maker @include(if: $x) { name } } }', 10, { x: false }],
    ['query ($x: Boolean!) { all { id maker @include(if: $x) { name } } }', 20, { x: true }],
    ['{ ...A ...A } fragment A on Query { pump(id: 1) { ...B } } fragment B on Pump { maker { name } }', 2],
    ['{ thing { id ... on Pump { maker { name } } } }', 2],
  ];
  for (const [query, cost, variables] of cases)
    assert.equal((await charge(engine, guard, query, variables)).estimated, cost, query);
});

test('too much for one operation is refused with the numbers', async () => {
  const engine = await shop();
  const guard = new CostGuard(new SimulatedClock(0), { ...wide, perOperation: 100 }, engine);
  assert.deepEqual(await charge(engine, guard, '{ some(limit: 100) { id } }'), {
    estimated: 100,
    limit: 100,
    remaining: null,
  });
  await assert.rejects(
    charge(engine, guard, '{ some(limit: 101) { id } }'),
    (error) =>
      isHubError(error, 'LIMIT_EXCEEDED') &&
      JSON.stringify(error.details) === '{"limit":"cost","max":100,"estimated":101}',
  );
});

test('a tenant spends its budget and gets it back with time', async () => {
  const engine = await shop();
  const clock = new SimulatedClock(0);
  const limits = { ...wide, perTenant: { amount: 100, windowMs: 1_000 } };
  const guard = new CostGuard(clock, limits, engine);
  const forty = '{ some(limit: 40) { id } }';
  assert.equal((await charge(engine, guard, forty)).remaining, 60);
  assert.equal((await charge(engine, guard, forty)).remaining, 20);
  await assert.rejects(charge(engine, guard, forty), (error) => {
    assert.ok(isHubError(error, 'RATE_LIMITED'));
    assert.deepEqual(error.details, {
      limit: 'costPerTenant',
      max: 100,
      windowMs: 1_000,
      estimated: 40,
      remaining: 20,
      retryAfterMs: 200,
    });
    return true;
  });
  await clock.advance(200);
  assert.equal((await charge(engine, guard, forty)).remaining, 0);
  await clock.advance(60_000);
  assert.equal((await charge(engine, guard, forty)).remaining, 60);
});

test('what the console asks for is far below the limit', async (t: TestContext) => {
  const sdl = (name: string) =>
    readFileSync(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8');
  const names = ['assets', 'telemetry', 'analytics', 'workflows'];
  const engine = await createGraph(names.map((name) => ({ name, sdl: sdl(name) })));
  const { cost } = readGuardsConfig(new ConfigReader({}));
  const guard = new CostGuard(new SimulatedClock(0), { ...cost, perTenant: wide.perTenant }, engine);
  const variables: Readonly<Record<string, unknown>> = {
    twinId: 'P-101',
    text: 'pump',
    id: 'x',
    last: 'PT1H',
    window: 'PT1M',
    ids: Array.from({ length: 200 }, (_, i) => `id-${i}`),
  };
  const costs: Record<string, number> = {};
  for (const { id, text } of consoleDocuments()) {
    if (getOperationAST(parse(text))?.operation === 'mutation') continue;
    const { estimated, limit } = await charge(engine, guard, text, variables);
    costs[id] = estimated;
    assert.ok(limit !== null && estimated < limit / 2, `${id} costs ${estimated} of ${limit}`);
  }
  t.diagnostic(JSON.stringify(costs));
});

test('paths of slicing arguments come into the composed graph, and those that lead nowhere are faults', () => {
  const compose = (fields: string) =>
    composeSupergraph([
      {
        name: 'shop',
        sdl: `${link} type Query { ${fields} } input Page { size: Int text: String } type Pump { id: ID }`,
      },
    ]).supergraphSdl;
  const rule = '@listSize(slicingArguments: ["n", "page.size"], assumedSize: 9)';
  assert.match(compose(`a(page: Page!, n: Int): [Pump] ${rule}`), /slicingArguments: \["n", "page\.size"\]/);
  for (const path of ['page.text', 'page.none', 'none.size', 'page.size.more'])
    assert.throws(
      () => compose(`a(page: Page): [Pump] @listSize(slicingArguments: ["${path}"])`),
      (error) =>
        isHubError(error, 'COMPOSITION_FAILED') && error.message.includes(`[shop] "Query.a" names ${path}`),
    );
});
