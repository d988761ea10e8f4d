import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { ImportFinding } from '#ontology/import-finding.ts';
import type { PlannedSample } from '#ontology/import/series.ts';
import {
  endedStates,
  type FindingFilter,
  type ImportChange,
  type ImportJob,
  type ImportJobFinding,
  type ImportJobSample,
} from '#ontology/import-job.ts';
import type { ImportJobChange, ImportJobStore } from '#ontology/ports/import-job-store.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';
import { checkPage } from '#ontology/twin-graph.ts';
import type { Database, SqlRow } from './database.ts';

const migrations = [
  `CREATE TABLE import_job (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     state TEXT NOT NULL,
     errors INTEGER NOT NULL DEFAULT 0,
     warnings INTEGER NOT NULL DEFAULT 0,
     changes INTEGER NOT NULL DEFAULT 0,
     job TEXT NOT NULL,
     UNIQUE (tenant, id)
   ) STRICT;
   CREATE INDEX import_job_newest ON import_job (tenant, sequence DESC);
   CREATE INDEX import_job_open ON import_job (sequence) WHERE state NOT IN ('DONE', 'FAILED', 'CANCELLED', 'ROLLED_BACK');
   CREATE TABLE import_finding (
     tenant TEXT NOT NULL, job TEXT NOT NULL, position INTEGER NOT NULL, severity TEXT NOT NULL, finding TEXT NOT NULL,
     PRIMARY KEY (tenant, job, position)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX import_finding_severity ON import_finding (tenant, job, severity, position);
   CREATE TABLE import_change (
     tenant TEXT NOT NULL, job TEXT NOT NULL, position INTEGER NOT NULL, change TEXT NOT NULL,
     PRIMARY KEY (tenant, job, position)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE import_sample (
     tenant TEXT NOT NULL, job TEXT NOT NULL, position INTEGER NOT NULL, sample TEXT NOT NULL,
     PRIMARY KEY (tenant, job, position)
   ) STRICT, WITHOUT ROWID;`,
];

/** Import jobs in one SQLite file. */
export class SqliteImportJobStore implements ImportJobStore {
  readonly #db: Database;

  /** @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version. */
  constructor(db: Database) {
    this.#db = db;
    db.migrate('import-job-store', migrations);
  }

  async create(job: ImportJob): Promise<void> {
    const added = this.#guarded(() =>
      this.#db.run(
        'INSERT INTO import_job (tenant, id, state, job) VALUES (?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING',
        job.tenant,
        job.id,
        job.state,
        JSON.stringify(job),
      ),
    );
    if (added === 0)
      throw new HubError('ALREADY_EXISTS', `There is an import ${job.id} already.`, {
        details: { id: job.id },
      });
  }

  async get(tenant: TenantId, id: string): Promise<ImportJob | null> {
    return this.#guarded(() => this.#find(tenant, id));
  }

  async list(tenant: TenantId, page: PageRequest): Promise<Page<ImportJob>> {
    checkPage(page);
    return this.#guarded(() => {
      const anchor = page.after === null ? null : this.#row(tenant, page.after);
      if (page.after !== null && !anchor) throw noCursor();
      const rows = this.#db.all(
        'SELECT * FROM import_job WHERE tenant = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
        tenant,
        anchor ? Number(anchor['sequence']) : Number.MAX_SAFE_INTEGER,
        page.first + 1,
      );
      const items = rows.slice(0, page.first).map(toJob);
      return { items, next: rows.length > page.first ? (items.at(-1)?.id ?? null) : null };
    });
  }

  async unfinished(): Promise<readonly ImportJob[]> {
    const ended = endedStates.map((state) => `'${state}'`).join(', ');
    return this.#guarded(() =>
      this.#db.all(`SELECT * FROM import_job WHERE state NOT IN (${ended}) ORDER BY sequence`).map(toJob),
    );
  }

  async update(tenant: TenantId, id: string, change: ImportJobChange): Promise<ImportJob> {
    return this.#guarded(() => {
      const before = this.#find(tenant, id);
      if (!before) throw noSuchJob(id);
      const after: ImportJob = { ...before, ...change };
      this.#db.run(
        'UPDATE import_job SET state = ?, job = ? WHERE tenant = ? AND id = ?',
        after.state,
        JSON.stringify(after),
        tenant,
        id,
      );
      return after;
    });
  }

  async addFindings(tenant: TenantId, id: string, findings: readonly ImportFinding[]): Promise<void> {
    this.#guarded(() => {
      const job = this.#find(tenant, id);
      if (!job) throw noSuchJob(id);
      const sql =
        'INSERT INTO import_finding (tenant, job, position, severity, finding) VALUES (?, ?, ?, ?, ?)';
      let position = job.errors + job.warnings;
      for (const finding of findings)
        this.#db.run(sql, tenant, id, (position += 1), finding.severity, JSON.stringify(finding));
      const errors = findings.filter(({ severity }) => severity === 'ERROR').length;
      this.#db.run(
        'UPDATE import_job SET errors = errors + ?, warnings = warnings + ? WHERE tenant = ? AND id = ?',
        errors,
        findings.length - errors,
        tenant,
        id,
      );
    });
  }

  async addChanges(
    tenant: TenantId,
    id: string,
    changes: readonly Omit<ImportChange, 'position'>[],
  ): Promise<void> {
    this.#guarded(() => {
      const job = this.#find(tenant, id);
      if (!job) throw noSuchJob(id);
      const sql = 'INSERT INTO import_change (tenant, job, position, change) VALUES (?, ?, ?, ?)';
      let position = job.changes;
      for (const change of changes) this.#db.run(sql, tenant, id, (position += 1), JSON.stringify(change));
      this.#db.run('UPDATE import_job SET changes = ? WHERE tenant = ? AND id = ?', position, tenant, id);
    });
  }

  async addSamples(tenant: TenantId, id: string, samples: readonly PlannedSample[]): Promise<void> {
    this.#guarded(() => {
      const last = this.#db.get(
        'SELECT max(position) AS last FROM import_sample WHERE tenant = ? AND job = ?',
        tenant,
        id,
      );
      let position = Number(last?.['last'] ?? 0);
      const sql = 'INSERT INTO import_sample (tenant, job, position, sample) VALUES (?, ?, ?, ?)';
      for (const sample of samples) this.#db.run(sql, tenant, id, (position += 1), JSON.stringify(sample));
    });
  }

  async samples(tenant: TenantId, id: string, page: PageRequest): Promise<Page<ImportJobSample>> {
    const { first, after } = toPosition(page);
    const rows = this.#guarded(() =>
      this.#db.all(
        'SELECT position, sample AS body FROM import_sample WHERE tenant = ? AND job = ? AND position > ? ORDER BY position LIMIT ?',
        tenant,
        id,
        after,
        first + 1,
      ),
    );
    return toPage<ImportJobSample>(rows, first);
  }

  async dropSamples(tenant: TenantId, id: string): Promise<void> {
    this.#guarded(() => this.#db.run('DELETE FROM import_sample WHERE tenant = ? AND job = ?', tenant, id));
  }

  async clear(tenant: TenantId, id: string): Promise<void> {
    this.#guarded(() => {
      this.#db.run('DELETE FROM import_sample WHERE tenant = ? AND job = ?', tenant, id);
      this.#db.run('DELETE FROM import_finding WHERE tenant = ? AND job = ?', tenant, id);
      this.#db.run('DELETE FROM import_change WHERE tenant = ? AND job = ?', tenant, id);
      this.#db.run(
        'UPDATE import_job SET errors = 0, warnings = 0, changes = 0 WHERE tenant = ? AND id = ?',
        tenant,
        id,
      );
    });
  }

  async findings(
    tenant: TenantId,
    id: string,
    { severity }: FindingFilter,
    page: PageRequest,
  ): Promise<Page<ImportJobFinding>> {
    const { first, after } = toPosition(page);
    const condition = severity === null ? '' : 'AND severity = ?';
    const rows = this.#guarded(() =>
      this.#db.all(
        `SELECT position, finding AS body FROM import_finding WHERE tenant = ? AND job = ? ${condition} AND position > ?
         ORDER BY position LIMIT ?`,
        tenant,
        id,
        ...(severity === null ? [] : [severity]),
        after,
        first + 1,
      ),
    );
    return toPage<ImportJobFinding>(rows, first);
  }

  async changes(tenant: TenantId, id: string, page: PageRequest): Promise<Page<ImportChange>> {
    const { first, after } = toPosition(page);
    const rows = this.#guarded(() =>
      this.#db.all(
        'SELECT position, change AS body FROM import_change WHERE tenant = ? AND job = ? AND position > ? ORDER BY position LIMIT ?',
        tenant,
        id,
        after,
        first + 1,
      ),
    );
    return toPage<ImportChange>(rows, first);
  }

  #row(tenant: TenantId, id: string): SqlRow | undefined {
    return this.#db.get('SELECT * FROM import_job WHERE tenant = ? AND id = ?', tenant, id);
  }

  #find(tenant: TenantId, id: string): ImportJob | null {
    const row = this.#row(tenant, id);
    return row ? toJob(row) : null;
  }

  #guarded<T>(work: () => T): T {
    try {
      return this.#db.transaction(work);
    } catch (error) {
      if (isHubError(error)) throw error;
      throw new HubError('STORE_UNAVAILABLE', `The imports in ${this.#db.path} failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** The counters stand in columns of their own, so that adding findings does not rewrite the job. */
function toJob(row: SqlRow): ImportJob {
  const job = JSON.parse(String(row['job'])) as ImportJob;
  return {
    ...job,
    errors: Number(row['errors']),
    warnings: Number(row['warnings']),
    changes: Number(row['changes']),
  };
}

function toPosition(page: PageRequest): { first: number; after: number } {
  checkPage(page);
  const after = Number(page.after ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) throw noCursor();
  return { first: page.first, after };
}

function toPage<T extends { readonly position: number }>(rows: readonly SqlRow[], first: number): Page<T> {
  const items = rows
    .slice(0, first)
    .map((row) => ({ ...(JSON.parse(String(row['body'])) as T), position: Number(row['position']) }));
  return { items, next: rows.length > first ? String(items.at(-1)?.position) : null };
}

function noSuchJob(id: string): HubError {
  return new HubError('NOT_FOUND', `There is no import ${id}.`, { details: { id } });
}

function noCursor(): HubError {
  return new HubError('INVALID_INPUT', 'after is not a cursor of this list.', {
    details: { path: ['after'] },
  });
}
