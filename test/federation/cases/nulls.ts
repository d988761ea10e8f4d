import { asGiven, type Behaviour } from './behaviour.ts';

const deep: Behaviour = {
  name: 'nulls in lists of lists, entities nobody knows, and fields that must not be null',
  subgraphs: [
    {
      name: 'racks',
      sdl: `type Query { racks: [[Slot]] row: [Slot!] rows: [Slot] must: Slot! first: Slot } type Slot @key(fields: "id") { id: ID! next: Slot }`,
      resolvers: {
        Query: {
          racks: () => [[{ id: '1' }, null, { id: 'x' }], null, [{ id: '2' }]],
          row: () => [{ id: '1' }, { id: 'x' }],
          rows: () => [{ id: 'x' }, null, { id: '3' }],
          must: () => ({ id: 'x' }),
          first: () => ({ id: '1', next: { id: 'x', next: { id: '2' } } }),
        },
      },
    },
    {
      name: 'loads',
      sdl: `type Slot @key(fields: "id") { id: ID! load: Float must: Float! inner: Inner } type Inner { deep: Int! }`,
      resolvers: {
        Slot: {
          __resolveReference: async ({ id }: { id: string }) =>
            id === 'x' ? null : { id, load: Number(id) * 10, must: Number(id) },
          inner: ({ id }: { id: string }) => ({ deep: id === '3' ? null : 5 }),
        },
      },
    },
  ],
  asks: [
    {
      query: '{ racks { id load } }',
      data: {
        racks: [[{ id: '1', load: 10 }, null, { id: 'x', load: null }], null, [{ id: '2', load: 20 }]],
      },
    },
    {
      query: '{ racks { id must } }',
      data: { racks: [[{ id: '1', must: 1 }, null, null], null, [{ id: '2', must: 2 }]] },
      errors: [['racks', 0, 2, 'must']],
    },
    { query: '{ row { must } }', data: { row: null }, errors: [['row', 1, 'must']] },
    {
      query: '{ rows { id inner { deep } } }',
      data: { rows: [{ id: 'x', inner: null }, null, { id: '3', inner: null }] },
      errors: [['rows', 2, 'inner', 'deep']],
    },
    { query: '{ must { must } }', data: null, errors: [['must', 'must']] },
    {
      query: '{ first { load next { load next { load next { load } } } } }',
      data: { first: { load: 10, next: { load: null, next: { load: 20, next: null } } } },
    },
  ],
};

const failing: Behaviour = {
  name: 'errors of one subgraph beside answers of the others, each at its place',
  subgraphs: [
    {
      name: 'assets',
      sdl: `type Query { assets: [Asset!] broken: Asset fine: Int } type Asset @key(fields: "id") { id: ID! name: String @shareable }`,
      resolvers: {
        Query: {
          assets: () => ['1', '2', '3'].map((id) => ({ id, name: `n${id}` })),
          broken: () => {
            throw new Error('no');
          },
          fine: () => 1,
        },
      },
    },
    {
      name: 'health',
      sdl: `type Query { total: Int } type Asset @key(fields: "id") { id: ID! health: Float strict: Int! parts: [Part] } type Part { ok: Boolean! }`,
      resolvers: {
        Query: { total: () => 3 },
        Asset: {
          __resolveReference: async ({ id }: { id: string }) => {
            if (id === '2') throw new Error(`${id} cannot be read`);
            return { id };
          },
          health: ({ id }: { id: string }) => {
            if (id === '3') throw new Error('no sensor');
            return 0.5;
          },
          strict: ({ id }: { id: string }) => {
            if (id === '3') throw new Error('no value');
            return 4;
          },
          parts: ({ id }: { id: string }) => [{ ok: true }, { ok: id === '3' ? null : false }],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ assets { id health } total fine }',
      data: {
        assets: [
          { id: '1', health: 0.5 },
          { id: '2', health: null },
          { id: '3', health: null },
        ],
        total: 3,
        fine: 1,
      },
      errors: [
        ['assets', 1],
        ['assets', 2, 'health'],
      ],
    },
    {
      query: '{ assets { id p: parts { ok } } }',
      data: {
        assets: [
          { id: '1', p: [{ ok: true }, { ok: false }] },
          { id: '2', p: null },
          { id: '3', p: [{ ok: true }, null] },
        ],
      },
      errors: [
        ['assets', 1],
        ['assets', 2, 'p', 1, 'ok'],
      ],
    },
    {
      query: '{ assets { strict } fine }',
      data: { assets: null, fine: 1 },
      errors: [
        ['assets', 1],
        ['assets', 2, 'strict'],
      ],
    },
    {
      query: '{ broken { id health } fine total }',
      data: { broken: null, fine: 1, total: 3 },
      errors: [['broken']],
    },
  ],
};

const requiredNull: Behaviour = {
  name: 'a required field that is null is handed over as null',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { jobs: [Job] } type Job @key(fields: "id") { id: ID! due: Int note: Note tags: [Tag] } type Note { text: String by: Int } type Tag { name: String }`,
      resolvers: {
        Query: {
          jobs: () => [
            { id: '1', due: null, note: null, tags: null },
            { id: '2', due: 5, note: { text: null, by: 1 }, tags: [{ name: 'x' }, null, { name: null }] },
            null,
            { id: '3', due: 6, note: { text: 't', by: null }, tags: [] },
          ],
        },
      },
    },
    {
      name: 'b',
      sdl: `type Job @key(fields: "id") { id: ID! due: Int @external note: Note @external tags: [Tag] @external late: String @requires(fields: "due") said: String @requires(fields: "note { text by }") tagged: String @requires(fields: "tags { name }") } type Note @external { text: String by: Int } type Tag @external { name: String }`,
      resolvers: {
        Job: {
          __resolveReference: asGiven,
          late: ({ due }: { due: unknown }) => JSON.stringify(due),
          said: ({ note }: { note: unknown }) => JSON.stringify(note),
          tagged: ({ tags }: { tags: unknown }) => JSON.stringify(tags),
        },
      },
    },
  ],
  asks: [
    { query: '{ jobs { late } }', data: { jobs: [{ late: 'null' }, { late: '5' }, null, { late: '6' }] } },
    {
      query: '{ jobs { id said tagged } }',
      data: {
        jobs: [
          { id: '1', said: 'null', tagged: 'null' },
          { id: '2', said: '{"text":null,"by":1}', tagged: '[{"name":"x"},null,{"name":null}]' },
          null,
          { id: '3', said: '{"text":"t","by":null}', tagged: '[]' },
        ],
      },
    },
  ],
};

export const nullBehaviours = [deep, failing, requiredNull];
