import { HubError } from '#kernel/errors.ts';
import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import { isTerminal, type WorkflowState } from '#ontology/workflow.ts';
import { hopelessness, staleness, windowFault, windowPassed } from './checks.ts';
import { checkedStates, type MaintenanceContext, type ResumeState, type SystemState } from './context.ts';
import { approvalFault, completesApproval } from './dual-control.ts';
import type { MachineEvent } from './events.ts';
import { answeredCommands, isSecondOrder, record } from './record.ts';

/** Named conditions of the machine. `before` is the context the event meets, `after` with the event recorded. */
export interface Situation {
  readonly before: MaintenanceContext;
  readonly after: MaintenanceContext;
  readonly event: MachineEvent;
}

const rules = {
  approvable: ({ before, event }) =>
    (event.type === 'APPROVE' || event.type === 'REJECT') && approvalFault(before, event) === null,
  lastApproval: ({ before, after, event }) =>
    event.type === 'APPROVE' &&
    approvalFault(before, event) === null &&
    completesApproval(before, event, after.approvalsRequired),
  timerCurrent: ({ before, event }) =>
    event.type === 'TIMER' &&
    before.timer !== null &&
    before.timer.token === event.token &&
    before.timer.name === event.name,
  partsNeeded: ({ after }) => partsNeeded(after),
  partsShortForGood: ({ after }) => hopelessness(after, 'parts') !== null,
  windowOutsidePlan: ({ after }) => windowFault(after) !== null,
  windowRefusedForGood: ({ after }) => hopelessness(after, 'window') !== null,
  windowPassed: ({ after, event }) => windowPassed(after, event.at),
  releaseNeeded: ({ after }) => !after.orderReleased,
  issueNeeded: ({ after }) => issueNeeded(after),
  repairShows: ({ after }) => after.verification?.passed === true,
  amendable: ({ before }) => amendable(before),
  cancellable: ({ before }) => cancellable(before),
  workDone: ({ before }) => workDone(before),
  nothingHeld: ({ after }) => nothingHeld(after, false),
  withdrawn: ({ after }) => nothingHeld(after, true),
  lateReservation: ({ after, event }) => event.type === 'wms.partsReserved' && after.partsHeld,
  withdrawalRefused: ({ after, event }) =>
    'command' in event &&
    ((event.command === 'mes.cancelJob' && after.jobHeld) ||
      (event.command === 'wms.cancelReservation' && after.partsHeld)),
  jobOut: ({ before }) => before.jobDispatched,
  secondOrder: ({ before, event }) => event.type === 'erp.orderCreated' && isSecondOrder(before, event.order),
  outstanding: ({ before, event }) =>
    'command' in event
      ? before.outstanding.includes(event.command) && isRefusalOf(before, event, event.command)
      : (answeredCommands[event.type] ?? []).some((command) => before.outstanding.includes(command)),
} satisfies Record<string, (situation: Situation) => boolean>;

export type RuleName = keyof typeof rules;

/** Conditions of one candidate of a transition; all given ones must hold. */
export interface FitParams {
  readonly when?: readonly RuleName[];
  /** In MANUAL_INTERVENTION: the step a person is asked about. */
  readonly failedIn?: ResumeState;
  /** In MANUAL_INTERVENTION: where RETRY goes on (what is done meanwhile is skipped). */
  readonly resumes?: ResumeState;
  /** The step that follows the approvals (what is done already is skipped). */
  readonly approvedFor?: SystemState;
  /** It is the refusal of this command, and not of an earlier try of it. */
  readonly refuses?: MaintenanceCommand['type'];
  /** The check right before acting: `true` holds when the plan is stale for `target`, `false` when it still holds. */
  readonly stale?: boolean;
  readonly target?: WorkflowState;
}

/** Whether a candidate fits. */
export function fits(before: MaintenanceContext, event: MachineEvent, params: FitParams): boolean {
  const after = record(before, event);
  const { when = [], failedIn, resumes, approvedFor, refuses, stale, target } = params;
  if (!when.every((rule) => rules[rule]({ before, after, event }))) return false;
  if (failedIn !== undefined && before.resumeAt !== failedIn) return false;
  if (resumes !== undefined && resumePoint(after, before.resumeAt) !== resumes) return false;
  if (approvedFor !== undefined && resumePoint(after, after.afterApproval) !== approvedFor) return false;
  if (refuses !== undefined && !isRefusalOf(before, event, refuses)) return false;
  return stale === undefined || target === undefined || (staleness(after, event, target) !== null) === stale;
}

function isRefusalOf(
  context: MaintenanceContext,
  event: MachineEvent,
  command: MaintenanceCommand['type'],
): boolean {
  if (!('command' in event) || event.command !== command) return false;
  return event.answersStep === null || event.answersStep >= context.commandStep;
}

/** Where to go on: steps whose result is there already (a late answer) are passed over. */
export function resumePoint(context: MaintenanceContext, from: ResumeState): ResumeState {
  const { workOrder, orderReleased, partsHeld, partsIssued } = context;
  if (from === 'NOTIFYING' && workOrder.notification !== null) return resumePoint(context, 'ORDERING');
  if (from === 'ORDERING' && workOrder.order !== null) return resumePoint(context, 'RESERVING');
  if (from === 'RESERVING' && (partsHeld || partsIssued || !partsNeeded(context))) return 'SCHEDULING';
  // The plan may have been amended since: a window outside of it is not used.
  if ((from === 'RELEASING' || from === 'ISSUING' || from === 'EXECUTING') && windowFault(context) !== null)
    return 'SCHEDULING';
  if (from === 'RELEASING' && orderReleased) return resumePoint(context, 'ISSUING');
  if (from === 'ISSUING' && !issueNeeded(context)) return 'EXECUTING';
  return from;
}

const partsNeeded = (context: MaintenanceContext) => (context.plan?.parts.length ?? 0) > 0;
const issueNeeded = (context: MaintenanceContext) => partsNeeded(context) && !context.partsIssued;

/** In MANUAL_INTERVENTION: the plan can still change, because no work was begun. */
export function amendable({ resumeAt, jobDispatched, plan }: MaintenanceContext): boolean {
  return (
    plan !== null && !jobDispatched && (resumeAt === 'AWAITING_APPROVAL' || checkedStates.includes(resumeAt))
  );
}

/** In MANUAL_INTERVENTION: the work was not done yet, so it can be called off. */
export function cancellable({ resumeAt }: MaintenanceContext): boolean {
  return resumeAt !== 'CONFIRMING' && resumeAt !== 'VERIFYING';
}

/** In MANUAL_INTERVENTION: the work was done, only its paperwork or check is missing. */
export function workDone({ resumeAt }: MaintenanceContext): boolean {
  return resumeAt === 'CONFIRMING' || resumeAt === 'VERIFYING';
}

const creates: readonly MaintenanceCommand['type'][] = [
  'erp.createNotification',
  'erp.createOrder',
  'wms.reserveParts',
  'wms.issueParts',
];

/** Commands whose answers decide what is left elsewhere; a withdrawal waits for them. */
export function awaitedOnWithdrawal(context: MaintenanceContext): MaintenanceContext['outstanding'] {
  return context.outstanding.filter((command) => creates.includes(command));
}

function nothingHeld(context: MaintenanceContext, countCancels: boolean): boolean {
  const cancels =
    countCancels &&
    context.outstanding.some((command) => command === 'mes.cancelJob' || command === 'wms.cancelReservation');
  return !context.jobHeld && !context.partsHeld && !cancels && awaitedOnWithdrawal(context).length === 0;
}

/** What a workflow that ends early leaves behind in other systems, one sentence each. */
export function leftovers(context: MaintenanceContext): string[] {
  const { workOrder, jobHeld, partsHeld, partsIssued } = context;
  const pending = awaitedOnWithdrawal(context);
  return [
    ...(workOrder.order !== null
      ? [`Order ${workOrder.order} stays in SAP PM: set it to not performed there.`]
      : workOrder.notification !== null
        ? [`Notification ${workOrder.notification} stays in SAP PM: complete it there.`]
        : []),
    ...(partsIssued ? [`Parts were issued with ${workOrder.materialDocument}: return them to stock.`] : []),
    ...(partsHeld
      ? [`Reservation ${workOrder.reservation} could not be withdrawn: cancel it in the WMS.`]
      : []),
    ...(jobHeld
      ? [`The job for order ${workOrder.order} could not be withdrawn: cancel it in the MES.`]
      : []),
    ...(pending.length
      ? [
          `No answer came to ${pending.join(', ')}: look there for what was created for ${context.workflowId}.`,
        ]
      : []),
  ];
}

/** The fault of a decision that the machine would refuse, as precise as it can be said. */
export function decisionFault(
  context: MaintenanceContext,
  state: WorkflowState,
  event: MachineEvent,
): HubError {
  const fault =
    state === 'AWAITING_APPROVAL' && (event.type === 'APPROVE' || event.type === 'REJECT')
      ? approvalFault(context, event)
      : null;
  if (fault) return fault;
  const ended = isTerminal(state) ? ' It has ended.' : '';
  return new HubError(
    'STEP_NOT_ALLOWED',
    `${context.workflowId} is in ${state} and does not take ${event.type} now.${ended}`,
    {
      details: { state, action: event.type },
    },
  );
}
