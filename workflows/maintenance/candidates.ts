import type { WorkflowState } from '#ontology/workflow.ts';
import type { InterventionReason } from './attention.ts';
import { checkedStates, systemStates, type ResumeState, type SystemState } from './context.ts';
import type { MachineEventType } from './events.ts';
import { answeredCommands } from './record.ts';
import type { FitParams, RuleName } from './rules.ts';

type Action =
  | 'record'
  | {
      readonly type: 'intervene';
      readonly params: { readonly reason: InterventionReason; readonly resumeAt: ResumeState };
    }
  | { readonly type: 'wait'; readonly params: { readonly what: 'parts' | 'window' } };

/** One way a transition can go; the first whose guard fits is taken. */
export interface Candidate {
  guard?: { type: 'fit'; params: FitParams };
  target?: string;
  actions: Action[];
}
export type Candidates = Candidate[];

/** Candidates by the type of the event. */
export type Handlers = Partial<Record<MachineEventType, Candidates>>;

/** A candidate that hands the workflow to a person. */
export function toIntervention(
  resumeAt: ResumeState,
  reason: InterventionReason,
  params: FitParams = {},
): Candidate {
  return {
    guard: { type: 'fit', params },
    target: 'MANUAL_INTERVENTION',
    actions: ['record', { type: 'intervene', params: { reason, resumeAt } }],
  };
}

/** A candidate that only keeps what the event says. */
export function recording(params: FitParams): Candidate {
  return { guard: { type: 'fit', params }, actions: ['record'] };
}

/** A candidate that goes to a state. */
export function going(target: WorkflowState, params: FitParams = {}): Candidate {
  return { guard: { type: 'fit', params }, target, actions: ['record'] };
}

/** Enters a system step when the plan still holds, and hands over to a person when it does not. */
export function proceed(target: SystemState, params: FitParams = {}): Candidates {
  return [
    toIntervention(target, 'stale', { ...params, target, stale: true }),
    going(target, { ...params, target, stale: false }),
  ];
}

const both = (params: FitParams, when: RuleName): FitParams => ({
  ...params,
  when: [...(params.when ?? []), when],
});

const afterOrder = (p: FitParams) => [
  ...proceed('RESERVING', both(p, 'partsNeeded')),
  ...proceed('SCHEDULING', p),
];
const afterRelease = (p: FitParams) => [
  ...proceed('ISSUING', both(p, 'issueNeeded')),
  ...proceed('EXECUTING', p),
];
const afterWindow = (p: FitParams) => [
  toIntervention('SCHEDULING', 'windowOutsidePlan', both(p, 'windowOutsidePlan')),
  ...proceed('RELEASING', both(p, 'releaseNeeded')),
  ...afterRelease(p),
];
const waiting = (what: 'parts' | 'window', p: FitParams): Candidates => [
  what === 'parts'
    ? toIntervention('RESERVING', 'partsShort', both(p, 'partsShortForGood'))
    : toIntervention('SCHEDULING', 'windowRefused', both(p, 'windowRefusedForGood')),
  {
    guard: { type: 'fit', params: p },
    target: what === 'parts' ? 'WAITING_FOR_PARTS' : 'WAITING_FOR_WINDOW',
    actions: ['record', { type: 'wait', params: { what } }],
  },
];

/** What each system step does with the answers to its command; `p` narrows it further (a late answer during an intervention). */
const answers: Readonly<Record<SystemState, (p: FitParams) => Handlers>> = {
  NOTIFYING: (p) => ({ 'erp.notificationCreated': proceed('ORDERING', p) }),
  ORDERING: (p) => ({ 'erp.orderCreated': afterOrder(p) }),
  RESERVING: (p) => ({
    'wms.partsReserved': proceed('SCHEDULING', p),
    'wms.partsShort': waiting('parts', p),
  }),
  SCHEDULING: (p) => ({ 'mes.windowGranted': afterWindow(p), 'mes.windowRefused': waiting('window', p) }),
  RELEASING: (p) => ({ 'erp.orderReleased': afterRelease(p) }),
  ISSUING: (p) => ({ 'wms.partsIssued': proceed('EXECUTING', p) }),
  EXECUTING: (p) => ({
    'mes.jobStarted': [recording(p)],
    'mes.jobEnded': [going('CONFIRMING', p)],
    'mes.jobAborted': [toIntervention('SCHEDULING', 'aborted', p)],
  }),
  CONFIRMING: (p) => ({ 'erp.orderCompleted': [going('VERIFYING', p)] }),
  VERIFYING: (p) => ({
    'analytics.repairVerified': [
      going('AWAITING_FEEDBACK', both(p, 'repairShows')),
      going('VERIFICATION_FAILED', p),
    ],
  }),
};

const refusals: Readonly<Record<Exclude<SystemState, 'VERIFYING'>, Handlers>> = {
  NOTIFYING: {
    'erp.refused': [toIntervention('NOTIFYING', 'refused', { refuses: 'erp.createNotification' })],
  },
  ORDERING: { 'erp.refused': [toIntervention('ORDERING', 'refused', { refuses: 'erp.createOrder' })] },
  RESERVING: { 'wms.refused': [toIntervention('RESERVING', 'refused', { refuses: 'wms.reserveParts' })] },
  SCHEDULING: { 'mes.refused': [toIntervention('SCHEDULING', 'refused', { refuses: 'mes.requestWindow' })] },
  RELEASING: { 'erp.refused': [toIntervention('RELEASING', 'refused', { refuses: 'erp.releaseOrder' })] },
  ISSUING: { 'wms.refused': [toIntervention('ISSUING', 'refused', { refuses: 'wms.issueParts' })] },
  EXECUTING: { 'mes.refused': [toIntervention('EXECUTING', 'refused', { refuses: 'mes.dispatchJob' })] },
  CONFIRMING: { 'erp.refused': [toIntervention('CONFIRMING', 'refused', { refuses: 'erp.completeOrder' })] },
};

/** Answers and refusals of one system step, with its deadline. */
export function handlersOf(state: SystemState): Handlers {
  return {
    ...answers[state]({}),
    ...(state === 'VERIFYING' ? {} : refusals[state]),
    TIMER: [toIntervention(state, 'deadline', { when: ['timerCurrent'] })],
  };
}

/** The approval that completes them, for each step it may be followed by. */
export function approvedCandidates(): Candidates {
  return systemStates
    .filter((state) => checkedStates.includes(state))
    .flatMap((state) => proceed(state, { when: ['lastApproval'], approvedFor: state }));
}

/** RETRY, and late answers to the step that failed, while a person is asked. */
export function interventionHandlers(): Handlers {
  const retry = [
    going('AWAITING_APPROVAL', { resumes: 'AWAITING_APPROVAL' }),
    going('WITHDRAWING', { resumes: 'WITHDRAWING' }),
    ...proceed('SCHEDULING', { resumes: 'EXECUTING', when: ['windowPassed'] }),
    ...systemStates.flatMap((state) => proceed(state, { resumes: state })),
  ];
  const late = systemStates.map((state) => answers[state]({ failedIn: state, when: ['outstanding'] }));
  return merged([{ RETRY: retry }, ...late, withdrawalAnswers({ failedIn: 'WITHDRAWING' })]);
}

const withdrawalEvents = [
  'erp.notificationCreated',
  'erp.orderCreated',
  'wms.partsReserved',
  'wms.partsShort',
  'wms.partsIssued',
  'wms.reservationCancelled',
  'mes.windowRefused',
  'mes.jobAborted',
  'mes.jobCancelled',
  'erp.refused',
  'wms.refused',
  'mes.refused',
] as const satisfies readonly MachineEventType[];

/** What ends a withdrawal, or only changes what is still held. */
export function withdrawalAnswers(p: FitParams): Handlers {
  const handle: Candidates = [
    going('CANCELLED', { ...p, when: ['outstanding', 'withdrawn'] }),
    recording({ ...p, when: ['outstanding'] }),
  ];
  return Object.fromEntries(withdrawalEvents.map((type) => [type, handle]));
}

/** A refusal to withdraw what is still held needs a person. */
export function withdrawalHandlers(): Handlers {
  const refused = toIntervention('WITHDRAWING', 'refused', { when: ['withdrawalRefused'] });
  const first: Handlers = { 'wms.refused': [refused], 'mes.refused': [refused] };
  return {
    ...merged([first, withdrawalAnswers({})]),
    TIMER: [toIntervention('WITHDRAWING', 'deadline', { when: ['timerCurrent'] })],
  };
}

/** Answers to what was left meanwhile: recorded in whatever state. Work that was done counts, wherever it is told. */
export function lateHandlers(): Handlers {
  const types = Object.keys(answeredCommands) as MachineEventType[];
  const all: Handlers = Object.fromEntries(
    [...types, 'erp.refused', 'wms.refused', 'mes.refused'].map((type) => [
      type,
      [recording({ when: ['outstanding'] })],
    ]),
  );
  return {
    ...all,
    'erp.orderCreated': [recording({ when: ['secondOrder'] }), recording({ when: ['outstanding'] })],
    'mes.jobStarted': [recording({ when: ['jobOut'] })],
    'mes.jobAborted': [recording({ when: ['jobOut'] })],
    'mes.jobEnded': [{ ...going('CONFIRMING', { when: ['jobOut'] }), target: '.CONFIRMING' }],
  };
}

/** A list of handlers as one: candidates of the same event one after the other. */
function merged(all: readonly Handlers[]): Handlers {
  const result: Handlers = {};
  for (const [type, candidates] of all.flatMap(
    (handlers) => Object.entries(handlers) as [MachineEventType, Candidates][],
  ))
    result[type] = [...(result[type] ?? []), ...candidates];
  return result;
}

/** Tries again after a wait: by the timer, by a person, or by an answer that comes on its own. */
export function waitingHandlers(what: 'parts' | 'window'): Handlers {
  const target = what === 'parts' ? 'RESERVING' : 'SCHEDULING';
  return {
    TIMER: proceed(target, { when: ['timerCurrent'] }),
    RETRY: proceed(target),
    ...(what === 'parts'
      ? { 'wms.partsReserved': proceed('SCHEDULING') }
      : { 'mes.windowGranted': afterWindow({}) }),
  };
}
