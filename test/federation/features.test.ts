import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { parseSupergraph } from '#gateway/supergraph/join-graphs.ts';
import { openGateway } from './open-graph.ts';
import { link } from './support.ts';

const { supergraphSdl } = composeSupergraph([
  { name: 'a', sdl: `${link} type Query { a(n: Int): Int b: Int }`, url: 'http://127.0.0.1:9/' },
]);

/** The supergraph with more on its schema, and with another text in the place of one of its parts. */
function changed(links: string, from = '', to = ''): string {
  assert.ok(supergraphSdl.includes(from));
  return supergraphSdl.replace('schema ', `schema ${links} `).replace(from, to);
}

const spec = (path: string, more = '') => `@link(url: "https://specs.apollo.dev/${path}"${more})`;

test('a supergraph that needs a feature the engine does not know is refused at start by its name', async () => {
  const refused: readonly [string, RegExp][] = [
    [changed(spec('context/v0.1', ', for: SECURITY')), /context\/v0\.1/],
    [changed(spec('connect/v0.2', ', for: EXECUTION')), /connect\/v0\.2/],
    [changed('@link(url: "https://other.example/locks/v1.0", for: SECURITY)'), /other\.example\/locks/],
    [
      changed(
        '',
        'b: Int',
        'b: Int @join__directive(graphs: [A], name: "connect", args: {http: {GET: "/"}})',
      ),
      /@connect .*REST/,
    ],
    [
      changed(
        '',
        'b: Int',
        'b: Int @join__field(graph: A, contextArguments: [{context: "c", name: "n", type: "Int", selection: "x"}])',
      ),
      /@fromContext/,
    ],
    [
      `schema @core(feature: "https://specs.apollo.dev/core/v0.1") { query: Query } type Query { a: Int }`,
      /Federation 1/,
    ],
  ];
  for (const [text, named] of refused)
    await assert.rejects(
      openGateway(text),
      (error) => isHubError(error, 'CONFIG_INVALID') && named.test(error.message),
      text.slice(0, 120),
    );
});

test('features without a purpose, and other @join__directive, are passed over', () => {
  const fine = [
    changed(spec('cacheTag/v0.1')),
    changed('@link(url: "https://other.example/notes/v1.0", import: ["@note"])'),
    changed('', 'b: Int', 'b: Int @join__directive(graphs: [A], name: "cacheTag", args: {format: "x"})'),
  ];
  for (const text of fine) assert.ok(parseSupergraph(text));
});
