import { canonicalJson } from '#kernel/canonical.ts';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type {
  ChangeSetCounts,
  ChangeSetKey,
  ChangeSetOutcome,
  ChangeSetStore,
  RevertOutcome,
  SplitItem,
  StagedChanges,
} from '#ontology/ports/change-set-store.ts';
import { checkChanges, revisionConflict } from '#ontology/twin-graph.ts';
import { applyChanges } from './apply.ts';
import { changesOf, itemRows, toItem, type SetItem } from './change-set-items.ts';
import { setQueries, setRowQueries } from './change-set-queries.ts';
import { revertSets } from './change-set-revert.ts';
import { readLinks, readModelIds, readTwins, runEach, toTwinInput } from './change-set-reads.ts';
import type { Neo4jClient, Row, Run } from './client.ts';

/** Change sets in the database of the twins: a set and how to take it back are one transaction. */
export class Neo4jChangeSets implements ChangeSetStore {
  readonly #client: Neo4jClient;
  readonly #clock: Clock;

  constructor(client: Neo4jClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async stage(key: ChangeSetKey, changes: StagedChanges): Promise<void> {
    const rows = itemRows(checkChanges(changes), changes.expected);
    await this.#client.write(async (run) => {
      const [found] = await run(setQueries.stage, { ...key });
      if (found?.['state'] !== 'STAGED') throw notStaged(key);
      await runEach(run, setRowQueries.putItem, rows, { ...key });
    });
  }

  commit(key: ChangeSetKey): Promise<ChangeSetOutcome> {
    return this.#client.write(async (run) => {
      const [found] = await run(setQueries.lock, { ...key });
      const set = found?.['node'] as Row | undefined;
      if (set?.['state'] === 'SPLIT') throw takenApart(key);
      if (set?.['state'] !== 'APPLIED' && set?.['state'] !== 'STAGED') throw notStaged(key);
      const counts = set['state'] === 'APPLIED' ? toCounts(set) : await this.#commit(run, key);
      const twins = (await readItems(run, key)).filter((item) => item.kind === 'TWIN');
      return { ...counts, twins: twins.map(({ id }) => id as TwinId) };
    });
  }

  async #commit(run: Run, key: ChangeSetKey): Promise<ChangeSetCounts> {
    const { tenant } = key;
    const items = await readItems(run, key);
    const ids = (kind: SetItem['kind']) => items.filter((item) => item.kind === kind).map(({ id }) => id);
    const twins = await readTwins(run, tenant, ids('TWIN'));
    for (const { kind, id, expected } of items) {
      const revision = twins.get(id)?.revision ?? 0;
      if (kind === 'TWIN' && expected !== null && revision !== expected)
        throw revisionConflict(id as TwinId, expected, revision);
    }
    const models = await readModelIds(run, tenant, ids('MODEL'));
    const links = await readLinks(run, tenant, ids('RELATIONSHIP'));
    const counts = await applyChanges(run, tenant, changesOf(items), this.#clock.now());
    const twinsAfter = await readTwins(run, tenant, ids('TWIN'));
    const linksAfter = await readLinks(run, tenant, ids('RELATIONSHIP'));
    const kept = items.map(
      (item): { item: SetItem; before: object | null | undefined; revision: number | null } => {
        if (item.kind === 'MODEL')
          return { item, before: models.has(item.id) ? undefined : null, revision: null };
        if (item.kind === 'TWIN') {
          const [before, after] = [twins.get(item.id), twinsAfter.get(item.id)];
          const same = before?.revision === after?.revision;
          const input = before ? toTwinInput(before) : null;
          return { item, before: same ? undefined : input, revision: after?.revision ?? null };
        }
        const [before, after] = [links.get(item.id) ?? null, linksAfter.get(item.id) ?? null];
        const same = canonicalJson(before) === canonicalJson(after);
        return { item, before: same ? undefined : before, revision: null };
      },
    );
    const equal = kept.filter(({ before }) => before === undefined).map(({ item }) => item);
    await runEach(run, setRowQueries.dropItem, equal.map(keyOf), { ...key });
    const rows = kept.flatMap(({ item, before, revision }) =>
      before === undefined
        ? []
        : [
            {
              ...keyOf(item),
              before: before === null ? null : JSON.stringify(before),
              revision,
              entry: item.kind === 'RELATIONSHIP' ? item.entry : null,
            },
          ],
    );
    await runEach(run, setRowQueries.keepItem, rows, { ...key });
    await run(setQueries.setState, { ...key, ...counts, state: 'APPLIED' });
    return { ...counts };
  }

  split(key: ChangeSetKey): Promise<readonly SplitItem[]> {
    return this.#client.write(async (run) => {
      const [found] = await run(setQueries.lock, { ...key });
      const set = found?.['node'] as Row | undefined;
      if (set?.['state'] === 'SPLIT') return JSON.parse(String(set['splits'])) as SplitItem[];
      if (set?.['state'] !== 'STAGED') throw notStaged(key);
      const items = await readItems(run, key);
      const splits = items.map(({ kind, id }, i): SplitItem => {
        return { part: `${key.part}.${String(i).padStart(4, '0')}`, item: kind, id };
      });
      const rows = splits.map(({ part, item, id }) => ({ kind: item, id, own: part }));
      await runEach(run, setRowQueries.splitItem, rows, { ...key });
      await run(setQueries.setSplits, { ...key, splits: JSON.stringify(splits) });
      return splits;
    });
  }

  async discard(tenant: TenantId, owner: string): Promise<void> {
    await this.#client.write(async (run) => {
      await run(setQueries.discardItems, { tenant, owner });
      await run(setQueries.discardSets, { tenant, owner });
    });
  }

  async applied(tenant: TenantId, owner: string): Promise<ChangeSetCounts | null> {
    const [row] = await this.#client.read((run) => run(setQueries.applied, { tenant, owner }));
    return row && Number(row['sets']) > 0 ? toCounts(row) : null;
  }

  revert(tenant: TenantId, owner: string): Promise<RevertOutcome> {
    return this.#client.write((run) => revertSets(run, tenant, owner, this.#clock.now()));
  }

  async forget(tenant: TenantId, owner: string): Promise<void> {
    await this.#client.write(async (run) => {
      await run(setQueries.forgetItems, { tenant, owner });
      await run(setQueries.forgetSets, { tenant, owner });
    });
  }
}

async function readItems(run: Run, key: ChangeSetKey): Promise<SetItem[]> {
  return (await run(setQueries.items, { ...key })).map((row) => toItem(row['node']));
}

const keyOf = ({ kind, id }: SetItem): Row => ({ kind, id });

function toCounts(row: Row): ChangeSetCounts {
  return { created: Number(row['created']), changed: Number(row['changed']), equal: Number(row['equal']) };
}

function notStaged({ owner, part }: ChangeSetKey): HubError {
  return new HubError('NOT_FOUND', `There is no staged set ${part} of the import ${owner}.`, {
    details: { owner, part },
  });
}

function takenApart({ owner, part }: ChangeSetKey): HubError {
  return new HubError('INVALID_INPUT', `The set ${part} of the import ${owner} was taken apart.`, {
    details: { owner, part },
  });
}
