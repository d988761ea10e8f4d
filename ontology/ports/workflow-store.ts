import type { EvidenceInput } from '../evidence.ts';
import type { TenantId, TwinId } from '../ids.ts';
import type { OutgoingMessage } from '../message.ts';
import type { Workflow, WorkflowState, WorkflowStep } from '../workflow.ts';
import type { Page, PageRequest } from './twin-store.ts';

/** Which machine a workflow runs on: the snapshot can be read by this version alone, or by an explicit migration. */
export interface MachineRef {
  readonly id: string;
  readonly version: number;
  /** SHA-256 of the machine's definition. */
  readonly hash: string;
}

/** A workflow with what its machine needs to go on. `snapshot` is a JSON value. */
export interface WorkflowInstance {
  readonly machine: MachineRef;
  readonly snapshot: unknown;
  readonly workflow: Workflow;
}

/** A timer is a row: an absolute deadline (epoch ms) and the token of the arming, so that a stale one is known. */
export interface WorkflowTimer {
  readonly name: string;
  readonly dueAt: number;
  readonly token: number;
}

/** A timer with the workflow it belongs to. */
export interface DueTimer extends WorkflowTimer {
  readonly tenant: TenantId;
  readonly workflowId: string;
}

/** What becomes of one cause: nothing (remembered with the reason), or one step, written as a whole. */
export type StepDecision =
  | { readonly kind: 'ignore'; readonly reason: string }
  | {
      readonly kind: 'take';
      readonly instance: WorkflowInstance;
      readonly step: WorkflowStep;
      readonly outgoing: readonly OutgoingMessage[];
      /** The workflow's one timer from now on; `keep` leaves what there is; `hold` keeps it from falling due. */
      readonly timer: WorkflowTimer | null | 'keep' | 'hold';
      readonly evidence: EvidenceInput;
    };

/** What one call of `step` did. `repeated`: the cause was dealt with before. */
export type StepOutcome =
  | { readonly kind: 'repeated' }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'taken'; readonly instance: WorkflowInstance; readonly step: WorkflowStep };

/** Which workflows a list is about. */
export interface WorkflowFilter {
  /** `null` for all. */
  readonly states: readonly WorkflowState[] | null;
  /** True: not ended; false: ended; `null`: both. */
  readonly open: boolean | null;
}

/** Workflows, their history, inbox and timers, per tenant. */
export interface WorkflowStore {
  /**
   * Does one step in one transaction: looks the cause up in the inbox, loads the workflow, asks `decide`, and writes
   * inbox, snapshot (checking the version), history, outgoing messages, timer and evidence. All or nothing.
   *
   * @param inboxId - id of the cause within the tenant: message id, decision id, or timer and token. 1 to 300 characters.
   * @param decide - pure and synchronous; gets `null` when there is no such workflow; what it throws undoes everything.
   * @throws {HubError} REVISION_CONFLICT - the decision does not follow the stored version; STORE_UNAVAILABLE.
   */
  step(
    tenant: TenantId,
    workflowId: string,
    inboxId: string,
    decide: (current: WorkflowInstance | null) => StepDecision,
  ): Promise<StepOutcome>;
  /** In the order asked, `null` for those not known. */
  get(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]>;
  /** For each twin, newest first (at most 1,000 each). */
  ofTwins(tenant: TenantId, twinIds: readonly TwinId[]): Promise<readonly (readonly Workflow[])[]>;
  /** The one workflow of each recommendation, `null` where there is none. */
  ofRecommendations(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]>;
  /** Newest first. */
  list(tenant: TenantId, filter: WorkflowFilter, page: PageRequest): Promise<Page<Workflow>>;
  /** Workflows in states that wait for people, most urgent first, then oldest first; at most `limit`. */
  waiting(tenant: TenantId, limit: number): Promise<readonly Workflow[]>;
  /** Steps of each workflow, oldest first. */
  historyOf(tenant: TenantId, ids: readonly string[]): Promise<readonly (readonly WorkflowStep[])[]>;
  /** Timers due at `now`, earliest first. */
  dueTimers(now: number, limit: number): Promise<readonly DueTimer[]>;
  /** When the next timer falls due, or `null`. */
  nextTimerAt(): Promise<number | null>;
  /** Takes a due timer that led to no step away (`drop`), or keeps it from falling due until `releaseTimers` (`hold`). */
  settleTimer(timer: DueTimer, how: 'drop' | 'hold'): Promise<void>;
  /** Lets held timers fall due again (after a start with other machine versions). @returns how many. */
  releaseTimers(): Promise<number>;
}
