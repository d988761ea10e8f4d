import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorTable, HubError, isHubError, type ErrorCode } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';

/** What presenting needs to know of the request. */
export interface PresentOptions {
  readonly requestId: string;
  /** Gets masked errors whole. */
  readonly log: Logger;
}

/** Codes of the GraphQL layer itself: these errors are about the caller's document or variables and keep their message. */
const requestCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * What a client may see of an error: message, place, `extensions.code`, `advice`, `details`, `requestId`, and
 * `serviceName` when a subgraph reported it. A HubError is found also behind the errors graphql-js wraps around it.
 * Anything unknown leaves as INTERNAL without its message and is logged whole.
 */
export function presentError(error: unknown, options: PresentOptions): GraphQLFormattedError {
  const hubError = innermostHubError(error);
  if (hubError) return presentHubError(hubError, error, options);
  if (error instanceof GraphQLError && requestCodes.has(error.extensions['code'])) {
    return placed(error, error.message, { code: error.extensions['code'], requestId: options.requestId });
  }
  return presentRemote(error, options) ?? masked(error, options);
}

/** The HTTP status for an answer that consists of nothing but an error with this code. */
export function httpStatusOf(code: unknown): number {
  if (requestCodes.has(code)) return 400;
  return isErrorCode(code) ? statuses[code] : 500;
}

const statuses: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  INVALID_ID: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  REVISION_CONFLICT: 409,
  INVALID_MODEL: 400,
  UNIT_MISMATCH: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  STEP_UP_REQUIRED: 403,
  SAME_PERSON: 403,
  STEP_NOT_ALLOWED: 409,
  APPROVAL_STALE: 409,
  CONNECTOR_UNREACHABLE: 502,
  CONNECTOR_REFUSED: 502,
  CONNECTOR_PROTOCOL: 502,
  STORE_UNAVAILABLE: 503,
  STORE_LOCKED: 503,
  MESSAGE_UNROUTABLE: 502,
  MESSAGE_INVALID: 400,
  CONFIG_INVALID: 500,
  COMPOSITION_FAILED: 500,
  LIMIT_EXCEEDED: 400,
  DEADLINE_EXCEEDED: 504,
  CANCELLED: 503,
  INTERNAL: 500,
};

function innermostHubError(error: unknown): HubError | undefined {
  let inner: unknown = error;
  while (inner instanceof GraphQLError && inner.originalError) inner = inner.originalError;
  return isHubError(inner) ? inner : undefined;
}

function presentHubError(
  hubError: HubError,
  error: unknown,
  { requestId, log }: PresentOptions,
): GraphQLFormattedError {
  const { code, message, advice, details } = hubError;
  if (code === 'INTERNAL')
    log.error('A request met a fault of the hub', { requestId, path: pathOf(error), error: hubError });
  const shown = Object.keys(details).length ? { details } : {};
  return placed(error, message, { code, advice, ...shown, requestId });
}

/** An error that another process of the hub has presented already: its code is out of our table. */
function presentRemote(error: unknown, { requestId }: PresentOptions): GraphQLFormattedError | undefined {
  if (!(error instanceof GraphQLError) || error.originalError) return undefined;
  const { code, details, serviceName } = error.extensions;
  if (!isErrorCode(code) || code === 'INTERNAL' || serviceName === undefined) return undefined;
  return placed(error, error.message, {
    code,
    advice: errorTable[code].advice,
    ...(details ? { details } : {}),
    requestId,
  });
}

function masked(error: unknown, { requestId, log }: PresentOptions): GraphQLFormattedError {
  const whole = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  log.error('A request met an unexpected error', {
    requestId,
    path: pathOf(error),
    service: serviceOf(error),
    error: whole,
  });
  return placed(error, 'A fault of the hub.', {
    code: 'INTERNAL',
    advice: errorTable.INTERNAL.advice,
    requestId,
  });
}

function placed(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLFormattedError {
  const path = pathOf(error);
  const service = serviceOf(error);
  // Locations of a subgraph's error lie in a document the client never saw.
  const locations = error instanceof GraphQLError && !path ? error.locations : undefined;
  return {
    message,
    ...(locations?.length ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: service === undefined ? extensions : { ...extensions, serviceName: service },
  };
}

function pathOf(error: unknown) {
  return error instanceof GraphQLError ? error.path : undefined;
}

function serviceOf(error: unknown): unknown {
  return error instanceof GraphQLError ? error.extensions['serviceName'] : undefined;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}
