import { asGiven, byKey, type Behaviour } from './behaviour.ts';

const accounts = [
  { __typename: 'Admin', id: 'u1', name: 'u1', rights: ['all'] },
  { __typename: 'Regular', id: 'u2', name: 'u2', since: 2020 },
];
const accountById = byKey(accounts, 'id');

const simple: Behaviour = {
  name: 'fields added to every type of an interface by a subgraph that knows none of the types',
  subgraphs: [
    {
      name: 'owner',
      sdl: `type Query { users: [NodeWithName!]! user(id: ID!): NodeWithName admins: [Admin] } interface NodeWithName @key(fields: "id") { id: ID! name: String } type Admin implements NodeWithName @key(fields: "id") { id: ID! name: String rights: [String!] } type Regular implements NodeWithName @key(fields: "id") { id: ID! name: String since: Int }`,
      resolvers: {
        Query: {
          users: () => accounts,
          user: (_: unknown, { id }: { id: string }) => accountById({ id }),
          admins: () => [accounts[0]],
        },
        NodeWithName: { __resolveReference: accountById },
        Admin: { __resolveReference: accountById },
        Regular: { __resolveReference: accountById },
      },
    },
    {
      name: 'extra',
      sdl: `type Query { anotherUsers: [NodeWithName] another(id: ID!): NodeWithName! } type Mutation { rate(id: ID!, stars: Int!): NodeWithName } type NodeWithName @key(fields: "id") @interfaceObject { id: ID! username: String score(factor: Int = 1, extra: [Int!]): Int friend: NodeWithName friends(n: Int): [NodeWithName!] }`,
      resolvers: {
        Query: {
          anotherUsers: () => [{ id: 'u1' }, null, { id: 'u2' }],
          another: (_: unknown, { id }: { id: string }) => ({ id }),
        },
        Mutation: {
          rate: (_: unknown, { id, stars }: { id: string; stars: number }) => ({
            id,
            username: `${id}*${stars}`,
          }),
        },
        NodeWithName: {
          __resolveReference: asGiven,
          username: ({ id, username }: { id: string; username?: string }) => username ?? `${id}-name`,
          score: (_: unknown, { factor, extra = [] }: { factor: number; extra?: number[] }) =>
            factor * 10 + extra.length,
          friend: ({ id }: { id: string }) => ({ id: id === 'u1' ? 'u2' : 'u1' }),
          friends: (_: unknown, { n = 2 }: { n?: number }) => accounts.slice(0, n).map(({ id }) => ({ id })),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ users { id name username } anotherUsers { id name username } }',
      data: {
        users: ['u1', 'u2'].map((id) => ({ id, name: id, username: `${id}-name` })),
        anotherUsers: [
          { id: 'u1', name: 'u1', username: 'u1-name' },
          null,
          { id: 'u2', name: 'u2', username: 'u2-name' },
        ],
      },
    },
    {
      query:
        '{ anotherUsers { __typename ... on Admin { rights username } ... on Regular { since t: __typename } } }',
      data: {
        anotherUsers: [
          { __typename: 'Admin', rights: ['all'], username: 'u1-name' },
          null,
          { __typename: 'Regular', since: 2020, t: 'Regular' },
        ],
      },
    },
    {
      query:
        'query ($f: Int, $e: [Int!]) { users { score(factor: $f, extra: $e) s: score ... on Admin { again: score(factor: 3) } } admins { friend { name __typename score(extra: 7) } } }',
      variables: { f: 2, e: [1, 2] },
      data: {
        users: [
          { score: 22, s: 10, again: 30 },
          { score: 22, s: 10 },
        ],
        admins: [{ friend: { name: 'u2', __typename: 'Regular', score: 11 } }],
      },
    },
    {
      query:
        '{ another(id: "u2") { friend { friend { ... on Regular { since } id } ... on Admin { rights } } friends(n: 1) { name ... on Regular { since } } } }',
      data: {
        another: {
          friend: { friend: { since: 2020, id: 'u2' }, rights: ['all'] },
          friends: [{ name: 'u1' }],
        },
      },
    },
    {
      query:
        'mutation { a: rate(id: "u1", stars: 2) { username name ... on Admin { rights } } b: rate(id: "u2", stars: 1) { __typename friend { username } } }',
      data: {
        a: { username: 'u1*2', name: 'u1', rights: ['all'] },
        b: { __typename: 'Regular', friend: { username: 'u1-name' } },
      },
    },
    {
      query: '{ anotherUsers { id username } }',
      data: { anotherUsers: [{ id: 'u1', username: 'u1-name' }, null, { id: 'u2', username: 'u2-name' }] },
      fetches: ['extra'],
    },
    {
      query: '{ another(id: "u1") { ... on NodeWithName { username ... on Regular { since } } } }',
      data: { another: { username: 'u1-name' } },
    },
    {
      query: '{ users { friends { ... on Admin { x: friends(n: 3) { ... on Regular { __typename } } } } } }',
      data: { users: ['u1', 'u2'].map(() => ({ friends: [{ x: [{}, { __typename: 'Regular' }] }, {}] })) },
    },
    {
      query: '{ users { friend { ... on Admin { __typename } } } }',
      data: { users: [{ friend: {} }, { friend: { __typename: 'Admin' } }] },
    },
    {
      query:
        '{ anotherUsers { friends { ... on Admin { friend { name } } } ... on Regular { friends { ... on Regular { s: score(factor: 0) } } } } users { ... on Regular { f: friend { friend { ... on Regular { since } } } } } }',
      data: {
        anotherUsers: [
          { friends: [{ friend: { name: 'u2' } }, {}] },
          null,
          { friends: [{ friend: { name: 'u2' } }, { s: 0 }] },
        ],
        users: [{}, { f: { friend: { since: 2020 } } }],
      },
    },
    {
      query: '{ another(id: "nobody") { id name username } }',
      data: { another: { id: 'nobody', name: null, username: 'nobody-name' } },
    },
    {
      query:
        '{ user(id: "u1") { ...F } } fragment F on NodeWithName { ... on Admin { username } ... on Regular { username } id }',
      data: { user: { username: 'u1-name', id: 'u1' } },
    },
  ],
};

const several: Behaviour = {
  name: 'two subgraphs with the same interface object, one of which requires what the other adds',
  subgraphs: [
    {
      name: 'types',
      sdl: `type Query { devices: [Device] } interface Device @key(fields: "id") @key(fields: "serial") { id: ID! serial: String! } type Plc implements Device @key(fields: "id") @key(fields: "serial") { id: ID! serial: String! io: Int } type Drive implements Device @key(fields: "id") @key(fields: "serial") { id: ID! serial: String! }`,
      resolvers: {
        Query: {
          devices: () => [
            { __typename: 'Plc', id: '1', serial: 's1', io: 16 },
            { __typename: 'Drive', id: '2', serial: 's2' },
          ],
        },
        ...Object.fromEntries(
          ['Device', 'Plc', 'Drive'].map((type) => [
            type,
            {
              __resolveReference: async ({ id, serial }: { id?: string; serial?: string }) => {
                const n = id ?? serial?.slice(1);
                return { __typename: n === '1' ? 'Plc' : 'Drive', id: n, serial: `s${n}`, io: 16 };
              },
            },
          ]),
        ),
      },
    },
    {
      name: 'sites',
      sdl: `type Query { bySite: [Device] } type Device @key(fields: "serial") @interfaceObject { serial: String! site: Site } type Site { name: String floor: Int }`,
      resolvers: {
        Query: { bySite: () => [{ serial: 's2' }] },
        Device: {
          __resolveReference: asGiven,
          site: ({ serial }: { serial: string }) => ({
            name: `at ${serial}`,
            floor: Number(serial.slice(1)),
          }),
        },
      },
    },
    {
      name: 'labels',
      sdl: `type Device @key(fields: "id") @interfaceObject { id: ID! serial: String! @external site: Site @external label: String @requires(fields: "serial site { name floor }") } type Site @external { name: String floor: Int }`,
      resolvers: {
        Device: {
          __resolveReference: asGiven,
          label: ({ serial, site }: { serial: string; site: { name: string; floor: number } }) =>
            `${serial} ${site.name} ${site.floor}`,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ devices { label site { floor } ... on Plc { io } } }',
      data: {
        devices: [
          { label: 's1 at s1 1', site: { floor: 1 }, io: 16 },
          { label: 's2 at s2 2', site: { floor: 2 } },
        ],
      },
    },
    {
      query: '{ bySite { label id __typename } }',
      data: { bySite: [{ label: 's2 at s2 2', id: '2', __typename: 'Drive' }] },
    },
    {
      query: '{ bySite { serial ... on Drive { site { floor } serial id } } }',
      data: { bySite: [{ serial: 's2', site: { floor: 2 }, id: '2' }] },
    },
    {
      query: '{ devices { ... on Drive { label } ... on Plc { site { name } } } }',
      data: { devices: [{ site: { name: 'at s1' } }, { label: 's2 at s2 2' }] },
    },
  ],
};

export const moreInterfaceObjectBehaviours = [simple, several];
