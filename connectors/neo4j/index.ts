import type { Clock } from '#kernel/clock.ts';
import type { ModelId, TenantId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { ChangeSetStore } from '#ontology/ports/change-set-store.ts';
import type { Page, PageRequest, TwinChanges, TwinFilter, TwinStore } from '#ontology/ports/twin-store.ts';
import type { Relationship, Twin } from '#ontology/twin.ts';
import {
  checkChanges,
  checkPage,
  lineageIn,
  noSuchTwin,
  pageOf,
  patchedProperties,
  revisionConflict,
} from '#ontology/twin-graph.ts';
import { applyChanges, type ApplyCounts } from './apply.ts';
import { Neo4jChangeSets } from './change-sets.ts';
import { Neo4jClient, type Row, type Run } from './client.ts';
import type { Neo4jConfig } from './config.ts';
import { listTwins } from './list.ts';
import { byNameThenId, toModel, toRelationship, toTwin } from './map.ts';
import { queries } from './queries.ts';
import { prepareSchema } from './schema.ts';

export { readNeo4jConfig, type Neo4jConfig } from './config.ts';

/** What the store needs of its surroundings. */
export interface Neo4jDeps {
  readonly clock: Clock;
}

/** The twins, and the change sets of imports beside them; closing it closes both. */
export interface Neo4jStores extends TwinStore {
  readonly changeSets: ChangeSetStore;
}

/**
 * Connects to the graph database and makes what it lacks of constraints and indexes.
 *
 * @throws {HubError} STORE_UNAVAILABLE - it does not answer within seconds or refuses the credentials.
 */
export async function createNeo4jTwinStore(config: Neo4jConfig, deps: Neo4jDeps): Promise<Neo4jStores> {
  const client = new Neo4jClient(config);
  try {
    await prepareSchema(client);
  } catch (error) {
    await client.close();
    throw error;
  }
  return new Neo4jTwinStore(client, deps.clock);
}

class Neo4jTwinStore implements Neo4jStores {
  readonly changeSets: ChangeSetStore;
  readonly #client: Neo4jClient;
  readonly #clock: Clock;

  constructor(client: Neo4jClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.changeSets = new Neo4jChangeSets(client, clock);
  }

  async apply(tenant: TenantId, changes: TwinChanges): Promise<ApplyCounts> {
    const checked = checkChanges(changes);
    return this.#client.write((run) => applyChanges(run, tenant, checked, this.#clock.now()));
  }

  patchProperties(
    tenant: TenantId,
    id: TwinId,
    patch: Readonly<Record<string, unknown>>,
    expectedRevision: number | null,
  ): Promise<Twin> {
    return this.#client.write(async (run) => {
      const [row] = await run(queries.lockTwin, { tenant, id });
      if (!row) throw noSuchTwin(id);
      const twin = toTwin(row['twin']);
      if (expectedRevision !== null && expectedRevision !== twin.revision)
        throw revisionConflict(id, expectedRevision, twin.revision);
      return this.#setProperties(run, twin, String((row['twin'] as Row)['properties']), patch);
    });
  }

  async #setProperties(
    run: Run,
    twin: Twin,
    before: string,
    patch: Readonly<Record<string, unknown>>,
  ): Promise<Twin> {
    const { properties, text } = patchedProperties(twin.properties, patch);
    if (text === before) return twin;
    const { tenant, id } = twin;
    const revision = twin.revision + 1;
    const now = this.#clock.now();
    await run(queries.setProperties, { tenant, id, properties: text, revision, now });
    return { ...twin, properties, revision, updatedAt: now };
  }

  async twins(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (Twin | null)[]> {
    const found = await this.#byId(queries.twins, tenant, ids, (row) => toTwin(row['twin']));
    return ids.map((id) => found.get(id)?.[0] ?? null);
  }

  async listTwins(tenant: TenantId, filter: TwinFilter, page: PageRequest): Promise<Page<Twin>> {
    checkPage(page);
    return pageOf(await this.#client.read((run) => listTwins(run, tenant, filter, page)), page.first);
  }

  async childrenOf(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (readonly Twin[])[]> {
    const found = await this.#byId(queries.children, tenant, ids, (row) => toTwin(row['twin']));
    return ids.map((id) => found.get(id) ?? []);
  }

  async ancestorsOf(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (readonly Twin[])[]> {
    const found = await this.#byId(queries.ancestors, tenant, ids, (row) => toTwin(row['twin']));
    return ids.map((id) => found.get(id) ?? []);
  }

  async relationshipsOf(
    tenant: TenantId,
    ids: readonly TwinId[],
    direction: 'out' | 'in',
  ): Promise<readonly (readonly Relationship[])[]> {
    const query = direction === 'out' ? queries.linksOut : queries.linksIn;
    const found = await this.#byId(query, tenant, ids, toRelationship);
    return ids.map((id) => (found.get(id) ?? []).sort(byNameThenId));
  }

  async models(tenant: TenantId, ids: readonly ModelId[]): Promise<readonly (Model | null)[]> {
    const found = await this.#byId(queries.models, tenant, ids, (row) => toModel(row['document']));
    return ids.map((id) => found.get(id)?.[0] ?? null);
  }

  async listModels(tenant: TenantId, page: PageRequest): Promise<Page<Model>> {
    checkPage(page);
    const parameters = { tenant, after: page.after ?? '', wanted: page.first + 1 };
    const rows = await this.#client.read((run) => run(queries.listModels, parameters));
    return pageOf(
      rows.map((row) => toModel(row['document'])),
      page.first,
    );
  }

  async lineageOf(tenant: TenantId, ids: readonly ModelId[]): Promise<readonly (readonly Model[] | null)[]> {
    const rows = ids.length
      ? await this.#client.read((run) => run(queries.lineage, { tenant, ids: [...new Set(ids)] }))
      : [];
    const known = new Map(
      rows.map((row) => toModel(row['document'])).map((model) => [model.id as string, model]),
    );
    return ids.map((id) => lineageIn(id, known));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #byId<T>(
    query: string,
    tenant: TenantId,
    ids: readonly string[],
    map: (row: Row) => T,
  ): Promise<Map<string, T[]>> {
    const found = new Map<string, T[]>();
    if (!ids.length) return found;
    for (const row of await this.#client.read((run) => run(query, { tenant, ids: [...new Set(ids)] }))) {
      const id = String(row['id']);
      const list = found.get(id);
      if (list) list.push(map(row));
      else found.set(id, [map(row)]);
    }
    return found;
  }
}
