import { HubError } from '#kernel/errors.ts';
import { isObject } from './engine/merge.ts';

/** An operation as a client sends it, not yet checked. */
export interface OperationParams {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  /** Of a trusted document. */
  readonly documentId?: unknown;
  /** The same, as Relay calls it. */
  readonly doc_id?: unknown;
  /** The same, as others call it. */
  readonly id?: unknown;
}

/** An operation whose parts have the right form. */
export interface CheckedParams {
  readonly query: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly extensions: Readonly<Record<string, unknown>> | null;
  readonly documentId: string | null;
}

/**
 * Checks the form of a request.
 * @throws {HubError} INVALID_INPUT
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function checkParams(params: unknown): CheckedParams {
  if (!isObject(params)) throw new HubError('INVALID_INPUT', 'The request is not an object.');
  return {
    query: textOf(params, 'query'),
    operationName: textOf(params, 'operationName'),
    variables: objectOf(params, 'variables'),
    extensions: objectOf(params, 'extensions'),
    documentId: textOf(params, 'documentId') ?? textOf(params, 'doc_id') ?? textOf(params, 'id'),
  };
}

/** The request of a URL's query part. @throws {HubError} INVALID_INPUT */
export function paramsOfUrl(search: URLSearchParams): OperationParams {
  return {
    query: search.get('query'),
    operationName: search.get('operationName'),
    variables: jsonOf(search, 'variables'),
    extensions: jsonOf(search, 'extensions'),
    documentId: search.get('documentId') ?? search.get('doc_id') ?? search.get('id'),
  };
}

function textOf(params: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = params[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new HubError('INVALID_INPUT', `${name} is not a text.`);
}

function objectOf(
  params: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> | null {
  const value = params[name];
  if (value === undefined || value === null) return null;
  if (isObject(value)) return value;
  throw new HubError('INVALID_INPUT', `${name} is not an object.`);
}

function jsonOf(search: URLSearchParams, name: string): unknown {
  const text = search.get(name);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HubError('INVALID_INPUT', `${name} is not JSON.`, { cause: error });
  }
}
