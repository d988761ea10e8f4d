import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Database } from './database.ts';
import { unavailable } from './message-bus-store.ts';

/**
 * Who holds messages: one row for each consumer of each process, kept alive by its process. The messages of an owner
 * that is gone (lease ran out, or its process is known to have ended) go back to their queue in their old place.
 */
export class MessageBusOwners {
  readonly #db: Database;
  readonly #leaseMs: number;
  readonly #host = processSpace();
  readonly #mine = new Set<string>();

  constructor(db: Database, leaseMs: number) {
    this.#db = db;
    this.#leaseMs = leaseMs;
  }

  add(now: number): string {
    const token = randomUUID();
    this.#write(() => this.#insert(token, now));
    this.#mine.add(token);
    return token;
  }

  /** Gives back what the consumer still holds. */
  remove(token: string): void {
    this.#mine.delete(token);
    this.#write(() => this.#release(token, undefined));
  }

  /** Keeps own rows alive and takes away those of owners that are gone. @returns messages given back or set aside. */
  renew(now: number): number {
    const gone = this.#translated(() =>
      this.#db.transientTransaction(() => {
        for (const token of this.#mine) this.#insert(token, now);
        return this.#gone(now);
      }),
    );
    if (!gone.length) return 0;
    // Looked at again, since one of them may have shown a sign of life in between.
    return this.#write(() => this.#gone(now).reduce((sum, token) => sum + this.#release(token, now), 0));
  }

  /** Tokens whose consumer shows no sign of life any more. */
  #gone(now: number): readonly string[] {
    return this.#db
      .all('SELECT token, pid, host, alive_until FROM bus_owner')
      .filter(
        (row) => Number(row['alive_until']) < now || this.#hasEnded(String(row['host']), Number(row['pid'])),
      )
      .map((row) => String(row['token']))
      .filter((token) => !this.#mine.has(token));
  }

  #insert(token: string, now: number): void {
    this.#db.run(
      'INSERT INTO bus_owner VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET alive_until = excluded.alive_until',
      token,
      process.pid,
      this.#host,
      now + this.#leaseMs,
    );
  }

  /** @param crashedAt - set when the owner ended by itself: a message that does so every time must not go on forever. */
  #release(token: string, crashedAt: number | undefined): number {
    const count = this.#db.get(
      "SELECT COUNT(*) AS n FROM bus_message WHERE owner = ? AND state = 'flight'",
      token,
    );
    if (crashedAt !== undefined)
      this.#db.run(
        `UPDATE bus_message SET state = 'dead', owner = NULL, ended_at = ?,
           reason = 'The consumer ended ' || attempt || ' times while it handled the message.'
         WHERE owner = ? AND state = 'flight'
           AND attempt >= (SELECT delivery_limit FROM bus_queue WHERE name = bus_message.queue)`,
        crashedAt,
        token,
      );
    this.#db.run(
      "UPDATE bus_message SET state = 'ready', owner = NULL WHERE owner = ? AND state = 'flight'",
      token,
    );
    this.#db.run('UPDATE bus_queue SET active_owner = NULL WHERE active_owner = ?', token);
    this.#db.run('DELETE FROM bus_owner WHERE token = ?', token);
    return Number(count?.['n']);
  }

  /** Only a process of the same process-id space can be asked after; others are judged by their lease alone. */
  #hasEnded(host: string, pid: number): boolean {
    if (host !== this.#host) return false;
    try {
      process.kill(pid, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  }

  #write<T>(work: () => T): T {
    return this.#translated(() => this.#db.transaction(work));
  }

  #translated<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw unavailable(this.#db.path, error);
    }
  }
}

/** Containers may share a file and a host name while their process ids mean different processes. */
function processSpace(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
