import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SimulatedClock, systemClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { toPrincipal } from '#connectors/oidc/claims.ts';
import type { OidcConfig } from '#connectors/oidc/config.ts';
import { keepPrivate, keepRecord, keepSecret, openDataFolder } from '#deploy/data-folder.ts';
import { createSessions } from '#gateway/auth/sessions.ts';
import { readGatewayConfig } from '#gateway/config.ts';
import { isHostAllowed, isOriginAllowed } from '#gateway/http/guard.ts';
import { principalOf, startGateway, until } from '../gateway/support.ts';

const rules = readGatewayConfig(new ConfigReader({ TWINHUB_ALLOWED_HOSTS: 'twins.example' }));
const unauthenticated = (error: unknown) => isHubError(error, 'UNAUTHENTICATED');
const key = new Uint8Array(32).fill(3);

function folderFor(t: TestContext) {
  const path = mkdtempSync(join(tmpdir(), 'twinhub-security-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return openDataFolder(path);
}

test('a Host header is a name and a port, nothing that only contains an allowed name', () => {
  for (const host of [
    'localhost',
    'localhost:4000',
    'LOCALHOST:1',
    '127.0.0.1:4000',
    '[::1]:4000',
    'twins.example',
  ])
    assert.ok(isHostAllowed({ host }, rules), host);
  const refused = [
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:4000',
    'evil.example@localhost',
    'localhost/;script-src *',
  ];
  for (const host of [
    ...refused,
    'localhost?x',
    'localhost#x',
    'localhost\\x',
    'localhost:4000:1',
    'localhost:99999',
    'localhost, evil.example',
  ])
    assert.ok(!isHostAllowed({ host }, rules), host);
});

test('pages elsewhere may not open streams, also not with a simple GET that names no origin', () => {
  const may = (headers: IncomingHttpHeaders) =>
    isOriginAllowed({ host: 'localhost:4000', ...headers }, rules);
  assert.ok(may({}), 'a program');
  assert.ok(may({ origin: 'http://localhost:4000', 'sec-fetch-site': 'same-origin' }));
  assert.ok(may({ 'sec-fetch-site': 'none' }), 'typed by the person');
  for (const headers of [
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    { origin: 'http://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])
    assert.ok(!may(headers), JSON.stringify(headers));
});

test('a request with a crafted Host header gets no page and nothing of it in the answer', async (t) => {
  const { url } = await startGateway(t);
  const { port } = new URL(url);
  const answer = await new Promise<{ status: number | undefined; policy: unknown }>((resolve, reject) => {
    const headers = { host: `localhost/;script-src *`, authorization: 'Bearer ada', accept: 'text/html' };
    request({ port, host: '127.0.0.1', path: '/graphiql', headers }, (res) =>
      resolve({ status: res.resume().statusCode, policy: res.headers['content-security-policy'] }),
    )
      .on('error', reject)
      .end();
  });
  assert.deepEqual(answer, { status: 421, policy: undefined });
});

test('a sign-out outlives the process, and a session of another identity is not valid', async (t) => {
  const folder = folderFor(t);
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1));
  const open = (issuer = 'local:demo') =>
    createSessions({ key, clock, issuer, kept: keepRecord(folder, 'signed-out.json') });
  const principal = { ...principalOf('marc'), expiresAt: clock.now() + 3_600_000 };
  const [kept, left] = [await open().issue(principal), await open().issue(principal)];
  await open().revoke(left);
  await assert.rejects(open().read(left), unauthenticated);
  assert.equal((await open().read(kept)).personId, 'marc');
  await assert.rejects(open('https://idp.example').read(kept), unauthenticated);
  assert.equal(statSync(folder.file('signed-out.json')).mode & 0o077, 0);
  writeFileSync(folder.file('signed-out.json'), '{"damaged');
  assert.equal((await open().read(kept)).personId, 'marc');
});

test('streams end when their person signs out, those of other sign-ins go on', async (t) => {
  const sessions = createSessions({ key, clock: systemClock });
  const cookieOf = (headers: IncomingHttpHeaders) =>
    /twinhub_session=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
  const { url, gateway } = await startGateway(t, {
    deps: {
      authenticate: (headers) => sessions.read(cookieOf(headers)),
      authenticateSocket: (_, headers) => sessions.read(cookieOf(headers)),
      onSignOut: sessions.onRevoked,
    },
  });
  const principal = { ...principalOf('marc'), expiresAt: Date.now() + 3_600_000 };
  const [leaving, staying] = [await sessions.issue(principal), await sessions.issue(principal)];
  const query = 'subscription { reading { id } }';
  const ends: string[] = [];
  const listen = (name: string, cookie: string) => {
    class WithCookie extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { cookie: `twinhub_session=${cookie}` } });
      }
    }
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WithCookie,
      retryAttempts: 0,
    });
    t.after(() => client.dispose());
    client.subscribe(
      { query },
      { next: () => {}, error: (error) => ends.push(`${name} ${JSON.stringify(error)}`), complete: () => {} },
    );
  };
  listen('leaving', leaving);
  listen('staying', staying);
  const events = await fetch(`${url}/graphql/stream?query=${encodeURIComponent(query)}`, {
    headers: { cookie: `twinhub_session=${leaving}`, accept: 'text/event-stream', 'x-twinhub-csrf': '1' },
  });
  await until(() => gateway.stats().consumers === 3, 'three streams run');
  await sessions.revoke(leaving);
  assert.match(await events.text(), /You signed out/);
  await until(() => gateway.stats().consumers === 1, 'only the other sign-in is left');
  await until(() => ends.length === 1, 'the client was told');
  assert.match(ends[0] ?? '', /^leaving .*You signed out/);
});

const oidc: OidcConfig = {
  issuer: 'https://idp.example',
  clientId: 'twinhub',
  clientSecret: undefined,
  scopes: 'openid',
  audience: 'twinhub',
  rolesClaim: 'roles',
  roleNames: {},
  tenantClaim: 'tenant',
  defaultTenant: 'acme',
  personClaim: 'employee',
  allowInsecure: false,
};
const claims = {
  sub: 'account-2',
  exp: 2_000_000_000,
  iat: 1_900_000_000,
  employee: '4711',
  roles: ['planner'],
};

test('an account without the claim that names its person is refused, so that nobody counts as two', () => {
  assert.equal(toPrincipal(claims, oidc).personId, '4711');
  assert.equal(toPrincipal({ ...claims, employee: 4711 }, oidc).personId, '4711');
  for (const employee of [undefined, null, '', {}, ['4711'], true, 47.5])
    assert.throws(
      () => toPrincipal({ ...claims, employee }, oidc),
      unauthenticated,
      JSON.stringify(employee),
    );
});

test('a token that does not say when the person signed in is never fresh enough for a decision', () => {
  assert.equal(toPrincipal({ ...claims, auth_time: 1_899_999_000 }, oidc).authTime, 1_899_999_000_000);
  assert.equal(toPrincipal(claims, oidc).authTime, 0);
});

test('a damaged session key is not used', (t) => {
  const folder = folderFor(t);
  const secret = keepSecret(folder, 'session-key', 32);
  assert.equal(secret.length, 32);
  assert.deepEqual(keepSecret(folder, 'session-key', 32), secret);
  writeFileSync(folder.file('session-key'), '');
  assert.throws(
    () => keepSecret(folder, 'session-key', 32),
    (error) => isHubError(error, 'STORE_UNAVAILABLE'),
  );
  assert.equal(readFileSync(folder.file('session-key'), 'utf8'), '');
});

test('what the hub keeps in a folder that others can read is readable by its owner alone', (t) => {
  const before = process.umask(0o022);
  t.after(() => process.umask(before));
  const folder = folderFor(t);
  for (const name of ['telemetry.duckdb', 'hub.sqlite-wal', 'holiday.jpg'])
    writeFileSync(folder.file(name), '', { mode: 0o644 });
  keepPrivate(folder);
  writeFileSync(folder.file('messages.sqlite'), '');
  const open = ['telemetry.duckdb', 'hub.sqlite-wal', 'messages.sqlite', 'holiday.jpg'].filter(
    (name) => statSync(folder.file(name)).mode & 0o077,
  );
  assert.deepEqual(open, ['holiday.jpg']);
});

test('a second Host header, and a large message before the sign-in of a WebSocket, are refused', async (t) => {
  const { url, plant } = await startGateway(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400 /);
  const ws = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(ws, 'open');
  ws.send(JSON.stringify({ type: 'ping', payload: { pad: 'x'.repeat(70_000) } }));
  const [code] = await once(ws, 'close');
  assert.equal(code, 4400);
  assert.equal(plant.contexts.length, 0);
});
