import type { ModelId } from '#ontology/ids.ts';
import { diffModels } from '#ontology/model-graph/index.ts';
import { compareVersions, versionless } from '#ontology/model-graph/versions.ts';
import type { Model } from '#ontology/model.ts';
import type { Change } from './changes.ts';

/** Reasons kept of one model. */
const maxReasons = 50;

/** What the versions of a DTMI have in common, `null` for ids that have no version. @see DTDL v4, Digital Twin Model Identifier */
export function pathOf(id: string): string | null {
  const path = versionless(id);
  return id.startsWith('dtmi:') && path !== id ? path : null;
}

/** The newest of these models that is an older version of the one with this id. */
export function newestBefore(id: ModelId, models: readonly Model[]): Model | null {
  const path = pathOf(id);
  const older = models.filter((model) => pathOf(model.id) === path && compareVersions(model.id, id) < 0);
  return path === null ? null : (older.sort((a, b) => compareVersions(b.id, a.id))[0] ?? null);
}

/**
 * A model that an import adds, compared with the version before it when there is one.
 * @param bases - of both, direct and indirect.
 */
export function modelChange(model: Model, before: Model | null, bases: readonly Model[]): Change {
  const diff = before ? diffModels([before], [model], bases) : null;
  const changes = [...(diff?.changes ?? [])].sort((a, b) => Number(b.breaking) - Number(a.breaking));
  return {
    item: 'MODEL',
    id: model.id,
    kind: 'CREATED',
    compatibility: diff?.verdict ?? null,
    comparedWith: before?.id ?? null,
    reasons: changes.slice(0, maxReasons).map(({ message }) => message),
    properties: [],
    truncated: changes.length > maxReasons,
  };
}
