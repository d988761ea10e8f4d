import assert from 'node:assert/strict';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse, validate, type GraphQLError } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { FederationEngine } from '#gateway/engine/engine.ts';
import type { EngineResult, ResponsePath, SubgraphExecutor } from '#gateway/engine/types.ts';
import { createRandom, randomOperation } from './random-operations.ts';
import { createRemoteGraph } from './remote-graph.ts';
import { createGraph, link, localOf, newContext, type TestSubgraph } from './support.ts';

type Owner = 'catalog' | 'telemetry' | 'risk';

interface Entity {
  readonly __typename: 'Thing' | 'Part';
  readonly id: string;
  /** Whose object it is: its other fields come from subgraphs that look it up. */
  readonly from: Owner;
}

/** How a field behaves: the same in every engine that asks, different for each seed. */
let faultSeed = 0;
/** The subgraph that does not answer at present. */
let down: Owner | null = null;

function draw(...parts: readonly string[]): number {
  let hash = 2166136261;
  for (const char of `${faultSeed}/${parts.join('/')}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  return createRandom(hash)();
}

function fault(type: string, id: string, field: string): 'ok' | 'null' | 'throw' | 'wrong' {
  const drawn = draw(type, id, field);
  if (drawn < 0.04) return 'throw';
  if (drawn < 0.06) return 'wrong';
  return drawn < 0.1 ? 'null' : 'ok';
}

/** Whether a subgraph has never heard of an entity. */
function missing(owner: Owner, { __typename, id }: Entity): boolean {
  return draw('missing', owner, __typename, id) < 0.03;
}

function faulty<T>(type: string, field: string, value: (source: Entity, args: Record<string, number>) => T) {
  return (source: Entity, args: Record<string, number>) => {
    const behaviour = fault(type, source.id, field);
    if (behaviour === 'throw') throw new Error(`${type}.${field} of ${source.id}`);
    if (behaviour === 'null') return null;
    const good = value(source, args);
    return behaviour === 'wrong' ? wrongFor(good) : good;
  };
}

/** Something that is not of the type of `good`. */
function wrongFor(good: unknown): unknown {
  if (Array.isArray(good)) return 7;
  return good !== null && typeof good === 'object' ? good : { not: 'a leaf' };
}

/** The resolvers of one subgraph, as they behave when it is down or has to look an entity up first. */
function owned<T extends Record<string, object>>(owner: Owner, types: T): T {
  const resolverOf =
    (type: string, resolve: (source: Entity, args: never) => unknown) => (source: Entity, args: never) => {
      if (down === owner) throw new Error(`${owner} is down`);
      const lookedUp = (type === 'Thing' || type === 'Part') && source.from !== owner;
      return lookedUp && missing(owner, source) ? null : resolve(source, args);
    };
  const mapped = Object.entries(types).map(([type, fields]) => [
    type,
    Object.fromEntries(Object.entries(fields).map(([field, resolve]) => [field, resolverOf(type, resolve)])),
  ]);
  return Object.fromEntries(mapped) as T;
}

const made = (from: Owner) => ({
  thing: (id: number): Entity => ({ __typename: 'Thing', id: String(id % 6), from }),
  part: (id: number): Entity => ({ __typename: 'Part', id: `${id % 6}`, from }),
});
const { thing, part } = made('catalog');
const ofTelemetry = made('telemetry');
const ofRisk = made('risk');
const numberOf = ({ id }: Entity) => Number(id);
const some = (count: number, make: (index: number) => Entity) =>
  Array.from({ length: count }, (_, index) => make(index));

const catalogFields = owned('catalog', {
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
});
const telemetryFields = owned('telemetry', {
  Query: { ping: () => 'pong', newest: () => ofTelemetry.thing(3) },
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
    owner: faulty('Part', 'owner', (source) => ofTelemetry.thing(numberOf(source))),
  },
  Status: {
    ok: faulty('Status', 'ok', () => true),
    note: faulty('Status', 'note', ({ id }) => `note ${id}`),
    of: faulty('Status', 'of', (source) => ofTelemetry.thing(numberOf(source))),
  },
});
const riskFields = owned('risk', {
  Query: { version: () => 'v1' },
  Thing: {
    risk: faulty('Thing', 'risk', (source) => numberOf(source) / 10),
    alerts: faulty('Thing', 'alerts', (source) => some(numberOf(source) % 3, ofRisk.part)),
  },
  Alert: {
    level: faulty('Alert', 'level', () => 'HIGH'),
    about: faulty('Alert', 'about', (source) => ofRisk.part(numberOf(source))),
  },
});

const typeName = { __resolveType: (node: Entity) => node.__typename };
const entity = (owner: Owner, fields: object) => ({
  ...fields,
  __resolveReference: async (reference: Entity) =>
    missing(owner, reference) ? null : { ...reference, from: owner },
});

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
      Thing: entity('catalog', catalogFields.Thing),
      Part: entity('catalog', catalogFields.Part),
    },
  },
  {
    name: 'telemetry',
    sdl: telemetryTypes(key, ''),
    resolvers: {
      ...telemetryFields,
      Thing: entity('telemetry', telemetryFields.Thing),
      Part: entity('telemetry', telemetryFields.Part),
    },
  },
  {
    name: 'risk',
    sdl: riskTypes(key, ''),
    resolvers: { ...riskFields, Thing: entity('risk', riskFields.Thing), Part: entity('risk', {}) },
  },
];
const monolith = makeExecutableSchema({
  typeDefs: catalogTypes('') + telemetryTypes('', 'extend') + riskTypes('', 'extend'),
  resolvers: [catalogFields, telemetryFields, riskFields, { Node: typeName, Hit: typeName }],
});

/** What comparing has seen so far. */
export interface Counts {
  operations: number;
  /** Of which the answer came as text. */
  asText: number;
  withErrors: number;
  joined: number;
  withSubgraphDown: number;
}

/** A federated graph that can be compared with the monolith of the same resolvers. */
export interface Differential {
  readonly counts: Counts;
  /** Runs the operation of a seed on both. @throws {AssertionError} they differ. */
  compare(seed: number): Promise<void>;
  close(): Promise<void>;
}

interface Graph {
  run(query: string, variables: Record<string, unknown>): Promise<EngineResult>;
  /** As `run`, for the answer's text. */
  text(query: string, variables: Record<string, unknown>): Promise<EngineResult>;
  requests(): number;
  close(): Promise<void>;
}

/** @param options.remote - reach the subgraphs over HTTP instead of in this process. */
export async function createDifferential({ remote }: { readonly remote: boolean }): Promise<Differential> {
  const graph = remote ? await remoteGraph() : await localGraph();
  const counts: Counts = { operations: 0, asText: 0, withErrors: 0, joined: 0, withSubgraphDown: 0 };
  return { counts, compare: (seed) => compareOne(seed, graph, counts), close: () => graph.close() };
}

async function localGraph(): Promise<Graph> {
  const replaced = subgraphs.map((one): [string, SubgraphExecutor] => [one.name, failingWhenDown(one)]);
  const graph = await createGraph(subgraphs, Object.fromEntries(replaced));
  return {
    run: (query, variables) => graph.run(query, variables),
    text: (query, variables) => asText(graph.engine, query, variables),
    requests: () => graph.requests.splice(0).length,
    close: () => Promise.resolve(),
  };
}

function asText(engine: FederationEngine, query: string, variables: Record<string, unknown>) {
  return engine.execute({ document: parse(query), variables, context: newContext(), asText: true });
}

function failingWhenDown(subgraph: TestSubgraph): SubgraphExecutor {
  const local = localOf(subgraph);
  return {
    execute: async (request) => {
      if (down === subgraph.name) throw new HubError('CONNECTOR_UNREACHABLE', `${subgraph.name} is down.`);
      return local.execute(request);
    },
    subscribe: (request) => local.subscribe(request),
  };
}

async function remoteGraph(): Promise<Graph> {
  const graph = await createRemoteGraph(
    subgraphs.map((one) => ({ ...one, sdl: link + one.sdl })),
    {
      intercept: Object.fromEntries(
        subgraphs.map(({ name }) => [name, (req) => down === name && (req.socket.destroy(), true)]),
      ),
    },
  );
  return {
    run: (query, variables) => graph.run(query, variables),
    text: (query, variables) => asText(graph.engine, query, variables),
    requests: () => Object.values(graph.served).reduce((sum, { seen }) => sum + seen.splice(0).length, 0),
    close: () => graph.close(),
  };
}

async function compareOne(seed: number, graph: Graph, counts: Counts): Promise<void> {
  const { query, variables } = randomOperation(monolith, createRandom(seed));
  const document = parse(query);
  if (validate(monolith, document).length) return;
  faultSeed = seed;
  down = seed % 12 === 0 ? (['catalog', 'telemetry', 'risk'] as const)[(seed / 12) % 3]! : null;
  const expected = await execute({
    schema: monolith,
    document,
    variableValues: variables,
    contextValue: newContext(),
  });
  graph.requests();
  const actual = await graph.run(query, variables);
  const requests = graph.requests();
  const place = `seed ${seed}\n${query}\n${JSON.stringify(variables)}\n${JSON.stringify(expected.errors)}\n${JSON.stringify(actual.errors)}`;
  assert.equal(JSON.stringify(actual.data, null, 1), JSON.stringify(expected.data, null, 1), place);
  if (down) assertExplained(expected.data, expected.errors, actual.errors, place);
  else {
    assertSameFailures(expected.data, pathsOf(expected.errors), pathsOf(actual.errors), place);
    assertSameMessages(expected.errors, actual.errors, place);
  }
  const written = await graph.text(query, variables);
  const { dataText = JSON.stringify(written.data) } = written;
  assert.equal(dataText, JSON.stringify(expected.data), place);
  assert.deepEqual(shown(written.errors), shown(actual.errors), place);
  counts.operations += 1;
  counts.asText += written.dataText === undefined ? 0 : 1;
  counts.withErrors += expected.errors ? 1 : 0;
  counts.joined += requests > 1 ? 1 : 0;
  counts.withSubgraphDown += down ? 1 : 0;
}

type Errors = readonly GraphQLError[] | undefined;

/**
 * A subgraph that does not answer is reported once for all that was asked of it. So each null that has an error in one
 * schema has one at its place, above it or below it.
 */
function assertExplained(data: unknown, expected: Errors = [], actual: Errors = [], place: string): void {
  for (const path of pathsOf(expected).map((one) => nullAbove(data, one)))
    assert.ok(
      pathsOf(actual).some((other) =>
        other.slice(0, path.length).every((part, index) => part === path[index]),
      ),
      `nothing explains ${path.join('.')}\n${place}`,
    );
}

/** Where both report an error at one place, it is the same one. */
function assertSameMessages(expected: Errors = [], actual: Errors = [], place: string): void {
  const messages = (errors: readonly GraphQLError[], path: string) =>
    errors.filter((error) => JSON.stringify(error.path) === path).map(({ message }) => message);
  for (const { path } of actual) {
    const here = JSON.stringify(path);
    const wanted = messages(expected, here);
    if (wanted.length) assert.deepEqual([...new Set(messages(actual, here))], [...new Set(wanted)], place);
  }
}

/** In an order of their own: requests that run side by side fail in any. */
function shown(errors: Errors = []): string[] {
  return errors.map(({ message, path }) => JSON.stringify({ message, path })).sort();
}

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
