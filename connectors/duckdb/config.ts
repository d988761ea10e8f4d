import type { ConfigReader } from '#kernel/config.ts';

/** Settings of the embedded telemetry store. */
export interface DuckDbConfig {
  /** The file; its folder is made when missing. */
  readonly path: string;
  /** Memory that DuckDB may take for its buffers, MiB. @default 512 */
  readonly memoryLimitMb?: number;
  /** Threads of queries and checkpoints. @default 2 */
  readonly threads?: number;
  /** The write-ahead log is folded into the file after this many samples. @default 500_000 */
  readonly checkpointSamples?: number;
  /** ... or after this time since the last one, ms, at the next write. @default 60_000 */
  readonly checkpointMs?: number;
}

/**
 * Reads TWINHUB_DUCKDB_PATH, TWINHUB_DUCKDB_MEMORY_MB (64 to 1,048,576) and TWINHUB_DUCKDB_THREADS (1 to 64).
 *
 * @param defaultPath - the file when TWINHUB_DUCKDB_PATH is not set.
 */
export function readDuckDbConfig(reader: ConfigReader, defaultPath: string): DuckDbConfig {
  return Object.freeze({
    path: reader.string('TWINHUB_DUCKDB_PATH', { default: defaultPath }),
    memoryLimitMb: reader.integer('TWINHUB_DUCKDB_MEMORY_MB', { default: 512, min: 64, max: 1_048_576 }),
    threads: reader.integer('TWINHUB_DUCKDB_THREADS', { default: 2, min: 1, max: 64 }),
  });
}
