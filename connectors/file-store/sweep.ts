import type { TenantId } from '#ontology/ids.ts';
import type { FileLinks } from '#ontology/ports/file-links.ts';
import type { FileStore } from '#ontology/ports/file-store.ts';
import type { PageRequest } from '#ontology/ports/twin-store.ts';

/**
 * Removes contents that no link needs. What was stored lately stays: its link may be on its way.
 * @param beforeMs - contents stored from here on stay, epoch ms. @returns how many were removed.
 */
export async function sweepFiles(
  tenant: TenantId,
  { files, links }: { readonly files: FileStore; readonly links: FileLinks },
  beforeMs: number,
): Promise<number> {
  let removed = 0;
  let page: PageRequest | null = { first: 500, after: null };
  while (page) {
    const { items, next } = await files.list(tenant, page);
    const old = items.filter(({ storedAt }) => storedAt < beforeMs).map(({ sha256 }) => sha256);
    const needed = await links.needed(tenant, old);
    for (const sha256 of old)
      if (!needed.has(sha256) && (await files.remove(tenant, sha256, beforeMs))) removed += 1;
    page = next === null ? null : { first: 500, after: next };
  }
  return removed;
}
