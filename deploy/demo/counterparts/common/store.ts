import { randomUUID } from 'node:crypto';
import { sha256Hex } from '#kernel/canonical.ts';
import { Database } from '#connectors/sqlite/database.ts';
import type { OutgoingMessage } from '#ontology/message.ts';

const migrations = [
  `CREATE TABLE inbox (message_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
   CREATE TABLE outbox (position INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, outgoing TEXT NOT NULL) STRICT;
   CREATE INDEX outbox_due ON outbox (due_at, position);
   CREATE TABLE task (position INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
   CREATE INDEX task_due ON task (due_at, position);
   CREATE TABLE object (kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
   CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
];

/** Something to do at a time, kept until done. */
export interface Task {
  readonly kind: string;
  readonly body: unknown;
}

/** A counterpart's own state in one file: objects, numbers, what came, what is to be sent or done when. */
export class CounterpartStore {
  readonly #db: Database;
  readonly #seed: string;
  /** Differs when the file was made anew, so that its event numbers are not taken for known ones. */
  readonly instance: string;

  constructor(path: string, seed: string) {
    this.#db = new Database(path);
    this.#db.migrate('counterpart', migrations);
    this.#seed = seed;
    this.instance = this.transaction(() => {
      const known = this.get<string>('instance', '');
      if (known === undefined) this.put('instance', '', randomUUID().slice(0, 8));
      return this.get<string>('instance', '') as string;
    });
  }

  transaction<T>(work: () => T): T {
    return this.#db.transaction(work);
  }

  /** Whether this message is new; from then on it is not. */
  isFirst(messageId: string): boolean {
    return this.#db.run('INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING', messageId) > 0;
  }

  get<T>(kind: string, id: string): T | undefined {
    const row = this.#db.get('SELECT value FROM object WHERE kind = ? AND id = ?', kind, id);
    return row && (JSON.parse(String(row['value'])) as T);
  }

  all<T>(kind: string): T[] {
    return this.#db
      .all('SELECT value FROM object WHERE kind = ? ORDER BY id', kind)
      .map((row) => JSON.parse(String(row['value'])) as T);
  }

  put(kind: string, id: string, value: unknown): void {
    this.#db.run(
      'INSERT INTO object VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      kind,
      id,
      JSON.stringify(value),
    );
  }

  /** Numbers of one range, one after another. */
  next(range: string, first: number): number {
    const sql = `INSERT INTO counter VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value`;
    return Number(this.#db.get(sql, range, first)?.['value']);
  }

  /** The same number from 0 to 1 for the same words, whatever happened between. */
  chance(...words: readonly string[]): number {
    return parseInt(sha256Hex([this.#seed, ...words].join('/')).slice(0, 8), 16) / 0xffffffff;
  }

  send(outgoing: OutgoingMessage, dueAt: number): void {
    this.#db.run(
      'INSERT INTO outbox (due_at, outgoing) VALUES (?, ?)',
      Math.round(dueAt),
      JSON.stringify(outgoing),
    );
  }

  schedule(kind: string, body: unknown, dueAt: number): void {
    this.#db.run(
      'INSERT INTO task (due_at, kind, body) VALUES (?, ?, ?)',
      Math.round(dueAt),
      kind,
      JSON.stringify(body),
    );
  }

  dueMessage(now: number): { position: number; outgoing: OutgoingMessage } | undefined {
    const row = this.#db.get('SELECT * FROM outbox WHERE due_at <= ? ORDER BY due_at, position LIMIT 1', now);
    return (
      row && {
        position: Number(row['position']),
        outgoing: JSON.parse(String(row['outgoing'])) as OutgoingMessage,
      }
    );
  }

  sent(position: number): void {
    this.#db.run('DELETE FROM outbox WHERE position = ?', position);
  }

  /** Takes the next due task off the list, within the caller's transaction. */
  takeTask(now: number): Task | undefined {
    const row = this.#db.get('SELECT * FROM task WHERE due_at <= ? ORDER BY due_at, position LIMIT 1', now);
    if (!row) return undefined;
    this.#db.run('DELETE FROM task WHERE position = ?', Number(row['position']));
    return { kind: String(row['kind']), body: JSON.parse(String(row['body'])) };
  }

  close(): void {
    this.#db.close();
  }
}
