import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { SimulatedClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine, type EngineOptions } from '#gateway/engine/engine.ts';
import type { EngineResult } from '#gateway/engine/types.ts';
import { PlanningRates } from '#gateway/guards/index.ts';
import { createPlanner, type Planner } from '#gateway/planner.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { newContext, principal } from '../federation/support.ts';
import { startGateway } from './support.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external"])\n`;
const types = Array.from({ length: 12 }, (_, index) => `T${index}`);
const typesWith = (first: string) =>
  types
    .map((name, index) => {
      const how = index ? '@shareable' : first;
      return `type ${name} implements N @key(fields: "id") { id: ID! near(by: Int): [N!] ${how} }`;
    })
    .join(' ');
const subgraphs = {
  a: `type Query { root(by: Int): [N!] } interface N { id: ID! near(by: Int): [N!] } ${typesWith('@external')}`,
  b: `interface N { id: ID! near(by: Int): [N!] } ${typesWith('@shareable')}`,
};
const nested = (depth: number): string => (depth ? `id near { ${nested(depth - 1)} }` : 'id');

async function start(options: Partial<EngineOptions> = {}) {
  const { supergraphSdl } = composeSupergraph(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, sdl: link + sdl })),
  );
  const own = await createPlanner(supergraphSdl, 'own');
  let planned = 0;
  const planner: Planner = {
    overrides: own.overrides,
    plan(request) {
      planned += 1;
      return own.plan(request);
    },
  };
  const executor = {
    execute: async () => ({ data: { root: [] } }),
    subscribe: () => Promise.reject(new Error('nobody subscribes')),
  };
  const executors = { a: executor, b: executor };
  const engine = createEngine({ supergraphSdl, planner, executors, ...options });
  return {
    planned: () => planned,
    kept: () => engine.stats().cached,
    run: (query: string, as = principal) =>
      engine.execute({ document: parse(query), context: { ...newContext(), principal: as } }),
  };
}

function refusalOf({ errors }: EngineResult): unknown[] {
  const error = errors?.[0]?.originalError;
  return isHubError(error) ? [error.code, error.details?.['limit']] : [error];
}

test('what takes too long to plan is refused with the name of the limit, once', async () => {
  const { run, planned } = await start();
  const query = `{ root { ${nested(7)} } other: root { id } }`;
  assert.deepEqual(refusalOf(await run(query)), ['LIMIT_EXCEEDED', 'planning']);
  assert.equal(planned(), 1, 'nor in parts');
  assert.deepEqual(refusalOf(await run(query)), ['LIMIT_EXCEEDED', 'planning']);
  assert.equal(planned(), 1);
  assert.deepEqual((await run(`{ root { ${nested(1)} } }`)).errors, undefined);
});

test('the root fields of an operation share what planning it may take', async () => {
  const { run } = await start();
  const one = (index: number) => `r${index}: root(by: ${index}) { ${nested(3)} }`;
  assert.deepEqual((await run(`{ ${one(1)} }`)).errors, undefined);
  const many = Array.from({ length: 50 }, (_, index) => one(index)).join(' ');
  assert.deepEqual(refusalOf(await run(`{ ${many} }`)), ['LIMIT_EXCEEDED', 'planning']);
});

test('planning time of a tenant is a budget, which operations that differ in a literal use up', async () => {
  const clock = new SimulatedClock(0);
  const rates = new PlanningRates(clock, { amount: 100, windowMs: 1_000 });
  const { run, planned } = await start({ planning: rates });
  const known = '{ root(by: -1) { id } }';
  assert.deepEqual((await run(known)).errors, undefined);
  rates.spent(principal, 100);
  assert.deepEqual(refusalOf(await run('{ root(by: 1) { id } }')), ['RATE_LIMITED', 'planningPerTenant']);
  assert.deepEqual((await run(known)).errors, undefined, 'what is planned already runs');
  assert.equal(planned(), 1);
  await clock.advance(1_000);
  assert.deepEqual(
    (await run('{ root(by: 1) { id } }')).errors,
    undefined,
    'a refusal for the time is not kept',
  );
});

test('a tenant does not get the refusal of another that sends the same operation in the same moment', async () => {
  const rates = new PlanningRates(new SimulatedClock(0), { amount: 100, windowMs: 1_000 });
  const { run } = await start({ planning: rates });
  rates.spent(principal, 100);
  const other = { ...principal, tenant: parseTenantId('other') };
  const query = '{ root(by: 7) { id } }';
  const [first, second] = await Promise.all([run(query), run(query, other)]);
  assert.deepEqual(refusalOf(first), ['RATE_LIMITED', 'planningPerTenant']);
  assert.equal(second.errors, undefined);
});

test('a budget of 0 is none', () => {
  const rates = new PlanningRates(new SimulatedClock(0), { amount: 0, windowMs: 1_000 });
  rates.spent(principal, 1e9);
  assert.doesNotThrow(() => rates.admit(principal));
});

test('operations with large plans are kept as long as there is room for them', async () => {
  const { run, kept } = await start({ planCacheSize: 20 });
  for (let index = 0; index < 20; index += 1) await run(`{ root(by: ${index}) { id } }`);
  assert.equal(kept(), 20);
  for (let index = 0; index < 4; index += 1) await run(`{ root(by: ${index}) { ${nested(3)} } }`);
  assert.ok(kept() < 10, String(kept()));
});

test('a tenant whose time for planning is used up runs what is planned already, and nothing new', async (t) => {
  const { post } = await startGateway(t, {
    env: { TWINHUB_MAX_PLANNING_MS_PER_TENANT: '1', TWINHUB_RATE_WINDOW_MS: '86400000' },
  });
  assert.equal((await post('{ ping }')).status, 200);
  const refused = await post('{ whoami }');
  assert.equal(refused.status, 429);
  assert.match(await refused.text(), /planningPerTenant/);
  assert.equal((await post('{ ping }')).status, 200);
});
