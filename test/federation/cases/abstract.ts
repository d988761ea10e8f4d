import { byKey, type Behaviour } from './behaviour.ts';

/** Each subgraph knows other members of a union; which can come depends on who answers. */
const partialUnions: Behaviour = {
  name: 'unions whose members differ from subgraph to subgraph',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { mine: Wrap own: Act @shareable } type Wrap @key(fields: "id") { id: ID! acts: [Act!]! there: Inner }
        type Inner @key(fields: "id", resolvable: false) { id: ID! } union Act = Both | OnlyA
        type Both @shareable { label: String } type OnlyA { a: Int }`,
      resolvers: {
        Query: { mine: () => ({ id: '1' }), own: () => ({ __typename: 'Both', label: 'common' }) },
        Wrap: {
          __resolveReference: async (wrap: object) => wrap,
          acts: () => [
            { __typename: 'Both', label: 'l' },
            { __typename: 'OnlyA', a: 1 },
          ],
          there: () => ({ id: 'i' }),
        },
      },
    },
    {
      name: 'b',
      sdl: `type Query { own: Act @shareable theirs: Inner } type Wrap @key(fields: "id") { id: ID! extra: Int }
        type Inner @key(fields: "id") { id: ID! acts: [Act!]! } union Act = Both | OnlyB type Both @shareable { label: String } type OnlyB { b: Int }`,
      resolvers: {
        Query: { own: () => ({ __typename: 'Both', label: 'common' }), theirs: () => ({ id: 't' }) },
        Wrap: {
          __resolveReference: async (wrap: object) => wrap,
          extra: () => 5,
        },
        Inner: {
          __resolveReference: async (inner: object) => inner,
          acts: () => [
            { __typename: 'OnlyB', b: 2 },
            { __typename: 'Both', label: 'm' },
          ],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ mine { acts { __typename ... on Both { label } ... on OnlyA { a } ... on OnlyB { b } } } }',
      data: {
        mine: {
          acts: [
            { __typename: 'Both', label: 'l' },
            { __typename: 'OnlyA', a: 1 },
          ],
        },
      },
    },
    {
      query:
        '{ mine { extra there { acts { ... on OnlyB { b } ... on OnlyA { a } ... on Both { label } } } } }',
      data: { mine: { extra: 5, there: { acts: [{ b: 2 }, { label: 'm' }] } } },
    },
    {
      query:
        '{ own { __typename ... on OnlyB { b } ... on Both { label } } theirs { acts { t: __typename } } }',
      data: {
        own: { __typename: 'Both', label: 'common' },
        theirs: { acts: [{ t: 'OnlyB' }, { t: 'Both' }] },
      },
    },
    { query: '{ mine { acts { ... on OnlyB { b } } } }', data: { mine: { acts: [{}, {}] } } },
  ],
};

const devices = [
  { __typename: 'Oven', id: '1', warranty: 2 },
  { __typename: 'Toaster', id: '2', warranty: 5 },
];

/** The interface is complete only when both subgraphs are put together. */
const distributed: Behaviour = {
  name: 'unions and interfaces distributed over subgraphs, and their type names',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { union: Device interface: Gear list: [Device!]! people: [Person] } union Device = Oven | Toaster interface Gear { id: ID! }
        type Oven implements Gear @key(fields: "id") { id: ID! } type Toaster implements Gear @key(fields: "id") { id: ID! } interface Person @key(fields: "id") { id: ID! } type Admin implements Person @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          union: () => devices[0],
          interface: () => devices[1],
          list: () => devices,
          people: () => [{ __typename: 'Admin', id: 'u1' }],
        },
        Oven: { __resolveReference: byKey(devices, 'id') },
        Toaster: { __resolveReference: byKey(devices, 'id') },
      },
    },
    {
      name: 'b',
      sdl: `interface Gear { warranty: Int } type Oven implements Gear @key(fields: "id") { id: ID! warranty: Int } type Toaster implements Gear @key(fields: "id") { id: ID! warranty: Int }
        type Person @key(fields: "id") @interfaceObject { id: ID! age: Int }`,
      resolvers: {
        Oven: { __resolveReference: byKey(devices, 'id') },
        Toaster: { __resolveReference: byKey(devices, 'id') },
        Person: { __resolveReference: async ({ id }: { id: string }) => ({ id, age: 30 }) },
      },
    },
  ],
  asks: [
    {
      query:
        '{ union { __typename t: __typename ... on Oven { warranty id } ... on Toaster { k: __typename } } }',
      data: { union: { __typename: 'Oven', t: 'Oven', warranty: 2, id: '1' } },
    },
    {
      query: '{ interface { id __typename a: __typename b: __typename ... on Gear { warranty } } }',
      errors: [],
      data: { interface: { id: '2', __typename: 'Toaster', a: 'Toaster', b: 'Toaster', warranty: 5 } },
    },
    {
      query: '{ list { ... on Oven { id } ... on Gear { warranty } } }',
      data: { list: [{ id: '1', warranty: 2 }, { warranty: 5 }] },
    },
    {
      query: '{ people { __typename t: __typename } }',
      data: { people: [{ __typename: 'Admin', t: 'Admin' }] },
    },
    {
      query: '{ people { age __typename ... on Admin { id } } }',
      data: { people: [{ age: 30, __typename: 'Admin', id: 'u1' }] },
    },
    {
      query: 'query Names { t: __typename ... on Query { __typename } }',
      data: { t: 'Query', __typename: 'Query' },
    },
  ],
};

/** From a type back to the interface it implements, as often as one likes. */
const circles: Behaviour = {
  name: 'an interface whose types refer to the interface again',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { thing: Thing } interface Thing { near: [Thing!] } type Book implements Thing @key(fields: "id") { id: ID! @shareable near: [Thing!] @shareable }`,
      resolvers: {
        Query: { thing: () => ({ __typename: 'Book', id: '1' }) },
        Book: {
          near: () => [
            { __typename: 'Book', id: '1' },
            { __typename: 'Book', id: '2' },
          ],
        },
      },
    },
    {
      name: 'b',
      sdl: `interface Thing { id: ID! near: [Thing!] price: Float } type Book implements Thing @key(fields: "id") { id: ID! @shareable near: [Thing!] @shareable price: Float }`,
      resolvers: {
        Book: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          price: ({ id }: { id: string }) => Number(id) * 10,
          near: () => [
            { __typename: 'Book', id: '1' },
            { __typename: 'Book', id: '2' },
          ],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ thing { near { ... on Book { id } } } }',
      data: { thing: { near: [{ id: '1' }, { id: '2' }] } },
    },
    {
      query:
        '{ thing { ...A ...B } } fragment A on Thing { near { x: price } near { ... on Thing { id } } } fragment B on Book { near { ...C } } fragment C on Thing { price }',
      data: {
        thing: {
          near: [
            { x: 10, id: '1', price: 10 },
            { x: 20, id: '2', price: 20 },
          ],
        },
      },
    },
    {
      query: '{ thing { near { near { ... on Book { id price } } price } } }',
      data: {
        thing: {
          near: ['1', '2'].map((own) => ({
            near: [
              { id: '1', price: 10 },
              { id: '2', price: 20 },
            ],
            price: Number(own) * 10,
          })),
        },
      },
    },
  ],
};

/** Fields of one name with other types: the planner must not ask for both under one key. */
const conflicts: Behaviour = {
  name: 'types of a union whose fields have one name and other types or arguments',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { accounts: [Account!]! } union Account = User | Admin type User @key(fields: "id") { id: ID! name: String! } type Admin { id: ID name: String! photo: String! similar: [Account!]! }`,
      resolvers: {
        Query: {
          accounts: () => [
            { __typename: 'User', id: 'u1', name: 'a' },
            { __typename: 'Admin', id: 'x', name: 'b', photo: 'p' },
          ],
        },
        User: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `name ${id}` }) },
        Admin: { similar: () => [{ __typename: 'User', id: 'u2', name: 'c' }] },
      },
    },
    {
      name: 'b',
      sdl: `type Query { ping: Int } type User @key(fields: "id") { id: ID! size(unit: Int): Int similar: [User!]! }`,
      resolvers: {
        User: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          size: (_: unknown, { unit = 1 }: { unit?: number }) => unit * 7,
          similar: () => [{ id: 'u3' }],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ accounts { ... on User { id name } ... on Admin { id name photo } } }',
      refused: true,
    },
    {
      query: '{ accounts { ... on User { uid: id name } ... on Admin { id name } } }',
      data: {
        accounts: [
          { uid: 'u1', name: 'a' },
          { id: 'x', name: 'b' },
        ],
      },
    },
    {
      query:
        '{ accounts { ... on User { s1: size s2: size(unit: 2) sim: similar { name } } ... on Admin { similarAccounts: similar { ... on User { name } } } } }',
      data: {
        accounts: [{ s1: 7, s2: 14, sim: [{ name: 'name u3' }] }, { similarAccounts: [{ name: 'c' }] }],
      },
    },
  ],
};

export const abstractBehaviours = [partialUnions, distributed, circles, conflicts];
