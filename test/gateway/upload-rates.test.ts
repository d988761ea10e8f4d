import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { readUploadRates, type UploadRates } from '#gateway/uploads/rates.ts';
import { readHubConfig } from '#deploy/config.ts';
import { acme, startUploads } from './import-upload-support.ts';
import { bodyOf } from './support.ts';

const windowMs = 10_000;
const none = { amount: 0, windowMs };
const unlimited: UploadRates = {
  requestsPerPrincipal: none,
  requestsPerTenant: none,
  bytesPerPrincipal: none,
  bytesPerTenant: none,
};
const atMost = (amount: number) => ({ amount, windowMs });

const refusalOf = async (response: Response) => {
  const [{ extensions }] = (await bodyOf(response)).errors;
  const { limit, max } = extensions.details;
  return [response.status, extensions.code, limit, max, response.headers.get('retry-after')];
};

test('requests of an account and of its tenant are limited, and told when to come back', async (t) => {
  const rates = { ...unlimited, requestsPerPrincipal: atMost(2), requestsPerTenant: atMost(3) };
  const { send, tus, begin, clock } = await startUploads(t, { rates });
  const path = await begin(10);
  assert.equal((await tus('HEAD', path)).status, 200);
  assert.equal((await tus('HEAD', path)).status, 429);
  assert.deepEqual(await refusalOf(await send('PUT', '/import/a.json', { body: '{}' })), [
    429,
    'RATE_LIMITED',
    'uploadRequestsPerPrincipal',
    2,
    '5',
  ]);
  const other = 'acme.integrator.2';
  assert.equal((await send('PUT', '/import/a.json', { body: '{}', as: other })).status, 201);
  assert.deepEqual(await refusalOf(await send('PUT', '/import/b.json', { body: '{}', as: other })), [
    429,
    'RATE_LIMITED',
    'uploadRequestsPerTenant',
    3,
    '4',
  ]);
  assert.equal((await send('PUT', '/import/a.json', { body: '{}', as: 'beta.integrator' })).status, 201);
  await clock.advance(windowMs);
  assert.equal((await tus('HEAD', path)).status, 200);
});

test('bytes are limited: a body that says its length is refused before it is read, with nothing kept', async (t) => {
  const rates = { ...unlimited, bytesPerPrincipal: atMost(100) };
  const { send, uploads, clock, begin, patch } = await startUploads(t, { rates });
  assert.equal((await send('PUT', '/import/a.json', { body: 'x'.repeat(80) })).status, 201);
  assert.deepEqual(await refusalOf(await send('PUT', '/import/b.json', { body: 'x'.repeat(30) })), [
    429,
    'RATE_LIMITED',
    'uploadBytesPerPrincipal',
    100,
    '1',
  ]);
  assert.equal(await uploads.find(acme, 'upload-2'), null, 'no upload was begun for it');
  const path = await begin(40);
  assert.deepEqual((await refusalOf(await patch(path, 0, 'x'.repeat(30)))).slice(0, 3), [
    429,
    'RATE_LIMITED',
    'uploadBytesPerPrincipal',
  ]);
  await clock.advance(1_000);
  assert.equal((await patch(path, 0, 'x'.repeat(30))).status, 204);
});

test('a body of unknown length is refused as soon as it has too much; what a tus upload has stays', async (t) => {
  const rates = { ...unlimited, bytesPerTenant: atMost(50_000) };
  const { tus, begin, patch, clock } = await startUploads(t, { rates });
  const path = await begin(60_000);
  const pieces = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 6; i += 1) controller.enqueue(new Uint8Array(10_000));
      controller.close();
    },
  });
  const refused = await tus(
    'PATCH',
    path,
    { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    pieces,
  ).catch(() => null);
  if (refused) assert.equal(refused.status, 429);
  await clock.advance(windowMs);
  const offset = Number((await tus('HEAD', path)).headers.get('upload-offset'));
  assert.ok(offset <= 50_000, `${offset} bytes were taken`);
  assert.equal((await patch(path, offset, new Uint8Array(60_000 - offset).slice(0, 50_000))).status, 204);
});

test('what a sender announces and does not send is given back', async (t) => {
  const rates = { ...unlimited, bytesPerPrincipal: atMost(100) };
  const { url, send, uploads } = await startUploads(t, { rates });
  const headers = { authorization: 'Bearer acme.integrator', 'content-length': '90' };
  const sender = request(`${url}/import/a.json`, { method: 'PUT', headers });
  sender.on('error', () => {});
  await new Promise<void>((sent) => sender.write('x'.repeat(10), () => sent()));
  await untilTrue(async () => (await uploads.find(acme, 'upload-1'))?.offset !== undefined);
  const ask = async () => (await send('PUT', '/import/b.json', { body: 'x'.repeat(50) })).status;
  assert.equal(await ask(), 429, 'the announced bytes are taken');
  sender.destroy();
  await untilTrue(async () => (await ask()) === 201);
});

async function untilTrue(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isSo())) assert.ok(performance.now() < deadline, `did not happen: ${String(isSo)}`);
}

test('rates that no file would pass are a fault of the settings, and 0 switches one off', () => {
  const faulty = { TWINHUB_MAX_UPLOAD_BYTES_PER_TENANT: '1000', TWINHUB_MAX_UPLOAD_BYTES_PER_PRINCIPAL: '0' };
  assert.throws(
    () => readHubConfig(faulty, '/'),
    (error) =>
      isHubError(error, 'CONFIG_INVALID') &&
      error.message.includes('has 1 fault(s)') &&
      error.message.includes('TWINHUB_MAX_UPLOAD_BYTES_PER_TENANT'),
  );
  const rates = readUploadRates(new ConfigReader({ TWINHUB_MAX_UPLOAD_REQUESTS_PER_TENANT: '0' }), 60_000);
  assert.deepEqual(rates.requestsPerTenant, { amount: 0, windowMs: 60_000 });
});
