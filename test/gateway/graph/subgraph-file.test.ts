import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { listSubgraphs, readSubgraphs } from '#gateway/graph/subgraph-file.ts';
import { startGateway } from '../support.ts';
import { link, servePartner, SubgraphFolder } from './support.ts';

interface Fault {
  readonly at: string;
  readonly what: string;
}

async function faultsOf(folder: SubgraphFolder, env = {}): Promise<readonly Fault[]> {
  try {
    await readSubgraphs(await listSubgraphs(folder.file), env);
  } catch (error) {
    assert.ok(isHubError(error, 'CONFIG_INVALID'));
    assert.ok(error.message.includes(folder.file), 'the message names the file');
    return error.details['faults'] as readonly Fault[];
  }
  return [];
}

const good = { name: 'energy', url: 'https://energy.example/graphql', sdl: 'energy.graphql' };

test('an entry is read with its defaults, its SDL, and headers out of the environment', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.list([
    { ...good, headers: { Authorization: { env: 'ENERGY_TOKEN' }, 'x-plan': 'gold' }, tenants: ['acme'] },
  ]);
  const [one] = await readSubgraphs(await listSubgraphs(folder.file), { ENERGY_TOKEN: 'Bearer s3cret' });
  assert.match(one?.sdl ?? '', /kilowattHours/);
  assert.deepEqual(
    { ...one, sdl: '' },
    {
      name: 'energy',
      url: 'https://energy.example/graphql',
      sdl: '',
      headers: { authorization: 'Bearer s3cret', 'x-plan': 'gold' },
      identity: false,
      tenants: ['acme'],
      passErrors: false,
      timeoutMs: null,
    },
  );
});

test('every fault of the form is told at once, with its place', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.list([
    { name: '1st', url: '', sdl: 'energy.graphql', tenant: 'acme' },
    { name: 'b', sdl: 'b.graphql', timeoutMs: 0, headers: { 'no name': 'x', ok: 5 } },
  ]);
  const places = (await faultsOf(folder)).map(({ at }) => at);
  for (const place of [
    '/subgraphs/0/name',
    '/subgraphs/0/url',
    '/subgraphs/0',
    '/subgraphs/1',
    '/subgraphs/1/timeoutMs',
    '/subgraphs/1/headers',
    '/subgraphs/1/headers/ok',
  ])
    assert.ok(places.includes(place), `${place} is among ${places.join(', ')}`);
});

test('every fault of what entries name is told at once, and no secret with it', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.list([
    { ...good, url: 'ftp://energy.example', subscriptionsUrl: 'https://energy.example' },
    { ...good, name: 'b', sdl: 'missing.graphql', headers: { authorization: { env: 'NOT_SET' } } },
    { ...good, name: 'b', url: 'https://user:hunter2@energy.example', headers: { x: { env: 'TWO_LINES' } } },
  ]);
  const faults = await faultsOf(folder, { TWO_LINES: 'hunter3\r\nx-admin: yes' });
  assert.deepEqual(
    faults.map(({ at }) => at),
    [
      '/subgraphs/0/url',
      '/subgraphs/0/subscriptionsUrl',
      '/subgraphs/1/sdl',
      '/subgraphs/1/headers/authorization',
      '/subgraphs/2/url',
      '/subgraphs/2/headers/x',
      '/subgraphs/2/name',
    ],
  );
  assert.match(faults[3]?.what ?? '', /NOT_SET is not set/);
  assert.doesNotMatch(JSON.stringify(faults), /hunter/);
});

test('what is no JSON, or not there, is told with the name of the file', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.write('subgraphs.json', '{"subgraphs": [');
  assert.match((await faultsOf(folder))[0]?.what ?? '', /JSON/);
  await assert.rejects(listSubgraphs(`${folder.file}.gone`), /subgraphs\.json\.gone.*cannot be used/s);
});

test('a byte order mark does no harm, and what stands there twice is told', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.write('subgraphs.json', `\uFEFF${JSON.stringify({ subgraphs: [good] })}`);
  assert.deepEqual(await faultsOf(folder), []);
  folder.write(
    'subgraphs.json',
    `{"subgraphs": [${JSON.stringify(good)}, {"name": "b", "tenants": ["acme"], "url": "tenants", "headers": {"": "\\"", "": "x"}, "tenants": ["a\\"}"]}]}`,
  );
  assert.deepEqual(await faultsOf(folder), [
    { at: '/subgraphs/1/headers/', what: 'stands there twice' },
    { at: '/subgraphs/1/tenants', what: 'stands there twice' },
  ]);
});

test('an entry cannot say who asks, nor set what belongs to the connection', async (t) => {
  const folder = new SubgraphFolder(t);
  const names = ['X-Twinhub-Identity', 'Host', 'Sec-WebSocket-Protocol', 'Content-Length'];
  folder.list([{ ...good, headers: Object.fromEntries(names.map((name) => [name, 'x'])) }]);
  assert.deepEqual(
    (await faultsOf(folder)).map(({ at }) => at),
    names.map((name) => `/subgraphs/0/headers/${name}`),
  );
});

test('what is no file or too large is not read', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.write('large.graphql', '#'.repeat(5_000_000));
  folder.list([
    { ...good, sdl: '.' },
    { ...good, name: 'b', sdl: 'large.graphql' },
    { ...good, name: 'c', sdl: '/dev/zero' },
  ]);
  const faults = await faultsOf(folder);
  assert.deepEqual(
    faults.map(({ at }) => at),
    ['/subgraphs/0/sdl', '/subgraphs/1/sdl', '/subgraphs/2/sdl'],
  );
  assert.match(faults.map(({ what }) => what).join(), /is no file.*5000000 bytes.*is no file/);
});

test('a hub does not start with a file that cannot be used', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.list([{ ...good, sdl: 'missing.graphql' }]);
  await assert.rejects(
    startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } }),
    (error) => isHubError(error, 'CONFIG_INVALID') && /\/subgraphs\/0\/sdl/.test(error.message),
  );
});

/** Changes of the hub's own part of the graph that a subgraph of somebody else must not make. */
const intrusions: readonly (readonly [what: string, sdl: string, reason: RegExp])[] = [
  ['a name of the hub’s own subgraphs', 'type Query { tariff: String }', /two subgraphs have this name/],
  [
    'a field of the hub',
    'type Query { asset(id: ID!): Asset } type Asset @key(fields: "id") { id: ID! }',
    /asset/,
  ],
  [
    'an override of a field of the hub',
    'type Asset @key(fields: "id") { id: ID! name: String @override(from: "assets") }',
    /takes the field Asset.name over from assets/,
  ],
  [
    'hiding what the hub shows',
    'type Asset @key(fields: "id") @inaccessible { id: ID! } type Query { tariff: String }',
    /Asset/,
  ],
  [
    'closing what the hub leaves open',
    'type Asset @key(fields: "id") @authenticated { id: ID! watts: Int }',
    /Asset would ask for other permissions/,
  ],
  [
    'fields of the hub answered on the way to them',
    'type Asset @key(fields: "id") { id: ID! name: String @external } type Query { mine: Asset @provides(fields: "name") }',
    /\[intruder\] provides Asset\.name itself along with Query\.mine/,
  ],
  [
    'fields of the hub answered deep on the way to them',
    'type Asset @key(fields: "id") { id: ID! name: String @external } type Query { mine: Mine @provides(fields: "... on Mine { asset { name } }") } type Mine { asset: Asset @shareable }',
    /\[intruder\] provides Asset\.name itself along with Query\.mine/,
  ],
  [
    'another cost of what is the hub’s',
    'type Asset @key(fields: "id") @cost(weight: 0) { id: ID! @cost(weight: -100) watts: Int }',
    /Asset\.id would not have the same @cost\(weight: -100\)/,
  ],
  [
    'a deprecation of what is the hub’s',
    'type Asset @key(fields: "id") { id: ID! @deprecated(reason: "Use mine.") watts: Int }',
    /Asset\.id would not have the same @deprecated/,
  ],
  [
    'names that the composer trips over',
    'type constructor { a: Int } type Query { a: constructor }',
    /the composer gives up/,
  ],
  [
    'more of a schema than the hub can take beside its requests',
    `type Query { x: E } enum E { ${Array.from({ length: 10_001 }, (_, i) => `V${i}`).join(' ')} }`,
    /\d+ types, fields, arguments and values together; 10000 are allowed/,
  ],
];

test('a subgraph of somebody else says itself that it is one of Federation 2', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.write('energy.graphql', '# specs.apollo.dev/federation/v2\ntype Query { tariff: String }');
  folder.list([good]);
  await assert.rejects(
    startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } }),
    (error) => isHubError(error, 'COMPOSITION_FAILED') && /\[energy\] has no @link/.test(error.message),
  );
});

for (const [what, sdl, reason] of intrusions)
  test(`a subgraph of somebody else cannot have ${what}`, async (t) => {
    const partner = await servePartner(t);
    const folder = new SubgraphFolder(t);
    const name = what.startsWith('a name') ? 'assets' : 'intruder';
    folder.write('energy.graphql', link + sdl);
    const running = await startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } });
    folder.list([{ name, url: partner.url, sdl: 'energy.graphql' }]);
    const reloaded = await running.gateway.graph.reload();
    assert.equal(!reloaded.changed && reloaded.error?.code, 'COMPOSITION_FAILED');
    assert.match((!reloaded.changed && reloaded.error?.message) || '', reason);
    const answer = await (await running.post('{ asset(id: "1") { name } }')).json();
    assert.deepEqual(answer, { data: { asset: { name: 'asset 1' } } });
  });
