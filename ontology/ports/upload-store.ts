import type { TenantId } from '../ids.ts';

/** A file that a partner sends, whole or in pieces. */
export interface Upload {
  readonly tenant: TenantId;
  readonly id: string;
  /** File name as given, used in messages. */
  readonly name: string;
  /** Account that began it. */
  readonly by: string;
  /** Bytes in all; `null` while the sender has not said. */
  readonly length: number | null;
  /** Bytes stored so far. */
  readonly offset: number;
  /** Hexadecimal SHA-256 once it is complete, `null` before. */
  readonly sha256: string | null;
  /** The import it belongs to, `null` for none yet. */
  readonly job: string | null;
  /** Epoch ms. It is removed then, unless it belongs to an import. */
  readonly expiresAt: number;
}

/** Algorithms for checksums of what is appended. */
export const checksumAlgorithms = ['sha1', 'sha256', 'md5'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface AppendOptions {
  /** What the appended bytes have to give; else none of them is kept. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly digest: Uint8Array };
  /** The upload is complete with these bytes, whose number was not known before. @default false */
  readonly complete?: boolean;
}

/** Keeps uploads on the disk of this machine until an import has read them. */
export interface UploadStore {
  /**
   * @throws {HubError} LIMIT_EXCEEDED - larger than allowed, or the tenant's uploads together are (`details.limit` says
   *   which, `details.max` how much); STORAGE_FULL.
   */
  create(upload: {
    readonly tenant: TenantId;
    readonly name: string;
    readonly by: string;
    readonly length: number | null;
  }): Promise<Upload>;
  /** `null` when there is none, or it has expired. */
  find(tenant: TenantId, id: string): Promise<Upload | null>;
  /**
   * Appends bytes as they come. When they stop coming, what came is kept and can be continued.
   * @param offset - has to be where the upload ends.
   * @throws {HubError} NOT_FOUND; REVISION_CONFLICT - another offset, or somebody else appends at this moment;
   *   LIMIT_EXCEEDED - more bytes than said or allowed; INVALID_INPUT - the checksum differs; STORAGE_FULL; CANCELLED -
   *   the bytes stopped coming.
   */
  append(
    tenant: TenantId,
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options?: AppendOptions,
  ): Promise<Upload>;
  /** Says how long it will be, once. @throws {HubError} NOT_FOUND, LIMIT_EXCEEDED, INVALID_INPUT */
  setLength(tenant: TenantId, id: string, length: number): Promise<Upload>;
  /** Gives complete uploads to an import: they no longer expire. @throws {HubError} NOT_FOUND, INVALID_INPUT */
  claim(tenant: TenantId, ids: readonly string[], job: string): Promise<readonly Upload[]>;
  /** Uploads that belong to imports, of all tenants. */
  claimed(): Promise<readonly Upload[]>;
  /** @returns whether there was one. */
  remove(tenant: TenantId, id: string): Promise<boolean>;
  /** Removes uploads past their time. @returns how many. */
  expire(): Promise<number>;
  /** The file with its bytes, for reading on this machine. */
  pathOf(tenant: TenantId, id: string): string;
}
