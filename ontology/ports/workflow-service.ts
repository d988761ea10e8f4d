import type { Broadcast } from '#kernel/broadcast.ts';
import type { TenantId, TwinId } from '../ids.ts';
import type { PartDemand } from '../maintenance.ts';
import type { Principal } from '../principal.ts';
import type { FeedbackVerdict, Severity } from '../recommendation.ts';
import type { Workflow, WorkflowStep } from '../workflow.ts';
import type { Page, PageRequest } from './twin-store.ts';
import type { WorkflowFilter } from './workflow-store.ts';

/** Wishes for a plan; what is left out comes from the failure mode's first remedy, or stays as it is. Times epoch ms. */
export interface PlanWishes {
  readonly action?: string;
  readonly priority?: Severity;
  readonly workHours?: number;
  readonly needsStop?: boolean;
  readonly parts?: readonly PartDemand[];
  readonly earliestStart?: number;
  readonly latestEnd?: number;
  readonly comment?: string;
}

/** What a person decides. `comment` is the reason where one is asked for. */
export type Decision =
  | { readonly action: 'ACCEPT'; readonly plan: PlanWishes }
  | { readonly action: 'DISMISS'; readonly verdict: FeedbackVerdict; readonly comment: string }
  | { readonly action: 'AMEND'; readonly plan: PlanWishes }
  | { readonly action: 'APPROVE' | 'REJECT'; readonly planHash: string; readonly comment: string }
  | { readonly action: 'CANCEL' | 'RETRY' | 'REWORK' | 'CLOSE_UNVERIFIED'; readonly comment: string }
  | { readonly action: 'GIVE_FEEDBACK'; readonly verdict: FeedbackVerdict; readonly comment: string };

/** Which workflow a decision is about and how a repeat of it is known. */
export interface DecisionTarget {
  readonly workflowId: string;
  /** The version the person has seen; `null` to decide in any case. */
  readonly expectedVersion: number | null;
  /** The same id again is the same decision: it is not taken twice. 1 to 200 characters. */
  readonly decisionId: string;
}

/** Maintenance workflows as the outside sees them. */
export interface WorkflowService {
  /**
   * Takes a decision of a person and answers the workflow after it.
   * @throws {HubError} NOT_FOUND, FORBIDDEN, REVISION_CONFLICT, STEP_NOT_ALLOWED, STEP_UP_REQUIRED, SAME_PERSON,
   *   APPROVAL_STALE, INVALID_INPUT (with `details.path`), STORE_UNAVAILABLE
   */
  decide(principal: Principal, target: DecisionTarget, decision: Decision): Promise<Workflow>;
  /** In the order asked, `null` for those not known. */
  get(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]>;
  ofTwins(tenant: TenantId, twinIds: readonly TwinId[]): Promise<readonly (readonly Workflow[])[]>;
  ofRecommendations(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]>;
  list(tenant: TenantId, filter: WorkflowFilter, page: PageRequest): Promise<Page<Workflow>>;
  /** What waits for something this person may do, most urgent first. */
  inbox(principal: Principal): Promise<readonly Workflow[]>;
  historyOf(tenant: TenantId, ids: readonly string[]): Promise<readonly (readonly WorkflowStep[])[]>;
  /** Each workflow after each of its steps, of all tenants: filter by tenant. */
  readonly changes: Broadcast<Workflow>;
}

/** Where a workflow stands in lists that are newest first. */
export function workflowCursor(workflow: Workflow): string {
  return `${workflow.startedAt}/${workflow.id}`;
}
