import { asGiven, type Behaviour } from './behaviour.ts';

const spare = (name: string) => ({ id: name, name });

const conditions: Behaviour = {
  name: 'skip and include within one another, on fragments, on joins and on everything',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { unit: Unit units: [Unit!]! count: Int } type Unit @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: { unit: () => spare('u'), units: () => [spare('u'), spare('v')], count: () => 2 },
        Unit: { __resolveReference: async ({ id }: { id: string }) => spare(id) },
      },
    },
    {
      name: 'b',
      sdl: `type Query { other: Int } type Unit @key(fields: "id") { id: ID! load: Int next: Unit name: String @external label: String @requires(fields: "name") }`,
      resolvers: {
        Query: { other: () => 3 },
        Unit: {
          __resolveReference: asGiven,
          load: () => 5,
          next: () => ({ id: 'w' }),
          label: ({ name }: { name?: string }) => `<${name}>`,
        },
      },
    },
  ],
  asks: [
    {
      query:
        'query ($a: Boolean!, $b: Boolean!) { unit @include(if: $a) { id load @skip(if: $b) next @include(if: $b) { name label @include(if: $a) @skip(if: $b) } } count @skip(if: $a) }',
      variables: { a: true, b: true },
      data: { unit: { id: 'u', next: { name: 'w' } } },
      fetches: ['a', 'b', 'a'],
    },
    {
      query:
        'query ($a: Boolean!, $b: Boolean!) { unit @include(if: $a) { id load @skip(if: $b) next @include(if: $b) { name label @include(if: $a) @skip(if: $b) } } count @skip(if: $a) }',
      variables: { a: true, b: false },
      data: { unit: { id: 'u', load: 5 } },
      fetches: ['a', 'b'],
    },
    {
      query:
        'query ($a: Boolean!, $b: Boolean!) { unit @include(if: $a) { id load @skip(if: $b) next @include(if: $b) { name } } count @skip(if: $a) }',
      variables: { a: false, b: true },
      data: { count: 2 },
      fetches: ['a'],
    },
    {
      query:
        'query ($yes: Boolean = true, $no: Boolean = false) { ...F @include(if: $no) ... @skip(if: $no) { units { ...G @include(if: $yes) ... on Unit @skip(if: $yes) { load } } } } fragment F on Query { other } fragment G on Unit { label }',
      data: { units: [{ label: '<u>' }, { label: '<v>' }] },
    },
    {
      query: 'query ($no: Boolean!) { unit { load @include(if: $no) label @include(if: $no) } }',
      variables: { no: false },
      data: { unit: {} },
      fetches: ['a'],
    },
    {
      query: 'query ($no: Boolean!) { unit @include(if: $no) { load } other @include(if: $no) }',
      variables: { no: false },
      data: {},
      fetches: [],
    },
    {
      query:
        'query ($no: Boolean!) { __typename @include(if: $no) unit { __typename @skip(if: true) t: __typename next { __typename @include(if: false) } } }',
      variables: { no: false },
      data: { unit: { t: 'Unit', next: {} } },
    },
    {
      query: '{ unit { load @skip(if: true) id @include(if: true) } count @include(if: false) }',
      data: { unit: { id: 'u' } },
      fetches: ['a'],
    },
    {
      query: 'query ($a: Boolean!) { unit { load } unit @include(if: $a) { label } }',
      variables: { a: false },
      data: { unit: { load: 5 } },
    },
    {
      query: 'query ($a: Boolean!) { unit { id } unit @skip(if: $a) { label } }',
      variables: { a: false },
      data: { unit: { id: 'u', label: '<u>' } },
    },
  ],
};

const several: Behaviour = {
  name: 'documents with several operations, their names, and variables nobody uses',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { a(n: Int): T } type Mutation { set(n: Int = 4): T } type T @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { a: (_: unknown, { n }: { n?: number }) => ({ id: `a${n ?? ''}` }) },
        Mutation: { set: (_: unknown, { n }: { n: number }) => ({ id: `set${n}` }) },
      },
    },
    {
      name: 'b',
      sdl: `type T @key(fields: "id") { id: ID! x(n: Int! = 2, deep: Deep = { list: [1], on: true }): String } input Deep { list: [Int!] on: Boolean = false word: String = "w" }`,
      resolvers: {
        T: { __resolveReference: asGiven, x: (_: unknown, args: object) => JSON.stringify(args) },
      },
    },
  ],
  asks: [
    {
      query:
        'query One { a { id } } query Two($n: Int) { a(n: $n) { x } } mutation Three { set { id x(n: 1, deep: null) } }',
      operationName: 'Two',
      variables: { n: 6, unknown: 1 },
      data: { a: { x: '{"n":2,"deep":{"list":[1],"on":true,"word":"w"}}' } },
    },
    {
      query:
        'query One { a { id } } query Two($n: Int) { a(n: $n) { x } } mutation Three { set { id x(n: 1, deep: null) } }',
      operationName: 'Three',
      data: { set: { id: 'set4', x: '{"n":1,"deep":null}' } },
    },
    { query: 'query One { a { id } } query Two { a { id } }', refused: true },
    { query: 'query One { a { id } }', operationName: 'Two', refused: true },
    {
      query:
        'query Q($d: Deep, $n: Int = 8, $w: String = "dd", $m: Int! = 5) { a(n: $n) { x(deep: $d) y: x(n: $m, deep: { word: $w, list: [$m, 2] }) } }',
      variables: { d: { on: false } },
      data: {
        a: {
          x: '{"n":2,"deep":{"on":false,"word":"w"}}',
          y: '{"n":5,"deep":{"list":[5,2],"on":false,"word":"dd"}}',
        },
      },
    },
    {
      query: 'query Q($n: Int, $m: Int = 3) { a(n: $n) { x(n: $m) } }',
      variables: { n: null },
      data: { a: { x: '{"n":3,"deep":{"list":[1],"on":true,"word":"w"}}' } },
    },
    { query: 'query Q($n: Int!) { a(n: $n) { id } }', refused: true },
    { query: 'query Q($n: Int) { a { id } }', refused: true },
  ],
};

const fragments: Behaviour = {
  name: 'one response key from several fragments, at the root and below joins',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { unit: Unit } type Unit @key(fields: "id") { id: ID! box: Box @shareable parts(n: Int): [Unit] } type Box { w: Int @shareable }`,
      resolvers: {
        Query: { unit: () => ({ id: '1', box: { w: 1 } }) },
        Unit: {
          __resolveReference: asGiven,
          box: () => ({ w: 1 }),
          parts: (_: unknown, { n = 1 }: { n?: number }) =>
            Array.from({ length: n }, (_unused, id) => ({ id: `p${id}` })),
        },
      },
    },
    {
      name: 'b',
      sdl: `type Unit @key(fields: "id") { id: ID! box: Box @shareable twin: Unit } type Box { w: Int @shareable h: Int }`,
      resolvers: {
        Unit: {
          __resolveReference: asGiven,
          box: () => ({ w: 1, h: 2 }),
          twin: ({ id }: { id: string }) => ({ id: `${id}t` }),
        },
      },
    },
  ],
  asks: [
    {
      query:
        'query { ...A ...B unit { box { h } } } fragment A on Query { unit { box { w } twin { id } } } fragment B on Query { unit { twin { box { h ...W } } ... on Unit { twin { twin { id } } } } } fragment W on Box { w }',
      data: { unit: { box: { w: 1, h: 2 }, twin: { id: '1t', box: { h: 2, w: 1 }, twin: { id: '1tt' } } } },
    },
    {
      query:
        '{ unit { p: parts(n: 2) { ...X } p: parts(n: 2) { twin { id } } q: parts { id } } } fragment X on Unit { id box { h } ...Y } fragment Y on Unit { box { w } }',
      data: {
        unit: {
          p: ['p0', 'p1'].map((id) => ({ id, box: { h: 2, w: 1 }, twin: { id: `${id}t` } })),
          q: [{ id: 'p0' }],
        },
      },
    },
    { query: '{ unit { p: parts(n: 2) { id } p: parts(n: 1) { id } } }', refused: true },
    {
      query:
        '{ unit { twin { ...R } ...R } } fragment R on Unit { id parts { ...S } } fragment S on Unit { twin { id } box { h } }',
      data: {
        unit: {
          twin: { id: '1t', parts: [{ twin: { id: 'p0t' }, box: { h: 2 } }] },
          id: '1',
          parts: [{ twin: { id: 'p0t' }, box: { h: 2 } }],
        },
      },
    },
  ],
};

export const requestBehaviours = [conditions, several, fragments];
