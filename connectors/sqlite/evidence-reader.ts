import { DatabaseSync } from 'node:sqlite';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { EvidenceCheckpoint, EvidenceEntry } from '#ontology/evidence.ts';
import type { SqlRow } from './database.ts';
import { toEvidenceCheckpoint, toEvidenceEntry } from './evidence-log.ts';

/** A whole evidence log. */
export interface EvidenceContent {
  readonly entries: readonly EvidenceEntry[];
  readonly checkpoints: readonly EvidenceCheckpoint[];
}

/**
 * Reads the evidence of a database file without writing to it; the hub may be running or not.
 * @param tenant - of this tenant alone, or `null` for all.
 * @throws {HubError} STORE_UNAVAILABLE - the file is missing, no database, or holds no evidence.
 */
export function readEvidenceFile(path: string, tenant: string | null): EvidenceContent {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    // One transaction, so that entries and checkpoints are of the same moment.
    db.exec('BEGIN');
    const all = (table: string) =>
      db
        ?.prepare(`SELECT * FROM ${table} WHERE ?1 IS NULL OR tenant = ?1 ORDER BY tenant, sequence`)
        .all(tenant) as SqlRow[];
    return {
      entries: all('evidence_entry').map(toEvidenceEntry),
      checkpoints: all('evidence_checkpoint').map(toEvidenceCheckpoint),
    };
  } catch (error) {
    throw new HubError('STORE_UNAVAILABLE', `Cannot read the evidence in ${path}: ${messageOf(error)}`, {
      cause: error,
      details: { path },
    });
  } finally {
    if (db?.isOpen) db.close();
  }
}
