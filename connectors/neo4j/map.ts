import type { ModelId, TenantId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { Relationship, Twin, TwinKind } from '#ontology/twin.ts';
import type { Row } from './client.ts';

/** The properties of a `:Twin` node (`t{.*}`) as a Twin. */
export function toTwin(node: unknown): Twin {
  const row = node as Row;
  return {
    tenant: row['tenant'] as TenantId,
    id: row['id'] as TwinId,
    kind: row['kind'] as TwinKind,
    name: String(row['name']),
    modelId: row['modelId'] as ModelId,
    parentId: row['parentKey'] === '' ? null : (row['parentKey'] as TwinId),
    properties: JSON.parse(String(row['properties'])) as Record<string, unknown>,
    revision: Number(row['revision']),
    createdAt: Number(row['createdAt']),
    updatedAt: Number(row['updatedAt']),
  };
}

/** A row with `link` (`r{.*}`), `sourceId` and `targetId` as a Relationship. */
export function toRelationship(row: Row): Relationship {
  const link = row['link'] as Row;
  return {
    tenant: link['tenant'] as TenantId,
    id: String(link['id']),
    name: String(link['name']),
    sourceId: row['sourceId'] as TwinId,
    targetId: row['targetId'] as TwinId,
    properties: JSON.parse(String(link['properties'])) as Record<string, unknown>,
  };
}

/** The `document` of a `:Model` node as a Model. */
export function toModel(document: unknown): Model {
  return JSON.parse(String(document)) as Model;
}

/** Orders by name, then id. */
export function byNameThenId(a: Relationship, b: Relationship): number {
  return compare(a.name, b.name) || compare(a.id, b.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
