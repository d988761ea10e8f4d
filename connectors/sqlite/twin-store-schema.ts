/** Tables of the twin graph, one step per version. Ids order by code point (BINARY), as the page cursor needs it. */
export const twinStoreMigrations: readonly string[] = [
  `CREATE TABLE models (
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     document TEXT NOT NULL,
     PRIMARY KEY (tenant, id)
   ) STRICT;
   CREATE TABLE model_extends (
     tenant TEXT NOT NULL,
     model_id TEXT NOT NULL,
     base_id TEXT NOT NULL,
     PRIMARY KEY (tenant, model_id, base_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX model_extends_by_base ON model_extends (tenant, base_id, model_id);
   CREATE TABLE twins (
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     name_lower TEXT NOT NULL,
     model_id TEXT NOT NULL,
     parent_id TEXT,
     properties TEXT NOT NULL,
     revision INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL,
     PRIMARY KEY (tenant, id)
   ) STRICT;
   CREATE INDEX twins_by_parent ON twins (tenant, parent_id, id);
   CREATE INDEX twins_by_model ON twins (tenant, model_id, id);
   CREATE INDEX twins_by_kind ON twins (tenant, kind, id);
   CREATE TABLE relationships (
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     name TEXT NOT NULL,
     source_id TEXT NOT NULL,
     target_id TEXT NOT NULL,
     properties TEXT NOT NULL,
     PRIMARY KEY (tenant, id)
   ) STRICT;
   CREATE INDEX relationships_out ON relationships (tenant, source_id, name, id);
   CREATE INDEX relationships_in ON relationships (tenant, target_id, name, id);`,
];
