import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteImportJobStore } from '#connectors/sqlite/import-job-store.ts';
import { isHubError } from '#kernel/errors.ts';
import { importJobStoreContract } from './import-job-store.ts';
import { freshTenant } from './twin-store-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-import-jobs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

importJobStoreContract('SQLite', {
  async open() {
    const db = new Database(join(folder, 'hub.sqlite'));
    return { jobs: new SqliteImportJobStore(db), close: async () => db.close() };
  },
});

test('import jobs in a file that is closed say STORE_UNAVAILABLE', async () => {
  const db = new Database(join(folder, 'closed.sqlite'));
  const jobs = new SqliteImportJobStore(db);
  db.close();
  await assert.rejects(jobs.get(freshTenant(), 'a'), (error) => isHubError(error, 'STORE_UNAVAILABLE'));
});
