import type { Neo4jClient } from './client.ts';

/**
 * The graph: `(:Twin)-[:CHILD_OF]->(:Twin)`, `(:Twin)-[:INSTANCE_OF]->(:Model)`, `(:Model)-[:EXTENDS]->(:Model)`,
 * `(:Twin)-[:LINK {name}]->(:Twin)`. `parentKey` (empty for a root), `kind` and `modelId` stand on the twin too, because
 * an index over them and the id gives pages in order without a sort.
 */
const statements = [
  'CREATE CONSTRAINT twinhub_twin IF NOT EXISTS FOR (t:Twin) REQUIRE (t.tenant, t.id) IS UNIQUE',
  'CREATE CONSTRAINT twinhub_model IF NOT EXISTS FOR (m:Model) REQUIRE (m.tenant, m.id) IS UNIQUE',
  'CREATE CONSTRAINT twinhub_link IF NOT EXISTS FOR ()-[r:LINK]-() REQUIRE (r.tenant, r.id) IS UNIQUE',
  'CREATE CONSTRAINT twinhub_tenant IF NOT EXISTS FOR (t:Tenant) REQUIRE t.id IS UNIQUE',
  'CREATE CONSTRAINT twinhub_change_set IF NOT EXISTS FOR (s:ChangeSet) REQUIRE (s.tenant, s.owner, s.part) IS UNIQUE',
  'CREATE CONSTRAINT twinhub_change_item IF NOT EXISTS FOR (i:ChangeItem) REQUIRE (i.tenant, i.owner, i.part, i.kind, i.id) IS UNIQUE',
  'CREATE INDEX twinhub_change_owner IF NOT EXISTS FOR (i:ChangeItem) ON (i.tenant, i.owner, i.part)',
  'CREATE INDEX twinhub_twin_kind IF NOT EXISTS FOR (t:Twin) ON (t.tenant, t.kind, t.id)',
  'CREATE INDEX twinhub_twin_model IF NOT EXISTS FOR (t:Twin) ON (t.tenant, t.modelId, t.id)',
  'CREATE INDEX twinhub_twin_parent IF NOT EXISTS FOR (t:Twin) ON (t.tenant, t.parentKey, t.id)',
];

/** Makes constraints and indexes that are missing and waits until they serve. */
export async function prepareSchema(client: Neo4jClient): Promise<void> {
  for (const statement of statements) await client.schema(statement);
  await client.schema('CALL db.awaitIndexes($seconds)', { seconds: 60 });
}
