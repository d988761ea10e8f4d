import type { TenantId } from '#ontology/ids.ts';
import { missing, modelDiffers, parentCycle, type CheckedChanges } from '#ontology/twin-graph.ts';
import type { Row, Run } from './client.ts';
import { importQueries } from './queries.ts';

/** Rows of one UNWIND: large enough to save round trips, small enough for the server's transaction memory. */
const batchRows = 2_000;

/** How many of the changes made something new, changed something, or found it equal. */
export interface ApplyCounts {
  created: number;
  changed: number;
  equal: number;
}

type TwinItem = CheckedChanges['twins'][number];
type LinkItem = CheckedChanges['relationships'][number];

/** Writes all changes within the transaction of `run`; throws when a rule is broken, so that nothing is committed. */
export async function applyChanges(
  run: Run,
  tenant: TenantId,
  changes: CheckedChanges,
  nowMs: number,
): Promise<ApplyCounts> {
  // One writer of a tenant at a time: two could otherwise close a circle of parents, each seeing half of it.
  await run('MERGE (t:Tenant {id: $tenant}) SET t.locked = true REMOVE t.locked', { tenant });
  const batch = new Batch(run, tenant, nowMs);
  await batch.models(changes.models);
  await batch.twins(changes.twins);
  await batch.links(changes.relationships);
  return batch.counts;
}

class Batch {
  readonly counts: ApplyCounts = { created: 0, changed: 0, equal: 0 };
  readonly #run: Run;
  readonly #tenant: TenantId;
  readonly #nowMs: number;

  constructor(run: Run, tenant: TenantId, nowMs: number) {
    this.#run = run;
    this.#tenant = tenant;
    this.#nowMs = nowMs;
  }

  async models(items: CheckedChanges['models']): Promise<void> {
    const ids = items.map(({ model }) => model.id);
    const known = await this.#known(importQueries.knownModel, ids);
    for (const { model, text } of items)
      if (known.has(model.id) && known.get(model.id)?.['document'] !== text) throw modelDiffers(model.id);
    const added = items.filter(({ model }) => !known.has(model.id));
    await this.#each(
      importQueries.putModel,
      added.map(({ model, text }) => ({ id: model.id, document: text })),
    );
    await this.#each(
      importQueries.extendModel,
      added.flatMap(({ model }) => model.extends.map((base) => ({ id: model.id, base }))),
    );
    this.counts.created += added.length;
    this.counts.equal += items.length - added.length;
  }

  async twins(items: readonly TwinItem[]): Promise<void> {
    const known = await this.#known(
      importQueries.knownTwin,
      items.map(({ twin }) => twin.id),
    );
    const before = (item: TwinItem): Row | undefined => known.get(item.twin.id)?.['node'] as Row | undefined;
    const added = items.filter((item) => !before(item));
    const changed = items.filter((item) => before(item) && !isSameTwin(item, before(item) as Row));
    await this.#checkTwinReferences([...added, ...changed], items);
    await this.#each(importQueries.createTwin, added.map(twinRow));
    await this.#each(importQueries.changeTwin, changed.map(twinRow));
    const moved = changed.filter((item) => before(item)?.['parentKey'] !== (item.twin.parentId ?? ''));
    const remodelled = changed.filter((item) => before(item)?.['modelId'] !== item.twin.modelId);
    await this.#placeTwins(added, moved, remodelled);
    await this.#checkCycles(added, moved);
    this.counts.created += added.length;
    this.counts.changed += changed.length;
    this.counts.equal += items.length - added.length - changed.length;
  }

  async links(items: readonly LinkItem[]): Promise<void> {
    const known = await this.#known(
      importQueries.knownLink,
      items.map(({ relationship }) => relationship.id),
    );
    const added = items.filter(({ relationship }) => !known.has(relationship.id));
    const changed = items.filter((item) => {
      const row = known.get(item.relationship.id);
      return row !== undefined && !isSameLink(item, row);
    });
    await this.#each(
      importQueries.dropLink,
      changed.map(({ relationship }) => relationship.id),
    );
    await this.#createLinks([...added, ...changed]);
    this.counts.created += added.length;
    this.counts.changed += changed.length;
    this.counts.equal += items.length - added.length - changed.length;
  }

  async #createLinks(items: readonly LinkItem[]): Promise<void> {
    const ends = items.flatMap(({ relationship }) => [relationship.sourceId, relationship.targetId]);
    const twins = await this.#existing('Twin', ends);
    for (const { relationship } of items)
      for (const end of [relationship.sourceId, relationship.targetId])
        if (!twins.has(end)) throw missing('end', end, `relationship ${relationship.id}`);
    await this.#each(
      importQueries.createLink,
      items.map(({ relationship: { id, name, sourceId, targetId }, properties }) => ({
        id,
        name,
        sourceId,
        targetId,
        properties,
      })),
    );
  }

  async #checkTwinReferences(written: readonly TwinItem[], all: readonly TwinItem[]): Promise<void> {
    const here = new Set<string>(all.map(({ twin }) => twin.id));
    const parents = written.flatMap(({ twin }) =>
      twin.parentId !== null && !here.has(twin.parentId) ? [twin.parentId] : [],
    );
    const knownParents = await this.#existing('Twin', parents);
    const knownModels = await this.#existing(
      'Model',
      written.map(({ twin }) => twin.modelId),
    );
    for (const { twin } of written) {
      if (!knownModels.has(twin.modelId)) throw missing('model', twin.modelId, `twin ${twin.id}`);
      const { parentId } = twin;
      if (parentId !== null && !here.has(parentId) && !knownParents.has(parentId))
        throw missing('parent', parentId, `twin ${twin.id}`);
    }
  }

  async #placeTwins(
    added: readonly TwinItem[],
    moved: readonly TwinItem[],
    remodelled: readonly TwinItem[],
  ): Promise<void> {
    await this.#each(
      importQueries.leaveParent,
      moved.map(({ twin }) => ({ id: twin.id })),
    );
    await this.#each(
      importQueries.leaveModel,
      remodelled.map(({ twin }) => ({ id: twin.id })),
    );
    await this.#each(
      importQueries.joinParent,
      [...added, ...moved].flatMap(({ twin }) =>
        twin.parentId === null ? [] : [{ id: twin.id, to: twin.parentId }],
      ),
    );
    await this.#each(
      importQueries.joinModel,
      [...added, ...remodelled].map(({ twin }) => ({ id: twin.id, to: twin.modelId })),
    );
  }

  /** A circle runs through new twins alone, or through a stored one that moved. */
  async #checkCycles(added: readonly TwinItem[], moved: readonly TwinItem[]): Promise<void> {
    const parents = new Map(added.map(({ twin }) => [twin.id, twin.parentId]));
    const clear = new Set<string>();
    for (const start of parents.keys()) {
      const path = new Set<string>();
      for (let id = start; parents.has(id) && !clear.has(id); id = parents.get(id) ?? ('' as typeof id)) {
        if (path.has(id)) throw parentCycle(id);
        path.add(id);
      }
      for (const id of path) clear.add(id);
    }
    const found = await this.#known(
      importQueries.onCircle,
      moved.map(({ twin }) => twin.id),
    );
    for (const id of found.keys()) throw parentCycle(id);
  }

  async #existing(label: 'Twin' | 'Model', ids: readonly string[]): Promise<ReadonlySet<string>> {
    const query = label === 'Model' ? importQueries.knownModel : importQueries.existingTwin;
    const found = await this.#known(query, [...new Set(ids)]);
    return new Set(found.keys());
  }

  /** Runs a query that returns `id` over rows in batches; its rows by id. */
  async #known(cypher: string, rows: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = await this.#each(cypher, rows);
    return new Map(found.map((row) => [String(row['id']), row]));
  }

  async #each(cypher: string, rows: readonly unknown[]): Promise<Row[]> {
    const found: Row[] = [];
    for (let start = 0; start < rows.length; start += batchRows) {
      const parameters = {
        tenant: this.#tenant,
        now: this.#nowMs,
        rows: rows.slice(start, start + batchRows),
      };
      found.push(...(await this.#run(`UNWIND $rows AS row ${cypher}`, parameters)));
    }
    return found;
  }
}

function twinRow({ twin, properties }: TwinItem): Row {
  const { id, kind, name, modelId, parentId } = twin;
  return {
    id,
    values: { kind, name, nameLower: name.toLowerCase(), modelId, parentKey: parentId ?? '', properties },
  };
}

function isSameTwin({ twin, properties }: TwinItem, node: Row): boolean {
  return (
    node['kind'] === twin.kind &&
    node['name'] === twin.name &&
    node['modelId'] === twin.modelId &&
    node['parentKey'] === (twin.parentId ?? '') &&
    node['properties'] === properties
  );
}

function isSameLink({ relationship, properties }: LinkItem, row: Row): boolean {
  const link = row['link'] as Row;
  return (
    link['name'] === relationship.name &&
    link['properties'] === properties &&
    row['sourceId'] === relationship.sourceId &&
    row['targetId'] === relationship.targetId
  );
}
