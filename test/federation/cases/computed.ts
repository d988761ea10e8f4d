import { asGiven, byKey, type Behaviour } from './behaviour.ts';

const withProvides: Behaviour = {
  name: 'required and provided fields side by side, in lists',
  subgraphs: [
    {
      name: 'people',
      sdl: `type Query { me: Person } type Person @key(fields: "id") { id: ID! name: String login: String @shareable }`,
      resolvers: {
        Query: { me: () => ({ id: 'u1', name: 'Ada', login: 'own' }) },
        Person: {
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            name: `name ${id}`,
            login: `own ${id}`,
          }),
        },
      },
    },
    {
      name: 'stock',
      sdl: `type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shipping: Int @requires(fields: "price weight") tag: String @requires(fields: "weight") }`,
      resolvers: {
        Product: {
          __resolveReference: asGiven,
          inStock: ({ upc }: { upc: string }) => upc === 'b1',
          shipping: ({ price, weight }: { price: number; weight: number }) => price + weight,
          tag: ({ upc, weight }: { upc: string; weight: number }) => `${upc}/${weight}`,
        },
      },
    },
    {
      name: 'products',
      sdl: `type Query { products: [Product] } type Product @key(fields: "upc") { upc: String! weight: Int price: Int }`,
      resolvers: {
        Query: { products: () => ['b1', 'b2'].map((upc) => ({ upc, weight: 5, price: 10 })) },
        Product: { __resolveReference: async ({ upc }: { upc: string }) => ({ upc, weight: 6, price: 20 }) },
      },
    },
    {
      name: 'notes',
      sdl: `type Note @key(fields: "id") { id: ID! author: Person @provides(fields: "login") product: Product } type Person @key(fields: "id") { id: ID! login: String @external notes: [Note] } type Product @key(fields: "upc") { upc: String! notes: [Note] }`,
      resolvers: {
        Person: { __resolveReference: asGiven, notes: () => [{ id: 'n1' }, { id: 'n2' }] },
        Product: { __resolveReference: asGiven, notes: ({ upc }: { upc: string }) => [{ id: `n-${upc}` }] },
        Note: {
          __resolveReference: asGiven,
          author: ({ id }: { id: string }) => ({ id: `a-${id}`, login: `given ${id}` }),
          product: () => ({ upc: 'b3' }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ products { upc shipping notes { author { login } } } }',
      data: {
        products: ['b1', 'b2'].map((upc) => ({
          upc,
          shipping: 15,
          notes: [{ author: { login: `given n-${upc}` } }],
        })),
      },
      fetches: ['products', 'stock', 'notes'],
    },
    {
      query: '{ me { login notes { id author { id login name } product { shipping inStock tag } } } }',
      data: {
        me: {
          login: 'own',
          notes: ['n1', 'n2'].map((id) => ({
            id,
            author: { id: `a-${id}`, login: `given ${id}`, name: `name a-${id}` },
            product: { shipping: 26, inStock: false, tag: 'b3/6' },
          })),
        },
      },
    },
    {
      query: '{ products { tag shipping inStock } }',
      data: {
        products: [
          { tag: 'b1/5', shipping: 15, inStock: true },
          { tag: 'b2/5', shipping: 15, inStock: false },
        ],
      },
    },
  ],
};

const gears = [
  { __typename: 'Spur', id: 's', teeth: 12, rpm: 100 },
  { __typename: 'Worm', id: 'w', starts: 2, rpm: 7 },
];

const acrossInterface: Behaviour = {
  name: 'required fields of an interface whose types are looked up elsewhere',
  subgraphs: [
    {
      name: 'machines',
      sdl: `type Query { machines: [Machine!]! } type Machine @key(fields: "id") { id: ID! gear: Gear @external rate: Int @requires(fields: "gear { rpm }") label: String @requires(fields: "gear { __typename id }") }
        interface Gear { id: ID! rpm: Int } type Spur implements Gear @key(fields: "id") { id: ID! rpm: Int @external } type Worm implements Gear @key(fields: "id") { id: ID! rpm: Int @external }`,
      resolvers: {
        Query: { machines: () => [{ id: '1' }, { id: '2' }, { id: '3' }] },
        Machine: {
          __resolveReference: asGiven,
          rate: ({ gear }: { gear: { rpm: number } | null }) => gear && gear.rpm * 60,
          label: ({ gear }: { gear: { __typename: string; id: string } | null }) =>
            gear && `${gear.__typename}-${gear.id}`,
        },
      },
    },
    {
      name: 'gears',
      sdl: `type Machine @key(fields: "id") { id: ID! gear: Gear } interface Gear { id: ID! } type Spur implements Gear @key(fields: "id") { id: ID! teeth: Int } type Worm implements Gear @key(fields: "id") { id: ID! starts: Int }`,
      resolvers: {
        Machine: {
          __resolveReference: asGiven,
          gear: ({ id }: { id: string }) => gears[Number(id) - 1] ?? null,
        },
      },
    },
    {
      name: 'speeds',
      sdl: `interface Gear { id: ID! rpm: Int } type Spur implements Gear @key(fields: "id") { id: ID! rpm: Int } type Worm implements Gear @key(fields: "id") { id: ID! rpm: Int }`,
      resolvers: {
        Spur: { __resolveReference: byKey(gears, 'id') },
        Worm: { __resolveReference: byKey(gears, 'id') },
      },
    },
  ],
  asks: [
    { query: '{ machines { rate } }', data: { machines: [{ rate: 6000 }, { rate: 420 }, { rate: null }] } },
    {
      query: '{ machines { label gear { rpm ... on Worm { starts } } rate } }',
      data: {
        machines: [
          { label: 'Spur-s', gear: { rpm: 100 }, rate: 6000 },
          { label: 'Worm-w', gear: { rpm: 7, starts: 2 }, rate: 420 },
          { label: null, gear: null, rate: null },
        ],
      },
    },
  ],
};

const lists: Behaviour = {
  name: 'required lists of entities and of plain objects, with fields from a third subgraph',
  subgraphs: [
    {
      name: 'orders',
      sdl: `type Query { order: Order } type Order @key(fields: "id") { id: ID! lines: [Line!]! box: [Box] } type Line @key(fields: "id") { id: ID! count: Int! } type Box { w: Int h: Int }`,
      resolvers: {
        Query: {
          order: () => ({
            id: 'o',
            lines: [
              { id: 'l1', count: 2 },
              { id: 'l2', count: 3 },
            ],
            box: [{ w: 2, h: 3 }, null],
          }),
        },
      },
    },
    {
      name: 'prices',
      sdl: `type Line @key(fields: "id") { id: ID! price: Int }`,
      resolvers: {
        Line: { __resolveReference: asGiven, price: ({ id }: { id: string }) => (id === 'l1' ? 5 : 7) },
      },
    },
    {
      name: 'bills',
      sdl: `type Order @key(fields: "id") { id: ID! lines: [Line!]! @external box: [Box] @external total: Int @requires(fields: "lines { count price }") area: Int @requires(fields: "box { w h }") taxed: Int @requires(fields: "lines { price }") }
        type Line @key(fields: "id") { id: ID! count: Int! @external price: Int @external } type Box @external { w: Int h: Int }`,
      resolvers: {
        Order: {
          __resolveReference: asGiven,
          total: ({ lines }: { lines: { count: number; price: number }[] }) =>
            lines.reduce((sum, { count, price }) => sum + count * price, 0),
          taxed: ({ lines }: { lines: { price: number }[] }) =>
            lines.reduce((sum, { price }) => sum + price * 2, 0),
          area: ({ box }: { box: ({ w: number; h: number } | null)[] }) =>
            box.reduce((sum, one) => sum + (one ? one.w * one.h : 0), 0),
        },
      },
    },
  ],
  asks: [
    { query: '{ order { total } }', data: { order: { total: 31 } } },
    {
      query: '{ order { area taxed lines { id price } box { w } } }',
      data: {
        order: {
          area: 6,
          taxed: 24,
          lines: [
            { id: 'l1', price: 5 },
            { id: 'l2', price: 7 },
          ],
          box: [{ w: 2 }, null],
        },
      },
    },
    {
      query: 'query ($no: Boolean = false) { order { id total @include(if: $no) area @skip(if: $no) } }',
      data: { order: { id: 'o', area: 6 } },
    },
  ],
};

const written = `mode: FAST, ids: [1, 2], opts: { deep: true, tag: \\"x\\" }`;

const argumentsOfEveryKind: Behaviour = {
  name: 'required fields with enums, lists and input objects as arguments',
  subgraphs: [
    {
      name: 'a',
      sdl: `enum Mode { FAST SLOW } input Opts { deep: Boolean! tag: String }
        type Query { probe: Probe } type Probe @key(fields: "id") { id: ID! read(mode: Mode!, ids: [Int!], opts: Opts): String plain(n: Int = 3): Int }`,
      resolvers: {
        Query: { probe: () => ({ id: 'p' }) },
        Probe: {
          __resolveReference: asGiven,
          read: (_: unknown, args: object) => JSON.stringify(args),
          plain: (_: unknown, { n }: { n: number }) => n,
        },
      },
    },
    {
      name: 'b',
      sdl: `enum Mode { FAST SLOW } input Opts { deep: Boolean! tag: String }
        type Probe @key(fields: "id") { id: ID! read(mode: Mode!, ids: [Int!], opts: Opts): String @external plain(n: Int = 3): Int @external
          seen: String @requires(fields: "read(${written})") twice: Int @requires(fields: "plain") }`,
      resolvers: {
        Probe: {
          __resolveReference: asGiven,
          seen: ({ read }: { read: string }) => read,
          twice: ({ plain }: { plain: number }) => plain * 2,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ probe { seen twice } }',
      data: { probe: { seen: '{"mode":"FAST","ids":[1,2],"opts":{"deep":true,"tag":"x"}}', twice: 6 } },
    },
    {
      query: '{ probe { plain(n: 9) twice r: read(mode: SLOW) seen } }',
      data: {
        probe: {
          plain: 9,
          twice: 6,
          r: '{"mode":"SLOW"}',
          seen: '{"mode":"FAST","ids":[1,2],"opts":{"deep":true,"tag":"x"}}',
        },
      },
    },
    {
      query: 'query ($m: Mode!) { probe { read(mode: $m) seen } }',
      variables: { m: 'SLOW' },
      data: {
        probe: {
          read: '{"mode":"SLOW"}',
          seen: '{"mode":"FAST","ids":[1,2],"opts":{"deep":true,"tag":"x"}}',
        },
      },
    },
  ],
};

const longChain: Behaviour = {
  name: 'a chain of required fields over four subgraphs, from an entity below a list',
  subgraphs: [
    {
      name: 'one',
      sdl: `type Query { line: Line } type Line { cells: [Cell!]! } type Cell @key(fields: "id") { id: ID! a: Int }`,
      resolvers: {
        Query: {
          line: () => ({
            cells: [
              { id: '1', a: 1 },
              { id: '2', a: 2 },
            ],
          }),
        },
        Cell: { __resolveReference: async ({ id }: { id: string }) => ({ id, a: Number(id) }) },
      },
    },
    {
      name: 'two',
      sdl: `type Cell @key(fields: "id") { id: ID! a: Int @external b: Int @requires(fields: "a") }`,
      resolvers: { Cell: { __resolveReference: asGiven, b: ({ a }: { a: number }) => a * 10 } },
    },
    {
      name: 'three',
      sdl: `type Cell @key(fields: "id") { id: ID! b: Int @external c: Int @requires(fields: "b") }`,
      resolvers: { Cell: { __resolveReference: asGiven, c: ({ b }: { b: number }) => b + 1 } },
    },
    {
      name: 'four',
      sdl: `type Query { last: Cell } type Cell @key(fields: "id") { id: ID! a: Int @external c: Int @external b: Int @external d: String @requires(fields: "a b c") e: Int @requires(fields: "c") }`,
      resolvers: {
        Query: { last: () => ({ id: '3' }) },
        Cell: {
          __resolveReference: asGiven,
          d: ({ a, b, c }: { a: number; b: number; c: number }) => `${a},${b},${c}`,
          e: ({ c }: { c: number }) => -c,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ line { cells { d } } last { e } }',
      data: { line: { cells: [{ d: '1,10,11' }, { d: '2,20,21' }] }, last: { e: -31 } },
    },
    { query: '{ last { d c e b a } }', data: { last: { d: '3,30,31', c: 31, e: -31, b: 30, a: 3 } } },
    {
      query: '{ line { cells { c e } } }',
      data: {
        line: {
          cells: [
            { c: 11, e: -11 },
            { c: 21, e: -21 },
          ],
        },
      },
    },
  ],
};

export const computedBehaviours = [withProvides, acrossInterface, lists, argumentsOfEveryKind, longChain];
