import type { TenantId } from '#ontology/ids.ts';
import type { Relationship, Twin, TwinInput } from '#ontology/twin.ts';
import type { Parameters, Row, Run } from './client.ts';
import { toRelationship, toTwin } from './map.ts';
import { importQueries } from './queries.ts';

const batchRows = 2_000;

/** Runs a query once for every row, in batches; what each answers together. */
export async function runEach(
  run: Run,
  cypher: string,
  rows: readonly unknown[],
  parameters: Parameters,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let start = 0; start < rows.length; start += batchRows) {
    const batch = { ...parameters, rows: rows.slice(start, start + batchRows) };
    for (const row of await run(`UNWIND $rows AS row ${cypher}`, batch)) found.push(row);
  }
  return found;
}

/** Stored twins by id, locked for the rest of the transaction. */
export async function readTwins(
  run: Run,
  tenant: TenantId,
  ids: readonly string[],
): Promise<Map<string, Twin>> {
  const rows = await runEach(run, importQueries.knownTwin, ids, { tenant });
  return new Map(rows.map((row) => [String(row['id']), toTwin(row['node'])]));
}

/** Stored relationships by id. */
export async function readLinks(
  run: Run,
  tenant: TenantId,
  ids: readonly string[],
): Promise<Map<string, Relationship>> {
  const rows = await runEach(run, importQueries.knownLink, ids, { tenant });
  return new Map(rows.map((row) => [String(row['id']), toRelationship(row)]));
}

/** Which of these models are stored. */
export async function readModelIds(run: Run, tenant: TenantId, ids: readonly string[]): Promise<Set<string>> {
  const rows = await runEach(run, importQueries.knownModel, ids, { tenant });
  return new Set(rows.map((row) => String(row['id'])));
}

/** A stored twin as a writer would give it. */
export function toTwinInput(twin: Twin): TwinInput {
  const { tenant: _t, revision: _r, createdAt: _c, updatedAt: _u, ...input } = twin;
  return input;
}
