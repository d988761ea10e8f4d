import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { ModelId, TenantId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { Page, PageRequest, TwinChanges, TwinFilter, TwinStore } from '#ontology/ports/twin-store.ts';
import type { Relationship, Twin } from '#ontology/twin.ts';
import {
  checkChanges,
  checkPage,
  lineageIn,
  noSuchTwin,
  pageOf,
  patchedProperties,
  revisionConflict,
} from '#ontology/twin-graph.ts';
import type { Database, SqlRow } from './database.ts';
import { applyChanges, type ApplyCounts } from './twin-store-apply.ts';
import { listTwinRows } from './twin-store-list.ts';
import { toModel, toRelationship, toTwin } from './twin-store-rows.ts';
import { twinStoreMigrations } from './twin-store-schema.ts';

const childrenLimit = 1000;

/**
 * The twin graph in one SQLite file: the embedded default. Calls run to their end at once (they answer promises because
 * the port does), so a read after a write sees it.
 */
export class SqliteTwinStore implements TwinStore {
  readonly #db: Database;
  readonly #clock: Clock;

  /**
   * @param db - stays with the caller: several stores share one file; closing the store leaves it open.
   * @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version.
   */
  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    db.migrate('twin-store', twinStoreMigrations);
  }

  async apply(tenant: TenantId, changes: TwinChanges): Promise<ApplyCounts> {
    const checked = checkChanges(changes);
    return this.#guard(() =>
      this.#db.transaction(() => applyChanges(this.#db, tenant, checked, this.#clock.now())),
    );
  }

  async patchProperties(
    tenant: TenantId,
    id: TwinId,
    patch: Readonly<Record<string, unknown>>,
    expectedRevision: number | null,
  ): Promise<Twin> {
    return this.#guard(() => this.#db.transaction(() => this.#patch(tenant, id, patch, expectedRevision)));
  }

  #patch(
    tenant: TenantId,
    id: TwinId,
    patch: Readonly<Record<string, unknown>>,
    expected: number | null,
  ): Twin {
    const row = this.#db.get('SELECT * FROM twins WHERE tenant = ? AND id = ?', tenant, id);
    if (!row) throw noSuchTwin(id);
    const twin = toTwin(row);
    if (expected !== null && expected !== twin.revision) throw revisionConflict(id, expected, twin.revision);
    const { properties, text } = patchedProperties(twin.properties, patch);
    if (text === row['properties']) return twin;
    const updatedAt = this.#clock.now();
    const revision = twin.revision + 1;
    this.#db.run(
      'UPDATE twins SET properties = ?, revision = ?, updated_at = ? WHERE tenant = ? AND id = ?',
      text,
      revision,
      updatedAt,
      tenant,
      id,
    );
    return { ...twin, properties, revision, updatedAt };
  }

  async twins(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (Twin | null)[]> {
    return this.#byIds('twins', tenant, ids, toTwin);
  }

  async listTwins(tenant: TenantId, filter: TwinFilter, page: PageRequest): Promise<Page<Twin>> {
    checkPage(page);
    const rows = this.#guard(() => listTwinRows(this.#db, tenant, filter, page));
    return pageOf(rows.map(toTwin), page.first);
  }

  async childrenOf(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (readonly Twin[])[]> {
    const sql = 'SELECT * FROM twins WHERE tenant = ? AND parent_id = ? ORDER BY id LIMIT ?';
    return this.#each(ids, (id) => this.#db.all(sql, tenant, id, childrenLimit).map(toTwin));
  }

  async ancestorsOf(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (readonly Twin[])[]> {
    const sql = `WITH RECURSIVE up (id, depth) AS (
        SELECT parent_id, 1 FROM twins WHERE tenant = ?1 AND id = ?2
        UNION ALL SELECT t.parent_id, up.depth + 1 FROM up CROSS JOIN twins t ON t.tenant = ?1 AND t.id = up.id
      ) SELECT t.* FROM up CROSS JOIN twins t ON t.tenant = ?1 AND t.id = up.id ORDER BY up.depth DESC`;
    return this.#each(ids, (id) => this.#db.all(sql, tenant, id).map(toTwin));
  }

  async relationshipsOf(
    tenant: TenantId,
    ids: readonly TwinId[],
    direction: 'out' | 'in',
  ): Promise<readonly (readonly Relationship[])[]> {
    const end = direction === 'out' ? 'source_id' : 'target_id';
    const sql = `SELECT * FROM relationships WHERE tenant = ? AND ${end} = ? ORDER BY name, id`;
    return this.#each(ids, (id) => this.#db.all(sql, tenant, id).map(toRelationship));
  }

  async models(tenant: TenantId, ids: readonly ModelId[]): Promise<readonly (Model | null)[]> {
    return this.#byIds('models', tenant, ids, toModel);
  }

  async listModels(tenant: TenantId, page: PageRequest): Promise<Page<Model>> {
    checkPage(page);
    const sql = 'SELECT document FROM models WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?';
    const rows = this.#guard(() => this.#db.all(sql, tenant, page.after ?? '', page.first + 1));
    return pageOf(rows.map(toModel), page.first);
  }

  async lineageOf(tenant: TenantId, ids: readonly ModelId[]): Promise<readonly (readonly Model[] | null)[]> {
    const rows = this.#guard(() =>
      this.#db.all(
        `WITH RECURSIVE line (id) AS (
           SELECT value FROM json_each(?2)
           UNION SELECT e.base_id FROM line CROSS JOIN model_extends e ON e.tenant = ?1 AND e.model_id = line.id
         ) SELECT m.document FROM line CROSS JOIN models m ON m.tenant = ?1 AND m.id = line.id`,
        tenant,
        JSON.stringify(ids),
      ),
    );
    const known = new Map(rows.map(toModel).map((model) => [model.id as string, model]));
    return ids.map((id) => lineageIn(id, known));
  }

  /** Leaves the database open: it belongs to who opened it. */
  close(): void {}

  #byIds<T extends { readonly id: string }>(
    table: 'twins' | 'models',
    tenant: TenantId,
    ids: readonly string[],
    map: (row: SqlRow) => T,
  ): (T | null)[] {
    // CROSS JOIN keeps SQLite from turning the loop round and walking the whole table.
    const sql = `SELECT t.* FROM (SELECT DISTINCT value FROM json_each(?)) asked CROSS JOIN ${table} t ON t.tenant = ? AND t.id = asked.value`;
    const rows = this.#guard(() => this.#db.all(sql, JSON.stringify(ids), tenant));
    const found = new Map(rows.map(map).map((item) => [item.id as string, item]));
    return ids.map((id) => found.get(id) ?? null);
  }

  #each<T>(ids: readonly TwinId[], read: (id: TwinId) => T): T[] {
    return this.#guard(() => {
      const known = new Map<TwinId, T>();
      for (const id of ids) if (!known.has(id)) known.set(id, read(id));
      return ids.map((id) => known.get(id) as T);
    });
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isHubError(error)) throw error;
      throw new HubError('STORE_UNAVAILABLE', `The twin store ${this.#db.path} failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
