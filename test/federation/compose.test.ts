import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createPlanner, unsupportedMachine } from '#gateway/planner.ts';
import { link } from './support.ts';

const good = {
  name: 'good',
  sdl: `${link} type Query { a: T } type T @key(fields: "id") { id: ID! a: String }`,
};

function faultsOf(subgraphs: Parameters<typeof composeSupergraph>[0]): {
  message: string;
  faults: readonly Record<string, unknown>[];
} {
  try {
    composeSupergraph(subgraphs);
  } catch (error) {
    if (isHubError(error, 'COMPOSITION_FAILED'))
      return { message: error.message, faults: error.details['faults'] as Record<string, unknown>[] };
    throw error;
  }
  throw new Error('it composed');
}

test('subgraphs compose to a supergraph without a hint', () => {
  const { supergraphSdl, hints } = composeSupergraph([good]);
  assert.match(supergraphSdl, /join__Graph/);
  assert.deepEqual(hints, []);
});

test('a key that names no field is reported with subgraph and place', () => {
  const { message, faults } = faultsOf([
    good,
    { name: 'bad', sdl: `${link}type T @key(fields: "nope") { id: ID! b: String }` },
  ]);
  assert.match(message, /\[bad\].*nope/);
  assert.deepEqual(
    [faults[0]?.['subgraph'], faults[0]?.['code'], typeof faults[0]?.['line']],
    ['bad', 'KEY_INVALID_FIELDS', 'number'],
  );
});

test('a syntax error is reported with subgraph and place', () => {
  const { message, faults } = faultsOf([good, { name: 'bad', sdl: 'type Query {\n  a: \n}' }]);
  assert.match(message, /\[bad\].*\(bad:3:1\)/);
  assert.deepEqual([faults[0]?.['subgraph'], faults[0]?.['line'], faults[0]?.['column']], ['bad', 3, 1]);
});

test('types that contradict each other are reported', () => {
  const { message } = faultsOf([
    good,
    { name: 'other', sdl: `${link}type T @key(fields: "id") { id: ID! a: Int }` },
  ]);
  assert.match(message, /T\.a/);
});

test('names that clash or cannot be names, and no subgraph at all, are reported', () => {
  assert.match(faultsOf([good, good]).message, /two subgraphs have this name/);
  assert.match(faultsOf([{ ...good, name: '1 bad' }]).message, /not a subgraph name/);
  assert.match(faultsOf([]).message, /no subgraph given/);
});

test('an SDL without the Federation 2 link composes with a hint', () => {
  const { hints } = composeSupergraph([{ name: 'old', sdl: 'type Query { a: Int }' }]);
  assert.match(hints[0] ?? '', /\[old\].*@link/);
});

test('a text that is no supergraph is refused by the planner with a reason', async () => {
  await assert.rejects(
    createPlanner('type Query {'),
    (error) => isHubError(error, 'CONFIG_INVALID') && /cannot be read/.test(error.message),
  );
});

test('inputs, arguments and enum values that not all subgraphs have are hinted at with their place', () => {
  const sdl = (field: string, input: string, values: string) => `${link}
type Query { find${field}: Int @shareable }
input Filter { text: String ${input} }
enum Kind { ON ${values} }`;
  const { hints } = composeSupergraph([
    { name: 'a', sdl: sdl('(filter: Filter, kind: Kind)', 'exact: Boolean', 'OFF') },
    { name: 'b', sdl: sdl('(filter: Filter)', '', '') },
  ]);
  assert.deepEqual(hints, [
    '[a] Query.find(kind:) is left out of inputs of the graph, since b does not have it (a:4:35)',
    '[a] Filter.exact is left out of inputs of the graph, since b does not have it (a:5:29)',
    '[a] Kind.OFF is left out of inputs of the graph, since b does not have it (a:6:16)',
  ]);
});

test('a machine without a binary of the native planner is told where there is one, and that the own one needs none', () => {
  const error = unsupportedMachine(new Error('Cannot find module'), 'linux-x64 with musl');
  assert.ok(isHubError(error, 'CONFIG_INVALID'));
  assert.match(
    error.message,
    /this machine, linux-x64 with musl: Cannot find module.*glibc.*macOS.*the own planner runs anywhere.*Debian/s,
  );
});

test('a field that an interface object has only as external is not asked of it', () => {
  const { supergraphSdl } = composeSupergraph([
    {
      name: 'a',
      sdl: `${link} type Query { all: [Named] } interface Named @key(fields: "id") { id: ID! name: String } type User implements Named @key(fields: "id") { id: ID! name: String }`,
    },
    {
      name: 'b',
      sdl: `${link} type Named @key(fields: "id") @interfaceObject { id: ID! name: String @external handle: String @requires(fields: "name") }`,
    },
  ]);
  assert.match(
    supergraphSdl,
    /name: String @join__field\(graph: A\) @join__field\(graph: B, external: true\)/,
  );
});
