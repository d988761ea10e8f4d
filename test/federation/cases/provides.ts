import { byKey, type Behaviour } from './behaviour.ts';

const nestedProvides: Behaviour = {
  name: 'provided fields below provided fields',
  subgraphs: [
    {
      name: 'search',
      sdl: `type Query { hits: [Asset] @provides(fields: "groups { id name }") } type Asset @key(fields: "id") { id: ID! groups: [Group] @external } type Group @key(fields: "id") { id: ID! name: String @external }`,
      resolvers: { Query: { hits: () => [{ id: '1', groups: [{ id: 'g', name: 'provided' }] }] } },
    },
    {
      name: 'groups',
      sdl: `type Asset @key(fields: "id") { id: ID! groups: [Group] @shareable } type Group @key(fields: "id") { id: ID! name: String @shareable sub: [Group!]! }`,
      resolvers: {
        Asset: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, groups: [{ id: 'g', name: 'own' }] }),
        },
        Group: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, name: `own ${id}` }),
          sub: () => [{ id: 's', name: 'sub' }],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ hits { id groups { id name } } }',
      data: { hits: [{ id: '1', groups: [{ id: 'g', name: 'provided' }] }] },
      fetches: ['search'],
    },
    {
      query: '{ hits { groups { name sub { name } } } }',
      data: { hits: [{ groups: [{ name: 'provided', sub: [{ name: 'sub' }] }] }] },
    },
  ],
};

const onInterfaceAndUnion: Behaviour = {
  name: 'fields provided for some types of an interface or union',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { media: Media @shareable top: Media @provides(fields: "gear { id ... on Pump { maker } }") any: Item @provides(fields: "... on Pump { maker }") }
        interface Media { id: ID! gear: [Gear] } interface Gear { id: ID! } union Item = Pump | Valve
        type Book implements Media @key(fields: "id") { id: ID! gear: [Gear] @external }
        type Pump implements Gear @key(fields: "id") { id: ID! maker: String @external } type Valve implements Gear @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          media: () => ({ __typename: 'Book', id: 'b' }),
          top: () => ({
            __typename: 'Book',
            id: 'b',
            gear: [
              { __typename: 'Pump', id: 'p', maker: 'provided' },
              { __typename: 'Valve', id: 'v' },
            ],
          }),
          any: () => ({ __typename: 'Pump', id: 'p', maker: 'provided' }),
        },
        Pump: { __resolveReference: async (pump: object) => pump },
      },
    },
    {
      name: 'b',
      sdl: `type Query { media: Media @shareable } interface Media { id: ID! gear: [Gear] } interface Gear { id: ID! maker: String }
        type Book implements Media @key(fields: "id") { id: ID! gear: [Gear] @shareable }
        type Pump implements Gear @key(fields: "id") { id: ID! maker: String @shareable } type Valve implements Gear @key(fields: "id") { id: ID! maker: String }`,
      resolvers: {
        Query: { media: () => ({ __typename: 'Book', id: 'b' }) },
        Book: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          gear: () => [{ __typename: 'Valve', id: 'v2' }],
        },
        Pump: { __resolveReference: async ({ id }: { id: string }) => ({ id, maker: `own ${id}` }) },
        Valve: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          maker: ({ id }: { id: string }) => `own ${id}`,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ media { id gear { id maker } } }',
      data: { media: { id: 'b', gear: [{ id: 'v2', maker: 'own v2' }] } },
    },
    {
      query: '{ any { ... on Pump { maker } ... on Valve { maker } } }',
      data: { any: { maker: 'provided' } },
      fetches: ['a'],
    },
    { query: '{ any { __typename ... on Valve { maker } } }', data: { any: { __typename: 'Pump' } } },
    {
      query: '{ top { gear { id ... on Pump { maker } } } }',
      data: {
        top: {
          gear: [{ id: 'p', maker: 'provided' }, { id: 'v' }],
        },
      },
      fetches: ['a'],
    },
  ],
};

const answered: string[] = [];
const onlyAsked: Behaviour = {
  name: 'only what is asked for is fetched of what is provided',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { asset: Asset @provides(fields: "name slow") } type Asset @key(fields: "id") { id: ID! name: String @external slow: String @external }`,
      resolvers: {
        Query: { asset: () => ({ id: '1', name: 'n' }) },
        Asset: { slow: () => (answered.push('slow'), 's') },
      },
    },
    {
      name: 'b',
      sdl: `type Asset @key(fields: "id") { id: ID! name: String @shareable slow: String @shareable more: String }`,
      resolvers: {
        Asset: { __resolveReference: byKey([{ id: '1', name: 'x', slow: 'y', more: 'm' }], 'id') },
      },
    },
  ],
  asks: [
    { query: '{ asset { name } }', data: { asset: { name: 'n' } }, fetches: ['a'] },
    { query: '{ asset { name more } }', data: { asset: { name: 'n', more: 'm' } }, fetches: ['a', 'b'] },
    { query: '{ asset { slow } }', data: { asset: { slow: 's' } }, fetches: ['a'] },
  ],
};

export const providesBehaviours = [nestedProvides, onInterfaceAndUnion, onlyAsked];
