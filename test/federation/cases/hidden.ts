import { asGiven, type Behaviour } from './behaviour.ts';

const partly: Behaviour = {
  name: 'hidden types, fields, arguments, inputs and members are not there for clients, nor in introspection',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { show(open: Int, closed: Int = 5 @inaccessible, filter: Filter): Machine items: [Item!] things: [Thing] secret: Secret @inaccessible state: State list: [Machine] }
        input Filter { text: String hidden: Int = 7 @inaccessible } enum State { ON OFF HIDDEN @inaccessible }
        type Machine @key(fields: "code") { code: ID! @inaccessible name: String cost: Int @inaccessible vault: Secret @inaccessible }
        type Secret @inaccessible { pin: Int } union Item = Machine | Ghost type Ghost @inaccessible { boo: Int }
        interface Thing { id: ID! secretOfThing: Int @inaccessible } type Tool implements Thing { id: ID! secretOfThing: Int } type Trap implements Thing @inaccessible { id: ID! secretOfThing: Int }`,
      resolvers: {
        Query: {
          show: (_: unknown, args: object) => ({ code: 'c', name: JSON.stringify(args), cost: 9 }),
          items: () => [{ __typename: 'Machine', code: 'c2', name: 'n', cost: 50 }],
          things: () => [
            { __typename: 'Tool', id: 't' },
            { __typename: 'Trap', id: 'x' },
          ],
          state: () => 'OFF',
          list: () => [{ code: '1', name: 'x', cost: 1 }, null],
        },
        Machine: {
          __resolveReference: async ({ code }: { code: string }) => ({ code, cost: 100, name: code }),
        },
      },
    },
    {
      name: 'b',
      sdl: `type Machine @key(fields: "code") { code: ID! cost: Int @external dear: Boolean @requires(fields: "cost") note: String }`,
      resolvers: {
        Machine: {
          __resolveReference: asGiven,
          dear: ({ cost }: { cost: number }) => cost > 5,
          note: ({ code }: { code: string }) => `note ${code}`,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ show(open: 1, filter: { text: "t" }) { name dear note } }',
      data: {
        show: { name: '{"open":1,"closed":5,"filter":{"text":"t","hidden":7}}', dear: true, note: 'note c' },
      },
    },
    { query: '{ show(closed: 1) { name } }', refused: true },
    { query: '{ show(filter: { hidden: 1 }) { name } }', refused: true },
    {
      query: 'query ($f: Filter) { show(filter: $f) { name } }',
      variables: { f: { hidden: 1 } },
      refused: true,
    },
    { query: '{ show { code } }', refused: true },
    { query: '{ secret { pin } }', refused: true },
    { query: '{ items { ... on Ghost { boo } } }', refused: true },
    {
      query: '{ items { __typename ... on Machine { dear } } }',
      data: { items: [{ __typename: 'Machine', dear: true }] },
    },
    { query: '{ things { id __typename } }', data: { things: [{ id: 't', __typename: 'Tool' }, null] } },
    { query: '{ list { dear } state }', data: { list: [{ dear: false }, null], state: 'OFF' } },
    {
      query: `{ m: __type(name: "Machine") { fields { name } } s: __type(name: "Secret") { name } i: __type(name: "Item") { possibleTypes { name } } e: __type(name: "State") { enumValues(includeDeprecated: true) { name } }
        f: __type(name: "Filter") { inputFields { name } } t: __type(name: "Thing") { fields { name } possibleTypes { name } } q: __type(name: "Query") { fields { name args { name } } } show { note } }`,
      data: {
        m: { fields: [{ name: 'name' }, { name: 'dear' }, { name: 'note' }] },
        s: null,
        i: { possibleTypes: [{ name: 'Machine' }] },
        e: { enumValues: [{ name: 'ON' }, { name: 'OFF' }] },
        f: { inputFields: [{ name: 'text' }] },
        t: { fields: [{ name: 'id' }], possibleTypes: [{ name: 'Tool' }] },
        q: {
          fields: [
            { name: 'show', args: [{ name: 'open' }, { name: 'filter' }] },
            { name: 'items', args: [] },
            { name: 'things', args: [] },
            { name: 'state', args: [] },
            { name: 'list', args: [] },
          ],
        },
        show: { note: 'note c' },
      },
    },
  ],
};

const machinery: Behaviour = {
  name: 'introspection beside data, with nothing of the join machinery in it',
  subgraphs: [
    {
      name: 'a',
      sdl: `type Query { one: One } "What it is" type One @key(fields: "id") { id: ID! "in mm" size(unit: String = "mm"): Int @deprecated(reason: "old") }`,
      resolvers: {
        Query: { one: () => ({ id: '1', size: 4 }) },
        One: { __resolveReference: asGiven, size: () => 4 },
      },
    },
    {
      name: 'b',
      sdl: `type One @key(fields: "id") { id: ID! more: [[Int!]!]! }`,
      resolvers: { One: { __resolveReference: asGiven, more: () => [[1], []] } },
    },
  ],
  asks: [
    {
      query: '{ __schema { queryType { name kind } mutationType { name } } one { more } t: __typename }',
      data: {
        __schema: { queryType: { name: 'Query', kind: 'OBJECT' }, mutationType: null },
        one: { more: [[1], []] },
        t: 'Query',
      },
    },
    {
      query:
        'query ($n: String = "One", $old: Boolean!) { __type(name: $n) { ...T } one { __typename size } __schema { directives { name } } } fragment T on __Type { name description fields(includeDeprecated: $old) { name isDeprecated deprecationReason description args { name defaultValue } type { kind ofType { kind ofType { kind } } } } }',
      variables: { old: true },
      data: {
        __type: {
          name: 'One',
          description: 'What it is',
          fields: [
            {
              name: 'id',
              isDeprecated: false,
              deprecationReason: null,
              description: null,
              args: [],
              type: { kind: 'NON_NULL', ofType: { kind: 'SCALAR', ofType: null } },
            },
            {
              name: 'size',
              isDeprecated: true,
              deprecationReason: 'old',
              description: 'in mm',
              args: [{ name: 'unit', defaultValue: '"mm"' }],
              type: { kind: 'SCALAR', ofType: null },
            },
            {
              name: 'more',
              isDeprecated: false,
              deprecationReason: null,
              description: null,
              args: [],
              type: { kind: 'NON_NULL', ofType: { kind: 'LIST', ofType: { kind: 'NON_NULL' } } },
            },
          ],
        },
        one: { __typename: 'One', size: 4 },
        __schema: {
          directives: ['include', 'skip', 'deprecated', 'specifiedBy', 'oneOf'].map((name) => ({ name })),
        },
      },
    },
    {
      query:
        '{ __type(name: "join__Graph") { name } a: __type(name: "_Entity") { name } b: __type(name: "join__FieldSet") { name } c: __type(name: "link__Purpose") { name } }',
      data: { __type: null, a: null, b: null, c: null },
    },
  ],
};

const enumSides: Behaviour = {
  name: 'an enum that is output only has all values, one that is input only those of all',
  subgraphs: [
    {
      name: 'a',
      sdl: `enum Out { A B } enum In { X Y } enum Both { M N } type Query { out: Out @shareable outs: [Out!] inA(v: In, list: [In!]): String both(v: Both): Both }`,
      resolvers: {
        Query: {
          out: () => 'A',
          outs: () => ['A', 'B'],
          inA: (_: unknown, args: object) => JSON.stringify(args),
          both: (_: unknown, { v }: { v: string }) => v,
        },
      },
    },
    {
      name: 'b',
      sdl: `enum Out { A C } enum In { X Z } enum Both { M N } type Query { out: Out @shareable outB: Out inB(v: In): In2 } enum In2 { Q } input Nested { v: In both: Both }`,
      resolvers: { Query: { out: () => 'A', outB: () => 'C', inB: () => 'Q' } },
    },
  ],
  asks: [
    { query: '{ out outs outB }', data: { out: 'A', outs: ['A', 'B'], outB: 'C' } },
    {
      query: '{ inA(v: X, list: [X]) inB(v: X) both(v: N) }',
      data: { inA: '{"v":"X","list":["X"]}', inB: 'Q', both: 'N' },
    },
    { query: '{ inA(v: Y) }', refused: true },
    { query: 'query ($v: In) { inB(v: $v) }', variables: { v: 'Z' }, refused: true },
    {
      query: '{ __type(name: "Out") { enumValues { name } } }',
      data: { __type: { enumValues: [{ name: 'A' }, { name: 'B' }, { name: 'C' }] } },
    },
  ],
};

const inputs: Behaviour = {
  name: 'inputs within inputs of which only the common fields are left, with their defaults',
  subgraphs: [
    {
      name: 'a',
      sdl: `input Filter { first: Int = 1 nested: Inner onlyA: Int } input Inner { x: Int! = 4 list: [Leaf!] onlyA: Int } input Leaf { v: String } type Query { a(f: Filter!): String lists(f: [Filter!] = [{ first: 9 }]): String }`,
      resolvers: {
        Query: {
          a: (_: unknown, { f }: { f: object }) => JSON.stringify(f),
          lists: (_: unknown, { f }: { f: object }) => JSON.stringify(f),
        },
      },
    },
    {
      name: 'b',
      sdl: `input Filter { first: Int = 1 nested: Inner onlyB: Int } input Inner { x: Int! = 4 list: [Leaf!] } input Leaf { v: String w: Int } type Query { b(f: Filter): String }`,
      resolvers: { Query: { b: (_: unknown, { f }: { f: object }) => JSON.stringify(f) } },
    },
  ],
  asks: [
    {
      query:
        'query ($v: String = "d", $i: Inner) { a(f: { nested: { list: [{ v: $v }, {}] } }) b(f: { first: 2, nested: $i }) lists }',
      variables: { i: { x: 1 } },
      data: {
        a: '{"first":1,"nested":{"x":4,"list":[{"v":"d"},{}]}}',
        b: '{"first":2,"nested":{"x":1}}',
        lists: '[{"first":9}]',
      },
    },
    { query: '{ a(f: { onlyA: 1 }) }', refused: true },
    { query: 'query ($f: Filter) { b(f: $f) }', variables: { f: { nested: { onlyA: 1 } } }, refused: true },
    { query: 'query ($f: Filter) { b(f: $f) }', data: { b: null } },
  ],
};

const renamedLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", { name: "@inaccessible", as: "@internal" }, { name: "@authenticated", as: "@signedIn" }, { name: "@requiresScopes", as: "@needsScope" }, { name: "@policy", as: "@rule" }, { name: "@cost", as: "@price" }])\n`;

const renamed: Behaviour = {
  name: 'directives that hide and protect under names of the subgraphs own',
  subgraphs: [
    {
      name: 'a',
      sdl: `${renamedLink} type Query { thing: Thing gone: Int @internal closed: Int @signedIn } type Thing @key(fields: "id") { id: ID! @internal name: String @price(weight: 2) pin: Int @internal scoped: Int @needsScope(scopes: [["x"]]) }`,
      resolvers: {
        Query: { thing: () => ({ id: '1', name: 'n', pin: 7, scoped: 8 }), closed: () => 9, gone: () => 1 },
      },
    },
    {
      name: 'b',
      sdl: `${renamedLink} type Thing @key(fields: "id") { id: ID! more: Int ruled: Int @rule(policies: [["p"]]) }`,
      resolvers: { Thing: { __resolveReference: asGiven, more: () => 3, ruled: () => 4 } },
    },
  ],
  asks: [
    { query: '{ thing { name more } }', data: { thing: { name: 'n', more: 3 } } },
    { query: '{ thing { pin } }', refused: true },
    { query: '{ gone }', refused: true },
    {
      query: '{ thing { name scoped ruled } closed }',
      data: { thing: { name: 'n', scoped: null, ruled: null }, closed: null },
      errors: [['thing', 'scoped'], ['thing', 'ruled'], ['closed']],
    },
    {
      query: '{ __type(name: "Thing") { fields { name } } }',
      data: { __type: { fields: ['name', 'scoped', 'more', 'ruled'].map((name) => ({ name })) } },
    },
  ],
};

export const hiddenBehaviours = [renamed, partly, machinery, enumSides, inputs];
