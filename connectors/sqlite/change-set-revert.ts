import type { TenantId, TwinId } from '#ontology/ids.ts';
import {
  maxRevertConflicts,
  revertRefused,
  type RevertConflict,
  type RevertOutcome,
} from '#ontology/ports/change-set-store.ts';
import { checkChanges } from '#ontology/twin-graph.ts';
import type { RelationshipInput, TwinInput } from '#ontology/twin.ts';
import type { ItemKind } from './change-set-rows.ts';
import type { Database, SqlRow } from './database.ts';
import { applyChanges } from './twin-store-apply.ts';

/**
 * Takes back the applied sets of an import; the caller holds the transaction.
 * @throws {HubError} REVISION_CONFLICT
 */
export function revertSets(db: Database, tenant: TenantId, owner: string, nowMs: number): RevertOutcome {
  return new SetRevert(db, tenant, owner).run(nowMs);
}

/** Items of the import; every statement below has ?1 tenant, ?2 owner. */
const ofKind = (item: ItemKind) => `i.tenant = ?1 AND i.owner = ?2 AND i.item = '${item}'`;
const linkOf = (name: string) => `json_extract(i.entry, '$.relationship.${name}')`;

class SetRevert {
  readonly #db: Database;
  readonly #tenant: TenantId;
  readonly #owner: string;

  constructor(db: Database, tenant: TenantId, owner: string) {
    this.#db = db;
    this.#tenant = tenant;
    this.#owner = owner;
  }

  run(nowMs: number): RevertOutcome {
    this.#run(
      `DELETE FROM change_item WHERE tenant = ?1 AND owner = ?2 AND part NOT IN
         (SELECT part FROM change_set WHERE tenant = ?1 AND owner = ?2 AND state = 'APPLIED')`,
    );
    this.#refuseIf([...this.#changedTwins(), ...this.#changedLinks()]);
    const removedLinks = this.#removeCreated('RELATIONSHIP', 'relationships');
    const restored = this.#restore(nowMs);
    const removedTwins = this.#removeCreated('TWIN', 'twins');
    this.#refuseIf(this.#usersOfTwins());
    const removedModels = this.#removeCreated('MODEL', 'models');
    if (removedModels) {
      this.#run(
        `DELETE FROM model_extends WHERE tenant = ?1 AND model_id IN (SELECT i.id FROM change_item i WHERE ${ofKind('MODEL')})`,
      );
      this.#refuseIf(this.#usersOfModels());
    }
    this.#run(
      `UPDATE change_set SET state = 'REVERTED' WHERE tenant = ?1 AND owner = ?2 AND state = 'APPLIED'`,
    );
    this.#run('DELETE FROM change_item WHERE tenant = ?1 AND owner = ?2');
    return { removed: removedLinks + removedTwins + removedModels, ...restored };
  }

  #changedTwins(): RevertConflict[] {
    const rows = this.#some(
      `SELECT i.id, i.revision, t.revision AS found FROM change_item i
         LEFT JOIN twins t ON t.tenant = i.tenant AND t.id = i.id
       WHERE ${ofKind('TWIN')} AND coalesce(t.revision, 0) <> i.revision`,
    );
    return rows.map(({ id, revision, found }) => {
      const reason =
        found === null
          ? 'It was removed since.'
          : `It was changed since: revision ${Number(found)}, the import left ${Number(revision)}.`;
      return { item: 'TWIN', id: String(id), reason };
    });
  }

  #changedLinks(): RevertConflict[] {
    const rows = this.#some(
      `SELECT i.id, r.id AS found FROM change_item i
         LEFT JOIN relationships r ON r.tenant = i.tenant AND r.id = i.id
       WHERE ${ofKind('RELATIONSHIP')} AND (r.id IS NULL OR r.name <> ${linkOf('name')}
         OR r.source_id <> ${linkOf('sourceId')} OR r.target_id <> ${linkOf('targetId')}
         OR r.properties <> json_extract(i.entry, '$.properties'))`,
    );
    return rows.map(({ id, found }) => ({
      item: 'RELATIONSHIP',
      id: String(id),
      reason: found === null ? 'It was removed since.' : 'It was changed since.',
    }));
  }

  #removeCreated(item: ItemKind, table: 'relationships' | 'twins' | 'models'): number {
    return this.#run(
      `DELETE FROM ${table} WHERE tenant = ?1 AND id IN
         (SELECT i.id FROM change_item i WHERE ${ofKind(item)} AND i.before IS NULL)`,
    );
  }

  #restore(nowMs: number): Pick<RevertOutcome, 'restored' | 'twins'> {
    const former = <T>(item: ItemKind) =>
      this.#db
        .all(
          `SELECT i.before FROM change_item i WHERE ${ofKind(item)} AND i.before IS NOT NULL`,
          this.#tenant,
          this.#owner,
        )
        .map((row) => JSON.parse(String(row['before'])) as T);
    const [twins, relationships] = [former<TwinInput>('TWIN'), former<RelationshipInput>('RELATIONSHIP')];
    applyChanges(this.#db, this.#tenant, checkChanges({ twins, relationships }), nowMs);
    return {
      restored: twins.length + relationships.length,
      twins: twins.map(({ id }) => id as TwinId),
    };
  }

  /** Asked when the import's own are gone: what still reaches a removed twin is somebody else's. */
  #usersOfTwins(): RevertConflict[] {
    const users = (source: string, reason: (user: string) => string) =>
      this.#some(
        `SELECT i.id, other.id AS user FROM change_item i CROSS JOIN ${source} WHERE ${ofKind('TWIN')} AND i.before IS NULL`,
      ).map((row): RevertConflict => {
        return { item: 'TWIN', id: String(row['id']), reason: reason(String(row['user'])) };
      });
    const links = ['source_id', 'target_id'].flatMap((end) =>
      users(
        `relationships other ON other.tenant = i.tenant AND other.${end} = i.id`,
        (user) => `The relationship ${user} uses it since.`,
      ),
    );
    const children = users(
      'twins other ON other.tenant = i.tenant AND other.parent_id = i.id',
      (user) => `The twin ${user} was placed below it since.`,
    );
    return [...children, ...links];
  }

  /** Twins of a removed model, models that extend or name it, shells of it that are attached to twins. */
  #usersOfModels(): RevertConflict[] {
    const uses = (sql: string, what: string) =>
      this.#some(
        `SELECT DISTINCT i.id, used.user FROM (${sql}) used CROSS JOIN change_item i ON i.id = used.id
         WHERE ${ofKind('MODEL')}`,
      ).map((row): RevertConflict => {
        return {
          item: 'MODEL',
          id: String(row['id']),
          reason: `The ${what} ${String(row['user'])} uses it.`,
        };
      });
    return [
      ...uses('SELECT model_id AS id, id AS user FROM twins WHERE tenant = ?1', 'twin'),
      ...uses('SELECT base_id AS id, model_id AS user FROM model_extends WHERE tenant = ?1', 'model'),
      ...uses(
        `SELECT coalesce(json_extract(c.value, '$.schema'), json_extract(c.value, '$.target')) AS id, m.id AS user
         FROM models m, json_each(m.document, '$.contents') c
         WHERE m.tenant = ?1 AND json_extract(c.value, '$.kind') IN ('component', 'relationship')`,
        'model',
      ),
      ...uses(
        `SELECT s.value AS id, t.id AS user
         FROM twins t, json_each(t.properties, '$."$aas"') shell, json_each(shell.value, '$.submodels') s
         WHERE t.tenant = ?1 AND instr(t.properties, '"$aas"') > 0`,
        'twin',
      ),
    ];
  }

  #refuseIf(conflicts: readonly RevertConflict[]): void {
    if (conflicts.length) throw revertRefused(conflicts);
  }

  /** As many rows as can be told, and one more. */
  #some(sql: string): SqlRow[] {
    return this.#db.all(`${sql} LIMIT ${maxRevertConflicts + 1}`, this.#tenant, this.#owner);
  }

  #run(sql: string): number {
    return this.#db.run(sql, this.#tenant, this.#owner);
  }
}
