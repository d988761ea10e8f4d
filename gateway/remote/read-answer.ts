import { isObject } from '../engine/merge.ts';
import type { ResponseObject, ResponsePath, SubgraphResult } from '../engine/types.ts';
import type { HttpAnswer } from './http-peer.ts';
import { peerError, type RemotePeer } from './peer.ts';
import { RemoteError } from './remote-error.ts';

/** How answers of one subgraph are read. */
export interface AnswerReader {
  readonly peer: RemotePeer;
  /** See RemoteError. */
  readonly passErrors: boolean;
}

/** Of one answer; further ones say nothing new, and each takes its time. */
const maxErrors = 100;

const mediaTypes = ['application/graphql-response+json', 'application/json'];

/**
 * An HTTP answer as a GraphQL result. A GraphQL answer counts whatever its status is: servers send errors with 4xx and
 * 5xx too.
 *
 * @throws {HubError} CONNECTOR_PROTOCOL - it is not a GraphQL answer; CONNECTOR_REFUSED - it is none, and its status is 4xx;
 *   CONNECTOR_UNREACHABLE - likewise 502, 503 and 504.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Response
 */
export function readHttpAnswer(answer: HttpAnswer, reader: AnswerReader): SubgraphResult {
  const { status, mediaType } = answer;
  const result = mediaTypes.includes(mediaType) ? readResult(parsed(answer.body), reader) : null;
  if (result) return result;
  const shown = mediaType || 'no media type';
  throw peerError(
    reader.peer,
    codeOf(status),
    `answered with HTTP status ${status} and ${shown}, which is not a GraphQL answer.`,
    { details: { status } },
  );
}

function codeOf(status: number) {
  if ([502, 503, 504].includes(status)) return 'CONNECTOR_UNREACHABLE';
  return status >= 400 && status < 500 ? 'CONNECTOR_REFUSED' : 'CONNECTOR_PROTOCOL';
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A GraphQL result out of parsed JSON; `null` when it is none: neither `data` nor `errors`, or of other types.
 * @see https://spec.graphql.org/October2021/#sec-Response-Format
 */
export function readResult(json: unknown, { passErrors }: AnswerReader): SubgraphResult | null {
  if (!isObject(json)) return null;
  const { data, errors } = json;
  if (data !== undefined && data !== null && !isObject(data)) return null;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return null;
  if (data === undefined && !errors?.length) return null;
  const read = (errors ?? []).slice(0, maxErrors).map((error) => readError(error, passErrors));
  return {
    ...(data === undefined ? {} : { data: data as ResponseObject | null }),
    ...(read.length ? { errors: read } : {}),
  };
}

function readError(error: unknown, passed: boolean): RemoteError {
  const { message, path, extensions } = isObject(error) ? error : {};
  return new RemoteError(
    {
      message: typeof message === 'string' ? message : 'The subgraph reported an error without a message.',
      path: isPath(path) ? path : undefined,
      extensions: isObject(extensions) ? extensions : undefined,
    },
    passed,
  );
}

function isPath(value: unknown): value is ResponsePath {
  return (
    Array.isArray(value) && value.every((part) => typeof part === 'string' || Number.isSafeInteger(part))
  );
}
