import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import type { PlanNode } from '#gateway/plan-nodes.ts';
import { createPlanner, type PlanRequest } from '#gateway/planner.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject"])\n`;

async function planOf(
  subgraphs: Readonly<Record<string, string>>,
  query: string,
  request: Partial<PlanRequest> = {},
): Promise<PlanNode | null> {
  const { supergraphSdl } = composeSupergraph(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, sdl: link + sdl })),
  );
  const planner = await createPlanner(supergraphSdl, 'own');
  return planner.plan({ query, operationName: null, ...request });
}

/** The requests of a plan, steps apart. */
function stepsOf(node: PlanNode | null): string[][] {
  if (!node) return [];
  if (node.kind === 'Sequence') return node.nodes.flatMap(stepsOf);
  if (node.kind === 'Parallel') {
    const parts = node.nodes.map(stepsOf);
    const length = Math.max(...parts.map((part) => part.length));
    return Array.from({ length }, (_, step) => parts.flatMap((part) => part[step] ?? []).sort());
  }
  if (node.kind === 'Flatten') return stepsOf(node.node);
  if (node.kind === 'Subscription') return [[`${node.primary.serviceName}: ${node.primary.operation}`]];
  if (node.kind === 'Fetch' || node.kind === 'BatchFetch')
    return [[`${node.serviceName}: ${node.operation}`]];
  return [];
}

const plant = {
  assets: 'type Query { pump: Pump pumps: [Pump] } type Pump @key(fields: "id") { id: ID! name: String }',
  health: 'type Query { ok: Boolean } type Pump @key(fields: "id") { id: ID! score(by: Int): Float }',
};

test('independent requests run side by side, what needs a key afterwards, with the variables it uses only', async () => {
  const query =
    'query ($by: Int = 3, $other: Int) { ok pump { score(by: $by) more: score(by: 7) } pumps { name } }';
  assert.deepEqual(stepsOf(await planOf(plant, query)), [
    ['assets: {pump {__typename id} pumps {name}}', 'health: {ok}'],
    [
      'health: query($representations: [_Any!]!, $by: Int = 3){_entities(representations: $representations){... on Pump {score(by: $by) more: score(by: 7)}}}',
    ],
  ]);
});

test('variables of a client that are called like those of lookups keep theirs', async () => {
  const names = ['representations', '_representations0'];
  const [a, b] = names.map((name) => `score(by: $${name})`);
  const query = `query (${names.map((name) => `$${name}: Int`).join()}) { pump { a: ${a} b: ${b} } }`;
  const [, steps] = stepsOf(await planOf(plant, query));
  const operation = steps?.[0]?.slice('health: '.length) ?? '';
  const defined = operationVariables(operation);
  assert.equal(new Set(defined).size, 3, operation);
  for (const name of names) assert.ok(defined.includes(name), operation);
});

function operationVariables(text: string): string[] {
  const [operation] = parse(text).definitions;
  assert.ok(operation?.kind === 'OperationDefinition');
  return (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
}

test('entities at several places travel in one request', async () => {
  const steps = stepsOf(await planOf(plant, '{ pump { score } pumps { score } }'));
  assert.equal(steps.length, 2);
  assert.equal(steps[1]?.length, 1);
});

test('a key whose name stands for something else is read from another response key', async () => {
  const plan = await planOf(plant, '{ pump { id: name score } }');
  assert.deepEqual(stepsOf(plan)[0], ['assets: {pump {__typename id: name __id_0: id}}']);
  const text = JSON.stringify(plan);
  assert.ok(text.includes('"name":"__id_0"') && text.includes('"renameKeyTo":"id"'), text);
});

test('a shared field comes from where one is already', async () => {
  const subgraphs = {
    a: 'type Query { thing: Thing @shareable } type Thing @key(fields: "id") { id: ID! label: String @shareable a: Int }',
    b: 'type Query { thing: Thing @shareable } type Thing @key(fields: "id") { id: ID! label: String @shareable b: Int }',
  };
  assert.deepEqual(stepsOf(await planOf(subgraphs, '{ thing { label b } }')), [['b: {thing {b label}}']]);
});

test('root fields of a mutation follow one another, and a subscription starts with its stream', async () => {
  const subgraphs = {
    a: 'type Query { x: Int } type Mutation { one: Thing } type Thing @key(fields: "id") { id: ID! }',
    b: 'type Mutation { two: Int } type Subscription { seen: Thing } type Thing @key(fields: "id") { id: ID! b: Int }',
  };
  const mutation = stepsOf(await planOf(subgraphs, 'mutation { one { b } two }'));
  assert.equal(mutation.length, 3);
  assert.deepEqual(mutation[2], ['b: mutation{two}']);
  const subscription = await planOf(subgraphs, 'subscription { seen { b } }');
  assert.deepEqual(stepsOf(subscription), [['b: subscription{seen {b}}']]);
});

test('progressive overrides decide who is asked', async () => {
  const subgraphs = {
    old: 'type Query { part: Part } type Part @key(fields: "id") { id: ID! price: Int stock: Int }',
    new: 'type Part @key(fields: "id") { id: ID! price: Int @override(from: "old", label: "moved") stock: Int @override(from: "old", label: "percent(30)") }',
  };
  const stepsFor = async (labels: readonly string[], percentage: number) =>
    stepsOf(
      await planOf(subgraphs, '{ part { price stock } }', {
        overrides: { labels: new Set(labels), percentage },
      }),
    ).length;
  assert.deepEqual(
    [await stepsFor([], 100), await stepsFor(['moved'], 100), await stepsFor([], 29), await stepsFor([], 30)],
    [1, 2, 2, 1],
  );
});

test('nothing but type names needs no plan', async () => {
  assert.equal(await planOf(plant, '{ __typename t: __typename }'), null);
});

test('a condition that is left is refused', async () => {
  await assert.rejects(
    planOf(plant, '{ pump { name @skip(if: false) } }'),
    (error) => isHubError(error, 'INTERNAL') && error.message.includes('@skip'),
  );
});

test('what no subgraph gives is refused, with the field and the subgraphs', async () => {
  const { supergraphSdl } = composeSupergraph(
    Object.entries(plant).map(([name, sdl]) => ({ name, sdl: link + sdl })),
  );
  const broken = supergraphSdl.replaceAll(
    '@join__type(graph: HEALTH, key: "id")',
    '@join__type(graph: HEALTH)',
  );
  assert.notEqual(broken, supergraphSdl);
  const planner = await createPlanner(broken, 'own');
  await assert.rejects(
    planner.plan({ query: '{ pump { score } }', operationName: null }),
    (error) =>
      isHubError(error, 'INTERNAL') &&
      /Pump\.score at Query\.pump is answered by health/.test(error.message) &&
      error.message.includes('from assets'),
  );
});

test('an operation that multiplies with the types of interfaces is refused before it takes long', async () => {
  const types = Array.from({ length: 12 }, (_, index) => `T${index}`);
  const typesWith = (first: string, others: string) =>
    types
      .map(
        (name, index) =>
          `type ${name} implements N @key(fields: "id") { id: ID! near: [N!] ${index ? others : first} }`,
      )
      .join(' ');
  const subgraphs = {
    a: `type Query { root: [N!] } interface N { id: ID! near: [N!] } ${typesWith('@external', '@shareable')}`,
    b: `interface N { id: ID! near: [N!] } ${typesWith('@shareable', '@shareable')}`,
  };
  const nested = (depth: number): string => (depth ? `id near { ${nested(depth - 1)} }` : 'id');
  assert.equal(stepsOf(await planOf(subgraphs, `{ root { ${nested(2)} } }`)).length, 2);
  await assert.rejects(
    planOf(subgraphs, `{ root { ${nested(7)} } }`),
    (error) => isHubError(error, 'LIMIT_EXCEEDED') && error.details?.['limit'] === 'planning',
  );
});
