import type { TenantId } from '#ontology/ids.ts';
import type { DueTimer, WorkflowInstance } from '#ontology/ports/workflow-store.ts';
import { severities } from '#ontology/recommendation.ts';
import {
  isTerminal,
  waitingStates,
  type Workflow,
  type WorkflowState,
  type WorkflowStep,
} from '#ontology/workflow.ts';
import type { SqlRow, SqlValue } from './database.ts';

/** Tables of the workflow store; a new version is a new step at the end. */
export const workflowMigrations = [
  `CREATE TABLE workflow (
     tenant TEXT NOT NULL, id TEXT NOT NULL, machine_id TEXT NOT NULL, machine_version INTEGER NOT NULL, machine_hash TEXT NOT NULL,
     snapshot TEXT NOT NULL, view TEXT NOT NULL, state TEXT NOT NULL, open INTEGER NOT NULL, waiting INTEGER NOT NULL, urgency INTEGER NOT NULL,
     twin_id TEXT NOT NULL, recommendation_id TEXT NOT NULL, version INTEGER NOT NULL, started_at INTEGER NOT NULL,
     PRIMARY KEY (tenant, id)
   ) STRICT;
   CREATE UNIQUE INDEX workflow_recommendation ON workflow (tenant, recommendation_id);
   CREATE INDEX workflow_newest ON workflow (tenant, started_at, id);
   CREATE INDEX workflow_open ON workflow (tenant, open, started_at, id);
   CREATE INDEX workflow_state ON workflow (tenant, state, started_at, id);
   CREATE INDEX workflow_twin ON workflow (tenant, twin_id, started_at, id);
   CREATE INDEX workflow_waiting ON workflow (tenant, urgency DESC, started_at, id) WHERE waiting = 1;
   CREATE TABLE workflow_step (
     tenant TEXT NOT NULL, workflow_id TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL,
     from_state TEXT NOT NULL, to_state TEXT NOT NULL, by_name TEXT NOT NULL, text TEXT NOT NULL,
     PRIMARY KEY (tenant, workflow_id, sequence)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE workflow_inbox (
     tenant TEXT NOT NULL, inbox_id TEXT NOT NULL, workflow_id TEXT NOT NULL, version INTEGER, reason TEXT,
     PRIMARY KEY (tenant, inbox_id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE workflow_timer (
     tenant TEXT NOT NULL, workflow_id TEXT NOT NULL, name TEXT NOT NULL, token INTEGER NOT NULL, due_at INTEGER NOT NULL,
     held INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (tenant, workflow_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX workflow_timer_due ON workflow_timer (due_at) WHERE held = 0;`,
];

/** The columns that lists are made by, from the workflow's view. */
export function workflowColumns({ machine, snapshot, workflow }: WorkflowInstance): SqlValue[] {
  const { state, priority, twinId, recommendationId, version, startedAt } = workflow;
  return [
    ...[machine.id, machine.version, machine.hash, JSON.stringify(snapshot), JSON.stringify(workflow), state],
    ...[isTerminal(state) ? 0 : 1, waitingStates.includes(state) ? 1 : 0, severities.indexOf(priority)],
    ...[twinId, recommendationId, version, startedAt],
  ];
}

/** The view of a workflow's row. */
export function toWorkflow(row: SqlRow): Workflow {
  return JSON.parse(String(row['view'])) as Workflow;
}

/** A row with everything its machine needs. */
export function toInstance(row: SqlRow): WorkflowInstance {
  return {
    machine: {
      id: String(row['machine_id']),
      version: Number(row['machine_version']),
      hash: String(row['machine_hash']),
    },
    snapshot: JSON.parse(String(row['snapshot'])) as unknown,
    workflow: toWorkflow(row),
  };
}

/** A row of workflow_step. */
export function toStep(row: SqlRow): WorkflowStep {
  return {
    sequence: Number(row['sequence']),
    at: Number(row['at']),
    event: String(row['event']),
    from: String(row['from_state']) as WorkflowState,
    to: String(row['to_state']) as WorkflowState,
    by: String(row['by_name']),
    text: String(row['text']),
  };
}

/** A row of workflow_timer. */
export function toTimer(row: SqlRow): DueTimer {
  return {
    tenant: String(row['tenant']) as TenantId,
    workflowId: String(row['workflow_id']),
    name: String(row['name']),
    token: Number(row['token']),
    dueAt: Number(row['due_at']),
  };
}
