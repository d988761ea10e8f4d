import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { acme, sha256, startUploads } from './import-upload-support.ts';
import { until } from './support.ts';

const codeOf = async (response: Response): Promise<[number, string]> => {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return [response.status, errors[0]?.extensions.code ?? ''];
};

/** Sends without saying how much, until the server answers. @returns the status */
function endless(url: string): Promise<number> {
  return new Promise((resolve) => {
    const sender = httpRequest(url, { method: 'POST', headers: { authorization: 'Bearer acme.integrator' } });
    sender.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      sender.destroy();
    });
    // The server closes when it has answered; without an answer this comes first.
    sender.on('error', () => resolve(0));
    const more = (): void =>
      void (sender.destroyed || sender.write('y'.repeat(400), () => setImmediate(more)));
    more();
  });
}

describe('a whole file in one request', () => {
  test('is kept as it came, and answered with its id and hash', async (t) => {
    const { send, uploads, started } = await startUploads(t);
    const body = randomBytes(300_000);
    const response = await send('POST', '/import?name=plant%20ü.json', { body });
    assert.equal(response.status, 201);
    const answer = (await response.json()) as { id: string };
    const hash = sha256(body).toString('hex');
    assert.deepEqual(answer, {
      id: 'upload-1',
      name: 'plant ü.json',
      bytes: 300_000,
      sha256: hash,
      expiresAt: '2027-01-15T09:00:00.000Z',
    });
    assert.equal(response.headers.get('location'), '/import/upload-1');
    assert.deepEqual(readFileSync(uploads.pathOf(acme, answer.id)), body);
    assert.deepEqual((await uploads.find(acme, answer.id))?.sha256, hash);
    assert.deepEqual(started, []);
  });

  test('can be sent with curl -T, from a file and from a pipe', async (t) => {
    const { url, folder, uploads } = await startUploads(t);
    const file = join(folder, 'pump.json');
    const content = `[${'"0123456789",'.repeat(200_000)}1]`;
    writeFileSync(file, content);
    const curl = (...args: string[]) =>
      promisify(execFile)('curl', ['-sS', '-H', 'Authorization: Bearer acme.integrator', ...args]);
    const put = JSON.parse((await curl('-T', file, `${url}/import/`)).stdout) as { id: string; name: string };
    assert.equal(put.name, 'pump.json');
    assert.equal(readFileSync(uploads.pathOf(acme, put.id), 'utf8'), content);
    const post = await curl('-X', 'POST', '-T', file, `${url}/import?name=a.json`);
    assert.equal((JSON.parse(post.stdout) as { bytes: number }).bytes, content.length);
    const piped = await promisify(execFile)('sh', [
      '-c',
      `cat "${file}" | curl -sS -H 'Authorization: Bearer acme.integrator' -T - '${url}/import?name=piped'`,
    ]);
    assert.equal((JSON.parse(piped.stdout) as { bytes: number }).bytes, content.length);
  });

  test('starts the import when asked to', async (t) => {
    const { send, started, uploads } = await startUploads(t);
    const query = 'name=a&start=true&dryRun=true&atomicity=ITEM_BY_ITEM';
    const response = await send('PUT', `/import?${query}`, { body: '{}' });
    assert.deepEqual([response.status, ((await response.json()) as { job: string }).job], [201, 'job-1']);
    assert.deepEqual(started, [
      {
        uploads: ['upload-1'],
        options: { dryRun: true, strict: false, createTwins: false, atomicity: 'ITEM_BY_ITEM' },
      },
    ]);
    const refused = await send('POST', '/import?name=b&start=true&strict=true', { body: '{}' });
    assert.deepEqual(await codeOf(refused), [400, 'LIMIT_EXCEEDED']);
    assert.equal(await uploads.find(acme, 'upload-2'), null, 'what cannot be imported is not kept');
  });

  test('is refused with a wrong digest, without a name, with unknown words', async (t) => {
    const { send, uploads } = await startUploads(t);
    const digest = (of: string) => ({ 'content-digest': `sha-256=:${sha256(of).toString('base64')}:` });
    const wrong = await send('POST', '/import?name=a', { body: 'abc', headers: digest('abd') });
    assert.deepEqual(await codeOf(wrong), [460, 'INVALID_INPUT']);
    assert.equal(await uploads.find(acme, 'upload-1'), null);
    const right = await send('POST', '/import?name=a', { body: 'abc', headers: digest('abc') });
    assert.equal(right.status, 201);
    for (const path of [
      '/import',
      '/import?name=',
      '/import?name=a&start=yes',
      '/import?name=a&start=true&atomicity=SOME',
    ])
      assert.deepEqual(await codeOf(await send('POST', path, { body: 'x' })), [400, 'INVALID_INPUT'], path);
  });

  test('beyond a limit is refused, and the limit is named; also when the length is not said', async (t) => {
    const { send, url } = await startUploads(t, { upload: 1_000, tenant: 1_500 });
    assert.deepEqual(await codeOf(await send('POST', '/import?name=a', { body: 'x'.repeat(1_001) })), [
      413,
      'LIMIT_EXCEEDED',
    ]);
    assert.equal(await endless(`${url}/import?name=b`), 413);
    assert.equal((await send('POST', '/import?name=c', { body: 'x'.repeat(1_000) })).status, 201);
    const full = await send('POST', '/import?name=d', { body: 'x'.repeat(600) });
    const { errors } = (await full.json()) as {
      errors: { message: string; extensions: { details: object } }[];
    };
    assert.equal(full.status, 507);
    assert.match(errors[0]?.message ?? '', /1500 bytes .*TWINHUB_IMPORT_MAX_STORED_BYTES/);
    assert.deepEqual(errors[0]?.extensions.details, { limit: 'storedBytes', max: 1_500, used: 1_000 });
  });

  test('that breaks off is dropped', async (t) => {
    const { url, uploads } = await startUploads(t);
    const sender = httpRequest(`${url}/import?name=a`, {
      method: 'POST',
      headers: { authorization: 'Bearer acme.integrator', 'content-length': '1000' },
    });
    sender.on('error', () => {});
    sender.write('x'.repeat(500));
    let offset = 0;
    await until(() => {
      void uploads.find(acme, 'upload-1').then((upload) => (offset = upload?.offset ?? 0));
      return offset === 500;
    }, 'half of it has come');
    sender.destroy();
    let found: unknown = true;
    await until(() => {
      void uploads.find(acme, 'upload-1').then((upload) => (found = upload));
      return found === null;
    }, 'it is gone');
  });
});

describe('a file in pieces, by the tus protocol', () => {
  test('comes piece by piece, and the server says how far it is', async (t) => {
    const { tus, begin, patch, uploads } = await startUploads(t);
    const path = await begin(6, {
      'upload-metadata': `filename ${Buffer.from('ü.json').toString('base64')},other`,
    });
    const first = await patch(path, 0, 'abcd');
    assert.deepEqual([first.status, first.headers.get('upload-offset')], [204, '4']);
    assert.ok(first.headers.get('upload-expires'));
    const head = await tus('HEAD', path);
    assert.deepEqual(
      ['upload-offset', 'upload-length', 'cache-control', 'tus-resumable'].map((name) =>
        head.headers.get(name),
      ),
      ['4', '6', 'no-store', '1.0.0'],
    );
    assert.equal((await patch(path, 4, 'ef')).headers.get('upload-offset'), '6');
    const upload = await uploads.find(acme, 'upload-1');
    assert.deepEqual([upload?.name, upload?.sha256], ['ü.json', sha256('abcdef').toString('hex')]);
  });

  test('goes on after the sender went away, where it was', async (t) => {
    const { url, begin, patch, uploads, tus } = await startUploads(t);
    const body = randomBytes(200_000);
    const path = await begin(body.length);
    const sender = httpRequest(`${url}${path}`, {
      method: 'PATCH',
      headers: {
        authorization: 'Bearer acme.integrator',
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'content-length': String(body.length),
      },
    });
    sender.on('error', () => {});
    sender.write(body.subarray(0, 100_000));
    let offset = 0;
    await until(() => {
      void uploads.find(acme, 'upload-1').then((upload) => (offset = upload?.offset ?? 0));
      return offset === 100_000;
    }, 'half of it has come');
    assert.deepEqual(
      await codeOf(await patch(path, 100_000, 'x')),
      [409, 'REVISION_CONFLICT'],
      'one sender at a time',
    );
    sender.destroy();
    let taken = false;
    // The server notices the end of the connection in its own time; those who come after the rest are refused again.
    await until(() => {
      void patch(path, 100_000, new Uint8Array(body.subarray(100_000))).then(
        (response) => (taken ||= response.status === 204),
      );
      return taken;
    }, 'the rest is taken');
    assert.equal((await tus('HEAD', path)).headers.get('upload-offset'), String(body.length));
    assert.deepEqual(readFileSync(uploads.pathOf(acme, 'upload-1')), body);
  });

  test('a checksum guards a piece: with a wrong one none of it is kept', async (t) => {
    const { begin, patch, tus } = await startUploads(t);
    const path = await begin(6);
    const sum = (algorithm: string, of: string) => ({
      'upload-checksum': `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`,
    });
    assert.equal((await patch(path, 0, 'abc', sum('sha1', 'abc'))).status, 204);
    assert.deepEqual(await codeOf(await patch(path, 3, 'def', sum('sha256', 'xxx'))), [460, 'INVALID_INPUT']);
    assert.equal((await tus('HEAD', path)).headers.get('upload-offset'), '3');
    assert.deepEqual(await codeOf(await patch(path, 3, 'def', { 'upload-checksum': 'crc32 AAAA' })), [
      400,
      'INVALID_INPUT',
    ]);
    assert.equal((await patch(path, 3, 'def', sum('md5', 'def'))).headers.get('upload-offset'), '6');
  });

  test('may bring bytes along when it begins, and say its length later', async (t) => {
    const { tus, patch, uploads } = await startUploads(t);
    const type = { 'content-type': 'application/offset+octet-stream' };
    const begun = await tus('POST', '/import', { 'upload-defer-length': '1', ...type }, 'abc');
    assert.deepEqual([begun.status, begun.headers.get('upload-offset')], [201, '3']);
    const path = begun.headers.get('location') ?? '';
    assert.equal((await tus('HEAD', path)).headers.get('upload-defer-length'), '1');
    assert.equal((await uploads.find(acme, 'upload-1'))?.sha256, null);
    assert.equal((await patch(path, 3, 'd', { 'upload-length': '4' })).headers.get('upload-offset'), '4');
    assert.ok((await uploads.find(acme, 'upload-1'))?.sha256);
    const empty = await tus('POST', '/import', { 'upload-length': '0' });
    assert.equal(empty.status, 201);
    assert.equal((await uploads.find(acme, 'upload-2'))?.sha256, sha256('').toString('hex'));
  });

  test('refuses what breaks the protocol', async (t) => {
    const { tus, send, begin, patch } = await startUploads(t, { upload: 10 });
    const path = await begin(5);
    const type = { 'content-type': 'application/offset+octet-stream' };
    const version = await tus('POST', '/import', { 'tus-resumable': '0.2.2', 'upload-length': '3' });
    assert.deepEqual(
      [version.headers.get('tus-version'), ...(await codeOf(version))],
      ['1.0.0', 412, 'INVALID_INPUT'],
    );
    const cases: readonly (readonly [() => Promise<Response>, number])[] = [
      [() => tus('POST', '/import', {}), 400],
      [() => tus('POST', '/import', { 'upload-length': '3', 'upload-defer-length': '1' }), 400],
      [() => tus('POST', '/import', { 'upload-length': '-3' }), 400],
      [() => tus('POST', '/import', { 'upload-length': '11' }), 413],
      [() => tus('POST', '/import', { 'upload-length': '3', 'upload-metadata': 'a b c' }), 400],
      [() => patch(path, 1, 'x'), 409],
      [() => patch(path, 0, 'too long'), 413],
      [() => tus('PATCH', path, { 'upload-offset': '0', 'content-type': 'text/plain' }, 'x'), 415],
      [() => tus('PATCH', path, type, 'x'), 400],
      [() => send('PATCH', path, { headers: { ...type, 'upload-offset': '0' }, body: 'x' }), 412],
      [() => patch('/import/upload-99', 0, 'x'), 404],
      [() => patch('/import/..%2f..%2fetc', 0, 'x'), 404],
      [() => tus('POST', path, {}), 405],
    ];
    for (const [i, [work, status]] of cases.entries())
      assert.equal((await work()).status, status, `case ${i}`);
    assert.equal((await tus('HEAD', path)).headers.get('upload-offset'), '0');
  });

  test('says what it can without a sign-in, and does what a method override asks for', async (t) => {
    const { send, tus, begin } = await startUploads(t);
    const options = await send('OPTIONS', '/import', { as: null });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('tus-version'), '1.0.0');
    assert.match(options.headers.get('tus-extension') ?? '', /^creation,.*checksum,expiration,termination$/);
    assert.equal(options.headers.get('tus-max-size'), '10000000');
    const path = await begin(3);
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const patched = await tus('POST', path, { ...headers, 'x-http-method-override': 'PATCH' }, 'abc');
    assert.deepEqual([patched.status, patched.headers.get('upload-offset')], [204, '3']);
    assert.equal((await tus('POST', path, { 'x-http-method-override': 'DELETE' })).status, 204);
    assert.equal((await tus('HEAD', path)).status, 404);
  });

  test('is dropped when asked to or when its time is over, but not while an import needs it', async (t) => {
    const { tus, begin, patch, uploads, clock } = await startUploads(t);
    const [dropped, late, used] = [await begin(3), await begin(3), await begin(3)];
    assert.equal((await tus('DELETE', dropped)).status, 204);
    assert.equal((await tus('DELETE', dropped)).status, 404);
    await patch(used, 0, 'abc');
    await assert.rejects(uploads.claim(acme, ['upload-2'], 'job'), { code: 'INVALID_INPUT' });
    await uploads.claim(acme, ['upload-3'], 'job');
    await assert.rejects(uploads.claim(acme, ['upload-3'], 'other'), { code: 'INVALID_INPUT' });
    assert.equal((await tus('DELETE', used)).status, 409);
    await clock.advance(3_600_000);
    assert.equal((await tus('HEAD', late)).status, 404);
    assert.deepEqual(await codeOf(await patch(late, 0, 'abc')), [404, 'NOT_FOUND']);
    assert.equal(await uploads.expire(), 1);
    assert.equal((await tus('HEAD', used)).status, 200);
    assert.deepEqual(
      (await uploads.claimed()).map(({ id, job }) => [id, job]),
      [['upload-3', 'job']],
    );
  });
});

describe('who may upload', () => {
  test('integrators with a sign-in, each for their own tenant', async (t) => {
    const { send, begin, tus, patch } = await startUploads(t);
    assert.deepEqual(await codeOf(await send('POST', '/import?name=a', { body: 'x', as: null })), [
      401,
      'UNAUTHENTICATED',
    ]);
    assert.deepEqual(await codeOf(await send('POST', '/import?name=a', { body: 'x', as: 'acme.operator' })), [
      403,
      'FORBIDDEN',
    ]);
    const path = await begin(3);
    const other = { authorization: 'Bearer other.integrator' };
    assert.equal((await tus('HEAD', path, other)).status, 404);
    assert.equal((await patch(path, 0, 'abc', other)).status, 404);
    assert.equal((await tus('DELETE', path, other)).status, 404);
    assert.equal((await patch(path, 0, 'abc')).status, 204);
  });

  test('a page of another site cannot use the cookie of who looks at it', async (t) => {
    const { send, url } = await startUploads(t);
    const post = (headers: Record<string, string>) =>
      send('POST', '/import?name=a', {
        body: 'x',
        as: null,
        headers: { cookie: 'session=acme.integrator', ...headers },
      });
    assert.equal((await post({ origin: 'https://evil.example' })).status, 403);
    assert.equal((await post({ 'sec-fetch-site': 'same-site' })).status, 403);
    assert.equal((await post({ origin: url })).status, 201);
    assert.equal((await post({ origin: 'https://console.example' })).status, 201);
  });
});

test('uploads whose length is not said, or many at once, have no more room together than others', async (t) => {
  const { tus, patch, uploads, send } = await startUploads(t, { upload: 1_000, tenant: 1_500 });
  const stored = async () => {
    const found = await Promise.all(
      Array.from({ length: 40 }, (_, i) => uploads.find(acme, `upload-${i + 1}`)),
    );
    return found.reduce((sum, one) => sum + Math.max(one?.offset ?? 0, one?.length ?? 0), 0);
  };
  const paths: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    const begun = await tus('POST', '/import', { 'upload-defer-length': '1' });
    paths.push(begun.headers.get('location') ?? '');
  }
  const body = 'x'.repeat(900);
  const sent = await Promise.all(paths.map((path) => patch(path, 0, body)));
  assert.ok((await stored()) <= 1_500);
  assert.ok(sent.filter(({ status }) => status === 507).length >= 3);
  const said = await Promise.all(
    paths.map((path) =>
      tus('PATCH', path, {
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'upload-length': '950',
      }),
    ),
  );
  assert.ok(said.some(({ status }) => status === 507));
  assert.ok((await stored()) <= 1_500);
  for (const path of paths) await tus('DELETE', path);
  const made = await Promise.all(
    Array.from({ length: 10 }, () => tus('POST', '/import', { 'upload-length': '900' })),
  );
  assert.ok(made.filter(({ status }) => status === 201).length <= 1);
  assert.ok((await stored()) <= 1_500);
  for (const { headers } of made) await tus('DELETE', headers.get('location') ?? '/import/none-at-all');
  assert.equal((await send('PUT', '/import/a.json', { body })).status, 201);
});

test('a full disk is said so, and the upload can go on when there is room', async (t) => {
  const { begin, patch, uploads, tus } = await startUploads(t);
  const path = await begin(3);
  const file = uploads.pathOf(acme, 'upload-1');
  unlinkSync(file);
  symlinkSync('/dev/full', file);
  assert.deepEqual(await codeOf(await patch(path, 0, 'abc')), [507, 'STORAGE_FULL']);
  unlinkSync(file);
  writeFileSync(file, '');
  assert.equal((await tus('HEAD', path)).headers.get('upload-offset'), '0');
  assert.equal((await patch(path, 0, 'abc')).status, 204);
});
