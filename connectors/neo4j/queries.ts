/**
 * Finds the twin of an id. The hint matters: while the database holds little, the planner thinks a scan as cheap as a
 * seek, and keeps that plan while an import fills the database.
 */
export function seekTwin(variable: string, id: string): string {
  return seekNode(variable, 'Twin', id);
}

/** Finds the model of an id. */
export function seekModel(variable: string, id: string): string {
  return seekNode(variable, 'Model', id);
}

/** Finds the link of an id between `s` and `t`. */
export function seekLink(id: string): string {
  return `MATCH (s)-[r:LINK {tenant: $tenant, id: ${id}}]->(t) USING INDEX SEEK r:LINK(tenant, id)`;
}

function seekNode(variable: string, label: 'Twin' | 'Model', id: string): string {
  return `MATCH (${variable}:${label} {tenant: $tenant, id: ${id}}) USING INDEX SEEK ${variable}:${label}(tenant, id)`;
}

const eachTwin = `UNWIND $ids AS id ${seekTwin('n', 'id')}`;
const eachModel = `UNWIND $ids AS id ${seekModel('m', 'id')}`;

/** The read queries: each takes `$tenant` and, where it looks things up, `$ids`. */
export const queries = {
  twins: `${eachTwin} RETURN id, n{.*} AS twin`,
  children: `${eachTwin} CALL (n) { MATCH (n)<-[:CHILD_OF]-(c) RETURN c ORDER BY c.id LIMIT 1000 }
    RETURN id, c{.*} AS twin ORDER BY c.id`,
  ancestors: `${eachTwin} MATCH (n)-[path:CHILD_OF*1..]->(a) RETURN id, a{.*} AS twin ORDER BY size(path) DESC`,
  linksOut: `${eachTwin} MATCH (n)-[r:LINK]->(t) RETURN id, r{.*} AS link, n.id AS sourceId, t.id AS targetId`,
  linksIn: `${eachTwin} MATCH (n)<-[r:LINK]-(s) RETURN id, r{.*} AS link, s.id AS sourceId, n.id AS targetId`,
  models: `${eachModel} WHERE m.document IS NOT NULL RETURN id, m.document AS document`,
  lineage: `${eachModel} MATCH (m)-[:EXTENDS*0..]->(b)
    WITH DISTINCT b WHERE b.document IS NOT NULL RETURN b.document AS document`,
  derived: `${seekModel('m', '$id')} MATCH (m)<-[:EXTENDS*0..]-(d) RETURN DISTINCT d.id AS id`,
  listModels: `MATCH (m:Model) USING INDEX SEEK m:Model(tenant, id)
    WHERE m.tenant = $tenant AND m.id > $after AND m.document IS NOT NULL
    RETURN m.document AS document ORDER BY m.tenant, m.id LIMIT $wanted`,
  lockTwin: `${seekTwin('t', '$id')} SET t.locked = true REMOVE t.locked RETURN t{.*} AS twin`,
  setProperties: `${seekTwin('t', '$id')}
    SET t.properties = $properties, t.revision = $revision, t.updatedAt = $now RETURN t.revision AS revision`,
} as const;

/** The queries of an import: each runs once for every `row` of a batch. */
export const importQueries = {
  knownModel: `${seekModel('n', 'row')} WHERE n.document IS NOT NULL RETURN row AS id, n.document AS document`,
  putModel: 'MERGE (m:Model {tenant: $tenant, id: row.id}) SET m.document = row.document',
  // A base may come later: until then its node has no document.
  extendModel: `${seekModel('m', 'row.id')} MERGE (b:Model {tenant: $tenant, id: row.base}) MERGE (m)-[:EXTENDS]->(b)`,
  // The lock comes before the read, so no other writer's revision is lost between them.
  knownTwin: `${seekTwin('n', 'row')} SET n.locked = true REMOVE n.locked RETURN row AS id, n{.*} AS node`,
  existingTwin: `${seekTwin('n', 'row')} RETURN row AS id`,
  createTwin: `CREATE (t:Twin {tenant: $tenant, id: row.id, createdAt: $now, revision: 1})
    SET t += row.values, t.updatedAt = $now`,
  changeTwin: `${seekTwin('t', 'row.id')} SET t += row.values, t.revision = t.revision + 1, t.updatedAt = $now`,
  leaveParent: `${seekTwin('t', 'row.id')} MATCH (t)-[r:CHILD_OF]->() DELETE r`,
  leaveModel: `${seekTwin('t', 'row.id')} MATCH (t)-[r:INSTANCE_OF]->() DELETE r`,
  joinParent: `${seekTwin('t', 'row.id')} ${seekTwin('p', 'row.to')} CREATE (t)-[:CHILD_OF]->(p)`,
  joinModel: `${seekTwin('t', 'row.id')} ${seekModel('m', 'row.to')} CREATE (t)-[:INSTANCE_OF]->(m)`,
  onCircle: `${seekTwin('t', 'row')} WHERE EXISTS { MATCH (t)-[:CHILD_OF*1..]->(t) } RETURN row AS id`,
  knownLink: `${seekLink('row')} RETURN row AS id, r{.*} AS link, s.id AS sourceId, t.id AS targetId`,
  dropLink: `${seekLink('row')} DELETE r`,
  createLink: `${seekTwin('s', 'row.sourceId')} ${seekTwin('t', 'row.targetId')}
    CREATE (s)-[:LINK {tenant: $tenant, id: row.id, name: row.name, properties: row.properties}]->(t)`,
} as const;
