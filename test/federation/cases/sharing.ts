import { byKey, type Behaviour } from './behaviour.ts';

const sharedRoots: Behaviour = {
  name: 'a root field and objects that several subgraphs share',
  subgraphs: [
    {
      name: 'name',
      sdl: `type Query { plant: Plant @shareable plants: [Plant] @shareable } type Plant { id: ID! @shareable name: Name @shareable } type Name { id: ID! @shareable brand: String }`,
      resolvers: {
        Query: {
          plant: () => ({ id: '1', name: { id: 'n', brand: 'b' } }),
          plants: () => [{ id: '1', name: { id: 'n', brand: 'b' } }],
        },
      },
    },
    {
      name: 'price',
      sdl: `type Query { plant: Plant @shareable plants: [Plant] @shareable } type Plant { id: ID! @shareable name: Name @shareable price: Price } type Name { id: ID! @shareable model: String } type Price { amount: Int }`,
      resolvers: {
        Query: {
          plant: () => ({ id: '1', name: { id: 'n', model: 'm' }, price: { amount: 5 } }),
          plants: () => [{ id: '1', name: { id: 'n', model: 'm' }, price: { amount: 5 } }],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ plant { id name { brand model } price { amount } } }',
      data: { plant: { id: '1', name: { brand: 'b', model: 'm' }, price: { amount: 5 } } },
    },
    {
      query: '{ plants { price { amount } n: name { id b: brand m: model } } }',
      data: { plants: [{ price: { amount: 5 }, n: { id: 'n', b: 'b', m: 'm' } }] },
    },
  ],
};

const overrides: Behaviour = {
  name: 'fields taken over by another subgraph, with what they require, on types of interfaces',
  subgraphs: [
    {
      name: 'old',
      sdl: `type Query { feed: [Post] items: [Item] } interface Item { id: ID! created: String } type Post implements Item @key(fields: "id") { id: ID! created: String @shareable text: String old: String cost: Int base: Int }`,
      resolvers: {
        Query: {
          feed: () => [{ id: '1', created: 'old', text: 'old' }],
          items: () => [{ __typename: 'Post', id: '2', created: 'old' }],
        },
        Post: {
          base: () => 3,
          old: () => 'kept',
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            base: 3,
            old: 'kept',
            text: 'old',
            cost: -1,
          }),
        },
      },
    },
    {
      name: 'new',
      sdl: `type Query { fresh: [Post] } type Post @key(fields: "id") { id: ID! created: String @override(from: "old") text: String @override(from: "old") base: Int @external cost: Int @override(from: "old") @requires(fields: "base") gone: String @override(from: "nobody") }`,
      resolvers: {
        Query: { fresh: () => [{ id: '3', created: 'new', text: 'new' }] },
        Post: {
          __resolveReference: async (post: object) => ({
            ...post,
            created: 'new',
            text: 'new',
            gone: 'here',
          }),
          cost: ({ base }: { base: number }) => base * 2,
        },
      },
    },
  ],
  asks: [
    { query: '{ feed { id created text } }', data: { feed: [{ id: '1', created: 'new', text: 'new' }] } },
    {
      query: '{ items { id created ... on Post { text old gone } } }',
      data: { items: [{ id: '2', created: 'new', text: 'new', old: 'kept', gone: 'here' }] },
    },
    {
      query: '{ feed { cost } fresh { cost text } }',
      data: { feed: [{ cost: 6 }], fresh: [{ cost: 6, text: 'new' }] },
    },
  ],
};

const enums: Behaviour = {
  name: 'enums and inputs of which a part is shared or hidden',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { kind: Kind @shareable hiddenKind: Kind users(filter: Filter = { first: 2 }): [User] } enum Kind { PUMP VALVE SECRET @inaccessible } input Filter { first: Int! onlyA: Boolean }
        type User @key(fields: "id") { id: ID! kind: Kind @shareable }`,
      resolvers: {
        Query: {
          kind: () => 'PUMP',
          hiddenKind: () => 'SECRET',
          users: (_: unknown, { filter }: { filter: { first: number } }) =>
            Array.from({ length: filter.first }, (_, id) => ({ id: `u${id}`, kind: id ? 'SECRET' : 'PUMP' })),
        },
      },
    },
    {
      name: 'b',
      sdl: `type Query { kind: Kind @shareable count(filter: Filter): Int } enum Kind { PUMP VALVE SECRET } input Filter { first: Int! onlyB: String }
        type User @key(fields: "id") { id: ID! kind: Kind @shareable friends(kind: Kind = SECRET @inaccessible): [User!] hidden: Int @inaccessible }`,
      resolvers: {
        Query: {
          kind: () => 'VALVE',
          count: (_: unknown, { filter }: { filter?: { first: number } }) => filter?.first,
        },
        User: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          friends: ({ id }: { id: string }, { kind }: { kind: string }) => [
            { id: `${id}-${kind}`, kind: 'VALVE' },
          ],
        },
      },
    },
  ],
  asks: [
    { query: '{ users { id } }', data: { users: [{ id: 'u0' }, { id: 'u1' }] } },
    {
      query: 'query ($f: Filter) { users(filter: $f) { id } count(filter: { first: 3 }) }',
      variables: { f: { first: 1 } },
      data: { users: [{ id: 'u0' }], count: 3 },
    },
    { query: '{ users(filter: { first: 1, onlyA: true }) { id } }', refused: true },
    {
      query: '{ hiddenKind users { kind } }',
      data: { hiddenKind: null, users: [{ kind: 'PUMP' }, { kind: null }] },
      errors: [['hiddenKind'], ['users', 1, 'kind']],
    },
    {
      query: '{ users { friends { id kind } } }',
      data: {
        users: [
          { friends: [{ id: 'u0-SECRET', kind: 'VALVE' }] },
          { friends: [{ id: 'u1-SECRET', kind: 'VALVE' }] },
        ],
      },
    },
    { query: '{ users { friends(kind: PUMP) { id } } }', refused: true },
    { query: '{ users { hidden } }', refused: true },
  ],
};

/** The same place is non-null in one subgraph and nullable in the other, a list of one kind in both. */
const childTypes: Behaviour = {
  name: 'fields that are stricter in one subgraph than in another',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { users: [User!]! maybe: Int @shareable } type User @key(fields: "id") { id: ID @shareable name: String! @shareable }`,
      resolvers: { Query: { users: () => [{ id: 'u', name: 'n' }], maybe: () => 1 } },
    },
    {
      name: 'b',
      sdl: `type Query { accounts: [Account!]! maybe: Int! @shareable } union Account = User | Admin type User @key(fields: "id") { id: ID! name: String @shareable nick: [Int!] } type Admin { id: ID name: String }`,
      resolvers: {
        Query: {
          accounts: () => [
            { __typename: 'User', id: 'v', name: null },
            { __typename: 'Admin', id: 'w' },
          ],
          maybe: () => 1,
        },
        User: { __resolveReference: async ({ id }: { id: string }) => ({ id }), nick: () => [1] },
      },
    },
  ],
  asks: [
    {
      query: '{ users { id name nick } maybe }',
      data: { users: [{ id: 'u', name: 'n', nick: [1] }], maybe: 1 },
    },
    {
      query: '{ accounts { ... on User { id name nick } ... on Admin { id name } } }',
      data: {
        accounts: [
          { id: 'v', name: null, nick: [1] },
          { id: 'w', name: null },
        ],
      },
    },
  ],
};

const externals: Behaviour = {
  name: 'external fields of keys and extended types, in the words of Federation 1 and 2',
  subgraphs: [
    {
      name: 'one',
      sdl: `type Product @key(fields: "id") @key(fields: "upc") { id: ID! upc: String name: String }`,
      resolvers: {
        Product: {
          __resolveReference: byKey(
            [
              { id: 'p1', upc: 'x1', name: 'n1' },
              { id: 'p2', upc: 'x2', name: 'n2' },
            ],
            'id',
            'upc',
          ),
        },
      },
    },
    {
      name: 'two',
      sdl: `extend type Query { top: Product random: Product } extend type Product @key(fields: "id") { id: ID! @external rating: Int @requires(fields: "name") name: String @external }`,
      resolvers: {
        Query: { top: () => ({ id: 'p1' }), random: () => ({ id: 'p2' }) },
        Product: {
          __resolveReference: async (product: object) => product,
          rating: ({ name }: { name?: string }) => name?.length,
        },
      },
    },
    {
      name: 'three',
      sdl: `type Query { byUpc: Product } type Product @extends @key(fields: "upc") { upc: String @external stock: Int }`,
      resolvers: {
        Query: { byUpc: () => ({ upc: 'x2', stock: 2 }) },
        Product: {
          __resolveReference: async ({ upc }: { upc: string }) => ({ upc, stock: upc === 'x2' ? 2 : 1 }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ top { id } random { id } }',
      data: { top: { id: 'p1' }, random: { id: 'p2' } },
      fetches: ['two'],
    },
    {
      query: '{ top { name rating stock } byUpc { id name stock } }',
      data: {
        top: { name: 'n1', rating: 2, stock: 1 },
        byUpc: { id: 'p2', name: 'n2', stock: 2 },
      },
    },
  ],
};

export const sharingBehaviours = [sharedRoots, overrides, enums, childTypes, externals];
