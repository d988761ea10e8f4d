import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { startGateway } from '../support.ts';
import { link, SubgraphFolder } from './support.ts';

const sdl = `${link} scalar Any
  type Query { tariff: String any: Any many: [Int] }
  type Asset @key(fields: "id") { id: ID! kilowattHours: Float }`;

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** A hub with a partner that answers as it likes. */
async function startWith(t: TestContext, answer: (res: ServerResponse, query: string) => void) {
  const partner = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => answer(res, (JSON.parse(text) as { query: string }).query));
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  t.after(() => (partner.closeAllConnections(), partner.close()));
  const folder = new SubgraphFolder(t);
  folder.write('energy.graphql', sdl);
  const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/graphql`;
  folder.list([{ name: 'energy', url, sdl: 'energy.graphql', timeoutMs: 2_000 }]);
  const running = await startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } });
  return async (query: string) => (await (await running.post(query)).json()) as Answer;
}

const json = (body: string) => (res: ServerResponse) => {
  res.setHeader('content-type', 'application/json');
  res.end(body);
};
const entities = (items: string) => json(`{"data":{"_entities":${items}}}`);
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** What a partner answers when it is asked for the entity. Whatever it is, the hub's own fields are there. */
const answers: Readonly<Record<string, (res: ServerResponse) => void>> = {
  'nothing at all, and hangs up': (res) => void res.destroy(),
  'one byte and then nothing': (res) => void (res.writeHead(200), res.write('{')),
  'a redirect': (res) => void res.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
  'no JSON': json('<html>'),
  'JSON that is too deep': json(`{"data":${deep(5_000_000)}}`),
  'more than it may': (res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    const chunk = ' '.repeat(1_000_000);
    for (let i = 0; i < 80; i += 1) res.write(chunk);
  },
  'no list': entities('{"0":{"kilowattHours":1}}'),
  'a shorter list': entities('[]'),
  'a longer list': entities(`[{"kilowattHours":"no number"}${',{"kilowattHours":1}'.repeat(100_000)}]`),
  'lists in lists': entities('[[[{"kilowattHours":1}]]]'),
  numbers: entities('[7]'),
  'an object for a number': entities('[{"kilowattHours":{"kilowattHours":1}}]'),
  'a number that is none': entities('[{"kilowattHours":"NaN"}]'),
  'fields of the hub, too': entities(
    '[{"kilowattHours":null,"name":"forged","id":"2","__typename":"Query","asset":{"name":"forged"}}]',
  ),
  'members of every object': entities(
    '[{"kilowattHours":null,"__proto__":{"name":"forged"},"constructor":{"prototype":{"name":"forged"}},"toString":1}]',
  ),
  'a hundred thousand errors': json(
    `{"errors":[${Array.from({ length: 100_000 }, () => '{"message":"m","path":["_entities",0,"x"],"extensions":{"code":"SHOUT","pad":"xxxx"}}').join()}],"data":null}`,
  ),
  'errors of wrong types': json(
    '{"errors":[null,7,"x",[],{"message":{}},{"path":{}},{"path":["__proto__",-1,1.5]},{"extensions":[]}],"data":{"_entities":[null]}}',
  ),
};

for (const [what, answer] of Object.entries(answers))
  test(`the hub’s own fields are there when a partner answers ${what}`, async (t) => {
    const ask = await startWith(t, answer);
    const { data, errors = [] } = await ask('{ asset(id: "1") { id name kilowattHours } }');
    assert.deepEqual(data, { asset: { id: '1', name: 'asset 1', kilowattHours: null } });
    assert.ok(JSON.stringify(errors).length < 1_000_000, `${errors.length} errors`);
    assert.doesNotMatch(JSON.stringify(errors), /SHOUT|xxxx|169\.254/);
    assert.equal(Object.hasOwn(Object.prototype, 'name'), false);
  });

test('a value that is too deep to be written costs its own field', async (t) => {
  const ask = await startWith(t, json(`{"data":{"any":${deep(100_000)}}}`));
  const { data, errors } = await ask('{ any asset(id: "1") { name } }');
  assert.deepEqual(data, { any: null, asset: { name: 'asset 1' } });
  assert.equal(errors?.length, 1);
});

test('what a partner says of who asks is no word of the hub’s', async (t) => {
  const ask = await startWith(
    t,
    json(
      '{"data":null,"errors":[{"message":"Sign in at evil.example","extensions":{"code":"UNAUTHENTICATED"}}]}',
    ),
  );
  const { errors } = await ask('{ tariff }');
  assert.doesNotMatch(JSON.stringify(errors), /evil/);
  assert.equal(errors?.[0]?.extensions['serviceName'] ?? 'energy', 'energy');
});
