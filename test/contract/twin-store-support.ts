import assert from 'node:assert/strict';
import { isHubError, type ErrorCode } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { PageRequest, TwinFilter, TwinStore } from '#ontology/ports/twin-store.ts';
import { freshTenant, smallPlant } from './twin-store-data.ts';

/** How the suite gets at one implementation. */
export interface TwinStoreHarness {
  /** Opens the store on data that outlives `close`: opened again it has what was written. */
  open(): Promise<TwinStore>;
}

/** Twin ids out of texts, whatever they are. */
export const ids = (...texts: string[]): TwinId[] => texts as TwinId[];
/** The ids of items, `null` where there is none. */
export const idsOf = (items: readonly ({ readonly id: string } | null)[]): (string | null)[] =>
  items.map((item) => item?.id ?? null);

/** The work fails with this code and words. */
export async function rejectsWith(code: ErrorCode, work: Promise<unknown>, naming?: string): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isHubError(error, code), `expected ${code}, got ${String(error)}`);
    if (naming) assert.match(error.message, new RegExp(naming.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    return true;
  });
}

/** Every id of a list, page by page. */
export async function allPages(
  store: TwinStore,
  tenant: TenantId,
  filter: TwinFilter,
  first: number,
): Promise<{ found: string[]; pages: number }> {
  const found: string[] = [];
  let pages = 0;
  for (let page: PageRequest | null = { first, after: null }; page; pages += 1) {
    const { items, next } = await store.listTwins(tenant, filter, page);
    found.push(...items.map((item) => item.id));
    page = next === null ? null : { first, after: next };
  }
  return { found, pages };
}

/** A fresh tenant with the small plant. */
export async function plantIn(store: TwinStore): Promise<TenantId> {
  const tenant = freshTenant();
  await store.apply(tenant, smallPlant());
  return tenant;
}

/** Every id that matches. */
export async function listIn(store: TwinStore, tenant: TenantId, filter: TwinFilter): Promise<string[]> {
  return (await allPages(store, tenant, filter, 500)).found;
}
