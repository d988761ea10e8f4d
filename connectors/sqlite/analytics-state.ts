import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type {
  AnalyticsState,
  HealthChange,
  StoredDetector,
  StoredVerification,
} from '#ontology/ports/analytics-state.ts';
import type { HealthState } from '#ontology/recommendation.ts';
import type { Database, SqlRow } from './database.ts';
import type { SqliteOutbox } from './outbox.ts';

const migrations = [
  `CREATE TABLE analytics_detector (
     tenant TEXT NOT NULL,
     twin_id TEXT NOT NULL,
     version INTEGER NOT NULL,
     state TEXT NOT NULL,
     saved_at INTEGER NOT NULL,
     PRIMARY KEY (tenant, twin_id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE analytics_health_change (
     tenant TEXT NOT NULL,
     twin_id TEXT NOT NULL,
     at INTEGER NOT NULL,
     from_state TEXT NOT NULL,
     to_state TEXT NOT NULL,
     reason TEXT,
     PRIMARY KEY (tenant, twin_id, at)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE analytics_verification (
     position INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     verification TEXT NOT NULL,
     answered INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX analytics_verification_open ON analytics_verification (position) WHERE answered = 0;`,
];

/** What analytics remembers, in one SQLite file with the outbox its answers go through. */
export class SqliteAnalyticsState implements AnalyticsState {
  readonly #db: Database;
  readonly #outbox: SqliteOutbox;

  /** @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version. */
  constructor(db: Database, outbox: SqliteOutbox) {
    this.#db = db;
    this.#outbox = outbox;
    db.migrate('analytics-state', migrations);
  }

  async loadDetectors(tenant: TenantId): Promise<readonly StoredDetector[]> {
    return this.#guard(() =>
      this.#db
        .all(
          'SELECT twin_id, version, state FROM analytics_detector WHERE tenant = ? ORDER BY twin_id',
          tenant,
        )
        .map((row) => ({
          tenant,
          twinId: String(row['twin_id']) as TwinId,
          version: Number(row['version']),
          state: JSON.parse(String(row['state'])) as unknown,
        })),
    );
  }

  async saveDetectors(detectors: readonly StoredDetector[], atMs: number): Promise<void> {
    this.#guard(() =>
      this.#db.transaction(() => {
        for (const { tenant, twinId, version, state } of detectors)
          this.#db.run(
            `INSERT INTO analytics_detector (tenant, twin_id, version, state, saved_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state, saved_at = excluded.saved_at`,
            tenant,
            twinId,
            version,
            JSON.stringify(state),
            atMs,
          );
      }),
    );
  }

  async recordHealthChange(tenant: TenantId, twinId: TwinId, change: HealthChange): Promise<void> {
    const { at, from, to, reason } = change;
    this.#guard(() =>
      this.#db.run(
        'INSERT OR REPLACE INTO analytics_health_change (tenant, twin_id, at, from_state, to_state, reason) VALUES (?, ?, ?, ?, ?, ?)',
        tenant,
        twinId,
        at,
        from,
        to,
        reason,
      ),
    );
  }

  async healthHistory(
    tenant: TenantId,
    twinIds: readonly TwinId[],
    limit: number,
  ): Promise<readonly (readonly HealthChange[])[]> {
    const sql =
      'SELECT at, from_state, to_state, reason FROM analytics_health_change WHERE tenant = ? AND twin_id = ? ORDER BY at DESC LIMIT ?';
    return this.#guard(() =>
      twinIds.map((twinId) => this.#db.all(sql, tenant, twinId, limit).map(toHealthChange)),
    );
  }

  async addVerification(verification: StoredVerification): Promise<boolean> {
    const sql = 'INSERT OR IGNORE INTO analytics_verification (id, verification) VALUES (?, ?)';
    return this.#guard(() => this.#db.run(sql, verification.id, JSON.stringify(verification)) === 1);
  }

  async openVerifications(): Promise<readonly StoredVerification[]> {
    return this.#guard(() =>
      this.#db
        .all('SELECT verification FROM analytics_verification WHERE answered = 0 ORDER BY position')
        .map((row) => JSON.parse(String(row['verification'])) as StoredVerification),
    );
  }

  async answerVerification(id: string, outgoing: OutgoingMessage): Promise<boolean> {
    return this.#guard(() =>
      this.#db.transaction(() => {
        const sql = 'UPDATE analytics_verification SET answered = 1 WHERE id = ? AND answered = 0';
        if (this.#db.run(sql, id) === 0) return false;
        this.#outbox.add([outgoing]);
        return true;
      }),
    );
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isHubError(error)) throw error;
      throw new HubError(
        'STORE_UNAVAILABLE',
        `The state of analytics in ${this.#db.path} cannot be used: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}

function toHealthChange(row: SqlRow): HealthChange {
  return {
    at: Number(row['at']),
    from: String(row['from_state']) as HealthState,
    to: String(row['to_state']) as HealthState,
    reason: row['reason'] === null ? null : String(row['reason']),
  };
}
