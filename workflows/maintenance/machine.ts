import { assign, setup } from 'xstate';
import type { MaintenanceCommand, RecommendationSettled } from '#ontology/maintenance.ts';
import { commandOf, settlement, withdrawals } from './commands.ts';
import {
  initialContext,
  type MaintenanceContext,
  type MaintenanceInput,
  type ResumeState,
  type SystemState,
} from './context.ts';
import type { MachineEvent } from './events.ts';
import { interventionText, waitText, type InterventionReason } from './attention.ts';
import { fits, leftovers, type FitParams } from './rules.ts';
import { record } from './record.ts';
import { timerOf, type TimedState } from './timers.ts';
import {
  approvedCandidates,
  going,
  handlersOf,
  interventionHandlers,
  lateHandlers,
  proceed,
  recording,
  toIntervention,
  waitingHandlers,
  withdrawalHandlers,
  type Candidates,
} from './candidates.ts';

const types = {
  context: {} as MaintenanceContext,
  events: {} as MachineEvent,
  input: {} as MaintenanceInput,
};

const maintenance = setup({
  types,
  guards: { fit: ({ context, event }, params: FitParams) => fits(context, event, params) },
  actions: {
    /** Takes over what the event says; first action of every transition. */
    record: assign(({ context, event }) => record(context, event)),
    intervene: assign(
      ({ context, event }, params: { reason: InterventionReason; resumeAt: ResumeState }) => ({
        resumeAt: params.resumeAt,
        attention: interventionText(context, event, params.reason, params.resumeAt),
      }),
    ),
    wait: assign(({ context }, params: { what: 'parts' | 'window' }) => ({
      attention: waitText(context, params.what),
    })),
    leave: assign({ timer: null, attention: null }),
    arm: assign(({ context }, params: { state: TimedState }) => ({ timer: timerOf(params.state, context) })),
    sending: assign(({ context }, params: { state: SystemState }) => ({
      outstanding: [...new Set([...context.outstanding, commandOf(params.state, context).type])],
      commandStep: context.step,
      resumeAt: params.state,
      jobHeld: context.jobHeld || params.state === 'SCHEDULING',
      jobDispatched: context.jobDispatched || params.state === 'EXECUTING',
    })),
    withdrawing: assign(({ context }) => ({
      outstanding: [
        ...new Set([...context.outstanding, ...withdrawals(context).map((command) => command.type)]),
      ],
      commandStep: context.step,
      resumeAt: 'WITHDRAWING' as const,
    })),
    leftBehind: assign(({ context }) => ({ warnings: [...context.warnings, ...leftovers(context)] })),
    /** Effects: data for the runtime, nothing happens here. */
    command: (_, _params: { commands: readonly MaintenanceCommand[] }) => {},
    settle: (_, _params: { settled: RecommendationSettled }) => {},
  },
});

type Scope = { context: MaintenanceContext; event: MachineEvent };

const settle = (status: RecommendationSettled['status']) =>
  ({
    type: 'settle',
    params: ({ context, event }: Scope) => ({
      settled: settlement(context, status, 'comment' in event ? event.comment : context.cancelReason),
    }),
  }) as const;

/** A state that asks something of another system: sends its command, arms its deadline, waits for the answer. */
const systemState = (state: SystemState, extra: { CANCEL?: Candidates } = {}) => ({
  entry: [
    { type: 'command' as const, params: ({ context }: Scope) => ({ commands: [commandOf(state, context)] }) },
    { type: 'sending' as const, params: { state } },
    { type: 'arm' as const, params: { state } },
  ],
  exit: ['leave' as const],
  on: { ...handlersOf(state), ...extra },
});

const timedState = (state: TimedState) => ({
  entry: [{ type: 'arm' as const, params: { state } }],
  exit: ['leave' as const],
});

const CANCEL: Candidates = [going('CANCELLED', { when: ['nothingHeld'] }), going('WITHDRAWING')];

/** Version of the definition below: a change of it needs the next number, and a migration for workflows that run. */
export const maintenanceVersion = 1;

/**
 * The maintenance workflow as a statechart: pure, driven by `initialTransition` and `transition`; commands and the
 * settled recommendation come out as data, the one armed timer stands in the context. See README.md for the picture.
 */
export const maintenanceMachine = maintenance.createMachine({
  id: 'maintenance',
  version: String(maintenanceVersion),
  context: ({ input }) => initialContext(input),
  initial: 'TRIAGE',
  on: lateHandlers(),
  states: {
    TRIAGE: {
      on: {
        ACCEPT: { target: 'AWAITING_APPROVAL', actions: ['record', settle('ACCEPTED')] },
        DISMISS: { target: 'DISMISSED', actions: ['record', settle('DISMISSED')] },
      },
    },
    AWAITING_APPROVAL: {
      ...timedState('AWAITING_APPROVAL'),
      on: {
        AMEND: { target: 'AWAITING_APPROVAL', reenter: true, actions: ['record'] },
        APPROVE: [...approvedCandidates(), recording({ when: ['approvable'] })],
        REJECT: {
          guard: { type: 'fit', params: { when: ['approvable'] } },
          target: 'REJECTED',
          actions: ['record', settle('DISMISSED')],
        },
        CANCEL,
        TIMER: toIntervention('AWAITING_APPROVAL', 'expired', { when: ['timerCurrent'] }),
      },
    },
    NOTIFYING: systemState('NOTIFYING', { CANCEL }),
    ORDERING: systemState('ORDERING', { CANCEL }),
    RESERVING: systemState('RESERVING', { CANCEL }),
    WAITING_FOR_PARTS: { ...timedState('WAITING_FOR_PARTS'), on: { ...waitingHandlers('parts'), CANCEL } },
    SCHEDULING: systemState('SCHEDULING', { CANCEL }),
    WAITING_FOR_WINDOW: { ...timedState('WAITING_FOR_WINDOW'), on: { ...waitingHandlers('window'), CANCEL } },
    RELEASING: systemState('RELEASING', { CANCEL }),
    ISSUING: systemState('ISSUING', { CANCEL }),
    EXECUTING: systemState('EXECUTING', { CANCEL }),
    // From here on the work is done: it can be confirmed, checked and judged, not called off.
    CONFIRMING: systemState('CONFIRMING'),
    VERIFYING: systemState('VERIFYING'),
    VERIFICATION_FAILED: {
      on: { REWORK: proceed('SCHEDULING'), CLOSE_UNVERIFIED: [going('AWAITING_FEEDBACK')] },
    },
    AWAITING_FEEDBACK: {
      on: { GIVE_FEEDBACK: { target: 'CLOSED', actions: ['record', settle('RESOLVED')] } },
    },
    MANUAL_INTERVENTION: {
      exit: ['leave'],
      on: {
        ...interventionHandlers(),
        AMEND: [going('AWAITING_APPROVAL', { when: ['amendable'] })],
        CLOSE_UNVERIFIED: [going('AWAITING_FEEDBACK', { when: ['workDone'] })],
        CANCEL: [
          going('CANCELLED', { failedIn: 'WITHDRAWING' }),
          going('CANCELLED', { when: ['cancellable', 'nothingHeld'] }),
          going('WITHDRAWING', { when: ['cancellable'] }),
        ],
      },
    },
    WITHDRAWING: {
      entry: [
        { type: 'command', params: ({ context }) => ({ commands: withdrawals(context) }) },
        'withdrawing',
        { type: 'arm', params: { state: 'WITHDRAWING' } },
      ],
      exit: ['leave'],
      on: {
        ...withdrawalHandlers(),
        'wms.partsReserved': {
          guard: { type: 'fit', params: { when: ['lateReservation'] } },
          actions: [
            'record',
            {
              type: 'command',
              params: ({ context }) => ({
                commands: withdrawals(context).filter(({ type }) => type === 'wms.cancelReservation'),
              }),
            },
            'withdrawing',
          ],
        },
      },
    },
    CLOSED: { type: 'final' },
    DISMISSED: { type: 'final' },
    REJECTED: { type: 'final' },
    CANCELLED: { type: 'final', entry: ['leftBehind', settle('DISMISSED')] },
  },
});
