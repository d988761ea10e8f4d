import { canonicalJson } from '#kernel/canonical.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import { revertRefused, type RevertConflict, type RevertOutcome } from '#ontology/ports/change-set-store.ts';
import { checkChanges } from '#ontology/twin-graph.ts';
import type { RelationshipInput, TwinInput } from '#ontology/twin.ts';
import { modelIdsOf } from '#ontology/verify-twin.ts';
import { applyChanges } from './apply.ts';
import { toItem, type SetItem } from './change-set-items.ts';
import { mentionQueries, removalQueries, setQueries } from './change-set-queries.ts';
import { readLinks, readTwins, runEach } from './change-set-reads.ts';
import type { Run } from './client.ts';

/**
 * Takes back the applied sets of an import within the transaction of `run`.
 * @throws {HubError} REVISION_CONFLICT
 */
export async function revertSets(
  run: Run,
  tenant: TenantId,
  owner: string,
  nowMs: number,
): Promise<RevertOutcome> {
  await run(setQueries.lockApplied, { tenant, owner });
  const rows = await run(setQueries.appliedItems, { tenant, owner });
  const items = rows.map((row) => toItem(row['node']));
  const of = (kind: SetItem['kind'], some = items) => some.filter((item) => item.kind === kind);
  const changed = [
    ...(await twinConflicts(run, tenant, of('TWIN'))),
    ...(await linkConflicts(run, tenant, of('RELATIONSHIP'))),
  ];
  if (changed.length) throw revertRefused(changed);
  const created = items.filter((item) => item.before === null);
  const restored = items.filter((item) => item.before !== null);
  const ids = (kind: SetItem['kind']) => of(kind, created).map(({ id }) => id);
  await runEach(run, removalQueries.dropLink, ids('RELATIONSHIP'), { tenant });
  const former = <T>(kind: SetItem['kind']) =>
    of(kind, restored).map((item) => JSON.parse(item.before ?? 'null') as T);
  const changes = checkChanges({
    twins: former<TwinInput>('TWIN'),
    relationships: former<RelationshipInput>('RELATIONSHIP'),
  });
  await applyChanges(run, tenant, changes, nowMs);
  await removeTwins(run, tenant, ids('TWIN'));
  await removeModels(run, tenant, ids('MODEL'));
  await run(setQueries.setReverted, { tenant, owner });
  await run(setQueries.forgetItems, { tenant, owner });
  const twins = of('TWIN', restored).map(({ id }) => id as TwinId);
  return { removed: created.length, restored: restored.length, twins };
}

async function twinConflicts(
  run: Run,
  tenant: TenantId,
  items: readonly SetItem[],
): Promise<RevertConflict[]> {
  const stored = await readTwins(
    run,
    tenant,
    items.map(({ id }) => id),
  );
  return items.flatMap(({ id, revision }) => {
    const now = stored.get(id)?.revision ?? 0;
    if (now === revision) return [];
    const reason = now
      ? `It was changed since: revision ${now}, the import left ${revision}.`
      : 'It was removed since.';
    return [{ item: 'TWIN' as const, id, reason }];
  });
}

async function linkConflicts(
  run: Run,
  tenant: TenantId,
  items: readonly SetItem[],
): Promise<RevertConflict[]> {
  const stored = await readLinks(
    run,
    tenant,
    items.map(({ id }) => id),
  );
  return items.flatMap(({ id, entry }) => {
    const now = stored.get(id);
    if (now && entry !== null && contentOf(now) === writtenContent(entry)) return [];
    const reason = now ? 'It was changed since.' : 'It was removed since.';
    return [{ item: 'RELATIONSHIP' as const, id, reason }];
  });
}

function contentOf({ id, name, sourceId, targetId, properties }: RelationshipInput): string {
  return canonicalJson({ id, name, sourceId, targetId, properties });
}

function writtenContent(entry: string): string {
  const { relationship, properties } = JSON.parse(entry) as {
    relationship: RelationshipInput;
    properties: string;
  };
  return contentOf({ ...relationship, properties: JSON.parse(properties) as Record<string, unknown> });
}

/** Twins of the import among themselves do not count: relationships of theirs are gone, children go first. */
async function removeTwins(run: Run, tenant: TenantId, ids: readonly string[]): Promise<void> {
  const own = new Set(ids);
  const children = await runEach(run, removalQueries.childrenOf, ids, { tenant });
  const links = await runEach(run, removalQueries.linksOf, ids, { tenant });
  const conflicts = [
    ...children
      .filter((row) => !own.has(String(row['user'])))
      .map((row) =>
        conflict('TWIN', row['id'], `The twin ${String(row['user'])} was placed below it since.`),
      ),
    ...links.map((row) =>
      conflict('TWIN', row['id'], `The relationship ${String(row['user'])} uses it since.`),
    ),
  ];
  if (conflicts.length) throw revertRefused(unique(conflicts));
  await runEach(run, removalQueries.dropTwin, ids, { tenant });
}

async function removeModels(run: Run, tenant: TenantId, ids: readonly string[]): Promise<void> {
  if (!ids.length) return;
  const own = new Set(ids);
  const uses = (user: string, what: string, used: string): RevertConflict[] =>
    own.has(used) && !(what === 'model' && own.has(user))
      ? [conflict('MODEL', used, `The ${what} ${user} uses it.`)]
      : [];
  const twins = await runEach(run, removalQueries.twinsOf, ids, { tenant });
  const derived = await runEach(run, removalQueries.derivedOf, ids, { tenant });
  const documents = await run(mentionQueries.documents, { tenant });
  const shells = await run(mentionQueries.shells, { tenant });
  const conflicts = [
    ...twins.flatMap((row) => uses(String(row['user']), 'twin', String(row['id']))),
    ...derived.flatMap((row) => uses(String(row['user']), 'model', String(row['id']))),
    ...documents.flatMap((row) =>
      namedIn(JSON.parse(String(row['text'])) as Model).flatMap((id) =>
        uses(String(row['user']), 'model', id),
      ),
    ),
    ...shells.flatMap((row) => {
      const properties = JSON.parse(String(row['text'])) as Record<string, unknown>;
      const attached = modelIdsOf({ modelId: '' as Model['id'], properties });
      return attached.flatMap((id) => uses(String(row['user']), 'twin', id));
    }),
  ];
  if (conflicts.length) throw revertRefused(unique(conflicts));
  await runEach(run, removalQueries.dropModel, ids, { tenant });
}

/** Models that a model names as part or as end of a relationship. */
function namedIn({ contents }: Model): string[] {
  return contents.flatMap((content) =>
    content.kind === 'component'
      ? content.schema
      : content.kind === 'relationship'
        ? (content.target ?? [])
        : [],
  );
}

function conflict(item: RevertConflict['item'], id: unknown, reason: string): RevertConflict {
  return { item, id: String(id), reason };
}

function unique(conflicts: readonly RevertConflict[]): RevertConflict[] {
  return [...new Map(conflicts.map((one) => [`${one.item} ${one.id} ${one.reason}`, one])).values()];
}
