import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile, utimes, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigReader } from '#kernel/config.ts';
import { systemClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteFileLinks } from '#connectors/sqlite/file-links.ts';
import { openFolderFileStore, readFileStoreConfig } from '#connectors/file-store/index.ts';
import { sweepFiles } from '#connectors/file-store/sweep.ts';
import { parseTwinId } from '#ontology/ids.ts';
import { bytesOf, fileStoreSuite, newTenant, sha256, textOf, type FileStoreLimits } from './file-store.ts';

const root = mkdtempSync(join(tmpdir(), 'twinhub-files-'));
after(() => rmSync(root, { recursive: true, force: true }));
const limits = { maxFileBytes: 2 ** 24, maxTenantBytes: 2 ** 30 };
const open = (more: Partial<FileStoreLimits> = {}, path = root) =>
  openFolderFileStore({ path, ...limits, ...more }, { clock: systemClock });
const pathOf = (tenant: string, hash: string) => join(root, tenant, hash.slice(0, 2), hash);

fileStoreSuite('a folder', {
  open,
  damage: async (tenant, hash) => {
    const path = pathOf(tenant, hash);
    const before = await stat(path);
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
    await utimes(path, before.atime, before.mtime);
  },
});

test(
  'contents are readable by the owner of the hub alone',
  { skip: process.platform === 'win32' },
  async () => {
    const store = await open();
    const tenant = newTenant();
    const stored = await store.put(tenant, bytesOf('secret drawing'));
    const path = pathOf(tenant, stored.sha256);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(root, tenant)).mode & 0o777, 0o700);
    await store.close();
  },
);

test('a process that is killed while it stores leaves whole contents only', async () => {
  const path = join(root, 'killed');
  const tenant = newTenant();
  const writer = fork(join(import.meta.dirname, 'file-store-writer.ts'), [path, tenant], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const stored: string[] = [];
  writer.on('message', (hash: string) => stored.push(hash));
  while (stored.length < 5) await once(writer, 'message');
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  const store = await open({}, path);
  for (const hash of stored) assert.ok(await store.read(tenant, hash), hash);
  const { items } = await store.list(tenant, { first: 500, after: null });
  for (const item of items)
    assert.equal(sha256((await textOf(await store.read(tenant, item.sha256))) ?? ''), item.sha256);
  assert.ok(!readdirSync(join(path, tenant)).includes('incoming'), 'what came half is removed');
  await store.close();
});

test('contents that no link needs are swept, once they are old enough', async () => {
  const db = new Database(':memory:');
  const links = new SqliteFileLinks(db);
  const files = await open();
  const tenant = newTenant();
  const put = async (text: string) => (await files.put(tenant, bytesOf(text))).sha256;
  const [linked, staged, replaced, orphan] = await Promise.all(
    ['linked', 'staged', 'replaced', 'orphan'].map(put),
  );
  assert.ok(linked && staged && replaced && orphan);
  const link = (element: string, hash: string) => ({
    twinId: parseTwinId('pump'),
    element,
    path: `/x`,
    sha256: hash,
    size: 6,
    name: 'x',
    contentType: 'text/plain',
  });
  await links.attach(tenant, [link('a', replaced)]);
  await links.stage(tenant, 'first', [link('a', linked)]);
  await links.commit(tenant, 'first');
  await links.stage(tenant, 'second', [link('b', staged)]);
  const later = Date.now() + 60_000;
  assert.equal(await sweepFiles(tenant, { files, links }, 0), 0, 'nothing is that old');
  assert.equal(await sweepFiles(tenant, { files, links }, later), 1);
  assert.equal(await files.find(tenant, orphan), null);
  await links.revert(tenant, 'first');
  await links.discard(tenant, 'second');
  assert.equal(await sweepFiles(tenant, { files, links }, later), 2);
  assert.deepEqual(
    (await files.list(tenant, { first: 9, after: null })).items.map((item) => item.sha256),
    [replaced],
  );
  await files.close();
  db.close();
});

test('the settings have their limits', () => {
  const read = (env: Record<string, string>) => {
    const reader = new ConfigReader(env);
    const config = readFileStoreConfig(reader);
    reader.finish('TWINHUB_FILES_');
    return config;
  };
  assert.deepEqual(read({}), { path: null, maxFileBytes: 256 * 2 ** 20, maxTenantBytes: 10_240 * 2 ** 20 });
  assert.equal(read({ TWINHUB_FILES_DIR: '/data/files' }).path, '/data/files');
  assert.throws(
    () => read({ TWINHUB_FILES_MAX_FILE_MB: '0', TWINHUB_FILES_MAX_TENANT_MB: 'much' }),
    (error) => isHubError(error, 'CONFIG_INVALID') && (error.details['faults'] as unknown[]).length === 2,
  );
});
