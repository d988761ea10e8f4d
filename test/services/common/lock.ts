import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;

/**
 * Runs `work` while no other process of this machine runs under the same name in the same folder; waits for its turn.
 * The lock is SQLite's own file lock, so that the operating system frees it when its holder is killed.
 */
export async function withLock<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  using database = new DatabaseSync(join(folder, `${name}.lock`), { timeout: 0 });
  while (!tryLock(database)) await sleep(pollMs);
  return await work();
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const sqliteBusy = 5;
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return false;
    throw error;
  }
}
