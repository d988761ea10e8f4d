import type { ModelId, TenantId, TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import type { TwinStore } from '../ports/twin-store.ts';
import type { Relationship, Twin } from '../twin.ts';

/** What is stored already, as an import needs to know it. Answers are in the order asked. */
export interface ImportLookups {
  lineageOf(ids: readonly ModelId[]): Promise<readonly (readonly Model[] | null)[]>;
  models(ids: readonly ModelId[]): Promise<readonly (Model | null)[]>;
  twins(ids: readonly TwinId[]): Promise<readonly (Twin | null)[]>;
  /** Relationships that leave each twin. */
  relationshipsFrom(ids: readonly TwinId[]): Promise<readonly (readonly Relationship[])[]>;
}

/** The lookups of one tenant's store. */
export function lookupsOf(store: TwinStore, tenant: TenantId): ImportLookups {
  return {
    lineageOf: (ids) => store.lineageOf(tenant, ids),
    models: (ids) => store.models(tenant, ids),
    twins: (ids) => store.twins(tenant, ids),
    relationshipsFrom: (ids) => store.relationshipsOf(tenant, ids, 'out'),
  };
}

/** Nothing is stored: for checking files by themselves. */
export const noLookups: ImportLookups = {
  lineageOf: async (ids) => ids.map(() => null),
  models: async (ids) => ids.map(() => null),
  twins: async (ids) => ids.map(() => null),
  relationshipsFrom: async (ids) => ids.map(() => []),
};

/** Adds the models of each lineage that is known to `models`; those there already stay. */
export async function addLineages(
  models: Map<string, Model>,
  ids: readonly string[],
  known: ImportLookups,
): Promise<void> {
  const wanted = [...new Set(ids)].filter((id) => !models.has(id)) as ModelId[];
  if (!wanted.length) return;
  for (const lineage of await known.lineageOf(wanted)) {
    for (const model of lineage ?? []) if (!models.has(model.id)) models.set(model.id, model);
  }
}
