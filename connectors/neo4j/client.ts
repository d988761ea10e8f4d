import neo4j, { Neo4jError, type BookmarkManager, type Driver, type ManagedTransaction } from 'neo4j-driver';
import { HubError, messageOf } from '#kernel/errors.ts';
import { stoppable, workSignal } from '#kernel/work-signal.ts';
import type { Neo4jConfig } from './config.ts';

/** A record as a plain object; integers as numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** Parameters of a query. A whole number goes out as a Cypher INTEGER, any other as FLOAT. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Runs one query of a transaction and answers all its rows. */
export type Run = (cypher: string, parameters: Parameters) => Promise<Row[]>;

/** Connects to one database; the only user of the driver. Every query has parameters and names the database. */
export class Neo4jClient {
  readonly #driver: Driver;
  readonly #database: string;
  readonly #place: string;
  // Shared by all sessions, so that on a cluster a read sees the writes made before it.
  readonly #bookmarks: BookmarkManager = neo4j.bookmarkManager();

  constructor(config: Neo4jConfig) {
    const connectionTimeout = config.connectTimeoutMs ?? 4_000;
    this.#driver = neo4j.driver(config.url, neo4j.auth.basic(config.user, config.password), {
      disableLosslessIntegers: true,
      telemetryDisabled: true,
      connectionTimeout,
      connectionAcquisitionTimeout: connectionTimeout + 1_000,
      maxTransactionRetryTime: config.retryMs ?? 5_000,
      userAgent: 'twinhub',
    });
    this.#database = config.database;
    this.#place = new URL(config.url).host;
  }

  /** A read transaction, tried again after transient failures; ends with the work it is part of. */
  read<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#transact('READ', work);
  }

  /** A write transaction: committed when `work` resolves, undone when it rejects, tried again after transient failures. */
  write<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#transact('WRITE', work);
  }

  /** One statement outside a transaction of ours, as schema changes need it. */
  async schema(cypher: string, parameters: Parameters = {}): Promise<void> {
    const session = this.#session('WRITE');
    try {
      await session.run(cypher, toParameters(parameters));
    } catch (error) {
      throw this.#translate(error);
    } finally {
      await session.close().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  async #transact<T>(mode: 'READ' | 'WRITE', work: (run: Run) => Promise<T>): Promise<T> {
    const session = this.#session(mode);
    const inTransaction = (tx: ManagedTransaction): Promise<T> =>
      work(async (cypher, parameters) => {
        const result = await tx.run(cypher, toParameters(parameters));
        return result.records.map((record) => record.toObject() as Row);
      });
    try {
      if (mode === 'WRITE') return await session.executeWrite(inTransaction);
      // Closing the session ends its query on the server.
      const stop = () => void session.close().catch(() => undefined);
      return await stoppable(() => session.executeRead(inTransaction), stop);
    } catch (error) {
      throw mode === 'READ' && workSignal()?.aborted ? error : this.#translate(error);
    } finally {
      await session.close().catch(() => undefined);
    }
  }

  #session(mode: 'READ' | 'WRITE') {
    return this.#driver.session({
      database: this.#database,
      defaultAccessMode: mode === 'READ' ? neo4j.session.READ : neo4j.session.WRITE,
      bookmarkManager: this.#bookmarks,
    });
  }

  #translate(error: unknown): HubError {
    if (error instanceof HubError) return error;
    const code = error instanceof Neo4jError ? error.code : undefined;
    const details = { server: this.#place, database: this.#database, code };
    if (code?.startsWith('Neo.ClientError.Statement.') || code?.startsWith('Neo.ClientError.Schema.'))
      return new HubError('INTERNAL', `Neo4j refused a query of the twin store (${code}).`, {
        cause: error,
        details,
      });
    const what = code?.startsWith('Neo.ClientError.Security.')
      ? `Neo4j at ${this.#place} refuses the user or password of the twin store`
      : `Neo4j at ${this.#place} does not serve the database ${this.#database}`;
    return new HubError('STORE_UNAVAILABLE', `${what}: ${messageOf(error)}`, { cause: error, details });
  }
}

/** JavaScript has one number type; what is whole here is an INTEGER there (LIMIT refuses a FLOAT). */
function toParameters(value: Parameters): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toParameter(inner)]));
}

function toParameter(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? neo4j.int(value) : value;
  if (Array.isArray(value)) return value.map(toParameter);
  return value !== null && typeof value === 'object' ? toParameters(value as Parameters) : value;
}
