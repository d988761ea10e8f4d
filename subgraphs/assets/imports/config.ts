import type { ConfigReader } from '#kernel/config.ts';

/** Settings of imports. */
export interface ImportsConfig {
  /** Largest single upload, bytes. @default 256 MiB */
  readonly maxUploadBytes: number;
  /** All uploads of a tenant that lie on the disk, bytes. @default 2 GiB */
  readonly maxStoredBytes: number;
  /** How long an upload may lie unfinished or unused, milliseconds. @default a day */
  readonly uploadLifetimeMs: number;
  /** Files in one import. @default 1,000 */
  readonly maxDocuments: number;
  /** Imports of a tenant that wait or run. @default 100 */
  readonly maxWaiting: number;
  /** Memory of the worker that plans an import, MiB. @default 2,048 */
  readonly memoryMb: number;
  /** Time the worker has for one import, milliseconds. @default 15 minutes */
  readonly timeoutMs: number;
}

const mib = 1024 * 1024;

/**
 * Reads the settings of imports; faults are reported by the reader's `finish`.
 *
 * TWINHUB_IMPORT_MAX_UPLOAD_BYTES, TWINHUB_IMPORT_MAX_STORED_BYTES, TWINHUB_IMPORT_UPLOAD_LIFETIME_MS,
 * TWINHUB_IMPORT_MAX_DOCUMENTS, TWINHUB_IMPORT_MAX_WAITING, TWINHUB_IMPORT_MEMORY_MB, TWINHUB_IMPORT_TIMEOUT_MS.
 */
export function readImportsConfig(env: ConfigReader): ImportsConfig {
  return Object.freeze({
    // A text of JavaScript has 512 MiB at most, so a larger document could not be read.
    maxUploadBytes: env.integer('TWINHUB_IMPORT_MAX_UPLOAD_BYTES', {
      default: 256 * mib,
      min: 1024,
      max: 500 * mib,
    }),
    maxStoredBytes: env.integer('TWINHUB_IMPORT_MAX_STORED_BYTES', {
      default: 2048 * mib,
      min: 1024,
      max: 1024 * 1024 * mib,
    }),
    uploadLifetimeMs: env.integer('TWINHUB_IMPORT_UPLOAD_LIFETIME_MS', {
      default: 86_400_000,
      min: 1_000,
      max: 30 * 86_400_000,
    }),
    maxDocuments: env.integer('TWINHUB_IMPORT_MAX_DOCUMENTS', { default: 1_000, min: 1, max: 100_000 }),
    maxWaiting: env.integer('TWINHUB_IMPORT_MAX_WAITING', { default: 100, min: 1, max: 100_000 }),
    memoryMb: env.integer('TWINHUB_IMPORT_MEMORY_MB', { default: 2_048, min: 64, max: 65_536 }),
    timeoutMs: env.integer('TWINHUB_IMPORT_TIMEOUT_MS', { default: 900_000, min: 1_000, max: 86_400_000 }),
  });
}
