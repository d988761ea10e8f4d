import { formatInstant } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { hasActedBefore } from '#ontology/workflow.ts';
import type { MaintenanceContext } from './context.ts';
import type { Cause, PersonEvent } from './events.ts';

type ApprovalEvent = Extract<PersonEvent, { type: 'APPROVE' | 'REJECT' }> & Cause;

/**
 * Why a decision on an approval may not be taken, or `null` when it may.
 *
 * Bound to exactly the plan that was read; by another person (not account) than who planned it last or approved it
 * already; by somebody who proved who they are not long ago. Rejecting is the safe side: anybody with the role may,
 * the planner too, but it is a signed decision as well and needs the fresh sign-in.
 *
 * @see NIST SP 800-53 AC-3(2), RFC 9470, 21 CFR 11.200, IEC 62443-4-2 CR 2.1 RE(4)
 */
export function approvalFault(context: MaintenanceContext, event: ApprovalEvent): HubError | null {
  const { by, at, stepUpMaxAgeMs } = event;
  if (event.planHash !== context.planHash)
    return new HubError(
      'APPROVAL_STALE',
      'The plan was amended since you read it: read it again and decide on its present content.',
      {
        details: { path: ['input', 'planHash'], planHash: context.planHash },
      },
    );
  if (
    event.type === 'APPROVE' &&
    hasActedBefore(
      { plannedBy: context.planner?.personId ?? null, approvals: context.approvals },
      by.personId,
    )
  )
    return new HubError(
      'SAME_PERSON',
      `${by.name} planned or approved this already: another person has to approve it.`,
    );
  if (at - by.authTime > stepUpMaxAgeMs)
    return new HubError(
      'STEP_UP_REQUIRED',
      `You signed in at ${formatInstant(by.authTime)}; this decision needs a sign-in not older than ${Math.round(stepUpMaxAgeMs / 60_000)} minutes.`,
      { details: { authTime: formatInstant(by.authTime), maxAgeSeconds: Math.floor(stepUpMaxAgeMs / 1000) } },
    );
  return null;
}

/** Whether this approval is the last one the plan needs. */
export function completesApproval(
  context: MaintenanceContext,
  event: ApprovalEvent,
  required: number,
): boolean {
  const persons = new Set(validApprovers(context));
  persons.add(event.by.personId);
  return persons.size >= required;
}

function validApprovers(context: MaintenanceContext): string[] {
  return context.approvals
    .filter((a) => a.valid && a.decision === 'APPROVED' && a.planHash === context.planHash)
    .map((a) => a.personId);
}
