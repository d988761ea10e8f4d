import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { FileLink, FileLinks } from '#ontology/ports/file-links.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';
import type { Database, SqlRow } from './database.ts';

const columns = 'tenant TEXT NOT NULL, twin_id TEXT NOT NULL, element TEXT NOT NULL';
const content =
  'path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL, content_type TEXT NOT NULL';
// What a commit set and what it replaced; `before` is NULL where there was nothing.
const migrations = [
  `CREATE TABLE file_link (${columns}, ${content}, PRIMARY KEY (tenant, twin_id, element)) STRICT, WITHOUT ROWID;
   CREATE INDEX file_link_content ON file_link (tenant, sha256, twin_id, element);
   CREATE TABLE file_link_staged (batch TEXT NOT NULL, ${columns}, ${content},
     PRIMARY KEY (tenant, batch, twin_id, element)) STRICT, WITHOUT ROWID;
   CREATE INDEX file_link_staged_content ON file_link_staged (tenant, sha256);
   CREATE TABLE file_link_replaced (batch TEXT NOT NULL, ${columns}, sha256 TEXT, before TEXT, after TEXT NOT NULL,
     PRIMARY KEY (tenant, batch, twin_id, element)) STRICT, WITHOUT ROWID;
   CREATE INDEX file_link_replaced_content ON file_link_replaced (tenant, sha256);`,
];

const fields = 'twin_id, element, path, sha256, size, name, content_type';

/** Files of twins in one SQLite file. */
export class SqliteFileLinks implements FileLinks {
  readonly #db: Database;

  /** @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version. */
  constructor(db: Database) {
    this.#db = db;
    db.migrate('file-links', migrations);
  }

  async attach(tenant: TenantId, links: readonly FileLink[]): Promise<void> {
    this.#db.transaction(() => {
      for (const link of links) this.#put(tenant, link);
    });
  }

  async detach(tenant: TenantId, twinId: TwinId, elements?: readonly string[]): Promise<number> {
    const sql = 'DELETE FROM file_link WHERE tenant = ? AND twin_id = ?';
    if (!elements) return this.#db.run(sql, tenant, twinId);
    const wanted = `${sql} AND element IN (SELECT value FROM json_each(?))`;
    return this.#db.run(wanted, tenant, twinId, JSON.stringify(elements));
  }

  async ofTwin(tenant: TenantId, twinId: TwinId, { first, after }: PageRequest): Promise<Page<FileLink>> {
    const sql = `SELECT ${fields} FROM file_link WHERE tenant = ? AND twin_id = ? AND element > ? ORDER BY element LIMIT ?`;
    const rows = this.#db.all(sql, tenant, twinId, after ?? '', first + 1).map(toLink);
    const items = rows.slice(0, first);
    return { items, next: rows.length > first ? (items.at(-1)?.element ?? null) : null };
  }

  async ofContent(tenant: TenantId, sha256: string): Promise<FileLink | null> {
    const sql = `SELECT ${fields} FROM file_link WHERE tenant = ? AND sha256 = ? ORDER BY twin_id, element LIMIT 1`;
    const row = this.#db.get(sql, tenant, sha256);
    return row ? toLink(row) : null;
  }

  async stage(tenant: TenantId, batch: string, links: readonly FileLink[]): Promise<void> {
    const sql = `INSERT INTO file_link_staged (tenant, batch, ${fields}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET path = excluded.path, sha256 = excluded.sha256, size = excluded.size, name = excluded.name, content_type = excluded.content_type`;
    this.#db.transaction(() => {
      for (const link of links) this.#db.run(sql, tenant, batch, ...valuesOf(link));
    });
  }

  async commit(tenant: TenantId, batch: string): Promise<number> {
    return this.#db.transaction(() => {
      const staged = this.#db
        .all(`SELECT ${fields} FROM file_link_staged WHERE tenant = ? AND batch = ?`, tenant, batch)
        .map(toLink);
      for (const link of staged) {
        this.#remember(tenant, batch, link);
        this.#put(tenant, link);
      }
      this.#deleteStaged(tenant, batch);
      return staged.length;
    });
  }

  #remember(tenant: TenantId, batch: string, link: FileLink): void {
    const before = this.#find(tenant, link);
    const sql = `INSERT INTO file_link_replaced (tenant, batch, twin_id, element, sha256, before, after)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET after = excluded.after`;
    const text = before && JSON.stringify(before);
    this.#db.run(
      sql,
      tenant,
      batch,
      link.twinId,
      link.element,
      before?.sha256 ?? null,
      text,
      JSON.stringify(link),
    );
  }

  async revert(tenant: TenantId, batch: string): Promise<number> {
    return this.#db.transaction(() => {
      const sql = 'SELECT before, after FROM file_link_replaced WHERE tenant = ? AND batch = ?';
      let reverted = 0;
      for (const { before, after } of this.#db.all(sql, tenant, batch)) {
        const link = JSON.parse(String(after)) as FileLink;
        if (JSON.stringify(this.#find(tenant, link)) !== after) continue;
        if (before === null) this.#delete(tenant, link);
        else this.#put(tenant, JSON.parse(String(before)) as FileLink);
        reverted += 1;
      }
      this.#db.run('DELETE FROM file_link_replaced WHERE tenant = ? AND batch = ?', tenant, batch);
      return reverted;
    });
  }

  async discard(tenant: TenantId, batch: string): Promise<void> {
    this.#deleteStaged(tenant, batch);
  }

  async needed(tenant: TenantId, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
    const tables = ['file_link', 'file_link_staged', 'file_link_replaced'];
    const exists = tables.map(
      (table) => `EXISTS (SELECT 1 FROM ${table} WHERE tenant = ?1 AND sha256 = value)`,
    );
    const sql = `SELECT value FROM json_each(?2) WHERE ${exists.join(' OR ')}`;
    return new Set(this.#db.all(sql, tenant, JSON.stringify(sha256s)).map(({ value }) => String(value)));
  }

  #find(tenant: TenantId, { twinId, element }: FileLink): FileLink | null {
    const sql = `SELECT ${fields} FROM file_link WHERE tenant = ? AND twin_id = ? AND element = ?`;
    const row = this.#db.get(sql, tenant, twinId, element);
    return row ? toLink(row) : null;
  }

  #put(tenant: TenantId, link: FileLink): void {
    const sql = `INSERT INTO file_link (tenant, ${fields}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET path = excluded.path, sha256 = excluded.sha256, size = excluded.size, name = excluded.name, content_type = excluded.content_type`;
    this.#db.run(sql, tenant, ...valuesOf(link));
  }

  #delete(tenant: TenantId, { twinId, element }: FileLink): void {
    const sql = 'DELETE FROM file_link WHERE tenant = ? AND twin_id = ? AND element = ?';
    this.#db.run(sql, tenant, twinId, element);
  }

  #deleteStaged(tenant: TenantId, batch: string): void {
    this.#db.run('DELETE FROM file_link_staged WHERE tenant = ? AND batch = ?', tenant, batch);
  }
}

function valuesOf({ twinId, element, path, sha256, size, name, contentType }: FileLink) {
  return [twinId, element, path, sha256, size, name, contentType] as const;
}

/** Members in one order: links are compared as text. */
function toLink(row: SqlRow): FileLink {
  return {
    twinId: String(row['twin_id']) as TwinId,
    element: String(row['element']),
    path: String(row['path']),
    sha256: String(row['sha256']),
    size: Number(row['size']),
    name: String(row['name']),
    contentType: String(row['content_type']),
  };
}
