import { asGiven, type Behaviour } from './behaviour.ts';

const simple: Behaviour = {
  name: 'fields and root fields taken over, so that the old subgraph is not asked',
  subgraphs: [
    {
      name: 'old',
      sdl: `type Query { feed: [Post] moved: String kept: Post } type Post @key(fields: "id") { id: ID! created: String by: Author stays: Int } type Author { name: String @shareable }`,
      resolvers: {
        Query: {
          feed: () => [{ id: '1', created: 'old', by: { name: 'old' }, stays: 1 }],
          moved: () => 'old',
          kept: () => ({ id: '2', created: 'old', stays: 2 }),
        },
        Post: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, created: 'old', stays: Number(id) }),
        },
      },
    },
    {
      name: 'new',
      sdl: `type Query { moved: String @override(from: "old") feed: [Post] @override(from: "old") } type Post @key(fields: "id") { id: ID! created: String @override(from: "old") by: Author @override(from: "old") } type Author { name: String @shareable }`,
      resolvers: {
        Query: { moved: () => 'new', feed: () => [{ id: '7' }] },
        Post: {
          __resolveReference: asGiven,
          created: ({ id }: { id: string }) => `new ${id}`,
          by: () => ({ name: 'new' }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ moved feed { id created by { name } } }',
      data: { moved: 'new', feed: [{ id: '7', created: 'new 7', by: { name: 'new' } }] },
    },
    { query: '{ moved }', data: { moved: 'new' }, fetches: ['new'] },
    {
      query: '{ kept { created stays by { name } } }',
      data: { kept: { created: 'new 2', stays: 2, by: { name: 'new' } } },
      fetches: ['old', 'new'],
    },
    { query: '{ feed { stays } }', data: { feed: [{ stays: 7 }] } },
  ],
};

const unavailable: Behaviour = {
  name: 'taken over from a subgraph that is not there, or that never had the field',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { feed: [Post] } type Post @key(fields: "id") { id: ID! created: String @override(from: "gone") text: String @override(from: "b") }`,
      resolvers: {
        Query: { feed: () => [{ id: '1', created: 'a', text: 'a' }] },
        Post: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, created: `a ${id}`, text: 'a' }),
        },
      },
    },
    {
      name: 'b',
      sdl: `type Query { other: Post } type Post @key(fields: "id") { id: ID! rank: Int }`,
      resolvers: {
        Query: { other: () => ({ id: '2', rank: 3 }) },
        Post: { __resolveReference: asGiven, rank: () => 4 },
      },
    },
  ],
  asks: [
    { query: '{ feed { created text rank } }', data: { feed: [{ created: 'a', text: 'a', rank: 4 }] } },
    { query: '{ other { created rank } }', data: { other: { created: 'a 2', rank: 4 } } },
  ],
};

const asked: string[] = [];

const inRequires: Behaviour = {
  name: 'a field that others require is taken over, and so is the one that requires',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { user: User users: [User] } type User @key(fields: "id") { id: ID! name: String shout: String }`,
      resolvers: {
        Query: { user: () => ({ id: 'u1' }), users: () => [{ id: 'u1' }, { id: 'u2' }] },
        User: {
          __resolveReference: asGiven,
          name: () => (asked.push('a'), 'from a'),
          shout: () => (asked.push('a'), 'from a'),
        },
      },
    },
    {
      name: 'b',
      sdl: `type User @key(fields: "id") { id: ID! name: String @override(from: "a") plain: String }`,
      resolvers: {
        User: {
          __resolveReference: asGiven,
          name: ({ id }: { id: string }) => `b ${id}`,
          plain: () => 'plain',
        },
      },
    },
    {
      name: 'c',
      sdl: `type User @key(fields: "id") { id: ID! name: String @external plain: String @external cName: String @requires(fields: "name") shout: String @override(from: "a") @requires(fields: "plain name") }`,
      resolvers: {
        User: {
          __resolveReference: asGiven,
          cName: ({ name }: { name: string }) => `c of ${name}`,
          shout: ({ plain, name }: { plain: string; name: string }) => `${plain}! ${name}!`,
        },
      },
    },
  ],
  asks: [
    { query: '{ user { cName } }', data: { user: { cName: 'c of b u1' } } },
    {
      query: '{ users { shout name cName } }',
      data: {
        users: ['u1', 'u2'].map((id) => ({
          shout: `plain! b ${id}!`,
          name: `b ${id}`,
          cName: `c of b ${id}`,
        })),
      },
    },
  ],
};

const behindInterface: Behaviour = {
  name: 'taken over in types of an interface, asked for through the interface',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { posts: [Post] anyPost: Post } interface Post { id: ID! created: String! } type TextPost implements Post @key(fields: "id") { id: ID! created: String! body: String! }`,
      resolvers: {
        Query: {
          posts: () => [{ __typename: 'TextPost', id: '1', created: 'a', body: 'b1' }],
          anyPost: () => ({ __typename: 'TextPost', id: '2', created: 'a', body: 'b2' }),
        },
        TextPost: { __resolveReference: async ({ id }: { id: string }) => ({ id, created: 'a', body: 'b' }) },
      },
    },
    {
      name: 'b',
      sdl: `type Query { more: [Post] } interface Post { id: ID! created: String! } type TextPost implements Post @key(fields: "id") { id: ID! created: String! @override(from: "a") } type ImagePost implements Post @key(fields: "id") { id: ID! created: String! url: String }`,
      resolvers: {
        Query: {
          more: () => [
            { __typename: 'TextPost', id: '3', created: 'b' },
            { __typename: 'ImagePost', id: '4', created: 'b', url: 'u' },
          ],
        },
        TextPost: { __resolveReference: async ({ id }: { id: string }) => ({ id, created: `b ${id}` }) },
        ImagePost: { __resolveReference: asGiven },
      },
    },
  ],
  asks: [
    { query: '{ posts { id created } }', data: { posts: [{ id: '1', created: 'b 1' }] } },
    {
      query:
        '{ anyPost { created ... on TextPost { body } } more { id created ... on TextPost { body } ... on ImagePost { url } } }',
      data: {
        anyPost: { created: 'b 2', body: 'b2' },
        more: [
          { id: '3', created: 'b', body: 'b' },
          { id: '4', created: 'b', url: 'u' },
        ],
      },
    },
    {
      query: '{ posts { ... on TextPost { id body } } }',
      data: { posts: [{ id: '1', body: 'b1' }] },
      fetches: ['a'],
    },
  ],
};

export const takeoverBehaviours = [simple, unavailable, inRequires, behindInterface];
