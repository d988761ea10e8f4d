import type { ModelId, TenantId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { Relationship, Twin, TwinKind } from '#ontology/twin.ts';
import type { SqlRow } from './database.ts';

/** A row of `twins` as a Twin. */
export function toTwin(row: SqlRow): Twin {
  return {
    tenant: row['tenant'] as TenantId,
    id: row['id'] as TwinId,
    kind: row['kind'] as TwinKind,
    name: String(row['name']),
    modelId: row['model_id'] as ModelId,
    parentId: row['parent_id'] as TwinId | null,
    properties: JSON.parse(String(row['properties'])) as Record<string, unknown>,
    revision: Number(row['revision']),
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
  };
}

/** A row of `relationships` as a Relationship. */
export function toRelationship(row: SqlRow): Relationship {
  return {
    tenant: row['tenant'] as TenantId,
    id: String(row['id']),
    name: String(row['name']),
    sourceId: row['source_id'] as TwinId,
    targetId: row['target_id'] as TwinId,
    properties: JSON.parse(String(row['properties'])) as Record<string, unknown>,
  };
}

/** A row of `models` as a Model. */
export function toModel(row: SqlRow): Model {
  return JSON.parse(String(row['document'])) as Model;
}
