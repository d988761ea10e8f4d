import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { SqliteChangeSetStore } from '#connectors/sqlite/change-set-store.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { systemClock } from '#kernel/clock.ts';
import { changeSetStoreContract } from './change-set-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-change-sets-'));
after(() => rmSync(folder, { recursive: true, force: true }));

changeSetStoreContract('SQLite', {
  async open() {
    const db = new Database(join(folder, 'hub.sqlite'));
    const twins = new SqliteTwinStore(db, systemClock);
    return { twins, sets: new SqliteChangeSetStore(db, systemClock), close: async () => db.close() };
  },
});
