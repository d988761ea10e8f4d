import {
  linkEvidence,
  signCheckpoint,
  type EvidenceCheckpoint,
  type EvidenceEntry,
  type EvidenceInput,
  type EvidenceSigner,
} from '#ontology/evidence.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { EvidenceLog } from '#ontology/ports/evidence-log.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';
import { HubError } from '#kernel/errors.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Database, SqlRow } from './database.ts';

const migrations = [
  `CREATE TABLE evidence_entry (
     tenant TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
     body TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (tenant, sequence)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX evidence_subject ON evidence_entry (tenant, subject, sequence);
   CREATE TABLE evidence_checkpoint (
     tenant TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, key_id TEXT NOT NULL,
     signature TEXT NOT NULL, PRIMARY KEY (tenant, sequence)
   ) STRICT, WITHOUT ROWID;
   CREATE TRIGGER evidence_entry_kept BEFORE UPDATE ON evidence_entry BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER evidence_entry_stays BEFORE DELETE ON evidence_entry BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER evidence_checkpoint_kept BEFORE UPDATE ON evidence_checkpoint BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER evidence_checkpoint_stays BEFORE DELETE ON evidence_checkpoint BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;`,
];

/** What the log needs. */
export interface EvidenceLogDeps {
  readonly signer: EvidenceSigner;
  readonly clock: Clock;
  /** A checkpoint is signed after so many entries of a tenant. @default 16 */
  readonly checkpointEvery?: number;
}

/** The evidence log of one database file: `add` joins the caller's transaction. */
export class SqliteEvidenceLog implements EvidenceLog {
  readonly #db: Database;
  readonly #deps: EvidenceLogDeps;

  constructor(db: Database, deps: EvidenceLogDeps) {
    this.#db = db;
    this.#deps = deps;
    db.migrate('evidence', migrations);
  }

  /** Appends within the caller's transaction, and signs a checkpoint when one is due. */
  add(input: EvidenceInput): EvidenceEntry {
    return this.#db.transaction(() => {
      const entry = linkEvidence(input, this.#last(input.tenant));
      const { tenant, sequence, at, kind, subject, body, previousHash, hash } = entry;
      const values = [tenant, sequence, at, kind, subject, JSON.stringify(body), previousHash, hash];
      this.#db.run('INSERT INTO evidence_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)', ...values);
      if (sequence % (this.#deps.checkpointEvery ?? 16) === 0) this.#sign(entry);
      return entry;
    });
  }

  async append(input: EvidenceInput): Promise<EvidenceEntry> {
    return this.add(input);
  }

  async list(tenant: TenantId, subject: string | null, page: PageRequest): Promise<Page<EvidenceEntry>> {
    const after = page.after === null ? 0 : Number(page.after);
    if (!Number.isSafeInteger(after) || after < 0)
      throw new HubError(
        'INVALID_INPUT',
        `Not a position in the evidence log: ${JSON.stringify(page.after)}.`,
      );
    const rows =
      subject === null
        ? this.#db.all(
            'SELECT * FROM evidence_entry WHERE tenant = ? AND sequence > ? ORDER BY sequence LIMIT ?',
            tenant,
            after,
            page.first + 1,
          )
        : this.#db.all(
            'SELECT * FROM evidence_entry WHERE tenant = ? AND subject = ? AND sequence > ? ORDER BY sequence LIMIT ?',
            tenant,
            subject,
            after,
            page.first + 1,
          );
    const items = rows.slice(0, page.first).map(toEvidenceEntry);
    return { items, next: rows.length > page.first ? String(items.at(-1)?.sequence) : null };
  }

  async checkpoints(tenant: TenantId): Promise<readonly EvidenceCheckpoint[]> {
    return this.#db
      .all('SELECT * FROM evidence_checkpoint WHERE tenant = ? ORDER BY sequence', tenant)
      .map(toEvidenceCheckpoint);
  }

  async checkpoint(): Promise<number> {
    return this.#db.transaction(() => {
      const tenants = this.#db.all(
        `SELECT tenant, max(sequence) AS last FROM evidence_entry GROUP BY tenant
         EXCEPT SELECT tenant, max(sequence) FROM evidence_checkpoint GROUP BY tenant`,
      );
      for (const { tenant } of tenants) {
        const last = this.#last(String(tenant));
        if (last) this.#sign(last);
      }
      return tenants.length;
    });
  }

  #sign(entry: EvidenceEntry): void {
    const { tenant, sequence, hash, at, keyId, signature } = signCheckpoint(
      entry,
      this.#deps.clock.now(),
      this.#deps.signer,
    );
    this.#db.run(
      'INSERT OR IGNORE INTO evidence_checkpoint VALUES (?, ?, ?, ?, ?, ?)',
      tenant,
      sequence,
      hash,
      at,
      keyId,
      signature,
    );
  }

  #last(tenant: string): EvidenceEntry | null {
    const row = this.#db.get(
      'SELECT * FROM evidence_entry WHERE tenant = ? ORDER BY sequence DESC LIMIT 1',
      tenant,
    );
    return row ? toEvidenceEntry(row) : null;
  }
}

/** A row of evidence_entry. */
export function toEvidenceEntry(row: SqlRow): EvidenceEntry {
  return {
    tenant: String(row['tenant']) as TenantId,
    sequence: Number(row['sequence']),
    at: Number(row['at']),
    kind: String(row['kind']),
    subject: String(row['subject']),
    body: JSON.parse(String(row['body'])) as unknown,
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  };
}

/** A row of evidence_checkpoint. */
export function toEvidenceCheckpoint(row: SqlRow): EvidenceCheckpoint {
  return {
    tenant: String(row['tenant']) as TenantId,
    sequence: Number(row['sequence']),
    hash: String(row['hash']),
    at: Number(row['at']),
    keyId: String(row['key_id']),
    signature: String(row['signature']),
  };
}
