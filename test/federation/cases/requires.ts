import type { Behaviour } from './behaviour.ts';

const hasOwner = (id: string) => id !== '3';

/** A field of one subgraph computes with a field of another, which itself computes with one of the first. */
const chained: Behaviour = {
  name: 'required fields that require others themselves',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { motors: [Motor!]! } type Motor @key(fields: "id") { id: ID! volts: Int amps: Int @external watts: Int @requires(fields: "amps") }`,
      resolvers: {
        Query: { motors: () => [{ id: '1' }, { id: '2' }] },
        Motor: {
          __resolveReference: async (motor: object) => motor,
          volts: ({ id }: { id: string }) => Number(id) * 100,
          watts: ({ id, amps }: { id: string; amps: number }) => Number(id) * 100 * amps,
        },
      },
    },
    {
      name: 'b',
      sdl: `type Motor @key(fields: "id") { id: ID! volts: Int @external amps: Int @requires(fields: "volts") }`,
      resolvers: {
        Motor: {
          __resolveReference: async (motor: object) => motor,
          amps: ({ volts }: { volts: number }) => volts / 50,
        },
      },
    },
    {
      name: 'c',
      sdl: `type Motor @key(fields: "id") { id: ID! volts: Int @external watts: Int @external heat: Int @requires(fields: "watts volts") }`,
      resolvers: {
        Motor: {
          __resolveReference: async (motor: object) => motor,
          heat: ({ watts, volts }: { watts: number; volts: number }) => watts + volts,
        },
      },
    },
  ],
  asks: [
    { query: '{ motors { heat } }', data: { motors: [{ heat: 300 }, { heat: 1000 }] } },
    {
      query: '{ motors { amps watts } }',
      data: {
        motors: [
          { amps: 2, watts: 200 },
          { amps: 4, watts: 800 },
        ],
      },
    },
    {
      query: '{ motors { id w: watts h: heat } }',
      data: {
        motors: [
          { id: '1', w: 200, h: 300 },
          { id: '2', w: 800, h: 1000 },
        ],
      },
    },
  ],
};

/** Both subgraphs need something of the other for one and the same entity. */
const circular: Behaviour = {
  name: 'two subgraphs that require of one another',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { jobs: [Job] } type Job @key(fields: "id") { id: ID! novice: Boolean! @external expert: Boolean! @requires(fields: "novice") }
        type Person @key(fields: "id") { id: ID! years: Int! }`,
      resolvers: {
        Query: { jobs: () => [{ id: '1' }, { id: '2' }] },
        Job: {
          __resolveReference: async (job: object) => job,
          expert: ({ novice }: { novice?: boolean }) => (novice === undefined ? null : !novice),
        },
        Person: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, years: id === 'p1' ? 1 : 9 }),
        },
      },
    },
    {
      name: 'b',
      sdl: `type Job @key(fields: "id") { id: ID! by: Person novice: Boolean! @requires(fields: "by { years }") } type Person @key(fields: "id") { id: ID! years: Int! @external }`,
      resolvers: {
        Job: {
          __resolveReference: async (job: { id: string }) => job,
          by: ({ id }: { id: string }) => ({ id: `p${id}` }),
          novice: ({ by }: { by: { years: number } }) => by.years < 5,
        },
      },
    },
  ],
  asks: [
    { query: '{ jobs { novice } }', data: { jobs: [{ novice: true }, { novice: false }] } },
    { query: '{ jobs { expert } }', data: { jobs: [{ expert: false }, { expert: true }] } },
    {
      query: '{ jobs { expert novice by { years } } }',
      data: {
        jobs: [
          { expert: false, novice: true, by: { years: 1 } },
          { expert: true, novice: false, by: { years: 9 } },
        ],
      },
    },
  ],
};

/** The same field is required twice with different arguments, and asked for with a third. */
const withArguments: Behaviour = {
  name: 'required fields with arguments, in conflict with one another and with what is asked',
  subgraphs: [
    {
      name: 'freight',
      sdl: `type Part @key(fields: "id") { id: ID! weight(unit: String!): Int @external price(currency: String!): Int @external group: Group @external
        kilos: Int @requires(fields: "weight(unit: \\"kg\\")") pounds: Int @requires(fields: "weight(unit: \\"lb\\")")
        cost: Int @requires(fields: "price(currency: \\"USD\\") weight(unit: \\"kg\\")")
        dear: Boolean @requires(fields: "group { average(currency: \\"EUR\\") }") }
        type Group @external { average(currency: String!): Int }`,
      resolvers: {
        Part: {
          __resolveReference: async (part: object) => part,
          kilos: ({ weight }: { weight: number }) => weight,
          pounds: ({ weight }: { weight: number }) => weight,
          cost: ({ weight, price }: { weight: number; price: number }) => weight * price,
          dear: ({ group }: { group: { average: number } }) => group.average > 11,
        },
      },
    },
    {
      name: 'parts',
      sdl: `type Query { parts: [Part] } type Part @key(fields: "id") { id: ID! weight(unit: String!): Int price(currency: String!): Int group: Group }
        type Group { average(currency: String!): Int }`,
      resolvers: {
        Query: { parts: () => [{ id: '1' }, { id: '2' }] },
        Part: {
          __resolveReference: async (part: object) => part,
          weight: ({ id }: { id: string }, { unit }: { unit: string }) =>
            Number(id) * (unit === 'kg' ? 10 : 22),
          price: ({ id }: { id: string }, { currency }: { currency: string }) =>
            Number(id) * (currency === 'USD' ? 3 : 2),
          group: ({ id }: { id: string }) => ({ id }),
        },
        Group: {
          average: ({ id }: { id: string }, { currency }: { currency: string }) =>
            Number(id) * (currency === 'EUR' ? 10 : 1),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ parts { kilos pounds } }',
      data: {
        parts: [
          { kilos: 10, pounds: 22 },
          { kilos: 20, pounds: 44 },
        ],
      },
    },
    {
      query: '{ parts { weight(unit: "g") cost pounds dear price(currency: "X") } }',
      data: {
        parts: [
          { weight: 22, cost: 30, pounds: 22, dear: false, price: 2 },
          { weight: 44, cost: 120, pounds: 44, dear: true, price: 4 },
        ],
      },
    },
    {
      query: '{ parts { g: group { average(currency: "USD") } dear } }',
      data: {
        parts: [
          { g: { average: 1 }, dear: false },
          { g: { average: 2 }, dear: true },
        ],
      },
    },
    {
      query: '{ parts { group { average(currency: "USD") } dear } }',
      data: {
        parts: [
          { group: { average: 1 }, dear: false },
          { group: { average: 2 }, dear: true },
        ],
      },
    },
  ],
};

/** What is required depends on the type that is met. */
const onAbstract: Behaviour = {
  name: 'required fields of interfaces and unions, with fragments',
  subgraphs: [
    {
      name: 'assets',
      sdl: `type Query { sites: [Site!]! } type Site @key(fields: "id") { id: ID! address: Address @external owner: Owner @external zone: String @requires(fields: "address { id ... on Street { town } ... on Rail { line } }") contact: String @requires(fields: "owner { ... on Firm { name } ... on Person { first } }") }
        interface Address { id: ID! } type Street implements Address { id: ID! @external town: String @external } type Rail implements Address { id: ID! @external line: Int @external }
        union Owner = Firm | Person type Firm { name: String @external } type Person { first: String @external }`,
      resolvers: {
        Query: { sites: () => ['1', '2', '3'].map((id) => ({ id })) },
        Site: {
          __resolveReference: async (site: object) => site,
          zone: ({ address }: { address: { id: string; town?: string; line?: number } | null }) =>
            address && `${address.id}:${address.town ?? address.line}`,
          contact: ({ owner }: { owner: { name?: string; first?: string } | null }) =>
            owner && (owner.name ?? owner.first),
        },
      },
    },
    {
      name: 'places',
      sdl: `type Site @key(fields: "id") { id: ID! address: Address owner: Owner } interface Address { id: ID! }
        type Street implements Address { id: ID! town: String } type Rail implements Address { id: ID! line: Int } union Owner = Firm | Person type Firm { name: String } type Person { first: String }`,
      resolvers: {
        Site: {
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            address: !hasOwner(id)
              ? null
              : id === '1'
                ? { __typename: 'Street', id: 'x', town: 'Ulm' }
                : { __typename: 'Rail', id: 'y', line: 7 },
            owner: !hasOwner(id)
              ? null
              : id === '1'
                ? { __typename: 'Firm', name: 'ACME' }
                : { __typename: 'Person', first: 'Ada' },
          }),
        },
      },
    },
  ],
  asks: [
    { query: '{ sites { zone } }', data: { sites: [{ zone: 'x:Ulm' }, { zone: 'y:7' }, { zone: null }] } },
    {
      query: '{ sites { contact owner { __typename } } }',
      data: {
        sites: [
          { contact: 'ACME', owner: { __typename: 'Firm' } },
          { contact: 'Ada', owner: { __typename: 'Person' } },
          { contact: null, owner: null },
        ],
      },
    },
    {
      query: '{ sites { id zone address { ... on Rail { l: line } } } }',
      data: {
        sites: [
          { id: '1', zone: 'x:Ulm', address: {} },
          { id: '2', zone: 'y:7', address: { l: 7 } },
          { id: '3', zone: null, address: null },
        ],
      },
    },
  ],
};

/** Requirements that lie below another entity, or that come along with a provided field. */
const nested: Behaviour = {
  name: 'required fields below other entities, and beside provided ones',
  subgraphs: [
    {
      name: 'orders',
      sdl: `type Query { orders: [Order] } type Order @key(fields: "id") { id: ID! asset: Asset @provides(fields: "name") } type Asset @key(fields: "id") { id: ID! name: String @external }`,
      resolvers: { Query: { orders: () => [{ id: 'o1', asset: { id: 'a1', name: 'given' } }] } },
    },
    {
      name: 'assets',
      sdl: `type Asset @key(fields: "id") { id: ID! name: String @shareable crit: Int line: Line } type Line @key(fields: "id") { id: ID! speed: Int }`,
      resolvers: {
        Asset: {
          __resolveReference: async ({ id }: { id: string }) => ({
            id,
            name: 'own',
            crit: 4,
            line: { id: 'l1' },
          }),
        },
        Line: { __resolveReference: async ({ id }: { id: string }) => ({ id }), speed: () => 12 },
      },
    },
    {
      name: 'planning',
      sdl: `type Order @key(fields: "id") { id: ID! asset: Asset @external urgency: Int @requires(fields: "asset { crit line { speed } }") } type Asset @key(fields: "id") { id: ID! crit: Int @external line: Line @external } type Line @key(fields: "id") { id: ID! speed: Int @external }`,
      resolvers: {
        Order: {
          __resolveReference: async (order: object) => order,
          urgency: ({ asset }: { asset: { crit: number; line: { speed: number } } }) =>
            asset.crit * asset.line.speed,
        },
      },
    },
  ],
  asks: [
    { query: '{ orders { urgency } }', data: { orders: [{ urgency: 48 }] } },
    {
      query: '{ orders { asset { name } } }',
      data: { orders: [{ asset: { name: 'given' } }] },
      fetches: ['orders'],
    },
    {
      query: '{ orders { id urgency asset { name crit } } }',
      data: { orders: [{ id: 'o1', urgency: 48, asset: { name: 'given', crit: 4 } }] },
    },
  ],
};

export const requiresBehaviours = [chained, circular, withArguments, onAbstract, nested];
