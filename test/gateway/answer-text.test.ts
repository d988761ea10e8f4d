import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { requestPath, requestUrl } from '#gateway/http/request-url.ts';
import { createGraph, newContext } from '../federation/support.ts';
import { createRandom } from '../federation/random-operations.ts';

const sdl = `
  type Query { text: String id: ID int: Int float: Float flag: Boolean kind: Kind any: Any list: [String] must: [Int!] deep: [Item] }
  type Item { text: String! item: Item }
  enum Kind { ONE TWO }
  scalar Any`;
const query =
  '{ text id int float flag kind any list must deep { text item { text __typename } } __typename }';

/** Characters that JSON writes in ways of its own, and some that it does not. */
const characters = [
  'a',
  '"',
  '\\',
  '\n',
  '\u0000',
  '\u001f',
  '\u007f',
  'é',
  '\u2028',
  '😀',
  '\ud800',
  '\udc00',
  '/',
];
const values = [0, -0, 1, 1.5, 1e21, 1e-7, 2 ** 31, -(2 ** 31), NaN, Infinity, '7', 'x', true, false, null];

test('an answer as text is what JSON makes of the same answer as objects, whatever a subgraph gives', async () => {
  let root: Record<string, unknown> = {};
  const raw = {
    execute: async () => ({ data: structuredClone(root) }),
    subscribe: () => Promise.reject(new Error('nobody subscribes')),
  };
  const { engine } = await createGraph([{ name: 'only', sdl, resolvers: {} }], { only: raw });
  const document = parse(query);
  let asText = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = createRandom(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const word = () => Array.from({ length: Math.floor(random() * 6) }, () => pick(characters)).join('');
    const odd = random() < 0.3;
    const item = (): unknown => ({
      text: odd && random() < 0.2 ? null : word(),
      item: random() < 0.5 ? item() : null,
    });
    root = {
      text: word(),
      id: pick([word(), 5]),
      int: odd ? pick(values) : pick([0, -0, 7, -(2 ** 31), null]),
      float: odd ? pick(values) : pick([0, -0, 1.5, 1e21, 1e-7]),
      flag: odd ? pick(values) : pick([true, false, null]),
      kind: pick(['ONE', 'TWO', null]),
      any: pick([word(), 3, { b: [word(), null], a: { c: 1 } }, [word()], null]),
      list: [word(), null, word()],
      must: odd ? [1, pick(values)] : [1, 2],
      deep: [item(), null, item()],
    };
    const { data, errors } = await engine.execute({ document, context: newContext() });
    const written = await engine.execute({ document, context: newContext(), asText: true });
    assert.equal(written.dataText ?? JSON.stringify(written.data), JSON.stringify(data), `seed ${seed}`);
    assert.deepEqual(written.errors?.map(String), errors?.map(String), `seed ${seed}`);
    asText += written.dataText === undefined ? 0 : 1;
  }
  assert.ok(asText > 200 && asText < 400, `${asText} came as text`);
});

test('the path of a request is the one a URL has', () => {
  const targets = [
    '/',
    '/graphql',
    '/graphql/',
    '/a/b-c_9',
    '/a/../b',
    '/a/./b',
    '/%61',
    '/a?b=/c',
    '/a#b',
    '/a//b',
    '/ä',
  ];
  for (const url of targets)
    assert.equal(requestPath({ url } as never), requestUrl({ url } as never).pathname, url);
  for (const url of ['graphql', '*', 'http://elsewhere/graphql', ''])
    assert.throws(() => requestPath({ url } as never), /not a path/);
});
