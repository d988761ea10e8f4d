import { DatabaseSync } from 'node:sqlite';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';

/** SQLite's primary result code for a lock that another connection holds. @see https://www.sqlite.org/rescode.html#busy */
const busy = 5;

/**
 * Holds a file for one process. The lock is the operating system's (SQLite's exclusive lock on the file), so it goes
 * with the process, however that ends.
 * @throws {HubError} STORE_LOCKED - another process holds it; `hint` says what to do. STORE_UNAVAILABLE - the file can be
 *   neither made nor used: folder not writable, disk full, or not a lock file.
 */
export function lockFile(path: string, hint: string): Closable {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    const details = { path };
    const code = (error as { errcode?: number }).errcode;
    if (code !== undefined && (code & 0xff) === busy)
      throw new HubError('STORE_LOCKED', hint, { cause: error, details });
    throw new HubError('STORE_UNAVAILABLE', `Cannot lock ${path}: ${messageOf(error)}`, {
      cause: error,
      details,
    });
  }
  const held = db;
  return { close: () => held.close() };
}
