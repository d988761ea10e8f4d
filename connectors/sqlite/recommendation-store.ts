import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';
import {
  recommendationStatuses,
  type FeedbackVerdict,
  type Recommendation,
  type RecommendationStatus,
} from '#ontology/recommendation.ts';
import type { Database, SqlRow } from './database.ts';
import type { SqliteOutbox } from './outbox.ts';

const migrations = [
  `CREATE TABLE recommendation (
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     twin_id TEXT NOT NULL,
     failure_mode_id TEXT NOT NULL,
     status TEXT NOT NULL,
     raised_at INTEGER NOT NULL,
     recommendation TEXT NOT NULL,
     PRIMARY KEY (tenant, id)
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX recommendation_active ON recommendation (tenant, twin_id, failure_mode_id) WHERE status IN ('OPEN', 'ACCEPTED');
   CREATE INDEX recommendation_of_twin ON recommendation (tenant, twin_id, raised_at DESC, id DESC);
   CREATE INDEX recommendation_newest ON recommendation (tenant, raised_at DESC, id DESC);`,
];

const perTwin = 1000;
const ended: readonly RecommendationStatus[] = ['DISMISSED', 'RESOLVED'];

/** Recommendations in one SQLite file, with the outbox that tells about them. */
export class SqliteRecommendationStore implements RecommendationStore {
  readonly #db: Database;
  readonly #outbox: SqliteOutbox;

  /** @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version. */
  constructor(db: Database, outbox: SqliteOutbox) {
    this.#db = db;
    this.#outbox = outbox;
    db.migrate('recommendation-store', migrations);
  }

  async raise(recommendation: Recommendation, outgoing: readonly OutgoingMessage[]): Promise<boolean> {
    const { tenant, id, twinId, failureModeId, status, raisedAt } = recommendation;
    return this.#guard(() =>
      this.#db.transaction(() => {
        const added = this.#db.run(
          `INSERT INTO recommendation (tenant, id, twin_id, failure_mode_id, status, raised_at, recommendation)
           VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
          tenant,
          id,
          twinId,
          failureModeId,
          status,
          raisedAt,
          JSON.stringify(recommendation),
        );
        if (added === 0) return false;
        this.#outbox.add(outgoing);
        return true;
      }),
    );
  }

  /** What ended (DISMISSED, RESOLVED) stays so: a message that comes late does not open it again. Given feedback stays unless replaced. */
  async settle(
    tenant: TenantId,
    id: string,
    status: RecommendationStatus,
    feedback: FeedbackVerdict | null,
    atMs: number,
  ): Promise<Recommendation | null> {
    return this.#guard(() =>
      this.#db.transaction(() => {
        const before = this.#find(tenant, id);
        if (!before) return null;
        const next = ended.includes(before.status) && !ended.includes(status) ? before.status : status;
        if (next === before.status && (feedback ?? before.feedback) === before.feedback) return before;
        const after: Recommendation = {
          ...before,
          status: next,
          feedback: feedback ?? before.feedback,
          updatedAt: atMs,
        };
        const sql = 'UPDATE recommendation SET status = ?, recommendation = ? WHERE tenant = ? AND id = ?';
        this.#db.run(sql, after.status, JSON.stringify(after), tenant, id);
        return after;
      }),
    );
  }

  async get(tenant: TenantId, ids: readonly string[]): Promise<readonly (Recommendation | null)[]> {
    return this.#guard(() => ids.map((id) => this.#find(tenant, id)));
  }

  async ofTwins(
    tenant: TenantId,
    twinIds: readonly TwinId[],
  ): Promise<readonly (readonly Recommendation[])[]> {
    const sql =
      'SELECT recommendation FROM recommendation WHERE tenant = ? AND twin_id = ? ORDER BY raised_at DESC, id DESC LIMIT ?';
    return this.#guard(() =>
      twinIds.map((twinId) => this.#db.all(sql, tenant, twinId, perTwin).map(toRecommendation)),
    );
  }

  /** Pages by id: `next` is the id of the last recommendation of the page. */
  async list(
    tenant: TenantId,
    statuses: readonly RecommendationStatus[] | null,
    { first, after }: PageRequest,
  ): Promise<Page<Recommendation>> {
    const wanted = JSON.stringify(statuses ?? recommendationStatuses);
    const rows = this.#guard(() => {
      const anchor = after === null ? null : this.#find(tenant, after);
      if (after !== null && !anchor)
        throw new HubError('INVALID_INPUT', 'after is not a cursor of this list.', {
          details: { path: ['after'] },
        });
      return this.#db.all(
        `SELECT recommendation FROM recommendation
         WHERE tenant = ? AND (raised_at, id) < (?, ?) AND status IN (SELECT value FROM json_each(?))
         ORDER BY raised_at DESC, id DESC LIMIT ?`,
        tenant,
        anchor?.raisedAt ?? Number.MAX_SAFE_INTEGER,
        anchor?.id ?? '',
        wanted,
        first + 1,
      );
    });
    const items = rows.slice(0, first).map(toRecommendation);
    return { items, next: rows.length > first ? (items.at(-1)?.id ?? null) : null };
  }

  #find(tenant: TenantId, id: string): Recommendation | null {
    const row = this.#db.get(
      'SELECT recommendation FROM recommendation WHERE tenant = ? AND id = ?',
      tenant,
      id,
    );
    return row ? toRecommendation(row) : null;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isHubError(error)) throw error;
      throw new HubError(
        'STORE_UNAVAILABLE',
        `Recommendations in ${this.#db.path} cannot be used: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}

function toRecommendation(row: SqlRow): Recommendation {
  return JSON.parse(String(row['recommendation'])) as Recommendation;
}
