import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { identityHeader, identityKeysPath } from '#gateway/graph/identity-tokens.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { principalOf, startGateway, type Running } from '../support.ts';
import { servePartner, SubgraphFolder } from './support.ts';

const { privateKey: key } = generateKeyPairSync('ed25519');

/** `TENANT/NAME` as a token. */
function personOf(token: string): Principal {
  const [tenant = '', subject = ''] = token.split('/');
  return { ...principalOf(subject), tenant: parseTenantId(tenant), roles: ['operator', 'integrator'] };
}

async function start(
  t: TestContext,
  entry: object,
): Promise<Running & { partner: Awaited<ReturnType<typeof servePartner>> }> {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([{ name: 'energy', url: partner.url, sdl: 'energy.graphql', ...entry }]);
  const running = await startGateway(t, {
    env: { TWINHUB_SUBGRAPHS_FILE: folder.file },
    deps: {
      identityKey: { key, issuer: () => 'https://hub.example' },
      authenticate: async ({ authorization }) => (authorization ? personOf(authorization.slice(7)) : null),
    },
  });
  return { ...running, partner };
}

const query = '{ asset(id: "3") { name kilowattHours } }';

test('a subgraph that is told who asks can verify it', async (t) => {
  const { post, url, partner } = await start(t, { identity: true });
  assert.equal((await post(query, { token: 'acme/ada' })).status, 200);
  assert.equal((await post(query, { token: 'globex/bob' })).status, 200);
  const keys = createRemoteJWKSet(new URL(`${url}${identityKeysPath}`));
  const seen = await Promise.all(
    partner.headers.map(async ({ headers }) => {
      const options = { issuer: 'https://hub.example', audience: 'energy', algorithms: ['EdDSA'] };
      const { payload } = await jwtVerify(String(headers[identityHeader]), keys, options);
      assert.ok((payload.exp ?? 0) - (payload.iat ?? 0) <= 300);
      return [payload['tenant'], payload.sub, payload['person_id'], payload['roles']];
    }),
  );
  assert.deepEqual(seen, [
    ['acme', 'ada', 'ada', ['operator', 'integrator']],
    ['globex', 'bob', 'bob', ['operator', 'integrator']],
  ]);
});

test('a subgraph is told nothing about who asks unless its entry says so', async (t) => {
  const { post, partner } = await start(t, { headers: { 'X-Key': 'k' } });
  await post(query, {
    token: 'acme/ada',
    headers: { cookie: 'session=acme/ada', [identityHeader]: 'forged' },
  });
  const headers = partner.headers[0]?.headers ?? {};
  assert.equal(headers['x-key'], 'k');
  for (const name of [identityHeader, 'authorization', 'cookie']) assert.equal(headers[name], undefined);
  assert.doesNotMatch(JSON.stringify(headers), /ada|forged/);
});

test('a token ends with the sign-in of who asks', async (t) => {
  const { post, partner } = await start(t, { identity: true });
  const until = Date.now() + 90_000;
  await post(query, { token: `acme/ada@${until}` });
  const [, claims = ''] = String(partner.headers[0]?.headers[identityHeader]).split('.');
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number };
  assert.equal(exp, Math.floor(until / 1000));
});

test('nothing of a tenant goes to a subgraph that is not for it', async (t) => {
  const { post, partner } = await start(t, { tenants: ['acme'] });
  const allowed = await (await post(query, { token: 'acme/ada' })).json();
  assert.deepEqual(allowed, { data: { asset: { name: 'asset 3', kilowattHours: 6 } } });
  assert.equal(partner.seen.length, 1);
  const refused = (await (await post(query, { token: 'globex/bob' })).json()) as {
    data: unknown;
    errors: { path: unknown; extensions: Record<string, unknown> }[];
  };
  assert.deepEqual(refused.data, { asset: { name: 'asset 3', kilowattHours: null } });
  assert.deepEqual(refused.errors[0]?.extensions['code'], 'FORBIDDEN');
  assert.equal(partner.seen.length, 1, 'the subgraph was not asked');
});

test('the graph is shown to those who may diagnose, and names no address', async (t) => {
  const { url } = await start(t, {});
  const get = (token: string | null) =>
    fetch(`${url}/graph`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  assert.equal((await get(null)).status, 401);
  const shown = await get('acme/ada');
  assert.equal(shown.status, 200);
  const { since, ...status } = (await shown.json()) as Record<string, unknown>;
  assert.ok(Date.parse(String(since)) <= Date.now());
  assert.deepEqual(status, {
    generation: 1,
    subgraphs: ['assets', 'telemetry', 'energy'],
    hints: [],
    peers: [{ name: 'energy', circuit: 'closed' }],
    refused: null,
  });
  const health = (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>;
  assert.deepEqual(health['graph'], { generation: 1, lastChangeRefused: false });
});
