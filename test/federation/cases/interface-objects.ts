import type { Behaviour } from './behaviour.ts';

const users = [
  { __typename: 'User', id: 'u1', name: 'ada', age: 11 },
  { __typename: 'User', id: 'u2', name: 'bob', age: 22 },
];
const userOf = async ({ id }: { id: string }) => users.find((user) => user.id === id) ?? null;

const withRequires: Behaviour = {
  name: 'an interface object whose fields require fields of the interface',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { users: [Named!]! } interface Named @key(fields: "id") { id: ID! name: String } type User implements Named @key(fields: "id") { id: ID! name: String age: Int }`,
      resolvers: {
        Query: { users: () => users },
        Named: { __resolveReference: userOf },
        User: { __resolveReference: userOf },
      },
    },
    {
      name: 'b',
      sdl: `type Query { others: [Named!]! } type Named @key(fields: "id") @interfaceObject { id: ID! name: String @external handle: String @requires(fields: "name") }`,
      resolvers: {
        Query: { others: () => users.map(({ id }) => ({ id })) },
        Named: {
          __resolveReference: async (named: object) => named,
          handle: ({ name }: { name?: string }) => name && `@${name}`,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ users { id handle } }',
      data: {
        users: [
          { id: 'u1', handle: '@ada' },
          { id: 'u2', handle: '@bob' },
        ],
      },
    },
    { query: '{ others { handle } }', data: { others: [{ handle: '@ada' }, { handle: '@bob' }] } },
    { query: '{ others { ... on User { age } } }', data: { others: [{ age: 11 }, { age: 22 }] } },
    {
      query: '{ others { id name __typename ... on User { age id handle } } }',
      data: {
        others: users.map(({ id, name, age }) => ({ id, name, __typename: 'User', age, handle: `@${name}` })),
      },
    },
    {
      query: '{ users { ... on User { handle } } }',
      data: { users: [{ handle: '@ada' }, { handle: '@bob' }] },
    },
  ],
};

const indirect: Behaviour = {
  name: 'an interface object reached through a third subgraph',
  subgraphs: [
    {
      name: 'media',
      sdl: `type Query { media: Media } interface Media @key(fields: "id") { id: ID! } type Video implements Media @key(fields: "id") { id: ID! length: Int } type Text implements Media @key(fields: "id") { id: ID! words: Int }`,
      resolvers: {
        Query: { media: () => ({ __typename: 'Video', id: '1', length: 100 }) },
        Media: {
          __resolveReference: async ({ id }: { id: string }) => ({ __typename: 'Video', id, length: 100 }),
        },
        Video: { __resolveReference: async ({ id }: { id: string }) => ({ id, length: 100 }) },
      },
    },
    {
      name: 'titles',
      sdl: `type Query { author: Author } type Author @key(fields: "id") { id: ID! name: String } type Media @key(fields: "id") @interfaceObject { id: ID! title: String by: String }`,
      resolvers: {
        Query: { author: () => ({ id: 'a', name: 'Ada' }) },
        Media: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          title: ({ id }: { id: string }) => `title ${id}`,
          by: () => 'Ada',
        },
      },
    },
    {
      name: 'lists',
      sdl: `type Query { list: List } type List @key(fields: "id") { id: ID! first: Media } type Media @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }`,
      resolvers: { Query: { list: () => ({ id: 'l', first: { id: '1' } }) } },
    },
  ],
  asks: [
    {
      query:
        '{ media { id title ... on Video { length by } ... on Text { words } } author { name } list { first { id ... on Video { length } } } }',
      data: {
        media: { id: '1', title: 'title 1', length: 100, by: 'Ada' },
        author: { name: 'Ada' },
        list: { first: { id: '1', length: 100 } },
      },
    },
    {
      query: '{ list { first { __typename title } } }',
      data: { list: { first: { __typename: 'Video', title: 'title 1' } } },
    },
  ],
};

const notResolvable: Behaviour = {
  name: 'an interface object that cannot be looked up',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { node: Node } interface Node @key(fields: "id") { id: ID! field: String } type Item implements Node @key(fields: "id") { id: ID! field: String }`,
      resolvers: {
        Query: { node: () => ({ __typename: 'Item', id: 'n', field: 'f' }) },
        Node: {
          __resolveReference: async ({ id }: { id: string }) => ({
            __typename: 'Item',
            id,
            field: `f ${id}`,
          }),
        },
        Item: { __resolveReference: async ({ id }: { id: string }) => ({ id, field: `f ${id}` }) },
      },
    },
    {
      name: 'b',
      sdl: `type Query { other: Node product: Product } type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! } type Product @key(fields: "id") { id: ID! node: Node }`,
      resolvers: { Query: { other: () => ({ id: 'm' }), product: () => ({ id: 'p', node: { id: 'k' } }) } },
    },
  ],
  asks: [
    { query: '{ other { id } }', data: { other: { id: 'm' } }, fetches: ['b'] },
    {
      query: '{ other { field } product { node { id field __typename } } }',
      data: { other: { field: 'f m' }, product: { node: { id: 'k', field: 'f k', __typename: 'Item' } } },
    },
  ],
};

export const interfaceObjectBehaviours = [withRequires, indirect, notResolvable];
