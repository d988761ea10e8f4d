import { asGiven, type Behaviour } from './behaviour.ts';

const price = (n: number) => ({ amount: n, currency: 'EUR' });

const several: Behaviour = {
  name: 'one root field of three subgraphs, each of which has another part of the answer',
  subgraphs: [
    {
      name: 'category',
      sdl: `type Query { product: Product @shareable products: [Product] @shareable find(id: ID!): Product @shareable } type Product { id: ID! @shareable category: Category } type Category { id: ID! name: String }`,
      resolvers: {
        Query: {
          product: () => ({ id: '1', category: { id: 'c1', name: 'C' } }),
          products: () => ['1', '2'].map((id) => ({ id, category: { id: `c${id}`, name: `C${id}` } })),
          find: (_: unknown, { id }: { id: string }) => ({ id, category: { id: `c${id}`, name: `C${id}` } }),
        },
      },
    },
    {
      name: 'name',
      sdl: `type Query { product: Product @shareable products: [Product] @shareable find(id: ID!): Product @shareable } type Product { id: ID! @shareable name: Name } type Name { id: ID! brand: String model: String }`,
      resolvers: {
        Query: {
          product: () => ({ id: '1', name: { id: 'n1', brand: 'B', model: 'M' } }),
          products: () => ['1', '2'].map((id) => ({ id, name: { id: `n${id}`, brand: `B${id}` } })),
          find: (_: unknown, { id }: { id: string }) => ({ id, name: { id: `n${id}`, brand: `B${id}` } }),
        },
      },
    },
    {
      name: 'price',
      sdl: `type Query { product: Product @shareable products: [Product] @shareable find(id: ID!): Product @shareable } type Product { id: ID! @shareable price: Price } type Price { amount: Int currency: String }`,
      resolvers: {
        Query: {
          product: () => ({ id: '1', price: price(1) }),
          products: () => [1, 2].map((n) => ({ id: `${n}`, price: price(n) })),
          find: (_: unknown, { id }: { id: string }) => ({ id, price: price(Number(id)) }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ product { id name { brand model } category { id name } price { amount } } }',
      data: {
        product: {
          id: '1',
          name: { brand: 'B', model: 'M' },
          category: { id: 'c1', name: 'C' },
          price: { amount: 1 },
        },
      },
    },
    {
      query: '{ products { id category { name } name { b: brand } price { currency } } }',
      data: {
        products: ['1', '2'].map((id) => ({
          id,
          category: { name: `C${id}` },
          name: { b: `B${id}` },
          price: { currency: 'EUR' },
        })),
      },
    },
    {
      query:
        'query ($id: ID!) { a: find(id: $id) { name { id } price { amount } } b: find(id: "6") { category { name } price { amount } } product { price { amount } } }',
      variables: { id: '5' },
      data: {
        a: { name: { id: 'n5' }, price: { amount: 5 } },
        b: { category: { name: 'C6' }, price: { amount: 6 } },
        product: { price: { amount: 1 } },
      },
    },
    { query: '{ product { id } }', data: { product: { id: '1' } } },
    {
      query: '{ product { price { amount } } }',
      data: { product: { price: { amount: 1 } } },
      fetches: ['price'],
    },
  ],
};

const withEntities: Behaviour = {
  name: 'shared root fields whose entities are completed by key or by asking again, whichever is possible',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { me: User @shareable team: Team @shareable } type User @key(fields: "id") { id: ID! name: String } type Team @shareable { title: String lead: User }`,
      resolvers: {
        Query: {
          me: () => ({ id: 'u', name: 'Ada' }),
          team: () => ({ title: 'T', lead: { id: 'l', name: 'Lin' } }),
        },
        User: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `name ${id}` }) },
      },
    },
    {
      name: 'b',
      sdl: `type Query { me: User @shareable team: Team @shareable } type User @key(fields: "id") { id: ID! mail: String } type Team { title: String @shareable lead: User @shareable size: Int }`,
      resolvers: {
        Query: {
          me: () => ({ id: 'u', mail: 'm' }),
          team: () => ({ title: 'T', lead: { id: 'l' }, size: 4 }),
        },
        User: { __resolveReference: asGiven, mail: ({ id }: { id: string }) => `${id}@x` },
      },
    },
  ],
  asks: [
    { query: '{ me { name mail } }', data: { me: { name: 'Ada', mail: 'u@x' } } },
    {
      query: '{ team { title size lead { name mail } } }',
      data: { team: { title: 'T', size: 4, lead: { name: 'Lin', mail: 'l@x' } } },
    },
    { query: '{ team { lead { mail } } }', data: { team: { lead: { mail: 'l@x' } } }, fetches: ['b'] },
  ],
};

const nestedProvided: Behaviour = {
  name: 'provided fields in lists, through entities, in mutations and beside what is not provided',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { boxes: [Box] @provides(fields: "parts { name maker { city } }") plain: [Box] } type Mutation { pack: Box @provides(fields: "parts { name }") } type Box @key(fields: "id") { id: ID! parts: [Part] @external } type Part @key(fields: "id") { id: ID! name: String @external maker: Maker @external } type Maker @key(fields: "id") { id: ID! city: String @external }`,
      resolvers: {
        Query: {
          boxes: () => [
            { id: 'b1', parts: [{ id: 'p1', name: 'given', maker: { id: 'm1', city: 'given' } }, null] },
          ],
          plain: () => [{ id: 'b2' }],
        },
        Mutation: { pack: () => ({ id: 'b3', parts: [{ id: 'p9', name: 'packed' }] }) },
      },
    },
    {
      name: 'b',
      sdl: `type Box @key(fields: "id") { id: ID! parts: [Part] @shareable } type Part @key(fields: "id") { id: ID! name: String @shareable maker: Maker @shareable stock: Int } type Maker @key(fields: "id") { id: ID! city: String @shareable zip: String }`,
      resolvers: {
        Box: {
          __resolveReference: asGiven,
          parts: ({ id }: { id: string }) =>
            id === 'b1'
              ? [{ id: 'p1', name: 'own', maker: { id: 'm1', city: 'own' } }, null]
              : [{ id: `${id}p`, name: 'own', maker: { id: 'mo', city: 'own' } }],
        },
        Part: {
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            name: 'own',
            maker: { id: id.replace('p', 'm'), city: 'own' },
          }),
          stock: () => 3,
        },
        Maker: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, city: 'own' }),
          zip: ({ id }: { id: string }) => `zip ${id}`,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ boxes { parts { name maker { city } } } }',
      data: { boxes: [{ parts: [{ name: 'given', maker: { city: 'given' } }, null] }] },
      fetches: ['a'],
    },
    {
      query: '{ boxes { parts { name stock maker { city zip } } } plain { parts { name maker { city } } } }',
      data: {
        boxes: [{ parts: [{ name: 'given', stock: 3, maker: { city: 'given', zip: 'zip m1' } }, null] }],
        plain: [{ parts: [{ name: 'own', maker: { city: 'own' } }] }],
      },
    },
    {
      query: 'mutation { pack { parts { name stock } } }',
      data: { pack: { parts: [{ name: 'packed', stock: 3 }] } },
    },
  ],
};

export const sharedRootBehaviours = [several, withEntities, nestedProvided];
