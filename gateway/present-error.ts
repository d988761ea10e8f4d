import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorTable, HubError, isHubError, type ErrorCode } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { tellRefusal } from './refusals.ts';
import { RemoteError } from './remote/remote-error.ts';

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
  // Of automatic persisted queries: clients act on exactly these.
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
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
  return presentPassed(error, options) ?? presentRemote(error, options) ?? masked(error, options);
}

/** Whether an error is about the request's document or variables: a well-formed request that cannot be executed. */
export function isRequestError(code: unknown): boolean {
  return requestCodes.has(code);
}

/** The HTTP status for an answer that consists of nothing but an error with this code. */
export function httpStatusOf(code: unknown): number {
  if (requestCodes.has(code)) return 400;
  return isErrorCode(code) ? statuses[code] : 500;
}

/** The HTTP status for an answer that consists of nothing but errors, of which this is the first. */
export function httpStatusOfError(error: GraphQLFormattedError | undefined): number {
  const { code, details } = error?.extensions ?? {};
  return specialStatus(code, details) ?? httpStatusOf(code);
}

/** Codes that mean several things to HTTP. */
function specialStatus(code: unknown, details: unknown): number | undefined {
  if (details === null || typeof details !== 'object') return undefined;
  if (code === 'LIMIT_EXCEEDED' && 'limit' in details) return limitStatuses[String(details.limit)];
  if (code === 'INVALID_INPUT' && 'rule' in details) return ruleStatuses[String(details.rule)];
  return undefined;
}

/** @see RFC 9110, 15.5.14 (413); RFC 6585, 5 (431) */
const limitStatuses: Readonly<Record<string, number>> = {
  bodyBytes: 413,
  headerBytes: 431,
  uploadBytes: 413,
  uploadLength: 413,
  // Of what a tenant may keep, not of the request.
  storedBytes: 507,
};
/** @see RFC 9110, 15.5.6 (405), 15.5.7 (406), 15.5.16 (415) */
const ruleStatuses: Readonly<Record<string, number>> = {
  method: 405,
  post: 405,
  accept: 406,
  contentType: 415,
  // tus 1.0.0: the version of the protocol, and a checksum that differs.
  tusVersion: 412,
  checksum: 460,
};

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
  STORE_CORRUPT: 500,
  STORAGE_FULL: 507,
  MESSAGE_UNROUTABLE: 502,
  MESSAGE_INVALID: 400,
  CONFIG_INVALID: 500,
  COMPOSITION_FAILED: 500,
  LIMIT_EXCEEDED: 400,
  RATE_LIMITED: 429,
  DEADLINE_EXCEEDED: 504,
  SCHEMA_CHANGED: 410,
  CANCELLED: 503,
  INTERNAL: 500,
};

/** The HubError behind the errors graphql-js wraps around it. */
export function innermostHubError(error: unknown): HubError | undefined {
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
  tellRefusal(details);
  if (code === 'INTERNAL')
    log.error('A request met a fault of the hub', { requestId, path: pathOf(error), error: hubError });
  const shown = Object.keys(details).length ? { details } : {};
  return placed(error, message, { code, advice, ...shown, requestId });
}

/** An error of a subgraph whose errors are shown as they come. */
function presentPassed(error: unknown, { requestId }: PresentOptions): GraphQLFormattedError | undefined {
  const remote = error instanceof GraphQLError ? error.originalError : undefined;
  if (!(remote instanceof RemoteError && remote.passed)) return undefined;
  return placed(error, remote.message, { ...remote.extensions, requestId });
}

/** An error that another process of the hub has presented already: its code is out of our table. */
function presentRemote(error: unknown, { requestId }: PresentOptions): GraphQLFormattedError | undefined {
  if (!(error instanceof GraphQLError) || !isReported(error.originalError)) return undefined;
  const { code, details, serviceName } = error.extensions;
  if (!isErrorCode(code) || code === 'INTERNAL' || serviceName === undefined) return undefined;
  return placed(error, error.message, {
    code,
    advice: errorTable[code].advice,
    ...(details ? { details } : {}),
    requestId,
  });
}

/** Whether it was read off a wire. */
function isReported(original: unknown): boolean {
  return original === undefined || original instanceof RemoteError;
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
