import { canonicalJson } from '#kernel/canonical.ts';
import type { TwinChanges } from '../ports/twin-store.ts';
import type { ModelId, TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import type { ImportLookups } from './lookups.ts';

/** How an import would change what is stored. */
export interface ImportCounts {
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
}

/** The counts, and what stands against the import or has to be told about it. */
export interface Comparison {
  readonly counts: ImportCounts;
  /** Models that are stored with other content: they do not change. */
  readonly conflicting: readonly ModelId[];
  /** Twins that would be created or changed. */
  readonly twins: readonly TwinId[];
}

type Verdict = 'created' | 'changed' | 'equal';

function verdict(now: unknown, before: unknown): Verdict {
  if (before === null || before === undefined) return 'created';
  return canonicalJson(now) === canonicalJson(before) ? 'equal' : 'changed';
}

/** Compares planned changes with what is stored. */
export async function compare(changes: Required<TwinChanges>, known: ImportLookups): Promise<Comparison> {
  const [models, twins, relationships] = await Promise.all([
    known.models(changes.models.map((model) => model.id)),
    known.twins(changes.twins.map((twin) => twin.id)),
    storedRelationships(changes, known),
  ]);
  const ofModels = changes.models.map((model, i) => verdict(model, models[i]));
  const ofTwins = changes.twins.map((twin, i) => {
    const stored = twins[i];
    return verdict(
      twin,
      stored && Object.fromEntries(Object.keys(twin).map((key) => [key, stored[key as keyof typeof twin]])),
    );
  });
  const ofRelationships = changes.relationships.map((relationship) =>
    verdict(relationship, relationships.get(relationship.id)),
  );
  const all = [...ofModels, ...ofTwins, ...ofRelationships];
  const count = (wanted: Verdict) => all.filter((found) => found === wanted).length;
  return {
    counts: { created: count('created'), changed: count('changed'), equal: count('equal') },
    conflicting: changes.models.filter((_: Model, i) => ofModels[i] === 'changed').map((model) => model.id),
    twins: changes.twins.filter((_, i) => ofTwins[i] !== 'equal').map((twin) => twin.id),
  };
}

async function storedRelationships(
  changes: Required<TwinChanges>,
  known: ImportLookups,
): Promise<ReadonlyMap<string, unknown>> {
  const sources = [...new Set(changes.relationships.map((relationship) => relationship.sourceId))];
  const found = sources.length ? await known.relationshipsFrom(sources) : [];
  return new Map(
    found
      .flat()
      .map(({ id, name, sourceId, targetId, properties }) => [
        id,
        { id, name, sourceId, targetId, properties },
      ]),
  );
}
