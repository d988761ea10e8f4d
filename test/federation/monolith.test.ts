import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse, validate } from 'graphql';
import type { ResponsePath } from '#gateway/engine/types.ts';
import { createRandom, randomOperation } from './random-operations.ts';
import { createGraph, newContext, type TestSubgraph } from './support.ts';

interface Entity {
  readonly __typename: 'Thing' | 'Part';
  readonly id: string;
}

/** How a field behaves: the same in every engine that asks, different for each seed. */
let faultSeed = 0;
function fault(type: string, id: string, field: string): 'ok' | 'null' | 'throw' {
  const text = `${faultSeed}/${type}/${id}/${field}`;
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  const draw = createRandom(hash)();
  if (draw < 0.04) return 'throw';
  return draw < 0.09 ? 'null' : 'ok';
}

function faulty<T>(type: string, field: string, value: (source: Entity, args: Record<string, number>) => T) {
  return (source: Entity, args: Record<string, number>) => {
    const behaviour = fault(type, source.id, field);
    if (behaviour === 'throw') throw new Error(`${type}.${field} of ${source.id}`);
    return behaviour === 'null' ? null : value(source, args);
  };
}

const thing = (id: number): Entity => ({ __typename: 'Thing', id: String(id % 6) });
const part = (id: number): Entity => ({ __typename: 'Part', id: `${id % 6}` });
const numberOf = ({ id }: Entity) => Number(id);
const some = (count: number, make: (index: number) => Entity) =>
  Array.from({ length: count }, (_, index) => make(index));

const catalogFields = {
  Query: {
    thing: (_: unknown, { id }: { id: string }) => (id === '5' ? null : thing(Number(id))),
    mustThing: (_: unknown, { id }: { id: string }) => (id === '5' ? null : thing(Number(id))),
    things: (_: unknown, { first = 3 }: { first?: number }) => some(first, thing),
    nodes: () => [thing(1), part(2), null, part(3), thing(4)],
    hits: () => [part(1), thing(2)],
  },
  Thing: {
    label: faulty('Thing', 'label', ({ id }) => `thing ${id}`),
    name: faulty('Thing', 'name', ({ id }) => `name ${id}`),
    parts: faulty('Thing', 'parts', (source) => some(numberOf(source) % 4, (index) => part(index + 1))),
    parent: faulty('Thing', 'parent', (source) => thing(numberOf(source) + 1)),
    kind: faulty('Thing', 'kind', (source) => (numberOf(source) % 2 ? 'PUMP' : 'MOTOR')),
    grid: faulty('Thing', 'grid', (source) => [[thing(numberOf(source))], [], [thing(1), thing(2)]]),
  },
  Part: { label: faulty('Part', 'label', ({ id }) => `part ${id}`), size: faulty('Part', 'size', numberOf) },
};
const telemetryFields = {
  Query: { ping: () => 'pong', newest: () => thing(3) },
  Thing: {
    temp: faulty('Thing', 'temp', (source, { plus = 0 }) => numberOf(source) * 1.5 + plus),
    maybe: faulty('Thing', 'maybe', (source) => numberOf(source) + 0.25),
    status: faulty('Thing', 'status', (source) => source),
    readings: faulty('Thing', 'readings', (source, { n = 2 }) =>
      Array.from({ length: n }, (_, index) => (index === 2 && source.id === '2' ? null : index)),
    ),
  },
  Part: {
    weight: faulty('Part', 'weight', numberOf),
    owner: faulty('Part', 'owner', (source) => thing(numberOf(source))),
  },
  Status: {
    ok: faulty('Status', 'ok', () => true),
    note: faulty('Status', 'note', ({ id }) => `note ${id}`),
    of: faulty('Status', 'of', (source) => thing(numberOf(source))),
  },
};
const riskFields = {
  Query: { version: () => 'v1' },
  Thing: {
    risk: faulty('Thing', 'risk', (source) => numberOf(source) / 10),
    alerts: faulty('Thing', 'alerts', (source) => some(numberOf(source) % 3, part)),
  },
  Alert: {
    level: faulty('Alert', 'level', () => 'HIGH'),
    about: faulty('Alert', 'about', (source) => part(numberOf(source))),
  },
};

const typeName = { __resolveType: (node: Entity) => node.__typename };
const resolveReference = async (reference: Entity) => reference;
const entity = (fields: object) => ({ ...fields, __resolveReference: resolveReference });

const catalogTypes = (key: string) => `
  type Query { thing(id: ID!): Thing mustThing(id: ID!): Thing! things(first: Int): [Thing!] nodes: [Node] hits: [Hit!]! }
  interface Node { id: ID! label: String }
  union Hit = Thing | Part
  enum Kind { PUMP MOTOR }
  type Thing implements Node ${key} { id: ID! label: String name: String! parts: [Part!] parent: Thing kind: Kind! grid: [[Thing!]!] }
  type Part implements Node ${key} { id: ID! label: String size: Int }`;
const telemetryTypes = (key: string, extend: string) => `
  ${extend} type Query { ping: String newest: Thing }
  ${extend} type Thing ${key} { ${key && 'id: ID!'} temp(plus: Int): Float! maybe: Float status: Status! readings(n: Int): [Float!] }
  ${extend} type Part ${key} { ${key && 'id: ID!'} weight: Int! owner: Thing }
  type Status { ok: Boolean! note: String! of: Thing }`;
const riskTypes = (key: string, extend: string) => `
  ${extend} type Query { version: String }
  ${extend} type Thing ${key} { ${key && 'id: ID!'} risk: Float! alerts: [Alert!]! }
  ${key && `type Part ${key} { id: ID! }`}
  enum Level { LOW HIGH }
  type Alert { level: Level! about: Part }`;

const key = '@key(fields: "id")';
const subgraphs: TestSubgraph[] = [
  {
    name: 'catalog',
    sdl: catalogTypes(key),
    resolvers: {
      ...catalogFields,
      Node: typeName,
      Hit: typeName,
      Thing: entity(catalogFields.Thing),
      Part: entity(catalogFields.Part),
    },
  },
  {
    name: 'telemetry',
    sdl: telemetryTypes(key, ''),
    resolvers: {
      ...telemetryFields,
      Thing: entity(telemetryFields.Thing),
      Part: entity(telemetryFields.Part),
    },
  },
  {
    name: 'risk',
    sdl: riskTypes(key, ''),
    resolvers: { ...riskFields, Thing: entity(riskFields.Thing), Part: entity({}) },
  },
];
const monolith = makeExecutableSchema({
  typeDefs: catalogTypes('') + telemetryTypes('', 'extend') + riskTypes('', 'extend'),
  resolvers: [catalogFields, telemetryFields, riskFields, { Node: typeName, Hit: typeName }],
});

test('a thousand random operations over failing data answer as graphql-js does over one schema', async (t) => {
  const graph = await createGraph(subgraphs);
  const counts = { operations: 0, withErrors: 0, joined: 0, invalid: 0 };
  for (let seed = 1; counts.operations < 1_000; seed += 1) {
    const { query, variables } = randomOperation(monolith, createRandom(seed));
    const document = parse(query);
    if (validate(monolith, document).length) {
      counts.invalid += 1;
      continue;
    }
    faultSeed = seed;
    graph.requests.length = 0;
    const expected = await execute({
      schema: monolith,
      document,
      variableValues: variables,
      contextValue: newContext(),
    });
    const actual = await graph.run(query, variables);
    const place = `seed ${seed}\n${query}\n${JSON.stringify(variables)}\n${JSON.stringify(expected.errors)}\n${JSON.stringify(actual.errors)}`;
    assert.equal(JSON.stringify(actual.data, null, 1), JSON.stringify(expected.data, null, 1), place);
    assertSameFailures(expected.data, pathsOf(expected.errors), pathsOf(actual.errors), place);
    counts.operations += 1;
    counts.withErrors += expected.errors ? 1 : 0;
    counts.joined += graph.requests.length > 1 ? 1 : 0;
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.withErrors > 200 && counts.joined > 300 && counts.invalid < 500);
});

function pathsOf(errors: readonly { path?: ResponsePath | undefined }[] | undefined): ResponsePath[] {
  return (errors ?? []).map(({ path }) => path ?? []);
}

/**
 * Which of several errors below one null an engine meets first is its own affair, but each null has one in both, and
 * neither reports one for a place that has a value.
 */
function assertSameFailures(
  data: unknown,
  expected: ResponsePath[],
  actual: ResponsePath[],
  place: string,
): void {
  const nulls = (paths: ResponsePath[]) =>
    new Set(paths.map((path) => JSON.stringify(nullAbove(data, path))));
  assert.deepEqual([...nulls(actual)].sort(), [...nulls(expected)].sort(), place);
}

function nullAbove(data: unknown, path: ResponsePath): ResponsePath {
  let value: unknown = data;
  for (const [depth, part] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth);
    value = (value as Record<string | number, unknown>)[part];
  }
  assert.equal(value, null, `an error at ${path.join('.')}, which has a value`);
  return path;
}
