import { byKey, type Behaviour } from './behaviour.ts';

const pumps = [
  { id: 'p1', tag: 'P-101', name: 'Feed pump' },
  { id: 'p2', tag: 'P-102', name: 'Return pump' },
];
const rated = [
  { tag: 'P-101', rating: 5 },
  { tag: 'P-102', rating: 3 },
];

/** The second subgraph knows the entity by another key than the first: the first gives both. */
const otherKey: Behaviour = {
  name: 'an entity is looked up by whichever key the next subgraph knows',
  subgraphs: [
    {
      name: 'assets',
      sdl: `type Query { pump: Pump pumps: [Pump!]! } type Pump @key(fields: "id") { id: ID! tag: String! name: String }`,
      resolvers: {
        Query: { pump: () => pumps[0], pumps: () => pumps },
        Pump: { __resolveReference: byKey(pumps, 'id') },
      },
    },
    {
      name: 'ratings',
      sdl: `type Pump @key(fields: "tag") { tag: String! @external rating: Int }`,
      resolvers: { Pump: { __resolveReference: byKey(rated, 'tag') } },
    },
  ],
  asks: [
    {
      query: '{ pump { id rating } }',
      data: { pump: { id: 'p1', rating: 5 } },
      fetches: ['assets', 'ratings'],
    },
    {
      query: '{ pumps { rating name } }',
      data: {
        pumps: [
          { rating: 5, name: 'Feed pump' },
          { rating: 3, name: 'Return pump' },
        ],
      },
      fetches: ['assets', 'ratings'],
    },
  ],
};

/** From a number to a code to a composite of both: a chain that only works in one order. */
const keyChain: Behaviour = {
  name: 'keys are walked from subgraph to subgraph until one has the field',
  subgraphs: [
    {
      name: 'erp',
      sdl: `type Query { order: Order } type Order @key(fields: "number") { number: ID! }`,
      resolvers: { Query: { order: () => ({ number: '7' }) } },
    },
    {
      name: 'crosswalk',
      sdl: `type Order @key(fields: "number") @key(fields: "code") @key(fields: "code site { id }") {
        number: ID! code: String! site: Site } type Site { id: ID! @shareable }`,
      resolvers: {
        Order: { __resolveReference: async () => ({ number: '7', code: 'WO-7', site: { id: 's1' } }) },
      },
    },
    {
      name: 'mes',
      sdl: `type Order @key(fields: "code site { id }") { code: String! site: Site! @shareable progress: Int } type Site { id: ID! @shareable }`,
      resolvers: {
        Order: {
          __resolveReference: async (order: { code: string; site: { id: string } }) =>
            order.site.id === 's1' && order.code === 'WO-7' ? { ...order, progress: 80 } : null,
        },
      },
    },
    {
      name: 'wms',
      sdl: `type Order @key(fields: "code") { code: String! picked: [Pick!]! } type Pick @key(fields: "id order { code }") { id: ID! order: Order! }`,
      resolvers: {
        Order: {
          __resolveReference: async ({ code }: { code: string }) => ({
            code,
            picked: ['a', 'b'].map((id) => ({ id, order: { code } })),
          }),
        },
      },
    },
    {
      name: 'stock',
      sdl: `type Pick @key(fields: "id order { code }") { id: ID! order: Order! bin: String } type Order @key(fields: "code", resolvable: false) { code: String! }`,
      resolvers: {
        Pick: {
          __resolveReference: async (pick: { id: string; order: { code: string } }) => ({
            ...pick,
            bin: `${pick.order.code}/${pick.id}`,
          }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ order { progress } }',
      data: { order: { progress: 80 } },
      fetches: ['erp', 'crosswalk', 'mes'],
    },
    {
      query: '{ order { number picked { bin order { progress } } } }',
      data: {
        order: {
          number: '7',
          picked: ['a', 'b'].map((id) => ({ bin: `WO-7/${id}`, order: { progress: 80 } })),
        },
      },
    },
  ],
};

const shelves = [
  { sku: 's1', part: { id: 'a' } },
  { sku: 's2', part: { id: 'gone' } },
  { sku: 's3', part: null },
];

/** Three subgraphs with two keys: some values of the second are null, some name nothing. */
const nullKeys: Behaviour = {
  name: 'a null key is not looked up, and an entity that is not there is null',
  subgraphs: [
    {
      name: 'list',
      sdl: `type Query { shelves: [Shelf!]! } type Shelf { item: Item! } type Item @key(fields: "sku") { sku: ID! }`,
      resolvers: { Query: { shelves: () => shelves.map((item) => ({ item })) } },
    },
    {
      name: 'crosswalk',
      sdl: `type Item @key(fields: "id") @key(fields: "sku") { id: ID sku: ID! }`,
      resolvers: {
        Item: {
          __resolveReference: async ({ sku }: { sku: string }) => ({
            sku,
            id: shelves.find((item) => item.sku === sku)?.part?.id ?? null,
          }),
        },
      },
    },
    {
      name: 'parts',
      sdl: `type Item @key(fields: "id") { id: ID part: Part } type Part { name: String! }`,
      resolvers: {
        Item: {
          __resolveReference: async ({ id }: { id: string | null }) => {
            if (id === null) throw new Error('asked for nothing');
            return id === 'a' ? { id, part: { name: 'Seal' } } : null;
          },
        },
      },
    },
  ],
  asks: [
    {
      query: '{ shelves { item { sku part { name } } } }',
      data: {
        shelves: [
          { item: { sku: 's1', part: { name: 'Seal' } } },
          { item: { sku: 's2', part: null } },
          { item: { sku: 's3', part: null } },
        ],
      },
    },
    {
      query: '{ shelves { item { part { __typename } } } }',
      data: {
        shelves: [
          { item: { part: { __typename: 'Part' } } },
          { item: { part: null } },
          { item: { part: null } },
        ],
      },
    },
  ],
};

/** Keys of objects and lists of objects, and an entity that leads back to where it came from. */
const nestedKeys: Behaviour = {
  name: 'keys made of objects and lists of objects, in circles',
  subgraphs: [
    {
      name: 'lines',
      sdl: `type Query { lines: Lines! }
        type Lines @key(fields: "items { id }") { items: [Line!]! }
        type Line @key(fields: "id") { id: String! }`,
      resolvers: { Query: { lines: () => ({ items: [{ id: '1' }, { id: '2' }] }) } },
    },
    {
      name: 'areas',
      sdl: `type Lines @key(fields: "items { id code }") { items: [Line!]! first: Line chosen: Line }
        type Line @key(fields: "id code") { id: String! code: String! area: Area }
        type Area @key(fields: "id tag") { id: String! tag: String main: Line! }`,
      resolvers: {
        Lines: {
          __resolveReference: async ({ items }: { items: { id: string; code: string }[] }) => ({
            items,
            first: items[0],
            chosen: items[1],
          }),
        },
        Line: {
          __resolveReference: async (line: { id: string }) => line,
          area: ({ id }: { id: string }) => ({ id: `a${id}`, tag: `t${id}`, main: { id, code: `c${id}` } }),
        },
      },
    },
    {
      name: 'codes',
      sdl: `type Lines @key(fields: "items { id }") @key(fields: "items { id code }") { items: [Line!]! }
        type Line @key(fields: "id") { id: String! code: String! }`,
      resolvers: {
        Lines: {
          __resolveReference: async ({ items }: { items: { id: string }[] }) => ({
            items: items.map(({ id }) => ({ id, code: `c${id}` })),
          }),
        },
        Line: { __resolveReference: async ({ id }: { id: string }) => ({ id, code: `c${id}` }) },
      },
    },
    {
      name: 'costs',
      sdl: `type Line @key(fields: "id code area { id tag }") { id: String! code: String! area: Area @external cost: Cost }
        type Area @key(fields: "id tag") { id: String! tag: String } type Cost { amount: Int! }`,
      resolvers: {
        Line: {
          __resolveReference: async (line: { id: string; area: { tag: string } }) => line,
          cost: ({ id, area }: { id: string; area: { tag: string } }) =>
            area.tag === `t${id}` ? { amount: Number(id) * 100 } : null,
        },
      },
    },
  ],
  asks: [
    {
      query: `{ lines { items { id code cost { amount } area { tag main { id code cost { amount } area { id } } } } first { id } chosen { id code } } }`,
      data: {
        lines: {
          items: ['1', '2'].map((id) => ({
            id,
            code: `c${id}`,
            cost: { amount: Number(id) * 100 },
            area: {
              tag: `t${id}`,
              main: { id, code: `c${id}`, cost: { amount: Number(id) * 100 }, area: { id: `a${id}` } },
            },
          })),
          first: { id: '1' },
          chosen: { id: '2', code: 'c2' },
        },
      },
    },
    {
      query: '{ lines { chosen { cost { amount } } } }',
      data: { lines: { chosen: { cost: { amount: 200 } } } },
    },
  ],
};

/** A value object below an entity is reached again through its parent, since it has no key of its own. */
const throughParent: Behaviour = {
  name: 'an object without a key is completed through the entity above it',
  subgraphs: [
    {
      name: 'basis',
      sdl: `type Query { machine: Machine machines: [Machine!]! }
        type Machine @key(fields: "id") { id: ID! plate: Plate! @shareable }
        type Plate { maker: String! @shareable }`,
      resolvers: {
        Query: {
          machine: () => ({ id: '1', plate: { maker: 'm1' } }),
          machines: () => ['1', '2'].map((id) => ({ id, plate: { maker: `m${id}` } })),
        },
      },
    },
    {
      name: 'catalog',
      sdl: `type Machine @key(fields: "id name") { id: ID! name: String! @external plate: Plate! @shareable }
        type Plate { year: Int legal: Legal }
        type Legal { text: String! @shareable }`,
      resolvers: {
        Machine: {
          __resolveReference: async (machine: { id: string; name: string }) => machine,
          plate: ({ id, name }: { id: string; name: string }) => ({
            year: 2000 + Number(id),
            legal: { text: `for ${name}` },
          }),
        },
      },
    },
    {
      name: 'names',
      sdl: `type Machine @key(fields: "id") { id: ID! name: String! }`,
      resolvers: {
        Machine: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `Machine ${id}` }) },
      },
    },
  ],
  asks: [
    {
      query: '{ machine { id plate { maker year legal { text } } } }',
      data: { machine: { id: '1', plate: { maker: 'm1', year: 2001, legal: { text: 'for Machine 1' } } } },
    },
    {
      query: '{ machines { plate { year y: maker } name } }',
      data: {
        machines: ['1', '2'].map((id) => ({
          plate: { year: 2000 + Number(id), y: `m${id}` },
          name: `Machine ${id}`,
        })),
      },
    },
  ],
};

/** References only: a subgraph that names an entity but cannot look it up. */
const notResolvable: Behaviour = {
  name: 'a key that is not resolvable is only given, never asked for',
  subgraphs: [
    {
      name: 'users',
      sdl: `type Query { operators: [Operator!]! } type Operator @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: { operators: () => [{ id: '1', name: 'Ada' }] },
        Operator: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `Operator ${id}` }) },
      },
    },
    {
      name: 'shifts',
      sdl: `type Query { shift: Shift } type Shift { day: String lead: Operator! crew: [Operator] }
        type Operator @key(fields: "id", resolvable: false) { id: ID! }`,
      resolvers: {
        Query: { shift: () => ({ day: 'mon', lead: { id: '9' }, crew: [{ id: '1' }, null, { id: '9' }] }) },
      },
    },
  ],
  asks: [
    {
      query: '{ shift { day lead { id name } crew { name } } }',
      data: {
        shift: {
          day: 'mon',
          lead: { id: '9', name: 'Operator 9' },
          crew: [{ name: 'Operator 1' }, null, { name: 'Operator 9' }],
        },
      },
      fetches: ['shifts', 'users'],
    },
    { query: '{ shift { lead { id } } }', data: { shift: { lead: { id: '9' } } }, fetches: ['shifts'] },
  ],
};

export const keyBehaviours = [otherKey, keyChain, nullKeys, nestedKeys, throughParent, notResolvable];
