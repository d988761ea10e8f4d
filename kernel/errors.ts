/**
 * The one table of error codes. A row says what the code means, what the caller can do, whether the same
 * call can succeed later, and (for `kernel` users) nothing of HTTP or GraphQL: `gateway/present-error.ts`
 * maps codes to what a client sees.
 */
export const errorTable = {
  // What the caller sent
  INVALID_INPUT: {
    meaning: 'An argument breaks a rule.',
    advice: 'Correct the named argument and call again.',
    retryable: false,
  },
  INVALID_ID: {
    meaning: 'An identifier is not of the expected form.',
    advice: 'Use the identifier as the hub returned it.',
    retryable: false,
  },
  NOT_FOUND: {
    meaning: 'Nothing with this identifier is visible to you.',
    advice: 'Check the identifier and your tenant.',
    retryable: false,
  },
  ALREADY_EXISTS: {
    meaning: 'Something with this identifier exists already.',
    advice: 'Use another identifier or update the existing one.',
    retryable: false,
  },
  REVISION_CONFLICT: {
    meaning: 'It changed since you read it.',
    advice: 'Read it again and repeat your change.',
    retryable: true,
  },
  INVALID_MODEL: {
    meaning: 'A model document breaks a rule of its standard.',
    advice: 'Correct the document at the named place.',
    retryable: false,
  },
  UNIT_MISMATCH: {
    meaning: 'Two quantities of different kind cannot be compared or converted.',
    advice: 'Check the units of the signal and the model.',
    retryable: false,
  },
  // Who asks
  UNAUTHENTICATED: {
    meaning: 'No valid sign-in came with the request.',
    advice: 'Sign in, or send a valid bearer token.',
    retryable: false,
  },
  FORBIDDEN: {
    meaning: 'Your roles do not allow this.',
    advice: 'Ask somebody with the role named in the message.',
    retryable: false,
  },
  STEP_UP_REQUIRED: {
    meaning: 'The decision needs a fresh sign-in.',
    advice: 'Sign in again and repeat the decision.',
    retryable: false,
  },
  SAME_PERSON: {
    meaning: 'Dual control needs another person than the one who acted before.',
    advice: 'Ask a second person to decide.',
    retryable: false,
  },
  // Workflows
  STEP_NOT_ALLOWED: {
    meaning: 'The workflow does not accept this step in its present state.',
    advice: 'Read its state and choose one of the allowed steps.',
    retryable: false,
  },
  APPROVAL_STALE: {
    meaning: 'What you decided on has been amended since you read it.',
    advice: 'Read the request again and decide on its present content.',
    retryable: false,
  },
  // The outside
  CONNECTOR_UNREACHABLE: {
    meaning: 'Another system does not answer.',
    advice: 'Try again later; if it lasts, check address and network of the system.',
    retryable: true,
  },
  CONNECTOR_REFUSED: {
    meaning: 'Another system refused the request.',
    advice: 'See the reason it gave.',
    retryable: false,
  },
  CONNECTOR_PROTOCOL: {
    meaning: 'Another system answered with something that breaks its contract.',
    advice: 'Check that its version is a supported one.',
    retryable: false,
  },
  STORE_UNAVAILABLE: {
    meaning: 'A store does not answer.',
    advice: 'Try again later; check its address and disk.',
    retryable: true,
  },
  STORE_LOCKED: {
    meaning: 'Another process holds a store that has one writer.',
    advice: 'Stop the other process or choose another data folder.',
    retryable: false,
  },
  STORE_CORRUPT: {
    meaning: 'What a store holds is not what was put into it.',
    advice: 'Restore it from a backup, or store it again; check the disk.',
    retryable: false,
  },
  STORAGE_FULL: {
    meaning: 'There is no room left on the disk of the hub.',
    advice: 'Try again later; the operator has to make room.',
    retryable: true,
  },
  MESSAGE_UNROUTABLE: {
    meaning: 'A message had no queue to go to.',
    advice: 'Check that the receiving system has declared its queue.',
    retryable: true,
  },
  MESSAGE_INVALID: {
    meaning: 'A message breaks its contract.',
    advice: 'Correct it at the named place; it was set aside and not acted on.',
    retryable: false,
  },
  // Ourselves
  CONFIG_INVALID: {
    meaning: 'One or more settings are wrong.',
    advice: 'Correct each named setting.',
    retryable: false,
  },
  COMPOSITION_FAILED: {
    meaning: 'The subgraphs do not compose to one graph.',
    advice: 'Correct the named subgraph.',
    retryable: false,
  },
  LIMIT_EXCEEDED: {
    meaning: 'A limit was passed.',
    advice: 'Ask for less at a time; the message names the limit.',
    retryable: false,
  },
  RATE_LIMITED: {
    meaning: 'More was asked in a span of time than you or your tenant may.',
    advice: 'Wait for the time the details name, then go on more slowly.',
    retryable: true,
  },
  DEADLINE_EXCEEDED: {
    meaning: 'It took longer than its deadline.',
    advice: 'Ask for less, or try again later.',
    retryable: true,
  },
  SCHEMA_CHANGED: {
    meaning: 'The graph no longer has what a running subscription asked for.',
    advice: 'Look at what the graph has now and subscribe to that.',
    retryable: false,
  },
  CANCELLED: {
    meaning: 'The caller went away or the hub is closing.',
    advice: 'Call again.',
    retryable: true,
  },
  INTERNAL: { meaning: 'A fault of the hub.', advice: 'Report it with the request id.', retryable: false },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** Facts about one failure, safe to show to the caller it belongs to: names, places, numbers; no secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The one error class of the hub: a code out of the table, a sentence, facts, and the original as `cause`. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  /** What the caller can do, from the table. */
  get advice(): string {
    return errorTable[this.code].advice;
  }

  /** Whether the same call can succeed later, from the table. */
  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** Narrows to a HubError, optionally of one code. */
export function isHubError(error: unknown, code?: ErrorCode): error is HubError {
  return error instanceof HubError && (code === undefined || error.code === code);
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Marks a case the types say cannot happen. @throws {HubError} INTERNAL, always. */
export function unreachable(value: never): never {
  throw new HubError('INTERNAL', `Unexpected case: ${JSON.stringify(value)}`);
}
