import { asGiven, byKey, type Behaviour } from './behaviour.ts';

const simple: Behaviour = {
  name: 'one entity asked of the next subgraph, with arguments',
  subgraphs: [
    {
      name: 'tags',
      sdl: `type Query { pump(tag: ID = "P1"): Pump } type Pump @key(fields: "tag") { tag: ID! }`,
      resolvers: { Query: { pump: (_: unknown, { tag }: { tag: string }) => ({ tag }) } },
    },
    {
      name: 'hours',
      sdl: `type Pump @key(fields: "tag") { tag: ID! hours(since: Int = 0, until: Int): Int maker: String }`,
      resolvers: {
        Pump: {
          __resolveReference: asGiven,
          hours: (_: unknown, { since, until }: { since: number; until?: number }) => (until ?? 100) - since,
          maker: ({ tag }: { tag: string }) => `maker of ${tag}`,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ pump { maker } }',
      data: { pump: { maker: 'maker of P1' } },
      fetches: ['tags', 'hours'],
    },
    {
      query:
        'query ($tag: ID!, $since: Int = 7, $until: Int) { pump(tag: $tag) { tag hours(since: $since, until: $until) all: hours } }',
      variables: { tag: 'P2' },
      data: { pump: { tag: 'P2', hours: 93, all: 100 } },
      fetches: ['tags', 'hours'],
    },
    {
      query:
        'query ($until: Int) { pump { hours(until: $until) } other: pump(tag: "x") { hours(since: 1) } }',
      variables: { until: 50 },
      data: { pump: { hours: 50 }, other: { hours: 99 } },
    },
  ],
};

const motors = [
  { id: 'm1', plate: { no: 1, year: 2001 }, name: 'first' },
  { id: 'm2', plate: { no: 2, year: 2002 }, name: 'second' },
];

const mashup: Behaviour = {
  name: 'several keys of one entity, other ones in each subgraph, some of them not resolvable',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { motor: Motor } type Motor @key(fields: "id") @key(fields: "plate { no year }") { id: ID! plate: Plate! name: String } type Plate { no: Int! @shareable year: Int! @shareable }`,
      resolvers: {
        Query: { motor: () => motors[1] },
        Motor: {
          __resolveReference: async ({ id, plate }: { id?: string; plate?: { no: number } }) =>
            motors.find((motor) => motor.id === id || motor.plate.no === plate?.no) ?? null,
        },
      },
    },
    {
      name: 'b',
      sdl: `type Query { motors: [Motor!]! } type Motor @key(fields: "id", resolvable: false) { id: ID! speed: Int @shareable }`,
      resolvers: { Query: { motors: () => motors.map(({ id }, index) => ({ id, speed: index * 100 })) } },
    },
    {
      name: 'c',
      sdl: `type Query { oldest: Motor } type Motor @key(fields: "plate { no year }") { plate: Plate! age: Int speed: Int @shareable } type Plate { no: Int! @shareable year: Int! @shareable }`,
      resolvers: {
        Query: { oldest: () => ({ plate: { no: 1, year: 2001 } }) },
        Motor: {
          __resolveReference: asGiven,
          age: ({ plate }: { plate: { year: number } }) => 2026 - plate.year,
          speed: ({ plate }: { plate: { no: number } }) => (plate.no - 1) * 100,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ motors { id age speed name } }',
      data: {
        motors: [
          { id: 'm1', age: 25, speed: 0, name: 'first' },
          { id: 'm2', age: 24, speed: 100, name: 'second' },
        ],
      },
    },
    {
      query: '{ oldest { id name plate { year } } motor { age speed } }',
      data: { oldest: { id: 'm1', name: 'first', plate: { year: 2001 } }, motor: { age: 24, speed: 100 } },
    },
    { query: '{ motors { speed } }', data: { motors: [{ speed: 0 }, { speed: 100 }] }, fetches: ['b'] },
  ],
};

const throughParents: Behaviour = {
  name: 'parts of an object without a key, from several subgraphs that know its parent by different keys',
  subgraphs: [
    {
      name: 'start',
      sdl: `type Query { unit(id: ID!): Unit } type Unit @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: { unit: (_: unknown, { id }: { id: string }) => ({ id, name: `unit ${id}` }) },
        Unit: { __resolveReference: async ({ id }: { id: string }) => ({ id, name: `unit ${id}` }) },
      },
    },
    {
      name: 'pids',
      sdl: `type Unit @key(fields: "id") { id: ID! pid: ID! }`,
      resolvers: { Unit: { __resolveReference: async ({ id }: { id: string }) => ({ id, pid: `p${id}` }) } },
    },
    {
      name: 'details',
      sdl: `type Unit @key(fields: "id pid") { id: ID! @external pid: ID! @external group: Group @shareable } type Group { detail: String }`,
      resolvers: {
        Unit: {
          __resolveReference: asGiven,
          group: ({ pid }: { pid: string }) => ({ detail: `detail ${pid}` }),
        },
      },
    },
    {
      name: 'groups',
      sdl: `type Unit @key(fields: "pid id") { id: ID! @external pid: ID! @external group: Group @shareable } type Group { id: ID! title: Title } type Title { text: String @shareable }`,
      resolvers: {
        Unit: {
          __resolveReference: asGiven,
          group: ({ pid }: { pid: string }) => ({ id: `g${pid}`, title: { text: `title ${pid}` } }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ unit(id: "1") { id name group { id detail title { text } } } }',
      data: {
        unit: {
          id: '1',
          name: 'unit 1',
          group: { id: 'gp1', detail: 'detail p1', title: { text: 'title p1' } },
        },
      },
    },
    {
      query: '{ a: unit(id: "1") { group { detail } } b: unit(id: "2") { g: group { id } } }',
      data: { a: { group: { detail: 'detail p1' } }, b: { g: { id: 'gp2' } } },
    },
  ],
};

const part = (name: string, field: string) => ({
  name,
  sdl: `type Query { ${field}Root: Tool } type Tool @key(fields: "id") { id: ID! ${field}: String }`,
  resolvers: {
    Query: { [`${field}Root`]: () => ({ id: 't' }) },
    Tool: { __resolveReference: asGiven, [field]: ({ id }: { id: string }) => `${name} ${id}` },
  },
});

const graphNames: Behaviour = {
  name: 'subgraphs whose names differ only in case and signs',
  subgraphs: [
    part('Plant-A', 'one'),
    part('plant_a', 'two'),
    part('PLANT', 'three'),
    part('plant-3d', 'four'),
  ],
  asks: [
    {
      query: '{ oneRoot { one two three four } }',
      data: { oneRoot: { one: 'Plant-A t', two: 'plant_a t', three: 'PLANT t', four: 'plant-3d t' } },
    },
    {
      query: '{ twoRoot { id one } threeRoot { id four } }',
      data: { twoRoot: { id: 't', one: 'Plant-A t' }, threeRoot: { id: 't', four: 'plant-3d t' } },
      fetches: ['PLANT', 'Plant-A', 'plant-3d', 'plant_a'],
    },
  ],
};

const robots = [
  { id: 'r1', __typename: 'Robot', arms: 2 },
  { id: 'c1', __typename: 'Cart', wheels: 4 },
];

const interfaceKeys: Behaviour = {
  name: 'interfaces with keys, and entities behind them in lists of lists',
  subgraphs: [
    {
      name: 'fleet',
      sdl: `type Query { fleet: [Vehicle] grid: [[Vehicle]!] } interface Vehicle @key(fields: "id") { id: ID! }
        type Robot implements Vehicle @key(fields: "id") { id: ID! arms: Int } type Cart implements Vehicle @key(fields: "id") { id: ID! wheels: Int }`,
      resolvers: {
        Query: { fleet: () => [...robots, null], grid: () => [[robots[1], null], [], [robots[0]]] },
        Vehicle: { __resolveReference: byKey(robots, 'id') },
      },
    },
    {
      name: 'charge',
      sdl: `interface Vehicle { id: ID! charge: Int } type Robot implements Vehicle @key(fields: "id") { id: ID! charge: Int } type Cart implements Vehicle @key(fields: "id") { id: ID! charge: Int }`,
      resolvers: {
        Robot: { __resolveReference: asGiven, charge: () => 80 },
        Cart: { __resolveReference: asGiven, charge: () => 40 },
      },
    },
  ],
  asks: [
    {
      query: '{ fleet { id ... on Robot { arms charge } ... on Cart { charge } } }',
      data: { fleet: [{ id: 'r1', arms: 2, charge: 80 }, { id: 'c1', charge: 40 }, null] },
    },
    {
      query: '{ grid { __typename ... on Cart { wheels charge } ... on Robot { power: charge } } }',
      data: {
        grid: [
          [{ __typename: 'Cart', wheels: 4, charge: 40 }, null],
          [],
          [{ __typename: 'Robot', power: 80 }],
        ],
      },
    },
  ],
};

const circles: Behaviour = {
  name: 'entities that refer to one another over subgraphs, round and round',
  subgraphs: [
    {
      name: 'accounts',
      sdl: `type Query { node(id: ID!): Node account(id: String!): Account } interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! owner: String! } type Chat implements Node @key(fields: "id") { id: ID! account: Account! }`,
      resolvers: {
        Query: {
          node: (_: unknown, { id }: { id: string }) => ({ __typename: 'Chat', id }),
          account: (_: unknown, { id }: { id: string }) => ({ id }),
        },
        Account: { __resolveReference: asGiven, owner: ({ id }: { id: string }) => `owner ${id}` },
        Chat: { __resolveReference: asGiven, account: ({ id }: { id: string }) => ({ id: `a-${id}` }) },
      },
    },
    {
      name: 'chats',
      sdl: `type Query { chat(id: String!): Chat } interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! chats: [Chat!]! } type Chat implements Node @key(fields: "id") { id: ID! text: String! }`,
      resolvers: {
        Query: { chat: (_: unknown, { id }: { id: string }) => ({ id }) },
        Account: { __resolveReference: asGiven, chats: () => [{ id: 'c1' }, { id: 'c2' }] },
        Chat: { __resolveReference: asGiven, text: ({ id }: { id: string }) => `text ${id}` },
      },
    },
  ],
  asks: [
    {
      query: '{ account(id: "a") { owner chats { id account { owner chats { text } } } } }',
      data: {
        account: {
          owner: 'owner a',
          chats: ['c1', 'c2'].map((id) => ({
            id,
            account: { owner: `owner a-${id}`, chats: [{ text: 'text c1' }, { text: 'text c2' }] },
          })),
        },
      },
    },
    {
      query:
        '{ chat(id: "c9") { text account { id owner } } node(id: "c8") { ... on Chat { text account { chats { id } } } } }',
      data: {
        chat: { text: 'text c9', account: { id: 'a-c9', owner: 'owner a-c9' } },
        node: { text: 'text c8', account: { chats: [{ id: 'c1' }, { id: 'c2' }] } },
      },
    },
  ],
};

/** What a node's global id leads to is told by its type, of which no subgraph knows all. */
const nodes: Behaviour = {
  name: 'one node field for types of several subgraphs',
  subgraphs: [
    {
      name: 'node',
      sdl: `type Query { node(id: ID!): Node nodes: [Node]! } interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! } type Chat implements Node @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          node: (_: unknown, { id }: { id: string }) => ({
            __typename: id[0] === 'a' ? 'Account' : 'Chat',
            id,
          }),
          nodes: () => [{ __typename: 'Account', id: 'a1' }, null, { __typename: 'Chat', id: 'c1' }],
        },
      },
    },
    {
      name: 'account',
      sdl: `interface Node { id: ID! } type Account implements Node @key(fields: "id") { id: ID! email: String }`,
      resolvers: {
        Account: { __resolveReference: async ({ id }: { id: string }) => ({ id, email: `${id}@x` }) },
      },
    },
    {
      name: 'chat',
      sdl: `type Query { chats: [Chat!] } interface Node { id: ID! }
        type Chat implements Node @key(fields: "id") { id: ID! text: String by: Account } type Account @key(fields: "id", resolvable: false) { id: ID! }`,
      resolvers: {
        Query: { chats: () => [{ id: 'c2' }] },
        Chat: {
          __resolveReference: async ({ id }: { id: string }) => ({ id }),
          text: ({ id }: { id: string }) => `text ${id}`,
          by: () => ({ id: 'a7' }),
        },
      },
    },
  ],
  asks: [
    {
      query:
        '{ a: node(id: "a1") { ...N } c: node(id: "c1") { ...N } } fragment N on Node { id ... on Account { email } ... on Chat { text by { email } } }',
      data: { a: { id: 'a1', email: 'a1@x' }, c: { id: 'c1', text: 'text c1', by: { email: 'a7@x' } } },
    },
    {
      query: '{ nodes { __typename ... on Chat { id by { id } } } chats { by { email } } }',
      data: {
        nodes: [{ __typename: 'Account' }, null, { __typename: 'Chat', id: 'c1', by: { id: 'a7' } }],
        chats: [{ by: { email: 'a7@x' } }],
      },
    },
    { query: '{ node(id: "a2") { ... on Chat { text } } }', data: { node: {} } },
  ],
};

export const callBehaviours = [simple, mashup, throughParents, graphNames, interfaceKeys, circles, nodes];
