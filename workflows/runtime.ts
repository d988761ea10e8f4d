import { Broadcast } from '#kernel/broadcast.ts';
import { sha256Hex } from '#kernel/canonical.ts';
import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError, type ErrorCode } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { RecommendationRaised } from '#ontology/maintenance.ts';
import type { Message } from '#ontology/message.ts';
import type { EvidenceLog } from '#ontology/ports/evidence-log.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { Decision, DecisionTarget, WorkflowService } from '#ontology/ports/workflow-service.ts';
import type {
  DueTimer,
  StepDecision,
  StepOutcome,
  WorkflowFilter,
  WorkflowInstance,
  WorkflowStore,
} from '#ontology/ports/workflow-store.ts';
import type { PageRequest } from '#ontology/ports/twin-store.ts';
import { isAllowed, permissions, type Principal } from '#ontology/principal.ts';
import { actionPermissions, waitsFor, type Workflow } from '#ontology/workflow.ts';
import type { WorkflowsConfig } from './config.ts';
import { checkDecision, toDecisionEvent } from './decision-event.ts';
import type { LiveFacts } from './maintenance/context.ts';
import type { Cause, MachineEvent } from './maintenance/events.ts';
import { readLiveFacts } from './maintenance/facts.ts';
import { parseMaintenanceEvent } from './maintenance/parse-event.ts';
import { timerNames } from './maintenance/context.ts';
import { decisionFault } from './maintenance/rules.ts';
import type { MachineRegistry, MachineSnapshot, MachineVersion } from './registry.ts';
import {
  answeredStep,
  haltedStep,
  isHalted,
  resumedStep,
  startStep,
  takenStep,
  type MessageRef,
} from './step.ts';

/** What the runtime needs. */
export interface WorkflowRuntimeDeps {
  readonly store: WorkflowStore;
  readonly recommendations: RecommendationStore;
  readonly twins: TwinStore;
  readonly failureMode: (id: string) => FailureMode | null;
  readonly machines: MachineRegistry;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where decisions that dual control or roles refused are written down; left out, they are only in the log. */
  readonly evidence?: EvidenceLog;
}

/** The id of the one workflow of a recommendation: the same recommendation always gives the same. */
export function workflowIdFor(tenant: TenantId, recommendationId: string): string {
  return `wf-${sha256Hex(`${tenant}/${recommendationId}`).slice(0, 16)}`;
}

/** Refusals that say something about who tried what. */
const recordedRefusals: readonly ErrorCode[] = [
  'FORBIDDEN',
  'SAME_PERSON',
  'STEP_UP_REQUIRED',
  'APPROVAL_STALE',
];

/** Workflows one inbox shows at most. */
export const maxInbox = 500;

/**
 * Runs workflows without keeping any in memory: each message, decision and timer is one transaction of the store that
 * loads the snapshot, asks the pure machine, and writes everything that follows from it, or nothing.
 */
export class WorkflowRuntime implements WorkflowService {
  readonly changes = new Broadcast<Workflow>();
  readonly #config: WorkflowsConfig;
  readonly #deps: WorkflowRuntimeDeps;

  constructor(config: WorkflowsConfig, deps: WorkflowRuntimeDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  async decide(principal: Principal, target: DecisionTarget, decision: Decision): Promise<Workflow> {
    try {
      return await this.#decide(principal, target, decision);
    } catch (error) {
      if (isHubError(error) && recordedRefusals.includes(error.code))
        await this.#recordRefusal(principal, target.workflowId, decision, error);
      throw error;
    }
  }

  async #decide(principal: Principal, target: DecisionTarget, decision: Decision): Promise<Workflow> {
    const { tenant } = principal;
    const permission = actionPermissions[decision.action];
    if (!isAllowed(principal, permission))
      throw new HubError(
        'FORBIDDEN',
        `${decision.action} needs one of the roles ${permissions[permission].join(', ')}.`,
        {
          details: { permission, roles: permissions[permission] },
        },
      );
    checkDecision(decision);
    const live = await this.#liveOf(tenant, target.workflowId);
    const outcome = await this.#step(
      tenant,
      target.workflowId,
      `decision:${target.decisionId}`,
      (current) => {
        const { workflow } = current;
        if (target.expectedVersion !== null && target.expectedVersion !== workflow.version)
          throw new HubError(
            'REVISION_CONFLICT',
            `${workflow.id} is at version ${workflow.version}, you decided on version ${target.expectedVersion}.`,
            {
              details: { version: workflow.version, path: ['input', 'expectedVersion'] },
            },
          );
        const { version, snapshot } = this.#deps.machines.load(current.machine, current.snapshot);
        if (workflow.state !== snapshot.value && decision.action === 'RETRY')
          return resumedStep(current, version, snapshot, {
            at: this.#deps.clock.now(),
            by: principal,
            comment: decision.comment,
          });
        const event = toDecisionEvent(decision, principal, snapshot.context, this.#cause(current, live), {
          failureMode: this.#deps.failureMode,
          stepUpMaxAgeMs: this.#config.stepUpMaxAgeMs,
        });
        const transition = version.take(snapshot, event);
        if (!transition) throw decisionFault(snapshot.context, snapshot.value, event);
        return takenStep(current, version, event, transition, null);
      },
    );
    return outcome.kind === 'taken' ? outcome.instance.workflow : this.#known(tenant, target.workflowId);
  }

  /**
   * Deals with one message: starts a workflow or hands the event to its workflow. A repeat does nothing.
   * @throws {HubError} MESSAGE_INVALID, NOT_FOUND (both set the message aside), STEP_NOT_ALLOWED (the workflow's machine
   *   is unknown; redrive the message once it is there), STORE_UNAVAILABLE (tried again)
   */
  async handleMessage(message: Message): Promise<StepOutcome> {
    const body = message.body as Partial<RecommendationRaised> | null;
    if (body?.type === 'analytics.recommendationRaised') return this.#start(message, body.recommendationId);
    const { workflowId, ...rest } = parseMaintenanceEvent(message.body);
    const said = { ...rest, workflowId, answersStep: answeredStep(workflowId, message.correlationId) };
    return this.#deliver(
      message.tenant,
      workflowId,
      message.id,
      { id: message.id, source: message.source },
      (cause) => ({ ...said, ...cause }) as MachineEvent,
    );
  }

  /** Lets a timer fall due. One that was disarmed or armed anew meanwhile does nothing. */
  async fireTimer(timer: DueTimer): Promise<StepOutcome> {
    const { tenant, workflowId, token } = timer;
    const name = timerNames.find((known) => known === timer.name);
    if (!name) throw new HubError('INTERNAL', `Unknown timer ${timer.name} of ${workflowId}.`);
    try {
      const outcome = await this.#deliver(
        tenant,
        workflowId,
        `timer:${workflowId}:${token}:${name}`,
        null,
        (cause) => ({ type: 'TIMER', name, token, ...cause }),
      );
      if (outcome.kind !== 'taken') await this.#deps.store.settleTimer(timer, 'drop');
      return outcome;
    } catch (error) {
      if (isHubError(error, 'STEP_NOT_ALLOWED')) await this.#deps.store.settleTimer(timer, 'hold');
      throw error;
    }
  }

  get(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]> {
    return this.#deps.store.get(tenant, ids);
  }

  ofTwins(tenant: TenantId, twinIds: readonly TwinId[]): Promise<readonly (readonly Workflow[])[]> {
    return this.#deps.store.ofTwins(tenant, twinIds);
  }

  ofRecommendations(tenant: TenantId, ids: readonly string[]): Promise<readonly (Workflow | null)[]> {
    return this.#deps.store.ofRecommendations(tenant, ids);
  }

  list(tenant: TenantId, filter: WorkflowFilter, page: PageRequest) {
    return this.#deps.store.list(tenant, filter, page);
  }

  async inbox(principal: Principal): Promise<readonly Workflow[]> {
    const waiting = await this.#deps.store.waiting(principal.tenant, maxInbox);
    return waiting.filter((workflow) => waitsFor(workflow, principal));
  }

  historyOf(tenant: TenantId, ids: readonly string[]) {
    return this.#deps.store.historyOf(tenant, ids);
  }

  async #start(message: Message, recommendationId: unknown): Promise<StepOutcome> {
    const { tenant } = message;
    const { recommendations, twins, failureMode, store, machines, clock } = this.#deps;
    if (typeof recommendationId !== 'string')
      throw new HubError('MESSAGE_INVALID', 'analytics.recommendationRaised names no recommendation.');
    const [recommendation] = await recommendations.get(tenant, [recommendationId]);
    if (!recommendation)
      throw new HubError('NOT_FOUND', `Recommendation ${recommendationId} is not stored.`, {
        details: { recommendationId },
      });
    const mode = failureMode(recommendation.failureModeId);
    if (!mode)
      throw new HubError('NOT_FOUND', `Failure mode ${recommendation.failureModeId} is not in the library.`);
    const live = await readLiveFacts(
      { twins, recommendations },
      tenant,
      recommendation.twinId,
      recommendationId,
    );
    const workflowId = workflowIdFor(tenant, recommendationId);
    const outcome = await store.step(tenant, workflowId, message.id, (current): StepDecision => {
      if (current)
        return { kind: 'ignore', reason: `The recommendation has a workflow already (${workflowId}).` };
      const { id, severity, title, findings, since } = recommendation;
      const input = {
        workflowId,
        at: clock.now(),
        live,
        settings: this.#config.settings,
        recommendation: { id, severity, title, findings, since },
        failureMode: { id: mode.id, name: mode.name, codes: mode.sapCodes },
      };
      return startStep(machines.current, input, recommendation, { id: message.id, source: message.source });
    });
    return this.#told(outcome, workflowId);
  }

  /** Hands an event that nobody waits for to its workflow; a workflow of an unknown machine is handed to a person. */
  async #deliver(
    tenant: TenantId,
    workflowId: string,
    inboxId: string,
    message: MessageRef,
    toEvent: (cause: Cause) => MachineEvent,
  ): Promise<StepOutcome> {
    const live = await this.#liveOf(tenant, workflowId);
    let fault: HubError | undefined;
    const attempt = (id: string, halt: boolean) =>
      this.#step(tenant, workflowId, id, (current) => {
        const loaded = this.#load(current, (error) => (fault = error));
        if (!loaded) {
          if (!halt) throw fault as HubError;
          if (isHalted(current.workflow)) return { kind: 'ignore', reason: 'halted already' };
          return haltedStep(current, this.#deps.clock.now(), (fault as HubError).message);
        }
        const event = toEvent(this.#cause(current, live));
        const transition = loaded.version.take(loaded.snapshot, event);
        if (!transition)
          return { kind: 'ignore', reason: `${event.type} is not expected in ${loaded.snapshot.value}.` };
        return takenStep(current, loaded.version, event, transition, message);
      });
    try {
      return await attempt(inboxId, false);
    } catch (error) {
      if (!fault || error !== fault) throw error;
      // The cause itself stays unhandled, so that it can be brought again once the machine is known.
      await attempt(`halt:${inboxId}`, true);
      throw error;
    }
  }

  #load(
    current: WorkflowInstance,
    onFault: (error: HubError) => void,
  ): { version: MachineVersion; snapshot: MachineSnapshot } | null {
    try {
      return this.#deps.machines.load(current.machine, current.snapshot);
    } catch (error) {
      if (!isHubError(error, 'STEP_NOT_ALLOWED')) throw error;
      onFault(error);
      return null;
    }
  }

  async #step(
    tenant: TenantId,
    workflowId: string,
    inboxId: string,
    decide: (current: WorkflowInstance) => StepDecision,
  ): Promise<StepOutcome> {
    const outcome = await this.#deps.store.step(tenant, workflowId, inboxId, (current) => {
      if (!current) throw notFound(workflowId);
      return decide(current);
    });
    return this.#told(outcome, workflowId);
  }

  /** A refused decision on a workflow that exists is evidence too. @see IEC 62443-4-2 CR 2.8, auditable events */
  async #recordRefusal(
    principal: Principal,
    workflowId: string,
    decision: Decision,
    error: HubError,
  ): Promise<void> {
    const { tenant } = principal;
    const [workflow] = await this.#deps.store.get(tenant, [workflowId]);
    if (!workflow) return;
    this.#deps.log.warn('A decision was refused', { workflowId, action: decision.action, code: error.code });
    const { personId, subject, name, authTime, acr } = principal;
    const body = {
      action: decision.action,
      code: error.code,
      text: error.message,
      by: { personId, subject, name, authTime, acr },
      version: workflow.version,
      planHash: workflow.planHash,
    };
    const at = this.#deps.clock.now();
    await this.#deps.evidence?.append({
      tenant,
      at,
      kind: 'workflow.decisionRefused',
      subject: workflowId,
      body,
    });
  }

  #told(outcome: StepOutcome, workflowId: string): StepOutcome {
    if (outcome.kind === 'taken') {
      const { event, from, to, sequence } = outcome.step;
      this.#deps.log.info('Workflow step', { workflowId, sequence, event, from, to });
      this.changes.publish(outcome.instance.workflow);
    } else if (outcome.kind === 'ignored')
      this.#deps.log.info('An event changed nothing', { workflowId, reason: outcome.reason });
    return outcome;
  }

  #cause(current: WorkflowInstance, live: LiveFacts): Cause {
    return { at: this.#deps.clock.now(), step: current.workflow.version + 1, live };
  }

  async #liveOf(tenant: TenantId, workflowId: string): Promise<LiveFacts> {
    const { twinId, recommendationId } = await this.#known(tenant, workflowId);
    return readLiveFacts(this.#deps, tenant, twinId, recommendationId);
  }

  async #known(tenant: TenantId, workflowId: string): Promise<Workflow> {
    const [workflow] = await this.#deps.store.get(tenant, [workflowId]);
    if (!workflow) throw notFound(workflowId);
    return workflow;
  }
}

function notFound(workflowId: string): HubError {
  return new HubError('NOT_FOUND', `There is no workflow ${workflowId}.`, { details: { workflowId } });
}

/** Makes the runtime; it holds nothing open itself. */
export function createWorkflowRuntime(config: WorkflowsConfig, deps: WorkflowRuntimeDeps): WorkflowRuntime {
  return new WorkflowRuntime(config, deps);
}
