import { asGiven, byKey, type Behaviour } from './behaviour.ts';

const goods = [
  { __typename: 'Book', id: 'b1', dims: { size: 'S', weight: 1 }, sku: 'kb1', maker: { id: 'x' }, pages: 9 },
  { __typename: 'Tool', id: 't1', dims: { size: 'L', weight: 2 }, sku: 'kt1', maker: { id: 'y' }, volts: 12 },
];
const goodsById = byKey(goods, 'id');

const spread: Behaviour = {
  name: 'an interface each of whose fields is answered by another subgraph, type by type',
  subgraphs: [
    {
      name: 'goods',
      sdl: `type Query { goods: [Good] same: [Similar] } interface Good { id: ID! sku: String dims: Dims maker: Maker hidden: Boolean @inaccessible } interface Similar { id: ID! }
        type Dims @shareable { size: String weight: Float } type Maker @key(fields: "id") { id: ID! }
        type Book implements Good & Similar @key(fields: "id") { id: ID! sku: String dims: Dims @shareable maker: Maker @shareable hidden: Boolean @inaccessible } type Tool implements Good & Similar @key(fields: "id") { id: ID! sku: String dims: Dims @shareable maker: Maker @shareable hidden: Boolean volts: Int }`,
      resolvers: {
        Query: { goods: () => goods, same: () => goods },
        Book: { __resolveReference: goodsById },
        Tool: { __resolveReference: goodsById },
      },
    },
    {
      name: 'reviews',
      sdl: `interface Good { id: ID! reviews: [Review!]! score: Int } type Book implements Good @key(fields: "id") { id: ID! reviews: [Review!]! score: Int similar: [Book] } type Tool implements Good @key(fields: "id") { id: ID! reviews: [Review!]! score: Int }
        type Review { id: Int! body: String good: Good }`,
      resolvers: {
        Book: {
          __resolveReference: asGiven,
          reviews: () => [{ id: 1, body: 'fine', good: { __typename: 'Tool', id: 't1' } }],
          score: () => 5,
          similar: () => [{ id: 'b1' }, null],
        },
        Tool: { __resolveReference: asGiven, reviews: () => [], score: () => 3 },
      },
    },
    {
      name: 'ship',
      sdl: `interface Good { id: ID! dims: Dims delivery(zip: String): Delivery } type Dims @shareable { size: String weight: Float } type Delivery { when: String cost: Float }
        type Book implements Good @key(fields: "id") { id: ID! dims: Dims @external delivery(zip: String): Delivery @requires(fields: "dims { size weight }") } type Tool implements Good @key(fields: "id") { id: ID! dims: Dims @external delivery(zip: String): Delivery @requires(fields: "dims { size weight }") }`,
      resolvers: Object.fromEntries(
        ['Book', 'Tool'].map((type) => [
          type,
          {
            __resolveReference: asGiven,
            delivery: ({ dims }: { dims: { size: string; weight: number } }, { zip }: { zip?: string }) => ({
              when: `${dims.size}@${zip ?? 'home'}`,
              cost: dims.weight * 10,
            }),
          },
        ]),
      ),
    },
    {
      name: 'makers',
      sdl: `type Maker @key(fields: "id") { id: ID! firm: String } type Book @key(fields: "id") { id: ID! title: String }`,
      resolvers: {
        Maker: { __resolveReference: asGiven, firm: ({ id }: { id: string }) => `firm ${id}` },
        Book: { __resolveReference: asGiven, title: ({ id }: { id: string }) => `title ${id}` },
      },
    },
  ],
  asks: [
    {
      query: '{ goods { id delivery(zip: "1") { when cost } reviews { body } } }',
      data: {
        goods: [
          { id: 'b1', delivery: { when: 'S@1', cost: 10 }, reviews: [{ body: 'fine' }] },
          { id: 't1', delivery: { when: 'L@1', cost: 20 }, reviews: [] },
        ],
      },
    },
    {
      query:
        '{ goods { sku maker { firm } ... on Book { title reviews { good { score sku ... on Tool { volts } maker { id firm } } } } } }',
      data: {
        goods: [
          {
            sku: 'kb1',
            maker: { firm: 'firm x' },
            title: 'title b1',
            reviews: [{ good: { score: 3, sku: 'kt1', volts: 12, maker: { id: 'y', firm: 'firm y' } } }],
          },
          { sku: 'kt1', maker: { firm: 'firm y' } },
        ],
      },
    },
    {
      query:
        '{ same { id ... on Good { score dims { size } } ... on Book { similar { title score similar { id } } } } }',
      data: {
        same: [
          {
            id: 'b1',
            score: 5,
            dims: { size: 'S' },
            similar: [{ title: 'title b1', score: 5, similar: [{ id: 'b1' }, null] }, null],
          },
          { id: 't1', score: 3, dims: { size: 'L' } },
        ],
      },
    },
    {
      query:
        'query ($zip: String) { goods { ...D ... on Tool { again: delivery(zip: $zip) { when } } } } fragment D on Good { __typename delivery { ...C when } } fragment C on Delivery { cost }',
      variables: { zip: 'z' },
      data: {
        goods: [
          { __typename: 'Book', delivery: { cost: 10, when: 'S@home' } },
          { __typename: 'Tool', delivery: { cost: 20, when: 'L@home' }, again: { when: 'L@z' } },
        ],
      },
    },
  ],
};

const mismatch: Behaviour = {
  name: 'a field that is an interface here and one of its types, or stricter, there',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { holder: Holder } type Holder @key(fields: "id") { id: ID! one: Thing @shareable many: [Thing] @shareable } interface Thing { id: ID! } type Bolt implements Thing @key(fields: "id") { id: ID! len: Int } type Nut implements Thing @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          holder: () => ({
            id: 'h',
            one: { __typename: 'Bolt', id: '1', len: 4 },
            many: [{ __typename: 'Nut', id: '2' }],
          }),
        },
        Holder: {
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            one: { __typename: 'Bolt', id: '1', len: 4 },
            many: [{ __typename: 'Nut', id: '2' }],
          }),
        },
        Bolt: { __resolveReference: async ({ id }: { id: string }) => ({ id, len: 4 }) },
      },
    },
    {
      name: 'b',
      sdl: `type Query { holderB: Holder! } type Holder @key(fields: "id") { id: ID! one: Bolt! @shareable many: [Nut!]! @shareable extra: Int } type Bolt @key(fields: "id") { id: ID! head: String } type Nut @key(fields: "id") { id: ID! hex: Int }`,
      resolvers: {
        Query: { holderB: () => ({ id: 'h', one: { id: '1' }, many: [{ id: '2' }] }) },
        Holder: {
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            one: { id: '1' },
            many: [{ id: '2' }],
          }),
          extra: () => 1,
        },
        Bolt: { __resolveReference: asGiven, head: () => 'hex' },
        Nut: { __resolveReference: asGiven, hex: () => 6 },
      },
    },
  ],
  asks: [
    {
      query:
        '{ holder { one { id __typename ... on Bolt { len head } } many { id ... on Nut { hex } } extra } }',
      data: {
        holder: {
          one: { id: '1', __typename: 'Bolt', len: 4, head: 'hex' },
          many: [{ id: '2', hex: 6 }],
          extra: 1,
        },
      },
    },
    {
      query: '{ holderB { one { id ... on Bolt { len head } } many { __typename id } } }',
      data: { holderB: { one: { id: '1', len: 4, head: 'hex' }, many: [{ __typename: 'Nut', id: '2' }] } },
    },
    {
      query: '{ holderB { many { ... on Bolt { id } ... on Nut { id } } } }',
      data: { holderB: { many: [{ id: '2' }] } },
    },
  ],
};

const layered: Behaviour = {
  name: 'interfaces that implement interfaces, unions of them, and fragments on each',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { any: [Any!]! nodes: [Node] assets(kind: String): [Asset] } interface Node { id: ID! } interface Asset implements Node { id: ID! name: String } union Any = Pump | Fan | Note
        type Pump implements Asset & Node @key(fields: "id") { id: ID! name: String flow: Int } type Fan implements Asset & Node @key(fields: "id") { id: ID! name: String } type Note implements Node { id: ID! text: String }`,
      resolvers: {
        Query: {
          any: () => [
            { __typename: 'Pump', id: 'p', name: 'P', flow: 3 },
            { __typename: 'Note', id: 'n', text: 'T' },
            { __typename: 'Fan', id: 'f', name: 'F' },
          ],
          nodes: () => [
            { __typename: 'Note', id: 'n', text: 'T' },
            { __typename: 'Fan', id: 'f', name: 'F' },
            null,
          ],
          assets: () => [{ __typename: 'Pump', id: 'p', name: 'P', flow: 3 }],
        },
        Pump: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: 'P', flow: 3 }) },
      },
    },
    {
      name: 'b',
      sdl: `interface Asset { id: ID! wear: Float } type Pump implements Asset @key(fields: "id") { id: ID! wear: Float twin: Any2 } type Fan implements Asset @key(fields: "id") { id: ID! wear: Float } union Any2 = Pump | Fan`,
      resolvers: {
        Pump: { __resolveReference: asGiven, wear: () => 0.1, twin: () => ({ __typename: 'Fan', id: 'f2' }) },
        Fan: { __resolveReference: asGiven, wear: () => 0.2 },
      },
    },
  ],
  asks: [
    {
      query:
        '{ any { ... on Node { id } ... on Asset { name wear } ... on Note { text } ... on Pump { flow } } }',
      data: {
        any: [
          { id: 'p', name: 'P', wear: 0.1, flow: 3 },
          { id: 'n', text: 'T' },
          { id: 'f', name: 'F', wear: 0.2 },
        ],
      },
    },
    {
      query:
        '{ nodes { __typename ... on Asset { ... on Fan { id wear } } } assets { ... on Node { ... on Pump { twin { __typename ... on Asset { w: wear } } } } } }',
      data: {
        nodes: [{ __typename: 'Note' }, { __typename: 'Fan', id: 'f', wear: 0.2 }, null],
        assets: [{ twin: { __typename: 'Fan', w: 0.2 } }],
      },
    },
    {
      query:
        '{ assets { wear ...A } any { ...A ...B } } fragment A on Asset { name ... on Pump { wear flow } } fragment B on Node { id ...A }',
      data: {
        assets: [{ wear: 0.1, name: 'P', flow: 3 }],
        any: [{ name: 'P', wear: 0.1, flow: 3, id: 'p' }, { id: 'n' }, { name: 'F', id: 'f' }],
      },
    },
  ],
};

const sharedUnion: Behaviour = {
  name: 'a union of entities that one subgraph shares and another completes, with the same keys in each member',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { media: Media @shareable list: [Media] viewer: Viewer } union Media = Film | Song type Film @key(fields: "id") { id: ID! title: String @shareable } type Song @key(fields: "id") { id: ID! title: String @shareable } type Viewer @key(fields: "id") { id: ID! media: Media @shareable song: Song }`,
      resolvers: {
        Query: {
          media: () => ({ __typename: 'Film', id: '1', title: 'f' }),
          list: () => [
            { __typename: 'Song', id: '2', title: 's' },
            null,
            { __typename: 'Film', id: '1', title: 'f' },
          ],
          viewer: () => ({
            id: 'v',
            media: { __typename: 'Film', id: '1', title: 'f' },
            song: { id: '2', title: 's' },
          }),
        },
        Viewer: { __resolveReference: asGiven },
      },
    },
    {
      name: 'b',
      sdl: `type Query { media: Media @shareable } union Media = Film | Clip type Film @key(fields: "id") { id: ID! title: String @shareable length: Int } type Clip @key(fields: "id") { id: ID! title: String } type Song @key(fields: "id") { id: ID! length: String } type Viewer @key(fields: "id") { id: ID! media: Media @shareable }`,
      resolvers: {
        Query: { media: () => ({ __typename: 'Film', id: '1', title: 'f' }) },
        Film: { __resolveReference: asGiven, length: () => 90 },
        Song: { __resolveReference: asGiven, length: () => '3 min' },
        Viewer: { __resolveReference: asGiven, media: () => ({ __typename: 'Film', id: '1', title: 'f' }) },
      },
    },
  ],
  asks: [
    {
      query:
        '{ media { __typename ... on Film { title length } ... on Song { title } ... on Clip { title } } }',
      data: { media: { __typename: 'Film', title: 'f', length: 90 } },
    },
    {
      query:
        '{ list { ... on Film { minutes: length id } ... on Song { text: length id } } viewer { song { length } } }',
      data: {
        list: [{ text: '3 min', id: '2' }, null, { minutes: 90, id: '1' }],
        viewer: { song: { length: '3 min' } },
      },
    },
    {
      query: '{ viewer { media { __typename ... on Song { title } ... on Clip { title } } } }',
      data: { viewer: { media: { __typename: 'Film' } } },
      fetches: ['a'],
    },
    {
      query: '{ viewer { media { ... on Song { title } ... on Film { length } } } }',
      data: { viewer: { media: { length: 90 } } },
    },
    {
      query: '{ list { t: __typename ... on Media { __typename } } }',
      data: { list: [{ t: 'Song', __typename: 'Song' }, null, { t: 'Film', __typename: 'Film' }] },
    },
  ],
};

export const typeBehaviours = [spread, mismatch, layered, sharedUnion];
