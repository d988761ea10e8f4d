import { HubError, messageOf } from '#kernel/errors.ts';
import { matchesTopic } from '#ontology/message.ts';
import type { Exchange, Message, OutgoingMessage } from '#ontology/message.ts';
import type { DeadLetter, Delivery, QueueSpec } from '#ontology/ports/message-bus.ts';
import type { Database, SqlRow } from './database.ts';
import { messageBusMigrations } from './message-bus-schema.ts';

/** A queue's rules as stored, defaults filled in. */
export interface QueueRules {
  readonly name: string;
  readonly ordered: boolean;
  readonly deliveryLimit: number;
  readonly retryDelaysMs: readonly number[];
}

/** A message taken from a queue by one consumer. */
export interface ClaimedMessage {
  readonly position: number;
  readonly delivery: Delivery;
}

/** How one delivery ended. Times epoch ms. */
export interface Outcome {
  readonly state: 'done' | 'waiting' | 'dead';
  readonly reason?: string;
  readonly availableAt?: number;
  readonly endedAt?: number;
}

/** Statements of the embedded message bus; each method is one transaction. */
export class MessageBusStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    db.migrate('message-bus', messageBusMigrations);
  }

  /** Changes when another connection has committed something. */
  dataVersion(): number {
    return Number(this.#db.get('PRAGMA data_version')?.['data_version']);
  }

  declare(rules: QueueRules, bindings: QueueSpec['bindings']): void {
    this.#write(() => {
      this.#db.run(
        `INSERT INTO bus_queue (name, ordered, delivery_limit, retry_delays) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET ordered = excluded.ordered, delivery_limit = excluded.delivery_limit, retry_delays = excluded.retry_delays`,
        rules.name,
        Number(rules.ordered),
        rules.deliveryLimit,
        JSON.stringify(rules.retryDelaysMs),
      );
      this.#db.run('DELETE FROM bus_binding WHERE queue = ?', rules.name);
      for (const { exchange, pattern } of bindings)
        this.#db.run(
          'INSERT INTO bus_binding (queue, exchange, pattern) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
          rules.name,
          exchange,
          pattern,
        );
    });
  }

  rules(queue: string): QueueRules | null {
    const row = this.#read('SELECT * FROM bus_queue WHERE name = ?', queue)[0];
    return row
      ? {
          name: queue,
          ordered: row['ordered'] === 1,
          deliveryLimit: Number(row['delivery_limit']),
          retryDelaysMs: JSON.parse(String(row['retry_delays'])) as number[],
        }
      : null;
  }

  /** Stores the message in every queue bound to its routing key. @returns how many queues that are. */
  publish({ exchange, routingKey, message }: OutgoingMessage): number {
    const text = JSON.stringify(message);
    return this.#write(() => {
      const bindings = this.#db.all('SELECT queue, pattern FROM bus_binding WHERE exchange = ?', exchange);
      const queues = new Set(
        bindings
          .filter((row) => matchesTopic(String(row['pattern']), routingKey))
          .map((row) => String(row['queue'])),
      );
      for (const queue of queues)
        this.#db.run(
          `INSERT INTO bus_message (queue, message_id, exchange, routing_key, message, state) VALUES (?, ?, ?, ?, ?, 'ready')
           ON CONFLICT (queue, message_id) DO NOTHING`,
          queue,
          message.id,
          exchange,
          routingKey,
          text,
        );
      return queues.size;
    });
  }

  /**
   * Takes up to `limit` messages for `owner`, oldest first. On an ordered queue only the oldest one that is not done,
   * and only for the queue's one active owner.
   */
  claim(queue: QueueRules, owner: string, limit: number, now: number): ClaimedMessage[] {
    if (!this.#somethingDue(queue.name, now)) return [];
    return this.#write(() => {
      this.#db.run(
        "UPDATE bus_message SET state = 'ready', available_at = NULL WHERE queue = ? AND state = 'waiting' AND available_at <= ?",
        queue.name,
        now,
      );
      const rows = queue.ordered ? this.#head(queue.name, owner) : this.#oldest(queue.name, limit);
      for (const row of rows)
        this.#db.run(
          "UPDATE bus_message SET state = 'flight', owner = ?, attempt = attempt + 1 WHERE position = ?",
          owner,
          row['position'] as number,
        );
      return rows.map((row) => ({
        position: Number(row['position']),
        delivery: toDelivery(row, Number(row['attempt']) + 1),
      }));
    });
  }

  /** When the next message that waits for a retry becomes due, or `null`. */
  nextDue(queue: string): number | null {
    const row = this.#read(
      "SELECT MIN(available_at) AS due FROM bus_message WHERE queue = ? AND state = 'waiting'",
      queue,
    )[0];
    return row?.['due'] == null ? null : Number(row['due']);
  }

  /**
   * Ends one delivery: handled, to be tried again at `availableAt`, or dead.
   * @returns false when the message had been taken from this owner meanwhile.
   */
  settle(position: number, owner: string, outcome: Outcome): boolean {
    const { state, reason = null, availableAt = null, endedAt = null } = outcome;
    return this.#write(
      () =>
        this.#db.run(
          `UPDATE bus_message SET owner = NULL, state = ?, reason = ?, available_at = ?, ended_at = ?,
             message = iif(? = 'done', '', message)
           WHERE position = ? AND owner = ? AND state = 'flight'`,
          state,
          reason,
          availableAt,
          endedAt,
          state,
          position,
          owner,
        ) > 0,
    );
  }

  depth(queue: string): number {
    return Number(
      this.#read("SELECT COUNT(*) AS n FROM bus_message WHERE queue = ? AND state = 'ready'", queue)[0]?.[
        'n'
      ],
    );
  }

  deadLetters(queue: string, limit: number): DeadLetter[] {
    const rows = this.#read(
      "SELECT * FROM bus_message WHERE queue = ? AND state = 'dead' ORDER BY ended_at DESC, position DESC LIMIT ?",
      queue,
      limit,
    );
    return rows.map((row) => ({
      queue,
      delivery: toDelivery(row, Number(row['attempt'])),
      reason: String(row['reason']),
      at: Number(row['ended_at']),
    }));
  }

  /** Back to the end of the queue, attempts counted anew. */
  redrive(queue: string, messageId: string): boolean {
    return this.#write(
      () =>
        this.#db.run(
          `UPDATE bus_message SET state = 'ready', attempt = 0, reason = NULL, ended_at = NULL,
             position = (SELECT MAX(position) + 1 FROM bus_message)
           WHERE queue = ? AND message_id = ? AND state = 'dead'`,
          queue,
          messageId,
        ) > 0,
    );
  }

  /** Forgets handled messages older than `before`, and the oldest beyond `keep`; at most 2,000 rows a call. */
  prune(before: number, keep: number): number {
    return this.#write(() =>
      this.#db.run(
        `DELETE FROM bus_message WHERE position IN (
           SELECT position FROM bus_message WHERE state = 'done' AND ended_at < MAX(?, COALESCE(
             (SELECT ended_at FROM bus_message WHERE state = 'done' ORDER BY ended_at DESC LIMIT 1 OFFSET ?), 0))
           ORDER BY ended_at LIMIT 2000)`,
        before,
        keep,
      ),
    );
  }

  #somethingDue(queue: string, now: number): boolean {
    const sql = `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM bus_message WHERE queue = ? AND state = 'ready')
      OR EXISTS (SELECT 1 FROM bus_message WHERE queue = ? AND state = 'waiting' AND available_at <= ?)`;
    return this.#read(sql, queue, queue, now).length > 0;
  }

  #oldest(queue: string, limit: number): SqlRow[] {
    return this.#db.all(
      "SELECT * FROM bus_message WHERE queue = ? AND state = 'ready' ORDER BY position LIMIT ?",
      queue,
      limit,
    );
  }

  #head(queue: string, owner: string): SqlRow[] {
    this.#db.run(
      `UPDATE bus_queue SET active_owner = ? WHERE name = ?
       AND (active_owner IS NULL OR active_owner NOT IN (SELECT token FROM bus_owner))`,
      owner,
      queue,
    );
    const active = this.#db.get('SELECT active_owner FROM bus_queue WHERE name = ?', queue)?.['active_owner'];
    if (active !== owner) return [];
    const row = this.#db.get(
      `SELECT * FROM bus_message WHERE queue = ? AND state IN ('ready', 'waiting', 'flight') ORDER BY position LIMIT 1`,
      queue,
    );
    return row?.['state'] === 'ready' ? [row] : [];
  }

  #write<T>(work: () => T): T {
    try {
      return this.#db.transaction(work);
    } catch (error) {
      throw unavailable(this.#db.path, error);
    }
  }

  #read(sql: string, ...values: (string | number)[]): SqlRow[] {
    try {
      return this.#db.all(sql, ...values);
    } catch (error) {
      throw unavailable(this.#db.path, error);
    }
  }
}

function toDelivery(row: SqlRow, attempt: number): Delivery {
  return {
    message: JSON.parse(String(row['message'])) as Message,
    exchange: String(row['exchange']) as Exchange,
    routingKey: String(row['routing_key']),
    attempt,
  };
}

/** A driver's failure as the hub's error. */
export function unavailable(path: string, error: unknown): HubError {
  if (error instanceof HubError) return error;
  return new HubError('STORE_UNAVAILABLE', `The message store ${path} failed: ${messageOf(error)}`, {
    cause: error,
  });
}
