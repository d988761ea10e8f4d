import type { ConfigReader } from '#kernel/config.ts';

/** Which repository is asked for models that a document refers to and does not bring. */
export interface ModelRepositoryConfig {
  /** A folder, or an address that begins with `http://` or `https://`. */
  readonly location: string;
  /** Folder that keeps what came over the network; `null` for none. Models do not change, so nothing in it gets stale. */
  readonly cacheFolder: string | null;
  /** For one document, milliseconds. @default 10_000 */
  readonly timeoutMs: number;
  /** Largest document, bytes. @default 4_194_304 */
  readonly maxBytes: number;
  /** Whether a redirect may lead to an address of a private network. @default false */
  readonly allowPrivateRedirects: boolean;
}

/** Values for what a caller leaves open. */
export const modelRepositoryDefaults = {
  cacheFolder: null,
  timeoutMs: 10_000,
  maxBytes: 4 * 1024 * 1024,
  allowPrivateRedirects: false,
} as const;

/** Reads the settings; `null` when no repository is set. */
export function readModelRepositoryConfig(reader: ConfigReader): ModelRepositoryConfig | null {
  const location = reader.optional('TWINHUB_MODELS_REPOSITORY');
  const config = {
    cacheFolder: reader.optional('TWINHUB_MODELS_CACHE_DIR') ?? null,
    timeoutMs: reader.integer('TWINHUB_MODELS_TIMEOUT_MS', {
      default: modelRepositoryDefaults.timeoutMs,
      min: 100,
      max: 600_000,
    }),
    maxBytes: reader.integer('TWINHUB_MODELS_MAX_BYTES', {
      default: modelRepositoryDefaults.maxBytes,
      min: 1_024,
      max: 268_435_456,
    }),
    allowPrivateRedirects: reader.boolean('TWINHUB_MODELS_ALLOW_PRIVATE_REDIRECTS', {
      default: modelRepositoryDefaults.allowPrivateRedirects,
    }),
  };
  return location === undefined ? null : Object.freeze({ location, ...config });
}
