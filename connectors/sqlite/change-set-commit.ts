/**
 * Applies a staged set in a handful of statements over all of its items: row by row, a large import would hold up the hub
 * for seconds. The rules are those of twin-store-apply.ts; the contract suite runs over both.
 */
import type { ChangeSetCounts, ChangeSetKey } from '#ontology/ports/change-set-store.ts';
import type { TwinId } from '#ontology/ids.ts';
import { missing, modelDiffers, parentCycle, revisionConflict } from '#ontology/twin-graph.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';

/** Items of the set at hand; every statement below has ?1 tenant, ?2 owner, ?3 part. */
const ofSet = (item: string) => `i.tenant = ?1 AND i.owner = ?2 AND i.part = ?3 AND i.item = '${item}'`;
const twinOf = (name: string) => `json_extract(i.entry, '$.twin.${name}')`;
const linkOf = (name: string) => `json_extract(i.entry, '$.relationship.${name}')`;
const properties = "json_extract(i.entry, '$.properties')";

/** Applies the set; the caller holds the transaction. @throws {HubError} as `ChangeSetStore.commit` */
export function commitSet(db: Database, key: ChangeSetKey, nowMs: number): ChangeSetCounts {
  const set = new SetCommit(db, key, nowMs);
  set.assertExpected();
  const parts = [set.models(), set.twins(), set.relationships()];
  set.assertReferences();
  set.assertNoCycle();
  set.dropEntries();
  const sum = (outcome: keyof ChangeSetCounts) => parts.reduce((total, counts) => total + counts[outcome], 0);
  return { created: sum('created'), changed: sum('changed'), equal: sum('equal') };
}

class SetCommit {
  readonly #db: Database;
  readonly #key: readonly [string, string, string];
  readonly #nowMs: number;

  constructor(db: Database, { tenant, owner, part }: ChangeSetKey, nowMs: number) {
    this.#db = db;
    this.#key = [tenant, owner, part];
    this.#nowMs = nowMs;
  }

  assertExpected(): void {
    const row = this.#first(
      `SELECT i.id, i.expected, coalesce(t.revision, 0) AS found
       FROM change_item i LEFT JOIN twins t ON t.tenant = i.tenant AND t.id = i.id
       WHERE ${ofSet('TWIN')} AND i.expected IS NOT NULL AND coalesce(t.revision, 0) <> i.expected LIMIT 1`,
    );
    if (row)
      throw revisionConflict(String(row['id']) as TwinId, Number(row['expected']), Number(row['found']));
  }

  models(): ChangeSetCounts {
    const stored = `FROM change_item i CROSS JOIN models m ON m.tenant = i.tenant AND m.id = i.id WHERE ${ofSet('MODEL')}`;
    const differing = this.#first(`SELECT i.id ${stored} AND m.document <> i.entry LIMIT 1`);
    if (differing) throw modelDiffers(String(differing['id']));
    const equal = this.#run(`DELETE FROM change_item WHERE rowid IN (SELECT i.rowid ${stored})`);
    const created = this.#run(
      `INSERT INTO models (tenant, id, document) SELECT i.tenant, i.id, i.entry FROM change_item i WHERE ${ofSet('MODEL')}`,
    );
    this.#run(
      `INSERT INTO model_extends (tenant, model_id, base_id) SELECT DISTINCT i.tenant, i.id, b.value
       FROM change_item i, json_each(i.entry, '$.extends') b WHERE ${ofSet('MODEL')}`,
    );
    return { created, changed: 0, equal };
  }

  twins(): ChangeSetCounts {
    const stored = `FROM change_item i CROSS JOIN twins t ON t.tenant = i.tenant AND t.id = i.id WHERE ${ofSet('TWIN')}`;
    const equal = this.#run(
      `DELETE FROM change_item WHERE rowid IN (SELECT i.rowid ${stored} AND t.kind = ${twinOf('kind')}
         AND t.name = ${twinOf('name')} AND t.model_id = ${twinOf('modelId')} AND t.parent_id IS ${twinOf('parentId')}
         AND t.properties = ${properties})`,
    );
    this.#run(
      `UPDATE change_item AS i SET revision = t.revision, before = json_object('id', t.id, 'kind', t.kind, 'name', t.name,
         'modelId', t.model_id, 'parentId', t.parent_id, 'properties', json(t.properties))
       FROM twins t WHERE ${ofSet('TWIN')} AND t.tenant = i.tenant AND t.id = i.id`,
    );
    const values = `${twinOf('kind')}, ${twinOf('name')}, json_extract(i.entry, '$.nameLower'), ${twinOf('modelId')},
      ${twinOf('parentId')}, ${properties}, ?4`;
    const changed = this.#run(
      `UPDATE twins AS t SET (kind, name, name_lower, model_id, parent_id, properties, updated_at) = (${values}),
         revision = t.revision + 1
       FROM change_item i WHERE ${ofSet('TWIN')} AND i.before IS NOT NULL AND t.tenant = ?1 AND t.id = i.id`,
      this.#nowMs,
    );
    const created = this.#run(
      `INSERT INTO twins (kind, name, name_lower, model_id, parent_id, properties, updated_at, created_at, revision, tenant, id)
       SELECT ${values}, ?4, 1, i.tenant, i.id FROM change_item i WHERE ${ofSet('TWIN')} AND i.before IS NULL`,
      this.#nowMs,
    );
    return { created, changed, equal };
  }

  relationships(): ChangeSetCounts {
    const stored = `FROM change_item i CROSS JOIN relationships r ON r.tenant = i.tenant AND r.id = i.id
      WHERE ${ofSet('RELATIONSHIP')}`;
    const equal = this.#run(
      `DELETE FROM change_item WHERE rowid IN (SELECT i.rowid ${stored} AND r.name = ${linkOf('name')}
         AND r.source_id = ${linkOf('sourceId')} AND r.target_id = ${linkOf('targetId')} AND r.properties = ${properties})`,
    );
    const changed = this.#run(
      `UPDATE change_item AS i SET before = json_object('tenant', r.tenant, 'id', r.id, 'name', r.name,
         'sourceId', r.source_id, 'targetId', r.target_id, 'properties', json(r.properties))
       FROM relationships r WHERE ${ofSet('RELATIONSHIP')} AND r.tenant = i.tenant AND r.id = i.id`,
    );
    const written = this.#run(
      `INSERT INTO relationships (tenant, id, name, source_id, target_id, properties)
       SELECT i.tenant, i.id, ${linkOf('name')}, ${linkOf('sourceId')}, ${linkOf('targetId')}, ${properties}
       FROM change_item i WHERE ${ofSet('RELATIONSHIP')}
       ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, source_id = excluded.source_id,
         target_id = excluded.target_id, properties = excluded.properties`,
    );
    return { created: written - changed, changed, equal };
  }

  assertReferences(): void {
    const twin = (what: string, column: string, table: string) => {
      const row = this.#first(
        `SELECT i.id, t.${column} AS wanted FROM change_item i CROSS JOIN twins t ON t.tenant = i.tenant AND t.id = i.id
         WHERE ${ofSet('TWIN')} AND t.${column} IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM ${table} x WHERE x.tenant = t.tenant AND x.id = t.${column}) LIMIT 1`,
      );
      if (row) throw missing(what, String(row['wanted']), `twin ${String(row['id'])}`);
    };
    twin('model', 'model_id', 'models');
    twin('parent', 'parent_id', 'twins');
    for (const end of ['sourceId', 'targetId']) {
      const row = this.#first(
        `SELECT i.id, ${linkOf(end)} AS wanted FROM change_item i WHERE ${ofSet('RELATIONSHIP')}
           AND NOT EXISTS (SELECT 1 FROM twins t WHERE t.tenant = i.tenant AND t.id = ${linkOf(end)}) LIMIT 1`,
      );
      if (row) throw missing('end', String(row['wanted']), `relationship ${String(row['id'])}`);
    }
  }

  /** Walks up from every twin that was written; a way that was walked before is known to end. */
  assertNoCycle(): void {
    const rows = this.#db.all(
      `SELECT t.id, t.parent_id FROM change_item i CROSS JOIN twins t ON t.tenant = i.tenant AND t.id = i.id
       WHERE ${ofSet('TWIN')} AND t.parent_id IS NOT NULL`,
      ...this.#key,
    );
    const parents = new Map(rows.map((row) => [String(row['id']), String(row['parent_id'])]));
    const ends = new Set<string>();
    for (const start of parents.keys()) {
      const way = new Set<string>();
      for (let id: string | null = start; id !== null && !ends.has(id); id = this.#parentOf(id, parents)) {
        if (way.has(id)) throw parentCycle(id);
        way.add(id);
      }
      for (const id of way) ends.add(id);
    }
  }

  #parentOf(id: string, known: ReadonlyMap<string, string>): string | null {
    const parent = known.get(id);
    if (parent !== undefined) return parent;
    const row = this.#db.get('SELECT parent_id FROM twins WHERE tenant = ? AND id = ?', this.#key[0], id);
    return (row?.['parent_id'] ?? null) as string | null;
  }

  /** What was to be written is no longer needed, but for relationships, which have no revision to be known by. */
  dropEntries(): void {
    this.#run(`UPDATE change_item AS i SET entry = NULL WHERE ${ofSet('MODEL')}`);
    this.#run(
      `UPDATE change_item AS i SET entry = NULL, revision = coalesce(i.revision, 0) + 1 WHERE ${ofSet('TWIN')}`,
    );
  }

  #first(sql: string): SqlRow | undefined {
    return this.#db.get(sql, ...this.#key);
  }

  #run(sql: string, ...more: SqlValue[]): number {
    return this.#db.run(sql, ...this.#key, ...more);
  }
}
