import type { MaintenanceEvent, MaintenancePlan } from '#ontology/maintenance.ts';
import type { FeedbackVerdict } from '#ontology/recommendation.ts';
import type { LiveFacts, TimerName } from './context.ts';

/** Who decided, as it is written down. */
export interface Person {
  readonly personId: string;
  readonly subject: string;
  readonly name: string;
  /** Epoch ms. */
  readonly authTime: number;
  readonly acr: string | null;
}

/** What comes with every event: the machine itself has no clock, no counter and reads nothing. */
export interface Cause {
  /** Epoch ms. */
  readonly at: number;
  /** The version the workflow will have after it. */
  readonly step: number;
  readonly live: LiveFacts;
}

/** Decisions of people, as the machine takes them: plans complete and hashed. */
export type PersonEvent = { readonly by: Person; readonly comment: string } & (
  | { readonly type: 'ACCEPT' | 'AMEND'; readonly plan: MaintenancePlan; readonly planHash: string }
  | { readonly type: 'DISMISS' | 'GIVE_FEEDBACK'; readonly verdict: FeedbackVerdict }
  | { readonly type: 'APPROVE' | 'REJECT'; readonly planHash: string; readonly stepUpMaxAgeMs: number }
  | { readonly type: 'CANCEL' | 'RETRY' | 'REWORK' | 'CLOSE_UNVERIFIED' }
);

/** A deadline has passed. `token` is the step at which the timer was armed. */
export interface TimerEvent {
  readonly type: 'TIMER';
  readonly name: TimerName;
  readonly token: number;
}

/** An answer of another system; `answersStep` is the step whose command it answers, when it says so. */
export type SystemEvent = MaintenanceEvent & { readonly answersStep: number | null };

export type MachineEvent = (PersonEvent | TimerEvent | SystemEvent) & Cause;
export type MachineEventType = MachineEvent['type'];

/** Narrows to a decision of a person. */
export function isPersonEvent(event: MachineEvent): event is PersonEvent & Cause {
  return 'by' in event;
}
