import type { OutgoingMessage } from '#ontology/message.ts';
import type { Outbox } from '#ontology/ports/outbox.ts';
import type { Database } from './database.ts';

const migrations = [
  `CREATE TABLE outbox (
     position INTEGER PRIMARY KEY AUTOINCREMENT,
     message_id TEXT NOT NULL UNIQUE,
     outgoing TEXT NOT NULL,
     published_at INTEGER
   ) STRICT;
   CREATE INDEX outbox_pending ON outbox (position) WHERE published_at IS NULL;`,
];

/** The outbox of one database file: `add` joins the caller's transaction. */
export class SqliteOutbox implements Outbox {
  readonly #db: Database;
  readonly #listeners = new Set<() => void>();

  constructor(db: Database) {
    this.#db = db;
    db.migrate('outbox', migrations);
  }

  /** Adds messages; one whose id was added before is left out (the same step ran twice). */
  add(messages: readonly OutgoingMessage[]): void {
    for (const outgoing of messages)
      this.#db.run(
        'INSERT OR IGNORE INTO outbox (message_id, outgoing) VALUES (?, ?)',
        outgoing.message.id,
        JSON.stringify(outgoing),
      );
    if (messages.length) queueMicrotask(() => this.#listeners.forEach((listener) => listener()));
  }

  pending(limit: number): readonly { position: number; outgoing: OutgoingMessage }[] {
    const rows = this.#db.all(
      'SELECT position, outgoing FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT ?',
      limit,
    );
    return rows.map((row) => ({
      position: Number(row['position']),
      outgoing: JSON.parse(String(row['outgoing'])) as OutgoingMessage,
    }));
  }

  markPublished(position: number, atMs: number): void {
    this.#db.run('UPDATE outbox SET published_at = ? WHERE position = ?', atMs, position);
  }

  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
