import { asGiven, byKey, type Behaviour } from './behaviour.ts';

const valves = [
  { id: 'v1', tag: 'T1', size: 10 },
  { id: 'v2', tag: 'T2', size: 90 },
];

const all: Behaviour = {
  name: 'subgraphs that all speak Federation 1, with every form of extension',
  subgraphs: [
    {
      name: 'origin',
      sdl: `# Federation 1
        type Query { valves: [Valve!] } type Valve @key(fields: "id") @key(fields: "tag") { id: ID! tag: String size: Int }`,
      resolvers: {
        Query: { valves: () => valves },
        Valve: { __resolveReference: byKey(valves, 'id', 'tag') },
      },
    },
    {
      name: 'extended',
      sdl: `# Federation 1
        extend type Query { big: Valve } extend type Valve @key(fields: "id") { id: ID! @external size: Int @external slow: Boolean @requires(fields: "size") }`,
      resolvers: {
        Query: { big: () => ({ id: 'v2' }) },
        Valve: { __resolveReference: asGiven, slow: ({ size }: { size?: number }) => (size ?? 0) > 50 },
      },
    },
    {
      name: 'directed',
      sdl: `# Federation 1
        type Query @extends { tagged: Valve @provides(fields: "size") } type Valve @extends @key(fields: "tag") { tag: String @external size: Int @external color: String }`,
      resolvers: {
        Query: { tagged: () => ({ tag: 'T1', size: 11 }) },
        Valve: { __resolveReference: asGiven, color: ({ tag }: { tag: string }) => `color ${tag}` },
      },
    },
  ],
  asks: [
    {
      query: '{ valves { id slow color } big { size slow color } }',
      data: {
        valves: [
          { id: 'v1', slow: false, color: 'color T1' },
          { id: 'v2', slow: true, color: 'color T2' },
        ],
        big: { size: 90, slow: true, color: 'color T2' },
      },
    },
    {
      query: '{ tagged { size color } }',
      data: { tagged: { size: 11, color: 'color T1' } },
      fetches: ['directed'],
    },
    { query: '{ big { id } tagged { tag } }', data: { big: { id: 'v2' }, tagged: { tag: 'T1' } } },
  ],
};

const unused: Behaviour = {
  name: 'external fields that nothing uses, as Federation 1 allows them',
  subgraphs: [
    {
      name: 'prices',
      sdl: `# Federation 1
        extend type Query { product: Product } extend type Product @key(fields: "id") { id: ID! @external name: String @external price: Float }`,
      resolvers: {
        Query: { product: () => ({ id: 'p', name: 'not mine', price: 2.5 }) },
        Product: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, name: 'not mine', price: 2.5 }),
        },
      },
    },
    {
      name: 'names',
      sdl: `# Federation 1
        type Query { products: [Product] } type Product @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: { products: () => [{ id: 'q', name: 'n q' }] },
        Product: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `n ${id}` }) },
      },
    },
  ],
  asks: [
    { query: '{ product { id name price } }', data: { product: { id: 'p', name: 'n p', price: 2.5 } } },
    { query: '{ products { price name } }', data: { products: [{ price: 2.5, name: 'n q' }] } },
  ],
};

const fed2 = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports}])\n`;

const inSecond: Behaviour = {
  name: 'extend type, @extends and @external keys in the words of Federation 2',
  subgraphs: [
    {
      name: 'users',
      sdl: `${fed2('"@key", "@shareable"')} type Query { users: [User] } type User @key(fields: "id") { id: ID! name: String nick: String @shareable }`,
      resolvers: {
        Query: { users: () => [{ id: 'u1', name: 'one', nick: 'n1' }] },
        User: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, name: `name ${id}`, nick: 'n' }),
        },
      },
    },
    {
      name: 'extended',
      sdl: `${fed2('"@key", "@external", "@provides"')} extend type Query { random: User given: User @provides(fields: "nick") } extend type User @key(fields: "id") { id: ID! @external nick: String @external rid: ID }`,
      resolvers: {
        Query: {
          random: () => ({ id: 'u2', rid: 'r2' }),
          given: () => ({ id: 'u3', nick: 'given', rid: 'r3' }),
        },
        User: { __resolveReference: async ({ id }: { id: string }) => ({ id, rid: `r-${id}` }) },
      },
    },
    {
      name: 'directed',
      sdl: `${fed2('"@key", "@external", "@extends", "@requires"')} type User @extends @key(fields: "id") { id: ID! @external name: String @external loud: String @requires(fields: "name") }`,
      resolvers: {
        User: { __resolveReference: asGiven, loud: ({ name }: { name?: string }) => name?.toUpperCase() },
      },
    },
  ],
  asks: [
    {
      query: '{ users { id rid loud } random { id rid name loud } }',
      data: {
        users: [{ id: 'u1', rid: 'r-u1', loud: 'ONE' }],
        random: { id: 'u2', rid: 'r2', name: 'name u2', loud: 'NAME U2' },
      },
    },
    {
      query: '{ given { id nick rid } }',
      data: { given: { id: 'u3', nick: 'given', rid: 'r3' } },
      fetches: ['extended'],
    },
    { query: '{ random { id } }', data: { random: { id: 'u2' } }, fetches: ['extended'] },
  ],
};

const mixed: Behaviour = {
  name: 'Federation 1 beside Federation 2, one key not resolvable, value types shared by both',
  subgraphs: [
    {
      name: 'old',
      sdl: `# Federation 1
        extend type Query { old: Part size: Size } extend type Part @key(fields: "id") { id: ID! @external weight: Int size: Size } type Size { w: Int h: Int }`,
      resolvers: {
        Query: { old: () => ({ id: 'o' }), size: () => ({ w: 1, h: 2 }) },
        Part: { __resolveReference: asGiven, weight: () => 7, size: () => ({ w: 3, h: 4 }) },
      },
    },
    {
      name: 'new',
      sdl: `${fed2('"@key", "@shareable"')} type Query { parts: [Part!]! } type Part @key(fields: "id") { id: ID! name: String } type Size @shareable { w: Int h: Int }`,
      resolvers: {
        Query: { parts: () => [{ id: 'a', name: 'name a' }] },
        Part: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `name ${id}` }) },
      },
    },
    {
      name: 'stub',
      sdl: `${fed2('"@key"')} type Query { stub: Part } type Part @key(fields: "id", resolvable: false) { id: ID! }`,
      resolvers: { Query: { stub: () => ({ id: 's' }) } },
    },
  ],
  asks: [
    {
      query: '{ old { name weight } parts { weight size { h } } stub { name size { w } } size { w h } }',
      data: {
        old: { name: 'name o', weight: 7 },
        parts: [{ weight: 7, size: { h: 4 } }],
        stub: { name: 'name s', size: { w: 3 } },
        size: { w: 1, h: 2 },
      },
    },
    {
      query: '{ stub { id } old { id weight } }',
      data: { stub: { id: 's' }, old: { id: 'o', weight: 7 } },
      fetches: ['stub', 'old'],
    },
  ],
};

export const federation1Behaviours = [all, unused, inSecond, mixed];
