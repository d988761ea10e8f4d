import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  buildSchema,
  execute,
  getNamedType,
  GraphQLError,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
  printSchema,
  validate,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine } from '#gateway/engine/engine.ts';
import { createLocalExecutor } from '#gateway/engine/local-executor.ts';
import { createAccessRules, principalPolicies, type AuthPort } from '#gateway/guards/auth/index.ts';
import { createPlanner } from '#gateway/planner.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { createRandom, randomOperation } from '../federation/random-operations.ts';
import { principalOf } from './support.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes", "@policy"])\n`;
const graphSdl = `${link}
  type Query { a: A all: [A!] any: [Any] some: [Some] own: Int @requiresScopes(scopes: [["s1"]]) grade: Grade b: B }
  interface Any { id: ID! name: String next: Any }
  union Some = A | B | C
  enum Grade @requiresScopes(scopes: [["s4"]]) { LOW HIGH }
  type A implements Any @key(fields: "id") { id: ID! name: String next: Any list: [A!] b: B grade: Grade
    secret: Int @requiresScopes(scopes: [["s1"]]) must: Int! @requiresScopes(scopes: [["s2"], ["s1"]]) }
  type B implements Any @key(fields: "id") @requiresScopes(scopes: [["s3"]]) { id: ID! name: String next: Any deep: A! }
  type C implements Any @key(fields: "id") { id: ID! name: String @policy(policies: [["p1"]]) next: Any }`;
const joinedSdl = `${link}
  type Query { joined: A }
  type A @key(fields: "id") { id: ID! extra: String @policy(policies: [["p1"]]) twin: A
    score: Int! @requiresScopes(scopes: [["s2", "s4"]]) }
  type B @key(fields: "id", resolvable: false) { id: ID! }
  type C @key(fields: "id") { id: ID! more: B kept: Int @requiresScopes(scopes: [["s2"]]) }`;

/** What the two SDLs say, once more: which of the named grants satisfy a type or field. */
const types: Readonly<Record<string, readonly string[][]>> = { B: [['s3']], Grade: [['s4']] };
const fields: Readonly<Record<string, readonly string[][]>> = {
  'Query.own': [['s1']],
  'A.secret': [['s1']],
  'A.must': [['s2'], ['s1']],
  'C.name': [['p1']],
  'A.extra': [['p1']],
  'A.score': [['s2', 's4']],
  'C.kept': [['s2']],
};
const grants = ['s1', 's2', 's3', 's4', 'p1'];

interface Thing {
  readonly __typename: string;
  readonly id: string;
}

const kinds = ['A', 'B', 'C'];
const thing = (n: number, kind = kinds[(n * 7 + 3) % 3] as string): Thing => ({
  __typename: kind,
  id: String(n % 17),
});

/** The value of any field of the graph, the same for both sides. */
function valueOf(field: string, source: Partial<Thing> | undefined): unknown {
  const n = Number(source?.id ?? 0);
  const values: Record<string, () => unknown> = {
    id: () => source?.id,
    name: () => (n % 5 ? `name ${n}` : null),
    next: () => (n % 4 ? thing(n + 1) : null),
    list: () => [thing(n + 1, 'A'), thing(n + 2, 'A')],
    b: () => thing(n + 3, 'B'),
    deep: () => thing(n + 5, 'A'),
    more: () => thing(n + 1, 'B'),
    twin: () => (n % 3 ? thing(n + 4, 'A') : null),
    a: () => thing(1, 'A'),
    joined: () => thing(2, 'A'),
    all: () => [1, 2, 3].map((at) => thing(at, 'A')),
    any: () => [1, 2, 3, 4].map((at) => thing(at)),
    some: () => [4, 5, 6].map((at) => thing(at)),
    grade: () => 'LOW',
  };
  return values[field] ? values[field]() : n + 100;
}

function resolversOf(schema: GraphQLSchema, ran: Set<string>) {
  const resolvers: Record<string, Record<string, unknown>> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type) && !type.name.startsWith('_'))
      resolvers[type.name] = { __resolveType: ({ __typename }: Thing) => __typename };
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    const own: Record<string, unknown> = {};
    for (const name of Object.keys(type.getFields()))
      if (!name.startsWith('_'))
        own[name] = (source: Thing) => (ran.add(`${type.name}.${name}`), valueOf(name, source));
    if (type.name !== 'Query')
      own['__resolveReference'] = async ({ id }: Thing) => ({ __typename: type.name, id });
    resolvers[type.name] = own;
  }
  return resolvers;
}

/** @param ran - gets the coordinates of the resolvers that ran. */
function subgraph(name: string, sdl: string, ran: Set<string>) {
  const typeDefs = parse(sdl);
  const resolvers = resolversOf(buildSubgraphSchema([{ typeDefs }]), ran);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
  return { name, sdl, executor: createLocalExecutor(schema) };
}

function isDenied(rule: readonly string[][] | undefined, held: ReadonlySet<string>): boolean {
  return rule !== undefined && !rule.some((allOf) => allOf.every((name) => held.has(name)));
}

function isFieldDenied(
  type: string,
  field: GraphQLField<unknown, unknown>,
  held: ReadonlySet<string>,
): boolean {
  const output = getNamedType(field.type).name;
  return [types[type], fields[`${type}.${field.name}`], types[output]].some((rule) => isDenied(rule, held));
}

/** One schema whose resolvers throw where the rules forbid: what graphql-js makes of that is the measure. */
function monolithOf(publicSchema: GraphQLSchema, held: ReadonlySet<string>): GraphQLSchema {
  const schema = buildSchema(printSchema(publicSchema));
  const refuse = () => {
    throw new HubError('FORBIDDEN', 'kept back');
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type))
      type.resolveType = ({ __typename }: Thing) =>
        isDenied(types[__typename], held) ? refuse() : __typename;
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const denied = isFieldDenied(type.name, field, held);
      field.resolve = (source: Thing) => (denied ? refuse() : valueOf(field.name, source));
    }
  }
  return schema;
}

const placesOf = (errors: readonly GraphQLError[] | undefined) =>
  (errors ?? []).map(({ path, originalError }) => {
    assert.ok(originalError instanceof HubError, String(originalError));
    return `${path?.join('.')} ${originalError.code}`;
  });

test('random operations of callers with random grants answer as resolvers that refuse would', async (t) => {
  const ran = new Set<string>();
  const subgraphs = [subgraph('graph', graphSdl, ran), subgraph('joined', joinedSdl, ran)];
  const { supergraphSdl } = composeSupergraph(subgraphs);
  let held: ReadonlySet<string> = new Set();
  const port: AuthPort = {
    ...principalPolicies,
    scopesOf: () => held,
    heldPolicies: async (policies) => new Set(policies.filter((policy) => held.has(policy))),
  };
  const access = createAccessRules(supergraphSdl, port);
  assert.ok(access);
  const executors = Object.fromEntries(subgraphs.map(({ name, executor }) => [name, executor]));
  const engine = createEngine({
    supergraphSdl,
    planner: await createPlanner(supergraphSdl),
    executors,
    access,
  });
  assert.ok(isInterfaceType(engine.schema.getType('Any')));
  const signal = new AbortController().signal;
  const counts = { operations: 0, withDenials: 0, nulled: 0 };
  for (let seed = 1; counts.operations < 600; seed += 1) {
    const random = createRandom(seed);
    const { query, variables } = randomOperation(engine.schema, random);
    const document = parse(query);
    if (validate(engine.schema, document).length) continue;
    held = new Set(grants.filter(() => random() < 0.6));
    const context: RequestContext = { principal: principalOf('ada'), requestId: `r${seed}`, signal };
    ran.clear();
    const { data, errors } = await engine.execute({ document, variables, context });
    const monolith = monolithOf(engine.schema, held);
    const expected = await execute({ schema: monolith, document, variableValues: variables });
    const about = `seed ${seed}, grants ${[...held].join()}\n${query}`;
    assert.deepEqual(JSON.parse(JSON.stringify(data)), JSON.parse(JSON.stringify(expected.data)), about);
    assert.deepEqual(placesOf(errors).sort(), placesOf(expected.errors).sort(), about);
    for (const coordinate of ran) {
      const [type = '', name = ''] = coordinate.split('.');
      const object = engine.schema.getType(type);
      const field = isObjectType(object) ? object.getFields()[name] : undefined;
      assert.ok(field && !isFieldDenied(type, field, held), `${coordinate} was fetched: ${about}`);
    }
    counts.operations += 1;
    if (errors) counts.withDenials += 1;
    if (data === null) counts.nulled += 1;
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.withDenials > 200, 'rules are met often enough');
});
