import { HubError, messageOf } from '#kernel/errors.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { Message } from '#ontology/message.ts';
import type {
  CommandStore,
  CorrelationStore,
  JournalEntry,
  MessageJournal,
} from '#ontology/ports/message-journal.ts';
import type { Database, SqlRow } from './database.ts';

const migrations = [
  `CREATE TABLE message_journal (
     position INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant TEXT NOT NULL,
     workflow_id TEXT NOT NULL,
     message_id TEXT NOT NULL,
     direction TEXT NOT NULL CHECK (direction IN ('OUT', 'IN')),
     system TEXT NOT NULL,
     type TEXT NOT NULL,
     body TEXT NOT NULL,
     at INTEGER NOT NULL,
     UNIQUE (tenant, message_id, direction)
   ) STRICT;
   CREATE INDEX message_journal_workflow ON message_journal (tenant, workflow_id, at, position);
   CREATE TABLE message_correlation (
     system TEXT NOT NULL,
     reference TEXT NOT NULL,
     tenant TEXT NOT NULL,
     workflow_id TEXT NOT NULL,
     PRIMARY KEY (system, reference)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE message_command (
     system TEXT NOT NULL,
     id TEXT NOT NULL,
     message TEXT NOT NULL,
     PRIMARY KEY (system, id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE message_command_reference (
     system TEXT NOT NULL,
     reference TEXT NOT NULL,
     id TEXT NOT NULL,
     PRIMARY KEY (system, reference)
   ) STRICT, WITHOUT ROWID;`,
];

/** The journal of messages with other systems, and the references by which their answers find workflow and command. */
export class SqliteMessageJournal implements MessageJournal, CorrelationStore, CommandStore {
  readonly #db: Database;

  /** @throws {HubError} STORE_UNAVAILABLE */
  constructor(db: Database) {
    this.#db = db;
    db.migrate('message-journal', migrations);
  }

  async record(entry: JournalEntry): Promise<void> {
    this.#guard(() =>
      this.#db.run(
        `INSERT INTO message_journal (tenant, workflow_id, message_id, direction, system, type, body, at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        entry.tenant,
        entry.workflowId,
        entry.messageId,
        entry.direction,
        entry.system,
        entry.type,
        JSON.stringify(entry.body ?? null),
        entry.at,
      ),
    );
  }

  async list(tenant: TenantId, workflowId: string): Promise<readonly JournalEntry[]> {
    return this.#guard(() =>
      this.#db
        .all(
          'SELECT * FROM message_journal WHERE tenant = ? AND workflow_id = ? ORDER BY at, position',
          tenant,
          workflowId,
        )
        .map(toEntry),
    );
  }

  /** A reference that is linked anew (another system began its numbers again) belongs to the newer workflow. */
  async link(system: string, reference: string, tenant: TenantId, workflowId: string): Promise<void> {
    this.#guard(() =>
      this.#db.run(
        `INSERT INTO message_correlation VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET tenant = excluded.tenant, workflow_id = excluded.workflow_id`,
        system,
        reference,
        tenant,
        workflowId,
      ),
    );
  }

  async find(system: string, reference: string): Promise<{ tenant: TenantId; workflowId: string } | null> {
    const row = this.#guard(() =>
      this.#db.get(
        'SELECT tenant, workflow_id FROM message_correlation WHERE system = ? AND reference = ?',
        system,
        reference,
      ),
    );
    return row ? { tenant: row['tenant'] as TenantId, workflowId: String(row['workflow_id']) } : null;
  }

  async save(system: string, command: Message, references: readonly string[]): Promise<void> {
    this.#guard(() =>
      this.#db.transaction(() => {
        const text = JSON.stringify(command);
        const sql = 'INSERT INTO message_command VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
        if (this.#db.run(sql, system, command.id, text) === 0) return;
        for (const reference of references)
          this.#db.run(
            'INSERT INTO message_command_reference VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET id = excluded.id',
            system,
            reference,
            command.id,
          );
      }),
    );
  }

  async byId(system: string, id: string): Promise<Message | null> {
    const sql = 'SELECT message FROM message_command WHERE system = ? AND id = ?';
    return this.#guard(() => toMessage(this.#db.get(sql, system, id)));
  }

  async byReference(system: string, reference: string): Promise<Message | null> {
    const sql = `SELECT message FROM message_command JOIN message_command_reference USING (system, id)
      WHERE system = ? AND reference = ?`;
    return this.#guard(() => toMessage(this.#db.get(sql, system, reference)));
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new HubError('STORE_UNAVAILABLE', `The message journal failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

function toEntry(row: SqlRow): JournalEntry {
  return {
    tenant: row['tenant'] as TenantId,
    workflowId: String(row['workflow_id']),
    messageId: String(row['message_id']),
    direction: row['direction'] as JournalEntry['direction'],
    system: String(row['system']),
    type: String(row['type']),
    body: JSON.parse(String(row['body'])),
    at: Number(row['at']),
  };
}

function toMessage(row: SqlRow | undefined): Message | null {
  return row ? (JSON.parse(String(row['message'])) as Message) : null;
}
