import { GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import { asGiven, type Behaviour } from './behaviour.ts';

const federation = (imports: string, more = '') =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}]) ${more}\n`;

const journal: string[] = [];
const write = (text: string) => (journal.push(text), journal.length);

const renamed: Behaviour = {
  name: 'root types that subgraphs call otherwise',
  subgraphs: [
    {
      name: 'a',
      sdl: `schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) { query: RootQuery mutation: Changes } type RootQuery { a: A self: String } type Changes { make(id: ID!): A wipe: Int } type A @key(fields: "id") { id: ID! name: String query: String }`,
      resolvers: {
        RootQuery: { a: () => ({ id: '1', name: 'n' }), self: () => 's' },
        Changes: {
          make: (_: unknown, { id }: { id: string }) => (write(`make ${id}`), { id, name: 'made' }),
          wipe: () => journal.splice(0).length * 0,
        },
        A: {
          __resolveReference: async ({ id }: { id: string }) => ({ id, name: `n${id}` }),
          query: () => 'q',
        },
      },
    },
    {
      name: 'b',
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) schema { query: MyQuery mutation: MyMutation } type MyQuery { b: A Query: Int } type MyMutation { note(text: String!): Note } type Note { journal: String a: A } type A @key(fields: "id") { id: ID! extra: Int }`,
      resolvers: {
        MyQuery: { b: () => ({ id: '2', extra: 9 }), Query: () => 7 },
        MyMutation: {
          note: (_: unknown, { text }: { text: string }) => (
            write(text),
            { journal: journal.join(), a: { id: 'n' } }
          ),
        },
        A: { __resolveReference: async ({ id }: { id: string }) => ({ id, extra: id.length }) },
      },
    },
  ],
  asks: [
    {
      query:
        '{ __typename a { name extra } b { name extra query } self Query ...F } fragment F on Query { t: __typename }',
      data: {
        __typename: 'Query',
        a: { name: 'n', extra: 1 },
        b: { name: 'n2', extra: 9, query: 'q' },
        self: 's',
        Query: 7,
        t: 'Query',
      },
    },
    {
      query:
        'mutation M($t: String = "x") { __typename wipe first: make(id: "10") { extra name } note(text: $t) { journal a { name } } last: make(id: "3") { id } second: note(text: "y") { journal } }',
      data: {
        __typename: 'Mutation',
        wipe: 0,
        first: { extra: 2, name: 'made' },
        note: { journal: 'make 10,x', a: { name: 'nn' } },
        last: { id: '3' },
        second: { journal: 'make 10,x,make 3,y' },
      },
    },
  ],
};

const counts = { total: 0 };

const sharedMutations: Behaviour = {
  name: 'types that mutations of several subgraphs share, with joins and requirements below each field',
  subgraphs: [
    {
      name: 'stock',
      sdl: `type Query { item(id: ID! = "1"): Item } type Mutation { add(n: Int!): Result! reset: Boolean } type Result @shareable { ok: Boolean! item: Item } type Item @key(fields: "id") { id: ID! amount: Int }`,
      resolvers: {
        Query: { item: (_: unknown, { id }: { id: string }) => ({ id, amount: counts.total }) },
        Mutation: {
          add: (_: unknown, { n }: { n: number }) => (
            (counts.total += n),
            { ok: true, item: { id: `s${n}`, amount: counts.total } }
          ),
          reset: () => ((counts.total = 0), true),
        },
        Item: { __resolveReference: async ({ id }: { id: string }) => ({ id, amount: counts.total }) },
      },
    },
    {
      name: 'orders',
      sdl: `type Mutation { times(n: Int!): Result! } type Result @shareable { ok: Boolean! item: Item } type Item @key(fields: "id") { id: ID! amount: Int @external open: String @requires(fields: "amount") }`,
      resolvers: {
        Mutation: {
          times: (_: unknown, { n }: { n: number }) => (
            (counts.total *= n),
            { ok: n > 0, item: { id: `o${n}` } }
          ),
        },
        Item: { __resolveReference: asGiven, open: ({ amount }: { amount: number }) => `open ${amount}` },
      },
    },
  ],
  asks: [
    {
      query:
        'mutation { reset a: add(n: 2) { ok item { amount open } } b: times(n: 5) { ok item { amount open } } c: add(n: 1) { item { id open } } d: times(n: 0) { ok item { id } } e: add(n: 4) { item { amount } } }',
      data: {
        reset: true,
        a: { ok: true, item: { amount: 2, open: 'open 2' } },
        b: { ok: true, item: { amount: 10, open: 'open 10' } },
        c: { item: { id: 's1', open: 'open 11' } },
        d: { ok: false, item: { id: 'o0' } },
        e: { item: { amount: 4 } },
      },
    },
    {
      query:
        'mutation ($n: Int!) { reset add(n: $n) { ...R } times(n: $n) { ...R } } fragment R on Result { ok item { __typename open } }',
      variables: { n: 3 },
      data: {
        reset: true,
        add: { ok: true, item: { __typename: 'Item', open: 'open 3' } },
        times: { ok: true, item: { __typename: 'Item', open: 'open 9' } },
      },
    },
  ],
};

const anything = (name: string) =>
  new GraphQLScalarType({
    name,
    serialize: (value) => value,
    parseValue: (value) => value,
    parseLiteral: (node: ValueNode, variables) =>
      node.kind === Kind.INT ? Number(node.value) : valueFromASTUntyped(node, variables),
  });

const scalars: Behaviour = {
  name: 'custom scalars with objects, lists and numbers, in keys, requirements and arguments',
  subgraphs: [
    {
      name: 'a',
      sdl: `scalar JSON scalar Stamp @specifiedBy(url: "https://twin.example/stamp") type Query { thing: Thing things: [Thing] echo(v: JSON, list: [JSON!]): JSON count: Int } type Thing @key(fields: "ref") { ref: JSON! at: Stamp blob: JSON blobs: [JSON] }`,
      resolvers: {
        JSON: anything('JSON'),
        Stamp: anything('Stamp'),
        Query: {
          thing: () => ({
            ref: { plant: 1, path: ['a', null] },
            at: 5,
            blob: { __typename: 'not a type', a: { b: [1, { c: null }] } },
            blobs: [1, 'x', null, { y: false }],
          }),
          things: () => [{ ref: 'plain' }, { ref: 7 }, { ref: 'plain' }],
          echo: (_: unknown, { v, list }: { v?: unknown; list?: unknown }) => v ?? list,
        },
        Thing: { __resolveReference: async ({ ref }: { ref: unknown }) => ({ ref, blob: { of: ref } }) },
      },
    },
    {
      name: 'b',
      sdl: `scalar JSON scalar Stamp type Thing @key(fields: "ref") { ref: JSON! blob: JSON @external shown: String @requires(fields: "blob") back: JSON }`,
      resolvers: {
        JSON: anything('JSON'),
        Thing: {
          __resolveReference: asGiven,
          shown: ({ blob }: { blob: unknown }) => JSON.stringify(blob),
          back: ({ ref }: { ref: unknown }) => [ref],
        },
      },
    },
  ],
  asks: [
    {
      query: '{ thing { ref at blob blobs shown back } }',
      data: {
        thing: {
          ref: { plant: 1, path: ['a', null] },
          at: 5,
          blob: { __typename: 'not a type', a: { b: [1, { c: null }] } },
          blobs: [1, 'x', null, { y: false }],
          shown: '{"__typename":"not a type","a":{"b":[1,{"c":null}]}}',
          back: [{ plant: 1, path: ['a', null] }],
        },
      },
    },
    {
      query: '{ things { back ref } }',
      data: {
        things: [
          { back: ['plain'], ref: 'plain' },
          { back: [7], ref: 7 },
          { back: ['plain'], ref: 'plain' },
        ],
      },
    },
    {
      query:
        'query ($v: JSON, $n: Int) { a: echo(v: $v) b: echo(v: { x: [1, "s", $n], y: { z: null } }) c: echo(list: [true, 2.5, ENUM]) d: echo(v: null) }',
      variables: { v: [{ deep: { er: 1 } }], n: 3 },
      data: {
        a: [{ deep: { er: 1 } }],
        b: { x: [1, 's', 3], y: { z: null } },
        c: [true, 2.5, 'ENUM'],
        d: null,
      },
    },
  ],
};

const marks: Behaviour = {
  name: 'directives of other specifications in the supergraph, and renamed imports',
  subgraphs: [
    {
      name: 'a',
      sdl: `${federation('{ name: "@key", as: "@id" }, { name: "@shareable", as: "@common" }, "@tag", "@cost", "@listSize", "@inaccessible", "@composeDirective", { name: "@requires", as: "@needs" }, { name: "@external", as: "@theirs" }', '@link(url: "https://twin.example/marks/v1.0", import: ["@mark"]) @composeDirective(name: "@mark")')}
        directive @mark(as: String!, n: [Int!]) repeatable on FIELD_DEFINITION | OBJECT | ENUM_VALUE | ARGUMENT_DEFINITION
        type Query { parts(first: Int = 2): [Part!] @listSize(assumedSize: 5, slicingArguments: ["first"], requireOneSlicingArgument: false) @cost(weight: 3) kind: Kind @tag(name: "public") }
        enum Kind @tag(name: "k") { A @mark(as: "x") B @tag(name: "b") HIDDEN @inaccessible } type Part @id(fields: "id") @tag(name: "t") @mark(as: "part", n: [1]) @mark(as: "again") @cost(weight: 2) { id: ID! @tag(name: "i") grade: Int @theirs size(unit: String @tag(name: "arg") @cost(weight: 1)): Int @common rated: String @needs(fields: "grade") }`,
      resolvers: {
        Query: {
          parts: (_: unknown, { first }: { first: number }) =>
            Array.from({ length: first }, (_unused, id) => ({ id: `${id}` })),
          kind: () => 'B',
        },
        Part: {
          __resolveReference: asGiven,
          size: () => 4,
          rated: ({ grade }: { grade: number }) => `grade ${grade}`,
        },
      },
    },
    {
      name: 'b',
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3") type Part @federation__key(fields: "id") { id: ID! grade: Int size(unit: String): Int @federation__shareable }`,
      resolvers: {
        Part: {
          __resolveReference: asGiven,
          grade: ({ id }: { id: string }) => Number(id) + 1,
          size: () => 4,
        },
      },
    },
  ],
  asks: [
    {
      query: '{ parts { id grade size(unit: "mm") rated } kind }',
      data: {
        parts: [
          { id: '0', grade: 1, size: 4, rated: 'grade 1' },
          { id: '1', grade: 2, size: 4, rated: 'grade 2' },
        ],
        kind: 'B',
      },
    },
    { query: '{ parts(first: 1) { rated } }', data: { parts: [{ rated: 'grade 1' }] } },
    {
      query: '{ __type(name: "Kind") { enumValues { name } } p: __type(name: "Part") { fields { name } } }',
      data: {
        __type: { enumValues: [{ name: 'A' }, { name: 'B' }] },
        p: { fields: [{ name: 'id' }, { name: 'grade' }, { name: 'size' }, { name: 'rated' }] },
      },
    },
  ],
};

const guarded: Behaviour = {
  name: 'fields under authentication stay closed to callers nobody knows, the others answer',
  subgraphs: [
    {
      name: 'a',
      sdl: `${federation('"@key", "@authenticated", "@requiresScopes", "@policy"')} type Query { open: Thing closed: Int @authenticated } type Thing @key(fields: "id") { id: ID! plain: Int secret: Int @requiresScopes(scopes: [["read"]]) }`,
      resolvers: {
        Query: { open: () => ({ id: '1', plain: 1, secret: 2 }), closed: () => 3 },
        Thing: { __resolveReference: asGiven },
      },
    },
    {
      name: 'b',
      sdl: `${federation('"@key", "@policy"')} type Thing @key(fields: "id") { id: ID! other: Int judged: Int @policy(policies: [["p"]]) }`,
      resolvers: { Thing: { __resolveReference: asGiven, other: () => 4, judged: () => 5 } },
    },
  ],
  asks: [
    { query: '{ open { plain other } }', data: { open: { plain: 1, other: 4 } } },
    {
      query: '{ open { plain secret other judged } closed }',
      data: { open: { plain: 1, secret: null, other: 4, judged: null }, closed: null },
      errors: [['open', 'secret'], ['open', 'judged'], ['closed']],
    },
  ],
};

export const rootBehaviours = [renamed, sharedMutations, scalars, marks, guarded];
