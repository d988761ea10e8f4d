import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openFolderFileStore } from '#connectors/file-store/index.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteFileLinks } from '#connectors/sqlite/file-links.ts';
import { createFilesRoute } from '#gateway/http/files-route.ts';
import { sendError } from '#gateway/http/respond.ts';
import { routeRequest } from '#gateway/http/router.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId, parseTwinId } from '#ontology/ids.ts';
import type { Principal, Role } from '#ontology/principal.ts';

const tenant = parseTenantId('demo');
const other = parseTenantId('other');

function principal(of: typeof tenant, roles: readonly Role[] = ['operator']): Principal {
  return {
    tenant: of,
    subject: 's',
    personId: 'p',
    name: 'Ada',
    roles,
    authTime: 0,
    acr: null,
    expiresAt: 1e15,
  };
}

/** Who may ask, by the bearer token. */
const people: Readonly<Record<string, Principal>> = {
  ada: principal(tenant),
  eve: principal(other),
  nobody: principal(tenant, []),
};

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server with the route over real stores. */
async function openServer(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'twinhub-files-route-'));
  const db = new Database(':memory:');
  const links = new SqliteFileLinks(db);
  const files = await openFolderFileStore(
    { path: folder, maxFileBytes: 2 ** 24, maxTenantBytes: 2 ** 30 },
    { clock: systemClock },
  );
  const routes = [createFilesRoute({ files, links })];
  const log = createMemoryLogger();
  const server = createServer((req, res) => {
    const authenticate = async ({ authorization = '' }: IncomingHttpHeaders) =>
      people[authorization.replace('Bearer ', '')] ?? null;
    routeRequest(req, res, routes, authenticate).catch((error: unknown) =>
      sendError(res, error, { log, requestId: 'r' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await files.close();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Reply>((resolve, reject) => {
      const who = { authorization: 'Bearer ada', ...headers };
      const req = request({ port, host: '127.0.0.1', path, method, headers: who }, (res) => {
        let body = '';
        res.setEncoding('utf8').on('data', (piece: string) => (body += piece));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
      });
      req.on('error', reject).end();
    });
  /** Stores a file of a pump. */
  const add = async (text: string, name: string, contentType: string) => {
    const { sha256, size } = await files.put(tenant, new TextEncoder().encode(text));
    const twinId = parseTwinId('pump-1');
    await links.attach(tenant, [{ twinId, element: name, path: name, sha256, size, name, contentType }]);
    return `/files/${sha256}`;
  };
  return { get, add, files, links };
}

test('a file is sent as a download, with its type and name', async (t) => {
  const { get, add } = await openServer(t);
  const path = await add('the manual', 'Prüf "bericht".pdf', 'application/pdf');
  const { status, headers, body } = await get(path);
  assert.deepEqual([status, body], [200, 'the manual']);
  assert.equal(headers['content-type'], 'application/pdf');
  assert.equal(
    headers['content-disposition'],
    `attachment; filename="Pr_f _bericht_.pdf"; filename*=UTF-8''Pr%C3%BCf%20%22bericht%22.pdf`,
  );
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(String(headers['content-security-policy']), /^sandbox; default-src 'none'/);
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal(headers['content-length'], '10');
});

test('what could run in a page comes as bytes of no type', async (t) => {
  const { get, add } = await openServer(t);
  const types = ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript', 'text/xml', 'x/y'];
  for (const type of types) {
    const { headers } = await get(await add(`<script>${type}</script>`, 'x', type));
    assert.equal(headers['content-type'], 'application/octet-stream', type);
    assert.match(String(headers['content-disposition']), /^attachment;/);
  }
});

test('a name cannot leave its header', async (t) => {
  const { get, add } = await openServer(t);
  const path = await add('x', 'a\r\nset-cookie: x=1\u202e"; \ud800..\\../b', 'text/plain');
  const { status, headers } = await get(path);
  assert.equal(status, 200);
  assert.equal(headers['set-cookie'], undefined);
  assert.doesNotMatch(String(headers['content-disposition']), /[\r\n\\]|%2F|%0D/i);
});

test('only people and programs of the tenant get it', async (t) => {
  const { get, add, files, links } = await openServer(t);
  const path = await add('secret drawing', 'x.pdf', 'application/pdf');
  assert.equal((await get(path)).status, 200);
  assert.equal((await get(path, { authorization: '' })).status, 401);
  assert.equal((await get(path, { authorization: 'Bearer nobody' })).status, 403);
  const [foreign, absent] = [
    await get(path, { authorization: 'Bearer eve' }),
    await get(`/files/${'0'.repeat(64)}`, { authorization: 'Bearer eve' }),
  ];
  assert.deepEqual([foreign.status, foreign.body], [404, absent.body], 'nobody finds out what others have');
  const sha256 = path.slice('/files/'.length);
  assert.equal((await get(`/files/${sha256.toUpperCase()}`)).status, 404);
  for (const wrong of ['/files/', '/files', '/files/../files/x', '/files/%2e%2e%2fetc', `${path}/x`])
    assert.equal((await get(wrong)).status, 404, wrong);
  await links.detach(tenant, parseTwinId('pump-1'));
  assert.ok(await files.find(tenant, sha256));
  assert.equal((await get(path)).status, 404, 'a content that no twin has is nobody’s file');
});

test('HEAD tells about it, and what is known is not sent again', async (t) => {
  const { get, add } = await openServer(t);
  const path = await add('the manual', 'x.pdf', 'application/pdf');
  const head = await get(path, {}, 'HEAD');
  assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '10']);
  const etag = String(head.headers.etag);
  const known = await get(path, { 'if-none-match': `"other", W/${etag}` });
  assert.deepEqual([known.status, known.body], [304, '']);
  assert.equal((await get(path, { 'if-none-match': '"other"' })).status, 200);
});

test('one range is answered, as the standard has it', async (t) => {
  const { get, add } = await openServer(t);
  const path = await add('0123456789', 'x.txt', 'text/plain');
  const cases: [string, number, string, string?][] = [
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=5-2', 200, '0123456789'],
    ['bytes=-', 200, '0123456789'],
    ['bytes=0-1,3-4', 200, '0123456789'],
    ['lines=1-2', 200, '0123456789'],
  ];
  for (const [range, status, body, contentRange] of cases) {
    const answer = await get(path, { range });
    assert.deepEqual(
      [answer.status, answer.body, answer.headers['content-range']],
      [status, body, contentRange],
      range,
    );
  }
  const etag = String((await get(path)).headers.etag);
  assert.equal((await get(path, { range: 'bytes=0-1', 'if-range': etag })).status, 206);
  assert.equal((await get(path, { range: 'bytes=0-1', 'if-range': '"old"' })).status, 200);
});
