import { HubError } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';
import { workflowCursor } from '#ontology/ports/workflow-service.ts';
import type {
  DueTimer,
  StepDecision,
  StepOutcome,
  WorkflowFilter,
  WorkflowInstance,
  WorkflowStore,
} from '#ontology/ports/workflow-store.ts';
import type { Workflow, WorkflowStep } from '#ontology/workflow.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';
import type { SqliteEvidenceLog } from './evidence-log.ts';
import type { SqliteOutbox } from './outbox.ts';
import {
  toInstance,
  toStep,
  toTimer,
  toWorkflow,
  workflowColumns,
  workflowMigrations,
} from './workflow-store-rows.ts';

type Taken = Extract<StepDecision, { kind: 'take' }>;
const maxPerTwin = 1_000;

/** Workflows in one database file, with outbox and evidence of the same file in the same transaction. */
export class SqliteWorkflowStore implements WorkflowStore {
  readonly #db: Database;
  readonly #outbox: SqliteOutbox;
  readonly #evidence: SqliteEvidenceLog;

  /** @param deps - outbox and evidence log made on the same `db`. */
  constructor(db: Database, deps: { readonly outbox: SqliteOutbox; readonly evidence: SqliteEvidenceLog }) {
    this.#db = db;
    this.#outbox = deps.outbox;
    this.#evidence = deps.evidence;
    db.migrate('workflows', workflowMigrations);
  }

  async step(
    tenant: TenantId,
    workflowId: string,
    inboxId: string,
    decide: (current: WorkflowInstance | null) => StepDecision,
  ): Promise<StepOutcome> {
    return this.#db.transaction((): StepOutcome => {
      if (this.#db.get('SELECT 1 FROM workflow_inbox WHERE tenant = ? AND inbox_id = ?', tenant, inboxId))
        return { kind: 'repeated' };
      const row = this.#db.get('SELECT * FROM workflow WHERE tenant = ? AND id = ?', tenant, workflowId);
      const current = row ? toInstance(row) : null;
      const decision = decide(current);
      const [version, reason] =
        decision.kind === 'take' ? [decision.step.sequence, null] : [null, decision.reason];
      this.#db.run(
        'INSERT INTO workflow_inbox VALUES (?, ?, ?, ?, ?)',
        tenant,
        inboxId,
        workflowId,
        version,
        reason,
      );
      if (decision.kind === 'ignore') return { kind: 'ignored', reason: decision.reason };
      this.#write(tenant, workflowId, current, decision);
      return { kind: 'taken', instance: decision.instance, step: decision.step };
    });
  }

  async get(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]> {
    return ids.map((id) => this.#one('SELECT view FROM workflow WHERE tenant = ? AND id = ?', tenant, id));
  }

  async ofTwins(tenant: TenantId, twinIds: readonly TwinId[]): Promise<readonly (readonly Workflow[])[]> {
    const sql =
      'SELECT view FROM workflow WHERE tenant = ? AND twin_id = ? ORDER BY started_at DESC, id DESC LIMIT ?';
    return twinIds.map((id) => this.#db.all(sql, tenant, id, maxPerTwin).map(toWorkflow));
  }

  async ofRecommendations(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]> {
    return ids.map((id) =>
      this.#one('SELECT view FROM workflow WHERE tenant = ? AND recommendation_id = ?', tenant, id),
    );
  }

  async list(tenant: TenantId, filter: WorkflowFilter, page: PageRequest): Promise<Page<Workflow>> {
    const where = ['tenant = ?'];
    const values: SqlValue[] = [tenant];
    if (filter.open !== null) values.push(filter.open ? 1 : 0) && where.push('open = ?');
    if (filter.states !== null) {
      if (filter.states.length === 0) return { items: [], next: null };
      where.push(`state IN (${filter.states.map(() => '?').join(', ')})`);
      values.push(...filter.states);
    }
    if (page.after !== null)
      values.push(...parseCursor(page.after)) && where.push('(started_at, id) < (?, ?)');
    const sql = `SELECT view FROM workflow WHERE ${where.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT ?`;
    const rows = this.#db.all(sql, ...values, page.first + 1);
    const items = rows.slice(0, page.first).map(toWorkflow);
    const last = items.at(-1);
    return { items, next: rows.length > page.first && last ? workflowCursor(last) : null };
  }

  async waiting(tenant: TenantId, limit: number): Promise<readonly Workflow[]> {
    const sql =
      'SELECT view FROM workflow WHERE tenant = ? AND waiting = 1 ORDER BY urgency DESC, started_at, id LIMIT ?';
    return this.#db.all(sql, tenant, limit).map(toWorkflow);
  }

  async historyOf(tenant: TenantId, ids: readonly string[]): Promise<readonly (readonly WorkflowStep[])[]> {
    const sql = 'SELECT * FROM workflow_step WHERE tenant = ? AND workflow_id = ? ORDER BY sequence';
    return ids.map((id) => this.#db.all(sql, tenant, id).map(toStep));
  }

  async dueTimers(now: number, limit: number): Promise<readonly DueTimer[]> {
    return this.#db
      .all('SELECT * FROM workflow_timer WHERE held = 0 AND due_at <= ? ORDER BY due_at LIMIT ?', now, limit)
      .map(toTimer);
  }

  async nextTimerAt(): Promise<number | null> {
    const row = this.#db.get('SELECT min(due_at) AS next FROM workflow_timer WHERE held = 0');
    return row?.['next'] == null ? null : Number(row['next']);
  }

  async settleTimer({ tenant, workflowId, token }: DueTimer, how: 'drop' | 'hold'): Promise<void> {
    const change = how === 'drop' ? 'DELETE FROM workflow_timer' : 'UPDATE workflow_timer SET held = 1';
    this.#db.run(`${change} WHERE tenant = ? AND workflow_id = ? AND token = ?`, tenant, workflowId, token);
  }

  async releaseTimers(): Promise<number> {
    return this.#db.run('UPDATE workflow_timer SET held = 0 WHERE held = 1');
  }

  #write(tenant: TenantId, workflowId: string, current: WorkflowInstance | null, decision: Taken): void {
    const { instance, step, outgoing, evidence } = decision;
    const { workflow } = instance;
    if (
      workflow.tenant !== tenant ||
      workflow.id !== workflowId ||
      workflow.version !== (current?.workflow.version ?? 0) + 1 ||
      step.sequence !== workflow.version
    )
      throw new HubError(
        'REVISION_CONFLICT',
        `A step to version ${workflow.version} of ${workflow.id} does not follow version ${current?.workflow.version ?? 0} of ${workflowId}.`,
      );
    this.#writeInstance(current === null, instance);
    const { sequence, at, event, from, to, by, text } = step;
    this.#db.run(
      'INSERT INTO workflow_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      tenant,
      workflowId,
      sequence,
      at,
      event,
      from,
      to,
      by,
      text,
    );
    this.#writeTimer(tenant, workflowId, decision.timer);
    this.#evidence.add(evidence);
    this.#outbox.add(outgoing);
  }

  #writeInstance(isNew: boolean, instance: WorkflowInstance): void {
    const { tenant, id, version } = instance.workflow;
    const columns = workflowColumns(instance);
    if (isNew) {
      this.#db.run(
        `INSERT INTO workflow VALUES (?, ?, ${columns.map(() => '?').join(', ')})`,
        tenant,
        id,
        ...columns,
      );
      return;
    }
    const changed = this.#db.run(
      `UPDATE workflow SET machine_id = ?, machine_version = ?, machine_hash = ?, snapshot = ?, view = ?, state = ?, open = ?, waiting = ?,
         urgency = ?, twin_id = ?, recommendation_id = ?, version = ?, started_at = ? WHERE tenant = ? AND id = ? AND version = ?`,
      ...columns,
      tenant,
      id,
      version - 1,
    );
    if (changed !== 1) throw new HubError('REVISION_CONFLICT', `${id} changed meanwhile.`);
  }

  #writeTimer(tenant: TenantId, workflowId: string, timer: Taken['timer']): void {
    if (timer === 'keep') return;
    if (timer === 'hold')
      return void this.#db.run(
        'UPDATE workflow_timer SET held = 1 WHERE tenant = ? AND workflow_id = ?',
        tenant,
        workflowId,
      );
    if (timer === null)
      return void this.#db.run(
        'DELETE FROM workflow_timer WHERE tenant = ? AND workflow_id = ?',
        tenant,
        workflowId,
      );
    const { name, token, dueAt } = timer;
    this.#db.run(
      'INSERT OR REPLACE INTO workflow_timer VALUES (?, ?, ?, ?, ?, 0)',
      tenant,
      workflowId,
      name,
      token,
      dueAt,
    );
  }

  #one(sql: string, ...values: SqlValue[]): Workflow | null {
    const row: SqlRow | undefined = this.#db.get(sql, ...values);
    return row ? toWorkflow(row) : null;
  }
}

function parseCursor(text: string): [number, string] {
  const [, startedAt, id] = /^(\d{1,16})\/(.{1,200})$/.exec(text) ?? [];
  if (startedAt === undefined || id === undefined)
    throw new HubError('INVALID_INPUT', `Not a cursor of a list of workflows: ${JSON.stringify(text)}.`, {
      details: { path: ['after'] },
    });
  return [Number(startedAt), id];
}
