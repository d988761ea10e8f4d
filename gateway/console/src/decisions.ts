import { request, RequestFailed, type ApiError } from './api.ts';
import { mutations } from './operations.ts';
import type { InboxItem, StepResult } from './types.ts';

/** A decision a person can take: which words it needs and what is sent. */
export interface Action {
  readonly label: string;
  /** Prompt for the comment; `required` when it must not be empty. */
  readonly ask: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly mutation: keyof typeof mutations;
  readonly input: (item: InboxItem, comment: string, choice: string) => Record<string, unknown>;
  readonly tone: 'main' | 'plain';
  /** What is said once it was taken. */
  readonly said: string;
  readonly key?: string;
}

const verdicts = ['CONFIRMED', 'FALSE_ALARM', 'ACTION_TAKEN', 'UNKNOWN'] as const;
const versioned = (item: InboxItem) => ({ workflowId: item.id, expectedVersion: item.version });
const decision = (value: string) => (item: InboxItem, comment: string) => ({
  workflowId: item.id,
  decision: value,
  planHash: item.plan?.hash ?? '',
  comment,
});
const resolution = (action: string) => (item: InboxItem, comment: string) => ({
  ...versioned(item),
  action,
  comment,
});

/** What each allowed action asks and sends. */
export const actions: Readonly<Record<string, Action>> = {
  ACCEPT: {
    label: 'Accept and plan',
    said: 'Accepted and planned',
    ask: 'Comment for the plan (may be empty). Who accepts cannot approve: that takes others.',
    required: false,
    mutation: 'accept',
    input: (item, comment) => ({ ...versioned(item), plan: comment ? { comment } : null }),
    tone: 'main',
    key: 'a',
  },
  DISMISS: {
    label: 'Dismiss',
    said: 'Dismissed',
    ask: 'Why does nothing need doing?',
    required: true,
    choices: ['FALSE_ALARM', 'UNKNOWN'],
    mutation: 'dismiss',
    input: (item, comment, verdict) => ({ ...versioned(item), comment, verdict }),
    tone: 'plain',
    key: 'r',
  },
  APPROVE: {
    label: 'Approve',
    said: 'Approved',
    ask: 'Comment (may be empty)',
    required: false,
    mutation: 'decide',
    input: decision('APPROVED'),
    tone: 'main',
    key: 'a',
  },
  REJECT: {
    label: 'Reject',
    said: 'Rejected',
    ask: 'Why is it rejected?',
    required: true,
    mutation: 'decide',
    input: decision('REJECTED'),
    tone: 'plain',
    key: 'r',
  },
  AMEND: {
    label: 'Amend the plan',
    said: 'Plan amended',
    ask: '',
    required: false,
    mutation: 'amend',
    input: versioned,
    tone: 'plain',
    key: 'e',
  },
  RETRY: {
    label: 'Try again',
    said: 'Step tried again',
    ask: 'What was put right?',
    required: true,
    mutation: 'resolve',
    input: resolution('RETRY'),
    tone: 'main',
  },
  REWORK: {
    label: 'Work on it again',
    said: 'Back to planning',
    ask: 'What is to be done differently?',
    required: true,
    mutation: 'resolve',
    input: resolution('REWORK'),
    tone: 'main',
  },
  CLOSE_UNVERIFIED: {
    label: 'Close unverified',
    said: 'Closed without proof',
    ask: 'Why can it be closed without proof?',
    required: true,
    mutation: 'resolve',
    input: resolution('CLOSE_UNVERIFIED'),
    tone: 'plain',
  },
  GIVE_FEEDBACK: {
    label: 'Give feedback',
    said: 'Feedback given',
    ask: 'What was found? (may be empty)',
    required: false,
    choices: verdicts,
    mutation: 'feedback',
    input: (item, comment, verdict) => ({ ...versioned(item), comment, verdict }),
    tone: 'main',
    key: 'a',
  },
  CANCEL: {
    label: 'Cancel the workflow',
    said: 'Cancelled',
    ask: 'Why is it cancelled?',
    required: true,
    mutation: 'cancel',
    input: (item, reason) => ({ ...versioned(item), reason }),
    tone: 'plain',
  },
};

/** Sends a decision; answers what was wrong, nothing when it was taken. */
export async function decide(
  action: Action,
  input: Readonly<Record<string, unknown>>,
): Promise<readonly ApiError[]> {
  try {
    const { data, errors } = await request<StepResult>(mutations[action.mutation], { input });
    return [
      ...errors,
      ...data.result.errors.map(({ message, code, advice }) => ({ message, extensions: { code, advice } })),
    ];
  } catch (error) {
    return error instanceof RequestFailed
      ? error.errors
      : [{ message: 'The hub cannot be reached. Look at the workflow before you decide again.' }];
  }
}
