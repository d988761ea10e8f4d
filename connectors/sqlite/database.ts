import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';

/**
 * One SQLite file with write-ahead log and synchronous=FULL: a transaction that was committed survives a crash of the
 * process and of the machine. Several processes of one machine may open the same file; writers wait for one another.
 */
export class Database implements Closable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly path: string;
  #depth = 0;

  /**
   * @param path - file, made with its folders when missing (readable by its owner alone), or `:memory:`.
   * @param options.busyTimeoutMs - how long to wait for another process's transaction. @default 5_000
   * @throws {HubError} STORE_UNAVAILABLE
   */
  constructor(path: string, options: { busyTimeoutMs?: number } = {}) {
    this.path = path;
    try {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#db = new DatabaseSync(path, { timeout: options.busyTimeoutMs ?? 5_000 });
      if (path !== ':memory:') chmodSync(path, 0o600);
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
      this.#db.exec(
        'CREATE TABLE IF NOT EXISTS schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
      );
    } catch (error) {
      throw new HubError('STORE_UNAVAILABLE', `Cannot open ${path}: ${messageOf(error)}`, {
        cause: error,
        details: { path },
      });
    }
  }

  /**
   * Brings one component's tables up to date: runs the steps not yet run, each once, in order.
   * @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version.
   */
  migrate(component: string, steps: readonly string[]): void {
    this.transaction(() => {
      const row = this.get('SELECT version FROM schema_version WHERE component = ?', component);
      const version = Number(row?.['version'] ?? 0);
      if (version > steps.length)
        throw new HubError(
          'STORE_UNAVAILABLE',
          `${this.path} holds version ${version} of ${component}; this hub knows up to ${steps.length}.`,
          {
            details: { component, version },
          },
        );
      for (const step of steps.slice(version)) this.#db.exec(step);
      this.run(
        'INSERT INTO schema_version VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
        component,
        steps.length,
      );
    });
  }

  /** First row or `undefined`. Values are bound to `?` in order. */
  get(sql: string, ...values: SqlValue[]): SqlRow | undefined {
    return this.#prepare(sql).get(...values) as SqlRow | undefined;
  }

  all(sql: string, ...values: SqlValue[]): SqlRow[] {
    return this.#prepare(sql).all(...values) as SqlRow[];
  }

  /** @returns rows changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /**
   * Runs `work` as one transaction: committed when it returns, undone when it throws. `work` is synchronous, so nothing
   * else of this process comes between. Within a transaction it just joins it.
   */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#db.exec('BEGIN IMMEDIATE');
    this.#depth = 1;
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
  }

  /**
   * Like `transaction`, but does not wait for the disk: after a crash of the machine (not of the process) it may be
   * undone. For signs of life, which are worth nothing after such a crash.
   */
  transientTransaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      return this.transaction(work);
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;
