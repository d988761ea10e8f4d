import { HubError, unreachable } from '#kernel/errors.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import type { Decision } from '#ontology/ports/workflow-service.ts';
import type { Principal } from '#ontology/principal.ts';
import type { MaintenanceContext } from './maintenance/context.ts';
import type { Cause, MachineEvent, Person } from './maintenance/events.ts';
import { amendedPlan, hashPlan, newPlan } from './maintenance/plan.ts';

/** Longest comment of a decision, characters. */
export const maxCommentLength = 2_000;

/**
 * A person's decision as the machine takes it: plans completed and hashed.
 * @throws {HubError} INVALID_INPUT - with `details.path`.
 */
export function toDecisionEvent(
  decision: Decision,
  principal: Principal,
  context: MaintenanceContext,
  cause: Cause,
  deps: { readonly failureMode: (id: string) => FailureMode | null; readonly stepUpMaxAgeMs: number },
): MachineEvent {
  const by = personOf(principal);
  switch (decision.action) {
    case 'ACCEPT': {
      const remedy = deps.failureMode(context.failureMode.id)?.remedies[0];
      const plan = newPlan({ ...context, asset: cause.live.asset }, remedy, decision.plan, cause.at);
      return { ...cause, type: 'ACCEPT', by, comment: plan.comment, plan, planHash: hashPlan(plan) };
    }
    case 'AMEND': {
      if (!context.plan)
        throw new HubError('STEP_NOT_ALLOWED', 'There is no plan yet: accept the recommendation first.');
      const plan = amendedPlan(context, context.plan, decision.plan, cause.at);
      return { ...cause, type: 'AMEND', by, comment: plan.comment, plan, planHash: hashPlan(plan) };
    }
    case 'APPROVE':
    case 'REJECT':
      return {
        ...cause,
        type: decision.action,
        by,
        comment: decision.comment,
        planHash: decision.planHash,
        stepUpMaxAgeMs: deps.stepUpMaxAgeMs,
      };
    case 'DISMISS':
    case 'GIVE_FEEDBACK':
      return { ...cause, type: decision.action, by, comment: decision.comment, verdict: decision.verdict };
    case 'CANCEL':
    case 'RETRY':
    case 'REWORK':
    case 'CLOSE_UNVERIFIED':
      return { ...cause, type: decision.action, by, comment: decision.comment };
    default:
      return unreachable(decision);
  }
}

/**
 * Checks the words of a decision. Those that end, cancel or override something need a reason.
 * @throws {HubError} INVALID_INPUT
 */
export function checkDecision(decision: Decision): void {
  if (!('comment' in decision)) return;
  const { comment, action } = decision;
  const field = action === 'CANCEL' ? 'reason' : 'comment';
  if (comment.length > maxCommentLength)
    throw new HubError('INVALID_INPUT', `The ${field} has more than ${maxCommentLength} characters.`, {
      details: { path: ['input', field] },
    });
  if (needReason.includes(action) && comment.trim() === '')
    throw new HubError('INVALID_INPUT', `${action} needs a ${field}: say why.`, {
      details: { path: ['input', field] },
    });
}

const needReason: readonly Decision['action'][] = [
  'DISMISS',
  'REJECT',
  'CANCEL',
  'REWORK',
  'CLOSE_UNVERIFIED',
];

function personOf({ personId, subject, name, authTime, acr }: Principal): Person {
  return { personId, subject, name, authTime, acr };
}
