import type { TenantId } from '#ontology/ids.ts';
import type { PageRequest, TwinFilter } from '#ontology/ports/twin-store.ts';
import type { Twin } from '#ontology/twin.ts';
import type { Parameters, Run } from './client.ts';
import { toTwin } from './map.ts';
import { queries } from './queries.ts';

/** One walk along an index, and what is left to test on the way. */
export interface TwinStream {
  readonly cypher: string;
  readonly parameters: Parameters;
}

/**
 * The queries of one page: each walks one index whose last column is the id, from the cursor on, and stops when it has
 * enough. With several models or kinds there is one for each, and their heads are merged.
 */
export function twinStreams(
  tenant: TenantId,
  filter: TwinFilter,
  models: readonly string[] | undefined,
  page: PageRequest,
): TwinStream[] {
  const kinds = filter.kinds && [...new Set(filter.kinds)];
  const { parentId } = filter;
  const [column, values]: [string | null, readonly string[]] =
    parentId !== undefined
      ? ['parentKey', [parentId ?? '']]
      : models
        ? ['modelId', models]
        : kinds
          ? ['kind', kinds]
          : [null, ['']];
  const conditions = [
    't.tenant = $tenant',
    ...(column ? [`t.${column} = $value`] : []),
    't.id > $after',
    ...(models && column !== 'modelId' ? ['t.modelId IN $models'] : []),
    ...(kinds && column !== 'kind' ? ['t.kind IN $kinds'] : []),
    // Not written with OR: the planner now and then takes that apart into a union, which loses the order of the index.
    ...(filter.text ? ['any(part IN [toLower(t.id), t.nameLower] WHERE part CONTAINS $text)'] : []),
  ];
  // All columns of the index stand in ORDER BY: only then the planner sees that the index has the order already.
  const order = ['t.tenant', ...(column ? [`t.${column}`] : []), 't.id'].join(', ');
  const hint = `USING INDEX SEEK t:Twin(tenant, ${column ? `${column}, ` : ''}id)`;
  const cypher = `MATCH (t:Twin) ${hint} WHERE ${conditions.join(' AND ')} RETURN t{.*} AS twin ORDER BY ${order} LIMIT $wanted`;
  const rest = {
    tenant,
    after: page.after ?? '',
    wanted: page.first + 1,
    models,
    kinds,
    text: filter.text?.toLowerCase(),
  };
  const used = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return values.map((value) => ({ cypher, parameters: column ? { ...used, value } : used }));
}

/** Up to `first + 1` twins after the cursor, ordered by id. */
export async function listTwins(
  run: Run,
  tenant: TenantId,
  filter: TwinFilter,
  page: PageRequest,
): Promise<Twin[]> {
  const models =
    filter.modelId === undefined ? undefined : await modelAndDerived(run, tenant, filter.modelId);
  const twins: Twin[] = [];
  for (const { cypher, parameters } of twinStreams(tenant, filter, models, page))
    twins.push(...(await run(cypher, parameters)).map((row) => toTwin(row['twin'])));
  return twins.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, page.first + 1);
}

async function modelAndDerived(run: Run, tenant: TenantId, id: string): Promise<string[]> {
  const rows = await run(queries.derived, { tenant, id });
  return rows.map((row) => String(row['id']));
}
