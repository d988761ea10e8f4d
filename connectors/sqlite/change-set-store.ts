import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type {
  ChangeSetCounts,
  ChangeSetKey,
  ChangeSetOutcome,
  ChangeSetStore,
  RevertOutcome,
  SplitItem,
  StagedChanges,
} from '#ontology/ports/change-set-store.ts';
import { checkChanges } from '#ontology/twin-graph.ts';
import { commitSet } from './change-set-commit.ts';
import { changeSetMigrations, entriesOf, itemsOf } from './change-set-rows.ts';
import { revertSets } from './change-set-revert.ts';
import type { Database, SqlRow } from './database.ts';

/** Change sets of the SQLite twin store: in its file, so that a set and how to take it back are one transaction. */
export class SqliteChangeSetStore implements ChangeSetStore {
  readonly #db: Database;
  readonly #clock: Clock;

  /** @param db - the file of the twin store, which has to be open on it already. */
  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    db.migrate('change-sets', changeSetMigrations);
  }

  async stage(key: ChangeSetKey, changes: StagedChanges): Promise<void> {
    const entries = entriesOf(checkChanges(changes));
    const { tenant, owner, part } = key;
    const expected: ReadonlyMap<string, number> = changes.expected;
    this.#guarded(() => {
      const state = this.#state(key)?.['state'] ?? 'STAGED';
      if (state !== 'STAGED') throw notStaged(key);
      this.#db.run(
        "INSERT INTO change_set (tenant, owner, part, state) VALUES (?, ?, ?, 'STAGED') ON CONFLICT DO NOTHING",
        tenant,
        owner,
        part,
      );
      for (const { kind, id, entry } of entries)
        this.#db.run(
          `INSERT INTO change_item (tenant, owner, part, item, id, entry, expected) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET entry = excluded.entry, expected = excluded.expected`,
          tenant,
          owner,
          part,
          kind,
          id,
          entry,
          kind === 'TWIN' ? (expected.get(id) ?? null) : null,
        );
    });
  }

  async commit(key: ChangeSetKey): Promise<ChangeSetOutcome> {
    return this.#guarded(() => {
      const set = this.#state(key);
      if (set?.['state'] === 'SPLIT') throw takenApart(key);
      if (set?.['state'] !== 'APPLIED' && set?.['state'] !== 'STAGED') throw notStaged(key);
      const counts = set['state'] === 'APPLIED' ? toCounts(set) : this.#commit(key);
      const { tenant, owner, part } = key;
      const twins = this.#db.all(
        "SELECT id FROM change_item WHERE tenant = ? AND owner = ? AND part = ? AND item = 'TWIN'",
        tenant,
        owner,
        part,
      );
      return { ...counts, twins: twins.map((row) => row['id'] as TwinId) };
    });
  }

  #commit(key: ChangeSetKey): ChangeSetCounts {
    const { tenant, owner, part } = key;
    const counts = commitSet(this.#db, key, this.#clock.now());
    this.#db.run(
      `UPDATE change_set SET state = 'APPLIED', created = ?, changed = ?, equal = ? WHERE tenant = ? AND owner = ? AND part = ?`,
      counts.created,
      counts.changed,
      counts.equal,
      tenant,
      owner,
      part,
    );
    return counts;
  }

  async split(key: ChangeSetKey): Promise<readonly SplitItem[]> {
    const { tenant, owner, part } = key;
    return this.#guarded(() => {
      const state = this.#state(key)?.['state'];
      if (state !== 'STAGED' && state !== 'SPLIT') throw notStaged(key);
      if (state === 'STAGED') this.#split(key);
      const rows = this.#db.all(
        'SELECT * FROM change_split WHERE tenant = ? AND owner = ? AND part = ? ORDER BY number',
        tenant,
        owner,
        part,
      );
      return rows.map((row) => ({
        part: splitName(part, Number(row['number'])),
        item: row['item'] as SplitItem['item'],
        id: String(row['id']),
      }));
    });
  }

  #split(key: ChangeSetKey): void {
    const { tenant, owner, part } = key;
    for (const [number, { rowid, kind, id }] of itemsOf(this.#db, key).entries()) {
      const own = splitName(part, number);
      this.#db.run('UPDATE change_item SET part = ? WHERE rowid = ?', own, rowid);
      this.#db.run(
        "INSERT INTO change_set (tenant, owner, part, state) VALUES (?, ?, ?, 'STAGED')",
        tenant,
        owner,
        own,
      );
      this.#db.run(
        'INSERT INTO change_split VALUES (?, ?, ?, ?, ?, ?)',
        tenant,
        owner,
        part,
        number,
        kind,
        id,
      );
    }
    this.#db.run(
      "UPDATE change_set SET state = 'SPLIT' WHERE tenant = ? AND owner = ? AND part = ?",
      tenant,
      owner,
      part,
    );
  }

  async discard(tenant: TenantId, owner: string): Promise<void> {
    this.#guarded(() => {
      const staged = `SELECT part FROM change_set WHERE tenant = ?1 AND owner = ?2 AND state IN ('STAGED', 'SPLIT')`;
      this.#db.run(
        `DELETE FROM change_item WHERE tenant = ?1 AND owner = ?2 AND part IN (${staged})`,
        tenant,
        owner,
      );
      this.#db.run(
        `DELETE FROM change_set WHERE tenant = ?1 AND owner = ?2 AND state IN ('STAGED', 'SPLIT')`,
        tenant,
        owner,
      );
      this.#db.run('DELETE FROM change_split WHERE tenant = ? AND owner = ?', tenant, owner);
    });
  }

  async applied(tenant: TenantId, owner: string): Promise<ChangeSetCounts | null> {
    const row = this.#guarded(() =>
      this.#db.get(
        `SELECT count(*) AS sets, sum(created) AS created, sum(changed) AS changed, sum(equal) AS equal
         FROM change_set WHERE tenant = ? AND owner = ? AND state = 'APPLIED'`,
        tenant,
        owner,
      ),
    );
    return row && Number(row['sets']) > 0 ? toCounts(row) : null;
  }

  async revert(tenant: TenantId, owner: string): Promise<RevertOutcome> {
    return this.#guarded(() => revertSets(this.#db, tenant, owner, this.#clock.now()));
  }

  async forget(tenant: TenantId, owner: string): Promise<void> {
    this.#guarded(() => {
      for (const table of ['change_item', 'change_split'])
        this.#db.run(`DELETE FROM ${table} WHERE tenant = ? AND owner = ?`, tenant, owner);
      this.#db.run('DELETE FROM change_set WHERE tenant = ? AND owner = ?', tenant, owner);
    });
  }

  #state({ tenant, owner, part }: ChangeSetKey): SqlRow | undefined {
    return this.#db.get(
      'SELECT * FROM change_set WHERE tenant = ? AND owner = ? AND part = ?',
      tenant,
      owner,
      part,
    );
  }

  #guarded<T>(work: () => T): T {
    try {
      return this.#db.transaction(work);
    } catch (error) {
      if (isHubError(error)) throw error;
      throw new HubError(
        'STORE_UNAVAILABLE',
        `The change sets in ${this.#db.path} failed: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
  }
}

function toCounts(row: SqlRow): ChangeSetCounts {
  return {
    created: Number(row['created']),
    changed: Number(row['changed']),
    equal: Number(row['equal']),
  };
}

function splitName(part: string, number: number): string {
  return `${part}.${String(number).padStart(4, '0')}`;
}

function takenApart({ owner, part }: ChangeSetKey): HubError {
  return new HubError('INVALID_INPUT', `The set ${part} of the import ${owner} was taken apart.`, {
    details: { owner, part },
  });
}

function notStaged({ owner, part }: ChangeSetKey): HubError {
  return new HubError('NOT_FOUND', `There is no staged set ${part} of the import ${owner}.`, {
    details: { owner, part },
  });
}
