import { HubError, isHubError, type ErrorCode } from '#kernel/errors.ts';

/** The GraphQL type UserError: an expected failure as data. */
export interface UserError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
  readonly path: readonly string[];
}

const unexpected: readonly ErrorCode[] = [
  'INTERNAL',
  'STORE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'UNAUTHENTICATED',
];

/**
 * An expected failure as UserError.
 * @throws the error itself when it is not an expected one: a fault of the hub or of a store belongs into `errors`.
 */
export function toUserError(error: unknown, path: readonly string[] = ['input']): UserError {
  if (!isHubError(error) || unexpected.includes(error.code)) throw error;
  const at = error.details['path'];
  return {
    code: error.code,
    message: error.message,
    advice: error.advice,
    path: Array.isArray(at) ? at.map(String) : path,
  };
}

/** Whether a failure is the caller's to mend. */
export function isExpected(error: unknown): error is HubError {
  return isHubError(error) && !unexpected.includes(error.code);
}
