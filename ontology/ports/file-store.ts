import type { Closable } from '#kernel/lifecycle.ts';
import type { TenantId } from '../ids.ts';
import type { Page, PageRequest } from './twin-store.ts';

/** A content that is stored. */
export interface StoredFile {
  /** Lower-case hexadecimal; its name within its tenant. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** When it was stored last, epoch ms. */
  readonly storedAt: number;
}

/** Bytes from `start` on, `end` excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A content, or a range of it, as it is read. */
export interface FileContent extends StoredFile {
  readonly range: ByteRange;
  /** The bytes of the range, once. Leaving the loop early closes the file. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface PutOptions {
  /** What the content has to be, when it is known. @throws {HubError} INVALID_INPUT - when it is something else. */
  readonly sha256?: string;
  /** A lower limit than the store's own, bytes. */
  readonly maxBytes?: number;
}

/**
 * Contents by their SHA-256, each tenant by itself: what one tenant stores, another one neither sees nor can find out
 * about, even if it has the same. Whether a content is still needed, `FileLinks` knows.
 */
export interface FileStore extends Closable {
  /**
   * Stores a content. When this resolves, it survives a crash; when it does not, nothing is stored. An equal content is
   * stored once, and counts as stored anew.
   * @throws {HubError} LIMIT_EXCEEDED - larger than a file, or all files of the tenant, may be (`details.limit`,
   *   `details.max`); INVALID_INPUT - not what `sha256` says; STORAGE_FULL; STORE_UNAVAILABLE; what `content` throws.
   */
  put(
    tenant: TenantId,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<StoredFile>;
  /** `null` when the tenant has none, or the text is no SHA-256. */
  find(tenant: TenantId, sha256: string): Promise<StoredFile | null>;
  /**
   * Reads a content or a range of it, clipped to what there is. Its checksum is verified before the first byte comes.
   * @returns `null` when the tenant has none. @throws {HubError} STORE_CORRUPT - it is not what was stored.
   */
  read(tenant: TenantId, sha256: string, range?: ByteRange): Promise<FileContent | null>;
  /** Contents of a tenant, ordered by SHA-256. */
  list(tenant: TenantId, page: PageRequest): Promise<Page<StoredFile>>;
  /** Bytes that a tenant has stored. */
  usage(tenant: TenantId): Promise<number>;
  /**
   * @param ifBeforeMs - only when it was stored before this moment, epoch ms.
   * @returns whether it was removed.
   */
  remove(tenant: TenantId, sha256: string, ifBeforeMs?: number): Promise<boolean>;
}
