import type { ConfigReader } from '#kernel/config.ts';

/** Limits of the file store. */
export interface FileStoreConfig {
  /** Folder of the contents; `null` for `files` in the data folder. */
  readonly path: string | null;
  /** Largest content, bytes. @default 256 MiB */
  readonly maxFileBytes: number;
  /** All contents of a tenant, bytes. @default 10 GiB */
  readonly maxTenantBytes: number;
}

const mebibyte = 2 ** 20;

/** Reads the settings of the file store; sizes are given in mebibytes. */
export function readFileStoreConfig(reader: ConfigReader): FileStoreConfig {
  const maxFileMb = reader.integer('TWINHUB_FILES_MAX_FILE_MB', { default: 256, min: 1, max: 4096 });
  const maxTenantMb = reader.integer('TWINHUB_FILES_MAX_TENANT_MB', {
    default: 10_240,
    min: 1,
    max: 2 ** 30,
  });
  return Object.freeze({
    path: reader.optional('TWINHUB_FILES_DIR') ?? null,
    maxFileBytes: maxFileMb * mebibyte,
    maxTenantBytes: maxTenantMb * mebibyte,
  });
}
