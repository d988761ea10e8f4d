import type { TenantId } from '#ontology/ids.ts';
import { missing, modelDiffers, parentCycle, type CheckedChanges } from '#ontology/twin-graph.ts';
import type { Database } from './database.ts';

/** How many of the changes made something new, changed something, or found it equal. */
export interface ApplyCounts {
  created: number;
  changed: number;
  equal: number;
}

type Outcome = keyof ApplyCounts;

/** Writes all changes and then checks every reference among those that did change; the caller holds the transaction. */
export function applyChanges(
  db: Database,
  tenant: TenantId,
  changes: CheckedChanges,
  nowMs: number,
): ApplyCounts {
  const counts: ApplyCounts = { created: 0, changed: 0, equal: 0 };
  const note = (outcome: Outcome): boolean => {
    counts[outcome] += 1;
    return outcome !== 'equal';
  };
  for (const item of changes.models) note(putModel(db, tenant, item));
  const twins = changes.twins.filter((item) => note(putTwin(db, tenant, item, nowMs)));
  const relationships = changes.relationships.filter((item) => note(putRelationship(db, tenant, item)));
  for (const { twin } of twins) checkTwinReferences(db, tenant, twin);
  for (const { relationship } of relationships)
    for (const end of [relationship.sourceId, relationship.targetId])
      if (!exists(db, 'twins', tenant, end)) throw missing('end', end, `relationship ${relationship.id}`);
  return counts;
}

function putModel(
  db: Database,
  tenant: TenantId,
  { model, text }: CheckedChanges['models'][number],
): Outcome {
  const found = db.get('SELECT document FROM models WHERE tenant = ? AND id = ?', tenant, model.id);
  if (found && found['document'] !== text) throw modelDiffers(model.id);
  if (found) return 'equal';
  db.run('INSERT INTO models (tenant, id, document) VALUES (?, ?, ?)', tenant, model.id, text);
  for (const base of new Set(model.extends))
    db.run('INSERT INTO model_extends (tenant, model_id, base_id) VALUES (?, ?, ?)', tenant, model.id, base);
  return 'created';
}

function putTwin(
  db: Database,
  tenant: TenantId,
  item: CheckedChanges['twins'][number],
  nowMs: number,
): Outcome {
  const { twin, properties } = item;
  const found = db.get(
    'SELECT kind, name, model_id, parent_id, properties FROM twins WHERE tenant = ? AND id = ?',
    tenant,
    twin.id,
  );
  const values = [
    twin.kind,
    twin.name,
    twin.name.toLowerCase(),
    twin.modelId,
    twin.parentId,
    properties,
    nowMs,
  ] as const;
  if (!found) {
    db.run(
      `INSERT INTO twins (kind, name, name_lower, model_id, parent_id, properties, updated_at, created_at, revision, tenant, id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      ...values,
      nowMs,
      tenant,
      twin.id,
    );
    return 'created';
  }
  const equal =
    found['kind'] === twin.kind &&
    found['name'] === twin.name &&
    found['model_id'] === twin.modelId &&
    found['parent_id'] === twin.parentId &&
    found['properties'] === properties;
  if (equal) return 'equal';
  db.run(
    `UPDATE twins SET kind = ?, name = ?, name_lower = ?, model_id = ?, parent_id = ?, properties = ?, updated_at = ?,
       revision = revision + 1 WHERE tenant = ? AND id = ?`,
    ...values,
    tenant,
    twin.id,
  );
  return 'changed';
}

function putRelationship(
  db: Database,
  tenant: TenantId,
  item: CheckedChanges['relationships'][number],
): Outcome {
  const { relationship, properties } = item;
  const { id, name, sourceId, targetId } = relationship;
  const found = db.get(
    'SELECT name, source_id, target_id, properties FROM relationships WHERE tenant = ? AND id = ?',
    tenant,
    id,
  );
  const equal =
    found?.['name'] === name &&
    found['source_id'] === sourceId &&
    found['target_id'] === targetId &&
    found['properties'] === properties;
  if (equal) return 'equal';
  db.run(
    `INSERT INTO relationships (tenant, id, name, source_id, target_id, properties) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, source_id = excluded.source_id,
       target_id = excluded.target_id, properties = excluded.properties`,
    tenant,
    id,
    name,
    sourceId,
    targetId,
    properties,
  );
  return found ? 'changed' : 'created';
}

function checkTwinReferences(
  db: Database,
  tenant: TenantId,
  twin: CheckedChanges['twins'][number]['twin'],
): void {
  if (!exists(db, 'models', tenant, twin.modelId)) throw missing('model', twin.modelId, `twin ${twin.id}`);
  if (twin.parentId === null) return;
  if (!exists(db, 'twins', tenant, twin.parentId)) throw missing('parent', twin.parentId, `twin ${twin.id}`);
  // UNION, not UNION ALL: the walk up ends on a cycle that does not pass through this twin, too.
  const above = db.get(
    `WITH RECURSIVE up (id) AS (
       SELECT parent_id FROM twins WHERE tenant = ?1 AND id = ?2
       UNION SELECT t.parent_id FROM up CROSS JOIN twins t ON t.tenant = ?1 AND t.id = up.id WHERE t.parent_id IS NOT NULL
     ) SELECT 1 AS cyclic FROM up WHERE id = ?2`,
    tenant,
    twin.id,
  );
  if (above) throw parentCycle(twin.id);
}

function exists(db: Database, table: 'models' | 'twins', tenant: TenantId, id: string): boolean {
  return db.get(`SELECT 1 AS found FROM ${table} WHERE tenant = ? AND id = ?`, tenant, id) !== undefined;
}
