import type { Logger } from '#kernel/log.ts';
import type { ImportOptions } from '#ontology/import-job.ts';
import type { Principal } from '#ontology/principal.ts';
import type { UploadStore } from '#ontology/ports/upload-store.ts';
import type { HostRules } from '../http/guard.ts';
import type { UploadLimiter } from './rates.ts';

/** What uploads need of the others. */
export interface UploadDeps {
  readonly uploads: UploadStore;
  readonly log: Logger;
  /** Whose pages may send. */
  readonly rules: HostRules;
  /** How fast files may come in. @default as fast as they come */
  readonly limiter?: UploadLimiter;
  /** Largest upload, bytes; told to clients. */
  readonly maxBytes: number;
  /** Begins an import of complete uploads. @returns its global id. */
  readonly startImport: (
    principal: Principal,
    uploads: readonly string[],
    options: ImportOptions,
  ) => Promise<string>;
}

/** Where uploads are. */
export const uploadPath = '/import';
