import type { ChangeSetKey } from '#ontology/ports/change-set-store.ts';
import type { CheckedChanges } from '#ontology/twin-graph.ts';
import type { Database, SqlRow } from './database.ts';

/** Tables of the change sets, one step per version. They stand in the file of the twin store. */
export const changeSetMigrations: readonly string[] = [
  `CREATE TABLE change_set (
     tenant TEXT NOT NULL,
     owner TEXT NOT NULL,
     part TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('STAGED', 'SPLIT', 'APPLIED', 'REVERTED')),
     created INTEGER NOT NULL DEFAULT 0,
     changed INTEGER NOT NULL DEFAULT 0,
     equal INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (tenant, owner, part)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE change_item (
     tenant TEXT NOT NULL,
     owner TEXT NOT NULL,
     part TEXT NOT NULL,
     item TEXT NOT NULL CHECK (item IN ('MODEL', 'TWIN', 'RELATIONSHIP')),
     id TEXT NOT NULL,
     -- what to write, while the set is staged
     entry TEXT,
     expected INTEGER,
     -- once applied: what was there before (null: nothing), and the twin's revision after
     before TEXT,
     revision INTEGER,
     UNIQUE (tenant, owner, part, item, id)
   ) STRICT;
   CREATE TABLE change_split (
     tenant TEXT NOT NULL,
     owner TEXT NOT NULL,
     part TEXT NOT NULL,
     number INTEGER NOT NULL,
     item TEXT NOT NULL,
     id TEXT NOT NULL,
     PRIMARY KEY (tenant, owner, part, number)
   ) STRICT, WITHOUT ROWID;`,
];

export type ItemKind = 'MODEL' | 'TWIN' | 'RELATIONSHIP';

/** A staged or applied item. */
export interface ItemRow {
  readonly rowid: number;
  readonly kind: ItemKind;
  readonly id: string;
  readonly entry: string | null;
  readonly expected: number | null;
  readonly before: string | null;
  readonly revision: number | null;
}

/** A row of `change_item`, read with its rowid. */
export function toItem(row: SqlRow): ItemRow {
  const number = (value: unknown) => (value === null ? null : Number(value));
  const text = (value: unknown) => (value === null ? null : String(value));
  return {
    rowid: Number(row['rowid']),
    kind: row['item'] as ItemKind,
    id: String(row['id']),
    entry: text(row['entry']),
    expected: number(row['expected']),
    before: text(row['before']),
    revision: number(row['revision']),
  };
}

/** The items of one set, models first, then twins, then relationships. */
export function itemsOf(db: Database, { tenant, owner, part }: ChangeSetKey): ItemRow[] {
  const order = "CASE item WHEN 'MODEL' THEN 1 WHEN 'TWIN' THEN 2 ELSE 3 END";
  const sql = `SELECT rowid, * FROM change_item WHERE tenant = ? AND owner = ? AND part = ? ORDER BY ${order}, rowid`;
  return db.all(sql, tenant, owner, part).map(toItem);
}

/** Texts of checked changes as they are kept; properties and documents stand in them once. */
export function entriesOf(changes: CheckedChanges): { kind: ItemKind; id: string; entry: string }[] {
  return [
    ...changes.models.map(({ model, text }) => ({ kind: 'MODEL' as const, id: model.id, entry: text })),
    ...changes.twins.map((item) => ({
      kind: 'TWIN' as const,
      id: item.twin.id,
      // SQLite's lower() knows ASCII alone.
      entry: JSON.stringify({
        ...item,
        nameLower: item.twin.name.toLowerCase(),
        twin: { ...item.twin, properties: {} },
      }),
    })),
    ...changes.relationships.map((item) => ({
      kind: 'RELATIONSHIP' as const,
      id: item.relationship.id,
      entry: JSON.stringify({ ...item, relationship: { ...item.relationship, properties: {} } }),
    })),
  ];
}
