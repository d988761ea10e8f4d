const waiting = ['TRIAGE', 'AWAITING_APPROVAL', 'AWAITING_FEEDBACK'];
const troubled = ['MANUAL_INTERVENTION', 'VERIFICATION_FAILED'];
const ended = ['CLOSED', 'DISMISSED', 'REJECTED', 'CANCELLED'];

/** How much a state asks of people. */
export function stateTone(state: string): 'waiting' | 'troubled' | 'ended' | 'running' {
  if (troubled.includes(state)) return 'troubled';
  if (waiting.includes(state)) return 'waiting';
  return ended.includes(state) ? 'ended' : 'running';
}

export function isOpen(state: string): boolean {
  return !ended.includes(state);
}

/** What is to be done next in a state, and by whom, in a few words. */
export interface NextStep {
  readonly what: string;
  readonly who: string;
}

const people: Readonly<Record<string, NextStep>> = {
  TRIAGE: { what: 'Decide whether to act', who: 'Reliability engineer or planner' },
  AWAITING_APPROVAL: { what: 'Approve or reject the plan', who: 'Planner or maintenance manager' },
  AWAITING_FEEDBACK: { what: 'Say what was found', who: 'Reliability engineer or operator' },
  MANUAL_INTERVENTION: { what: 'Settle what went wrong', who: 'Planner or maintenance manager' },
  VERIFICATION_FAILED: {
    what: 'Decide: work on it again, or close it',
    who: 'Planner or maintenance manager',
  },
};

/** Who has to do what for a workflow to go on. */
export function nextStep(state: string, approvalsRequired = 1): NextStep {
  const step = people[state];
  if (!step)
    return isOpen(state)
      ? { what: 'It goes on by itself', who: 'Nobody now' }
      : { what: 'It has ended', who: 'Nobody' };
  return state === 'AWAITING_APPROVAL' && approvalsRequired > 1
    ? { ...step, who: `${approvalsRequired} different persons: planner, maintenance manager` }
    : step;
}

/** The stages of a workflow as people think of them, with the states that belong to each. */
export const stages: readonly { readonly name: string; readonly states: readonly string[] }[] = [
  { name: 'Triage', states: ['TRIAGE'] },
  { name: 'Approval', states: ['AWAITING_APPROVAL'] },
  { name: 'SAP order', states: ['NOTIFYING', 'ORDERING'] },
  { name: 'Parts', states: ['RESERVING', 'WAITING_FOR_PARTS'] },
  { name: 'Window', states: ['SCHEDULING', 'WAITING_FOR_WINDOW', 'RELEASING', 'ISSUING'] },
  { name: 'Work', states: ['EXECUTING', 'CONFIRMING'] },
  { name: 'Check', states: ['VERIFYING', 'VERIFICATION_FAILED'] },
  { name: 'Feedback', states: ['AWAITING_FEEDBACK'] },
  { name: 'Closed', states: ['CLOSED'] },
];
