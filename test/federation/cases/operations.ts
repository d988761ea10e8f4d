import type { Behaviour } from './behaviour.ts';

const journal: string[] = [];
const add = (word: string) => (journal.push(word), journal.join('+'));

const mutations: Behaviour = {
  name: 'root fields of a mutation run one after another over several subgraphs',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { x: Int } type Mutation { add(n: Int!): Thing! clear: Boolean fail: Thing } type Thing @key(fields: "id") { id: ID! total: Int }`,
      resolvers: {
        Mutation: {
          add: (_: unknown, { n }: { n: number }) => ({ id: add(`a${n}`), total: n }),
          clear: () => (journal.splice(0), true),
          fail: () => {
            throw new Error('no');
          },
        },
        Thing: { __resolveReference: async ({ id }: { id: string }) => ({ id, total: id.length }) },
      },
    },
    {
      name: 'b',
      sdl: `type Mutation { times(by: Int!): Thing } type Thing @key(fields: "id") { id: ID! seen: String }`,
      resolvers: {
        Mutation: { times: (_: unknown, { by }: { by: number }) => ({ id: add(`b${by}`) }) },
        Thing: { __resolveReference: async ({ id }: { id: string }) => ({ id, seen: journal.join('+') }) },
      },
    },
  ],
  asks: [
    {
      query:
        'mutation { clear one: add(n: 1) { id seen } two: times(by: 2) { id total } three: add(n: 3) { seen } }',
      data: {
        clear: true,
        one: { id: 'a1', seen: 'a1' },
        two: { id: 'a1+b2', total: 5 },
        three: { seen: 'a1+b2+a3' },
      },
    },
    {
      query:
        'mutation M($skip: Boolean = true) { clear ...F fail { id } add(n: 9) { seen } } fragment F on Mutation { times(by: 7) @skip(if: $skip) { id } }',
      data: { clear: true, fail: null, add: { seen: 'a9' } },
      errors: [['fail']],
    },
  ],
};

const calls: string[] = [];
const conditions: Behaviour = {
  name: 'skip and include decide before anything is fetched',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { product: Product } type Product @key(fields: "id") { id: ID! price: Float! }`,
      resolvers: { Query: { product: () => ({ id: 'p', price: 9.5 }) } },
    },
    {
      name: 'b',
      sdl: `type Product @key(fields: "id") { id: ID! price: Float! @external dear: Boolean! @requires(fields: "price") }`,
      resolvers: {
        Product: {
          __resolveReference: async (product: object) => product,
          dear: ({ price }: { price: number }) => (calls.push('dear'), price > 5),
        },
      },
    },
    {
      name: 'c',
      sdl: `type Product @key(fields: "id") { id: ID! dear: Boolean! @external include: Boolean! @requires(fields: "dear") never: Boolean! }`,
      resolvers: {
        Product: {
          __resolveReference: async (product: object) => product,
          include: ({ dear }: { dear: boolean }) => dear,
          never: () => {
            throw new Error('was asked');
          },
        },
      },
    },
  ],
  asks: [
    {
      query: 'query ($no: Boolean! = false) { product { price never @include(if: $no) } }',
      data: { product: { price: 9.5 } },
      fetches: ['a'],
    },
    {
      query: 'query ($yes: Boolean = true) { product { price never @skip(if: $yes) } }',
      data: { product: { price: 9.5 } },
      fetches: ['a'],
    },
    {
      query:
        'query ($yes: Boolean = true) { product { include @include(if: $yes) ... @skip(if: $yes) { never } } }',
      data: { product: { include: true } },
      fetches: ['a', 'b', 'c'],
    },
    {
      query: 'query ($yes: Boolean!) { product { id include @skip(if: $yes) include @include(if: $yes) } }',
      variables: { yes: true },
      data: { product: { id: 'p', include: true } },
    },
    {
      query: 'query ($yes: Boolean!) { product @skip(if: $yes) { id } }',
      variables: { yes: true },
      data: {},
      fetches: [],
    },
  ],
};

const composed = (name: string, field: string) => ({
  name,
  sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@composeDirective"]) @link(url: "https://twin.example/access/v1.0", import: ["@access"]) @composeDirective(name: "@access")
    directive @access(scope: Scope! = PUBLIC) on FIELD | QUERY
    enum Scope { PUBLIC PRIVATE } type Query { ${field}(text: String, list: [Int!], scope: Scope): String }`,
  resolvers: { Query: { [field]: (_: unknown, args: object) => JSON.stringify(args) } },
});
const directives: Behaviour = {
  name: 'directives of the schema on fields of an operation, and values of every kind',
  subgraphs: [composed('a', 'first'), composed('b', 'second')],
  asks: [
    {
      query: 'query @access { first @access second @access(scope: PRIVATE) }',
      data: { first: '{}', second: '{}' },
    },
    {
      query:
        'query ($t: String = "a\\"b", $l: [Int!]) { first(text: $t, list: $l, scope: PRIVATE) second(text: """block "x" """, list: 3) }',
      variables: { l: [1, 2] },
      data: {
        first: JSON.stringify({ text: 'a"b', list: [1, 2], scope: 'PRIVATE' }),
        second: JSON.stringify({ text: 'block "x" ', list: [3] }),
      },
    },
    {
      query: 'query ($t: String) { first(text: $t) second(text: null) }',
      data: { first: '{}', second: '{"text":null}' },
    },
    { query: 'query ($l: [Int!]) { first(list: $l) }', variables: { l: ['x'] }, errors: [], refused: true },
  ],
};

const hop = (name: string, next: string, value: number) => ({
  name,
  sdl: `type Query { ${name}: Node } type Node @key(fields: "id") { id: ID! ${next}(n: Int): Node }`,
  resolvers: {
    Query: { [name]: () => ({ id: name }) },
    Node: {
      __resolveReference: async ({ id }: { id: string }) => ({ id }),
      [next]: ({ id }: { id: string }, { n = 0 }: { n?: number }) =>
        n < 0 ? null : { id: `${id}.${value + n}` },
    },
  },
});
const aliases: Behaviour = {
  name: 'aliases that are names of other fields, keys or type names at every level',
  subgraphs: [hop('x', 'toY', 1), hop('y', 'toX', 2)],
  asks: [
    {
      query: '{ y: x { toX: toY { id } id: toX { id toY { n: id } } } x: y { toY: id } }',
      data: { y: { toX: { id: 'x.1' }, id: { id: 'x.2', toY: { n: 'x.2.1' } } }, x: { toY: 'y' } },
    },
    {
      query:
        '{ x { a: toX(n: 1) { id b: toY(n: 2) { id } } b: toX(n: 3) { b: toY(n: 2) { id } } c: toX(n: -1) { toY { id } } } }',
      data: { x: { a: { id: 'x.3', b: { id: 'x.3.3' } }, b: { b: { id: 'x.5.3' } }, c: null } },
    },
    {
      query:
        '{ x { ...A ...B } } fragment A on Node { toX { toY { id } } } fragment B on Node { toX { toY { t: __typename } } }',
      data: { x: { toX: { toY: { id: 'x.2.1', t: 'Node' } } } },
    },
  ],
};

export const operationBehaviours = [mutations, conditions, directives, aliases];
