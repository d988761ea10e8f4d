import { canonicalJson } from '#kernel/canonical.ts';
import type { Model } from '../model.ts';
import type { ImportLookups } from './lookups.ts';

/**
 * Concept descriptions come along with a submodel and are no part of it: two files may describe one concept in different
 * words. A submodel that is stored already, but for these, stays as it is stored.
 */
export async function keepStoredConcepts(
  models: readonly Model[],
  known: ImportLookups,
): Promise<readonly Model[]> {
  const shells = models.filter(({ standard }) => standard === 'AAS');
  if (!shells.length) return models;
  const stored = await known.models(shells.map(({ id }) => id));
  const same = new Map<string, Model>();
  for (const [i, model] of shells.entries()) {
    const before = stored[i];
    if (before && textOf(before) === textOf(model)) same.set(model.id, before);
  }
  return models.map((model) => same.get(model.id) ?? model);
}

function textOf({ concepts: _, ...model }: Model): string {
  return canonicalJson(model);
}
