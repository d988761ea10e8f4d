import { seekLink, seekModel, seekTwin } from './queries.ts';

const set = '(s:ChangeSet {tenant: $tenant, owner: $owner, part: $part})';
const sets = '(s:ChangeSet {tenant: $tenant, owner: $owner})';
const items = '(i:ChangeItem {tenant: $tenant, owner: $owner})';
const itemOfRow = '(i:ChangeItem {tenant: $tenant, owner: $owner, part: $part, kind: row.kind, id: row.id})';

/**
 * Change sets: `(:ChangeSet {tenant, owner, part, state})` and its `(:ChangeItem {tenant, owner, part, kind, id})`. An item
 * has what to write while its set is staged (`entry`), and what was there before once it is applied (`before`; none when
 * there was nothing). Both are found by their unique keys.
 */
export const setQueries = {
  /** Locks it, so that no second process commits the same. */
  lock: `MATCH ${set} SET s.locked = true REMOVE s.locked RETURN s{.*} AS node`,
  stage: `MERGE ${set} ON CREATE SET s.state = 'STAGED', s.created = 0, s.changed = 0, s.equal = 0
    RETURN s.state AS state`,
  items: `MATCH (i:ChangeItem {tenant: $tenant, owner: $owner, part: $part}) RETURN i{.*} AS node
    ORDER BY i.sort, i.number`,
  setState: `MATCH ${set} SET s.state = $state, s.created = $created, s.changed = $changed, s.equal = $equal
    RETURN s.state AS state`,
  setSplits: `MATCH ${set} SET s.state = 'SPLIT', s.splits = $splits RETURN s.state AS state`,
  discardItems: `MATCH ${sets} WHERE s.state IN ['STAGED', 'SPLIT']
    MATCH (i:ChangeItem {tenant: $tenant, owner: $owner, part: s.part}) DELETE i`,
  discardSets: `MATCH ${sets} WHERE s.state IN ['STAGED', 'SPLIT'] DELETE s`,
  forgetItems: `MATCH ${items} DELETE i`,
  forgetSets: `MATCH ${sets} DELETE s`,
  applied: `MATCH ${sets} WHERE s.state = 'APPLIED'
    RETURN count(s) AS sets, sum(s.created) AS created, sum(s.changed) AS changed, sum(s.equal) AS equal`,
  lockApplied: `MATCH ${sets} WHERE s.state = 'APPLIED' SET s.locked = true REMOVE s.locked RETURN s.part AS part`,
  appliedItems: `MATCH ${sets} WHERE s.state = 'APPLIED'
    MATCH (i:ChangeItem {tenant: $tenant, owner: $owner, part: s.part}) RETURN i{.*} AS node
    ORDER BY s.part, i.sort, i.number`,
  setReverted: `MATCH ${sets} WHERE s.state = 'APPLIED' SET s.state = 'REVERTED' RETURN count(s) AS sets`,
} as const;

/** Each runs once for every `row` of a batch. */
export const setRowQueries = {
  putItem: `MERGE ${itemOfRow} SET i.entry = row.entry, i.expected = row.expected, i.sort = row.sort,
    i.number = row.number`,
  keepItem: `MATCH ${itemOfRow} SET i.before = row.before, i.revision = row.revision, i.entry = row.entry`,
  dropItem: `MATCH ${itemOfRow} DELETE i`,
  splitItem: `MATCH ${itemOfRow} SET i.part = row.own
    CREATE (:ChangeSet {tenant: $tenant, owner: $owner, part: row.own, state: 'STAGED', created: 0, changed: 0, equal: 0})`,
} as const;

/** What taking back removes, and who uses it. */
export const removalQueries = {
  dropLink: `${seekLink('row')} DELETE r`,
  childrenOf: `${seekTwin('n', 'row')} MATCH (n)<-[:CHILD_OF]-(u) RETURN row AS id, u.id AS user`,
  linksOf: `${seekTwin('n', 'row')} MATCH (n)-[r:LINK]-() RETURN row AS id, r.id AS user`,
  dropTwin: `${seekTwin('n', 'row')} DETACH DELETE n`,
  twinsOf: `${seekModel('n', 'row')} MATCH (n)<-[:INSTANCE_OF]-(u) RETURN row AS id, u.id AS user`,
  derivedOf: `${seekModel('n', 'row')} MATCH (n)<-[:EXTENDS]-(u) RETURN row AS id, u.id AS user`,
  dropModel: `${seekModel('n', 'row')} DETACH DELETE n`,
} as const;

/** Documents and properties that may name a model elsewhere than in a relationship of the graph. */
export const mentionQueries = {
  documents: `MATCH (m:Model) USING INDEX SEEK m:Model(tenant, id)
    WHERE m.tenant = $tenant AND m.id > '' AND m.document IS NOT NULL RETURN m.id AS user, m.document AS text`,
  shells: `MATCH (t:Twin) USING INDEX SEEK t:Twin(tenant, id)
    WHERE t.tenant = $tenant AND t.id > '' AND t.properties CONTAINS '"$aas"' RETURN t.id AS user, t.properties AS text`,
} as const;
