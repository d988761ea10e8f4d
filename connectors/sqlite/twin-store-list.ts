import type { TenantId } from '#ontology/ids.ts';
import type { PageRequest, TwinFilter } from '#ontology/ports/twin-store.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';

/** One condition of the WHERE clause with its values. */
interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * Up to `first + 1` rows of `twins` after the cursor, ordered by id.
 *
 * Each stream below walks one index whose last column is the id, so it starts at the cursor and stops when it has
 * enough; with several models or kinds there is one stream for each, and their heads are merged.
 */
export function listTwinRows(
  db: Database,
  tenant: TenantId,
  filter: TwinFilter,
  page: PageRequest,
): SqlRow[] {
  const wanted = page.first + 1;
  const { streams, rest } = plan(db, tenant, filter);
  const rows = streams.flatMap((stream) => readStream(db, tenant, [stream, ...rest], page.after, wanted));
  if (streams.length > 1) rows.sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  return rows.slice(0, wanted);
}

function plan(
  db: Database,
  tenant: TenantId,
  filter: TwinFilter,
): { streams: Condition[]; rest: Condition[] } {
  const kinds = filter.kinds && [...new Set(filter.kinds)];
  const models = filter.modelId === undefined ? undefined : modelAndDerived(db, tenant, filter.modelId);
  const byKind = kinds?.map((kind) => ({ sql: 'kind = ?', values: [kind] }));
  const byModel = models?.map((id) => ({ sql: 'model_id = ?', values: [id] }));
  const byParent =
    filter.parentId === undefined ? undefined : [{ sql: 'parent_id IS ?', values: [filter.parentId] }];
  const streams: Condition[] = byParent ?? byModel ?? byKind ?? [{ sql: 'true', values: [] }];
  const rest: Condition[] = [];
  if (kinds && streams !== byKind) rest.push(inList('+kind', kinds));
  if (models && streams !== byModel) rest.push(inList('+model_id', models));
  if (filter.text) {
    const text = filter.text.toLowerCase();
    rest.push({ sql: '(instr(lower(id), ?) > 0 OR instr(name_lower, ?) > 0)', values: [text, text] });
  }
  return { streams, rest };
}

function inList(column: string, values: readonly string[]): Condition {
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
}

function readStream(
  db: Database,
  tenant: TenantId,
  conditions: readonly Condition[],
  after: string | null,
  wanted: number,
): SqlRow[] {
  const where = conditions.map((condition) => condition.sql).join(' AND ');
  return db.all(
    `SELECT * FROM twins WHERE tenant = ? AND ${where} AND id > ? ORDER BY id LIMIT ?`,
    tenant,
    ...conditions.flatMap((condition) => condition.values),
    after ?? '',
    wanted,
  );
}

/** The model and every one that extends it, directly or not. */
function modelAndDerived(db: Database, tenant: TenantId, id: string): string[] {
  const rows = db.all(
    `WITH RECURSIVE derived (id) AS (
       SELECT ?2
       UNION SELECT e.model_id FROM derived CROSS JOIN model_extends e ON e.tenant = ?1 AND e.base_id = derived.id
     ) SELECT id FROM derived`,
    tenant,
    id,
  );
  return rows.map((row) => String(row['id']));
}
