import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { systemClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import { twinStoreContract } from './twin-store.ts';
import { freshTenant } from './twin-store-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-twin-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The store with a database of its own, closed together with it. */
function open(): Promise<TwinStore> {
  const db = new Database(join(folder, 'twins.sqlite'));
  const store = new SqliteTwinStore(db, systemClock);
  store.close = () => db.close();
  return Promise.resolve(store);
}

twinStoreContract('SQLite', { open });

test('a store whose file is closed says STORE_UNAVAILABLE', async () => {
  const store = await open();
  await store.close();
  await assert.rejects(store.twins(freshTenant(), []), (error) => isHubError(error, 'STORE_UNAVAILABLE'));
});

test('each way to list walks an index from the cursor on, without a sort', () => {
  const db = new Database(':memory:');
  new SqliteTwinStore(db, systemClock);
  for (const condition of [
    'true',
    "kind = 'ASSET'",
    "model_id = 'm'",
    "parent_id = 'p'",
    'parent_id IS NULL',
  ]) {
    const plan = db.all(
      `EXPLAIN QUERY PLAN SELECT * FROM twins WHERE tenant = 't' AND ${condition} AND id > 'a' ORDER BY id LIMIT 10`,
    );
    const text = plan.map((row) => String(row['detail'])).join('; ');
    assert.match(text, /^SEARCH twins USING INDEX \S+ \(tenant=\? AND .*id>\?\)$/, condition);
  }
  db.close();
});
