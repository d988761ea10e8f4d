import type { EvidenceCheckpoint, EvidenceEntry, EvidenceInput } from '../evidence.ts';
import type { TenantId } from '../ids.ts';
import type { Page, PageRequest } from './twin-store.ts';

/** The append-only log of who did what, linked by hashes per tenant. */
export interface EvidenceLog {
  /** Durable when it resolves. @throws {HubError} STORE_UNAVAILABLE */
  append(input: EvidenceInput): Promise<EvidenceEntry>;
  /**
   * Oldest first.
   * @param subject - entries about this alone, or `null` for all.
   */
  list(tenant: TenantId, subject: string | null, page: PageRequest): Promise<Page<EvidenceEntry>>;
  /** Oldest first. */
  checkpoints(tenant: TenantId): Promise<readonly EvidenceCheckpoint[]>;
  /** Signs the end of each tenant's log that has entries after its last checkpoint. @returns how many it signed. */
  checkpoint(): Promise<number>;
}
