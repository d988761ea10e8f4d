import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBListValue,
  INTEGER,
  LIST,
  UTINYINT,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { HubError, messageOf } from '#kernel/errors.ts';
import { stoppable } from '#kernel/work-signal.ts';
import type { DuckDbConfig } from './config.ts';
import type { Cell } from './map.ts';
import { Pool } from './pool.ts';

/** Rows that one chunk of the driver holds at most. */
export const chunkRows = 2048;

// Each query under way holds one of Node's four pool threads; two leave room for commits and everybody else.
const readers = 2;

// DuckDB locks a file against other processes, not against its own: a second instance would write over the first.
const openHere = new Set<string>();

const sampleTypes: readonly DuckDBType[] = [
  INTEGER,
  BIGINT,
  BIGINT,
  UTINYINT,
  UTINYINT,
  DOUBLE,
  VARCHAR,
  LIST(DOUBLE),
  VARCHAR,
  UTINYINT,
  VARCHAR,
  BIGINT,
  BIGINT,
];

/** One DuckDB file with a connection that writes and some that read; the only user of the driver. */
export class DuckDbClient {
  readonly path: string;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #readers: readonly DuckDBConnection[];
  readonly #pool: Pool<DuckDBConnection>;
  #appender: DuckDBAppender | undefined;
  #open = true;

  private constructor(path: string, instance: DuckDBInstance, connections: readonly DuckDBConnection[]) {
    const [writer, ...others] = connections as [DuckDBConnection, ...DuckDBConnection[]];
    this.path = path;
    this.#instance = instance;
    this.#writer = writer;
    this.#readers = others;
    this.#pool = new Pool(others);
  }

  /**
   * Opens the file, replaying what a crash left in its write-ahead log.
   * @throws {HubError} STORE_LOCKED - it is open already, here or in another process; STORE_UNAVAILABLE.
   */
  static async open(config: DuckDbConfig): Promise<DuckDbClient> {
    const path = place(config.path);
    if (openHere.has(path)) throw locked(path, 'this process has it open already');
    openHere.add(path);
    try {
      const instance = await DuckDBInstance.create(path, {
        threads: String(config.threads ?? 2),
        memory_limit: `${config.memoryLimitMb ?? 512}MiB`,
        // The writer checkpoints by itself, between two commits; this bounds the log should that ever fail.
        checkpoint_threshold: '256MiB',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      const connections = [];
      for (let count = 0; count < 1 + readers; count++) connections.push(await instance.connect());
      return new DuckDbClient(path, instance, connections);
    } catch (error) {
      openHere.delete(path);
      throw openError(path, error);
    }
  }

  /** Runs one statement on the writing connection. */
  async execute(sql: string, values: readonly Cell[] = []): Promise<void> {
    this.assertOpen();
    await this.#writer.run(sql, values as DuckDBValue[]);
  }

  /** All rows of a query on the writing connection. */
  queryOnWriter(sql: string, values: readonly Cell[] = []): Promise<Cell[][]> {
    return this.#read(this.#writer, sql, values);
  }

  /** All rows of a query that sees what is committed; runs beside the writer, and ends with the work it is part of. */
  query(sql: string, values: readonly Cell[] = []): Promise<Cell[][]> {
    return this.#pool.use((reader) => this.#readWhileWanted(reader, sql, values));
  }

  async #readWhileWanted(reader: DuckDBConnection, sql: string, values: readonly Cell[]): Promise<Cell[][]> {
    let again: NodeJS.Timeout | undefined;
    const interrupt = () => {
      reader.interrupt();
      // One that comes before the query has begun to run is forgotten when it begins.
      again = setInterval(() => reader.interrupt(), 10);
    };
    try {
      return await stoppable(() => this.#read(reader, sql, values), interrupt);
    } finally {
      clearInterval(again);
    }
  }

  /** Adds up to `chunkRows` rows to `samples`, within the writer's transaction. */
  async append(rows: readonly (readonly Cell[])[]): Promise<void> {
    this.assertOpen();
    this.#appender ??= await this.#writer.createAppender('samples');
    const chunk = DuckDBDataChunk.create(sampleTypes, rows.length);
    for (const column of sampleTypes.keys())
      chunk.setColumnValues(
        column,
        rows.map((row) => toCell(row[column] ?? null)),
      );
    this.#appender.appendDataChunk(chunk);
  }

  /** Hands all appended rows to the transaction; to be called before COMMIT. */
  flush(): void {
    this.#appender?.flushSync();
  }

  /** Forgets appended rows and undoes the transaction. */
  async rollback(): Promise<void> {
    try {
      this.#appender?.clear();
      this.#appender?.closeSync();
    } finally {
      this.#appender = undefined;
      await this.#writer.run('ROLLBACK').catch(() => undefined);
    }
  }

  /** Closes at once; queries under way end with an error. Closing twice is harmless. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#appender?.closeSync();
    for (const reader of this.#readers) reader.closeSync();
    this.#writer.closeSync();
    this.#instance.closeSync();
    openHere.delete(this.path);
  }

  async #read(connection: DuckDBConnection, sql: string, values: readonly Cell[]): Promise<Cell[][]> {
    this.assertOpen();
    const reader = await connection.runAndReadAll(sql, values as DuckDBValue[]);
    return reader.getRows().map((row) => row.map(fromCell));
  }

  /** @throws {HubError} STORE_UNAVAILABLE - the store was closed. */
  assertOpen(): void {
    if (!this.#open) throw new HubError('STORE_UNAVAILABLE', `The telemetry store ${this.path} is closed.`);
  }
}

function toCell(cell: Cell): DuckDBValue {
  return Array.isArray(cell) ? new DuckDBListValue(cell as number[]) : (cell as DuckDBValue);
}

function fromCell(value: DuckDBValue): Cell {
  return value instanceof DuckDBListValue ? (value.items as number[]) : (value as Cell);
}

/** The real path of the file, its folder made, so that two names of one file are one. */
function place(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    throw new HubError('STORE_UNAVAILABLE', `Cannot make the folder of ${path}: ${messageOf(error)}`, {
      cause: error,
      details: { path },
    });
  }
}

/** The driver's errors carry no code (node-api 1.5): the lock is told by the words of DuckDB's message alone. */
function openError(path: string, error: unknown): HubError {
  const message = messageOf(error);
  if (/could not set lock|conflicting lock|being used by another process/i.test(message)) {
    const holder = /\(PID (\d+)\)/.exec(message)?.[1];
    return locked(path, holder ? `the process ${holder} holds it` : 'another process holds it', error);
  }
  return new HubError('STORE_UNAVAILABLE', `Cannot open ${path}: ${message}`, {
    cause: error,
    details: { path },
  });
}

function locked(path: string, why: string, cause?: unknown): HubError {
  return new HubError(
    'STORE_LOCKED',
    `Cannot open the telemetry store ${path}: ${why}, and it has one writer. Stop that one or choose another data folder.`,
    {
      cause,
      details: { path },
    },
  );
}
