/** Collects what is stored for an export, page by page. */
import { HubError } from '#kernel/errors.ts';
import { parseModelId, parseTwinId, type ModelId, type TenantId, type TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import type { Page, PageRequest, TwinStore } from '../ports/twin-store.ts';
import type { Relationship, Twin } from '../twin.ts';
import { attachedShells } from '../verify-twin.ts';

/** Models or twins of one export. */
const maxItems = 50_000;
const pageSize = 500;

/** Where an export reads from. */
export interface ExportSource {
  readonly store: TwinStore;
  readonly tenant: TenantId;
}

/**
 * DTDL interfaces with everything they extend or have as component, so that they can be read by themselves.
 * @param ids - all that are stored without.
 * @throws {HubError} NOT_FOUND, LIMIT_EXCEEDED
 */
export async function collectInterfaces(
  source: ExportSource,
  ids: readonly string[] | null,
): Promise<readonly Model[]> {
  const { store, tenant } = source;
  const isInterface = ({ standard }: Model) => standard === 'DTDL';
  if (!ids) return (await all((page) => store.listModels(tenant, page))).filter(isInterface);
  const found = new Map<string, Model>();
  const named = new Set<string>(ids);
  let wanted = ids.map(parseModelId);
  while (wanted.length) {
    const lineages = await store.lineageOf(tenant, wanted);
    for (const [i, id] of wanted.entries()) if (!lineages[i] && named.has(id)) throw unknown('model', id);
    const fresh = lineages.flatMap((lineage) => lineage ?? []).filter(({ id }) => !found.has(id));
    for (const model of fresh) found.set(model.id, model);
    wanted = [...new Set(fresh.flatMap(componentsOf))].filter((id) => !found.has(id));
    assertFew(found.size);
  }
  return [...found.values()].filter(isInterface);
}

const componentsOf = ({ contents }: Model): ModelId[] =>
  contents.flatMap((content) => (content.kind === 'component' ? content.schema : []));

/**
 * Twins with the relationships between them.
 * @param ids - all that are stored without.
 * @throws {HubError} NOT_FOUND, LIMIT_EXCEEDED
 */
export async function collectTwins(
  { store, tenant }: ExportSource,
  ids: readonly string[] | null,
): Promise<{ readonly twins: readonly Twin[]; readonly relationships: readonly Relationship[] }> {
  const twins = ids
    ? known('twin', ids, await store.twins(tenant, ids.map(parseTwinId)))
    : await all((page) => store.listTwins(tenant, {}, page));
  const exported = new Set<TwinId>(twins.map(({ id }) => id));
  const relationships: Relationship[] = [];
  for (let start = 0; start < twins.length; start += pageSize) {
    const sources = twins.slice(start, start + pageSize).map(({ id }) => id);
    const found = await store.relationshipsOf(tenant, sources, 'out');
    relationships.push(...found.flat().filter(({ targetId }) => exported.has(targetId)));
  }
  return { twins, relationships };
}

/**
 * Twins with shells, and submodels.
 * @param ids - of twins or submodels; all twins with shells and all submodels without.
 * @throws {HubError} NOT_FOUND, LIMIT_EXCEEDED
 */
export async function collectShells(
  { store, tenant }: ExportSource,
  ids: readonly string[] | null,
): Promise<{ readonly twins: readonly Twin[]; readonly models: readonly Model[] }> {
  const isAas = (model: Model | null) => model?.standard === 'AAS';
  if (!ids) {
    const twins = await all((page) => store.listTwins(tenant, {}, page));
    const models = await all((page) => store.listModels(tenant, page));
    return {
      twins: twins.filter(({ properties }) => attachedShells(properties).length),
      models: models.filter(isAas),
    };
  }
  const twinsById = await store.twins(
    tenant,
    ids.map((id) => id as TwinId),
  );
  const modelsById = await store.models(tenant, ids.map(parseModelId));
  for (const [i, id] of ids.entries())
    if (!twinsById[i] && !isAas(modelsById[i] ?? null)) throw unknown('twin or submodel', id);
  const twins = twinsById.filter((twin) => twin !== null);
  const attached = twins.flatMap(({ properties }) =>
    attachedShells(properties).flatMap(({ submodels }) => submodels as readonly ModelId[]),
  );
  const wanted = [...new Set([...attached, ...modelsById.flatMap((model) => model?.id ?? [])])];
  const models = (await store.models(tenant, wanted)).filter((model) => model !== null);
  return { twins, models: models.filter(isAas) };
}

function known<T>(what: string, ids: readonly string[], found: readonly (T | null)[]): readonly T[] {
  return ids.map((id, i) => {
    const item = found[i];
    if (!item) throw unknown(what, id);
    return item;
  });
}

function unknown(what: string, id: string): HubError {
  return new HubError('NOT_FOUND', `There is no ${what} ${id}.`, { details: { id } });
}

function assertFew(count: number): void {
  if (count > maxItems)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `An export has at most ${maxItems} items; name those that are wanted.`,
      {
        details: { maxItems },
      },
    );
}

async function all<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await list({ first: pageSize, after });
    found.push(...page.items);
    assertFew(found.length);
    after = page.next;
  } while (after !== null);
  return found;
}
