import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { parse } from 'graphql';
import type { SubgraphRequest } from '#gateway/engine/types.ts';
import { forwardHeaders } from '#gateway/remote/headers.ts';
import {
  createRemoteExecutor,
  defaultRemoteLimits,
  type RemoteExecutor,
  type RemoteOptions,
} from '#gateway/remote/remote-executor.ts';
import { isHubError } from '#kernel/errors.ts';
import { newContext } from '../support.ts';
import { certificate } from './certificate.ts';
import { failure, listening, serveHttp, TestPeer } from './peers.ts';

const ok = '{"data":{"ok":true}}';

function executorFor(options: Partial<RemoteOptions> & { readonly url: string }): RemoteExecutor {
  return createRemoteExecutor({ name: 'pumps', limits: defaultRemoteLimits, ...options });
}

function request(query: string, more: Partial<SubgraphRequest> = {}): SubgraphRequest {
  return { operation: 'query', document: parse(query), query, variables: {}, context: newContext(), ...more };
}

/** A server that notes what comes. */
async function noting() {
  const seen: { headers: IncomingHttpHeaders; names: string[]; body: unknown }[] = [];
  const server = await serveHttp((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const names = req.rawHeaders.filter((_, at) => at % 2 === 0);
      seen.push({ headers: req.headers, names, body: JSON.parse(Buffer.concat(chunks).toString()) });
      res.setHeader('content-type', 'application/json').end(ok);
    });
  });
  return { server, seen };
}

test('a request carries its text and the variables it has', async () => {
  const { server, seen } = await noting();
  await using _ = server;
  const executor = executorFor({ url: `http://127.0.0.1:${server.port}/` });
  const text = 'query ($name: String) { pump(name: $name) { state(of: "a \\"quoted\\" \\u0041 – ü") } }';
  const document = parse(text);
  await executor.execute(request(text, { document, variables: { name: 'a' } }));
  await executor.execute(request(text, { document, variables: { name: 'ü"' } }));
  await executor.execute(request(text, { document }));
  await executor.close();
  assert.deepEqual(
    seen.map(({ body }) => body),
    [{ query: text, variables: { name: 'a' } }, { query: text, variables: { name: 'ü"' } }, { query: text }],
  );
});

test("of a header that comes from several sides one is sent: the configured one before ours before the client's", async () => {
  const { server, seen } = await noting();
  await using _ = server;
  const url = `http://ann:sec%20ret@127.0.0.1:${server.port}/graphql?token=hidden`;
  const executor = executorFor({ url, headers: { 'x-site': 'configured', accept: 'application/json' } });
  const context = newContext();
  await executor.execute(request('{ ok }', { context }));
  const principal = { ...context.principal };
  const sentOn = {
    'x-site': 'client',
    'x-request-id': 'client',
    'x-name': 'L\xe9a',
    authorization: 'Bearer of-client',
  };
  forwardHeaders(principal, sentOn);
  await executor.execute(request('{ ok }', { context: { ...context, principal } }));
  await executor.close();
  const [plain, forwarded] = seen.map(({ headers }) => headers);
  assert.equal(plain?.authorization, `Basic ${Buffer.from('ann:sec ret').toString('base64')}`);
  assert.equal(forwarded?.authorization, 'Bearer of-client');
  assert.equal(forwarded?.['x-site'], 'configured');
  assert.equal(forwarded?.['x-name'], 'L\xe9a');
  assert.deepEqual([forwarded?.accept, forwarded?.['x-request-id']], ['application/json', context.requestId]);
  for (const { names } of seen) assert.equal(new Set(names).size, names.length);
});

test('a failure shows the address without user and query', async () => {
  const server = await serveHttp(() => {});
  await server.stop();
  const executor = executorFor({ url: `http://ann:secret@127.0.0.1:${server.port}/graphql?token=hidden` });
  await assert.rejects(executor.execute(request('{ ok }')), (error) => {
    assert.ok(isHubError(error, 'CONNECTOR_UNREACHABLE'));
    assert.equal(error.details['url'], `http://127.0.0.1:${server.port}/graphql`);
    assert.equal(error.details['reason'], 'ECONNREFUSED');
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /ann|secret|hidden/);
    return true;
  });
  await executor.close();
});

for (const [name, value] of [
  ['transfer-encoding', 'chunked'],
  ['content-length', '1'],
  ['X-Site', 'north'],
  ['x-site', 'north\r\nx-other: 1'],
] as const)
  test(`the configured header ${JSON.stringify(`${name}: ${value}`)} is refused at once`, () => {
    assert.throws(
      () => executorFor({ url: 'http://127.0.0.1:1/', headers: { [name]: value } }),
      failure('CONFIG_INVALID', /cannot be sent the header/),
    );
  });

test('a header that a client smuggled a line into is not sent', async () => {
  const { server, seen } = await noting();
  await using _ = server;
  const executor = executorFor({ url: `http://127.0.0.1:${server.port}/` });
  const context = newContext();
  const principal = { ...context.principal };
  forwardHeaders(principal, { 'x-site': 'a\r\nx-admin: 1' });
  await assert.rejects(executor.execute(request('{ ok }', { context: { ...context, principal } })));
  assert.deepEqual(seen, []);
  await executor.execute(request('{ ok }'));
  await executor.close();
  assert.equal(seen.length, 1);
});

test('a certificate has to be one that is trusted', async () => {
  let asked = 0;
  const https = createHttpsServer(certificate, (_req, res) => {
    asked += 1;
    res.end(ok);
  });
  await using server = await listening(https);
  const url = `https://127.0.0.1:${server.port}/graphql`;
  await using strange = new TestPeer(url);
  await assert.rejects(strange.ask(), (error) => {
    assert.ok(isHubError(error, 'CONNECTOR_UNREACHABLE'));
    assert.equal(error.details['reason'], 'DEPTH_ZERO_SELF_SIGNED_CERT');
    return true;
  });
  await assert.rejects(strange.mutate(), failure('CONNECTOR_UNREACHABLE'));
  assert.equal(asked, 0);
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, certificate.cert]);
  try {
    await using trusted = new TestPeer(url);
    const taken = server.taken;
    assert.deepEqual([await trusted.ask(), await trusted.ask(), await trusted.mutate()], [ok, ok, ok]);
    assert.equal(server.taken, taken + 2);
    await using wrongName = new TestPeer(`https://localhost:${server.port}/graphql`);
    await assert.rejects(wrongName.ask(), (error) => {
      assert.ok(isHubError(error, 'CONNECTOR_UNREACHABLE'));
      assert.equal(error.details['reason'], 'ERR_TLS_CERT_ALTNAME_INVALID');
      return true;
    });
  } finally {
    setDefaultCACertificates(usual);
  }
});

test('what does not speak HTTP is named so', async () => {
  await using server = await serveHttp((req) => void req.socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
  await using client = new TestPeer(server);
  await assert.rejects(client.ask(), failure('CONNECTOR_PROTOCOL', /does not speak HTTP/));
  await using headers = await serveHttp((req) => {
    req.socket.end(`HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(100_000)}\r\n\r\n`);
  });
  await using second = new TestPeer(headers);
  await assert.rejects(second.ask(), failure('CONNECTOR_PROTOCOL', /does not speak HTTP/));
});

test("the package that is asked with does not take the place of the client behind Node's own fetch", () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => /undici.lib/.test(file));
  assert.ok(loaded.some((file) => file.endsWith('client.js')));
  assert.deepEqual(
    loaded.filter((file) => file.endsWith('global.js')),
    [],
  );
});
