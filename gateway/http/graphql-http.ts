import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { OperationRefused } from '../documents.ts';
import type { FederationEngine } from '../engine/engine.ts';
import type { EngineResult } from '../engine/types.ts';
import type { AdmittedOperation, Guard } from '../guards/index.ts';
import { limitExceeded } from '../limits.ts';
import { paramsOfUrl, type OperationParams } from '../operation-params.ts';
import { httpStatusOfError, isRequestError, presentError } from '../present-error.ts';
import type { ObservedAnswer, Telemetry } from '../telemetry/index.ts';
import { readJsonBody } from './body.ts';
import { answerTypes, negotiateAnswerType, type AnswerType } from './media-type.ts';
import { requestUrl } from './request-url.ts';
import { sendAnswer } from './respond.ts';

export interface GraphqlHttpOptions {
  readonly engine: FederationEngine;
  readonly guard: Guard;
  readonly maxBodyBytes: number;
  /** Operations in one request. */
  readonly maxBatch: number;
  readonly log: Logger;
  readonly telemetry?: Telemetry | undefined;
}

/** The answer to one operation, and the status it has when it is the only one. */
interface Answer extends Pick<ObservedAnswer, 'operationName' | 'kind'> {
  readonly status: number;
  readonly body: {
    readonly errors?: readonly GraphQLFormattedError[];
    readonly data?: unknown;
    readonly extensions?: unknown;
  };
}

/**
 * GraphQL over HTTP: one operation (or a batch of them) in, one answer out.
 * @see https://graphql.github.io/graphql-over-http/draft/
 */
export class GraphqlHttp {
  readonly #options: GraphqlHttpOptions;

  constructor(options: GraphqlHttpOptions) {
    this.#options = options;
  }

  /**
   * Answers a GET or POST.
   * @param newContext - opens the context of one operation of the request.
   * @throws {HubError} LIMIT_EXCEEDED, INVALID_INPUT - nothing has been sent.
   */
  async handle(req: IncomingMessage, res: ServerResponse, newContext: () => RequestContext): Promise<void> {
    const type = negotiateAnswerType(req.headers.accept);
    if (!type) throw notAcceptable();
    const readOnly = req.method !== 'POST';
    const body = readOnly
      ? paramsOfUrl(requestUrl(req).searchParams)
      : await readJsonBody(req, this.#options.maxBodyBytes);
    const options = { readOnly, wantsPlan: req.headers['x-twinhub-plan'] === 'true' };
    const answer = (params: unknown) => this.#observed(params as OperationParams, newContext(), options);
    if (Array.isArray(body)) return this.#batch(body, answer, res, type);
    const { status, body: answered } = await answer(body);
    if (status === 405) res.setHeader('allow', 'POST');
    const retryAfterMs = retryAfterOf(answered.errors);
    if (retryAfterMs !== null) res.setHeader('retry-after', Math.ceil(retryAfterMs / 1000));
    sendAnswer(res, statusFor(status, answered, type), type, answered);
  }

  async #batch(
    all: readonly unknown[],
    answer: (params: unknown) => Promise<Answer>,
    res: ServerResponse,
    type: AnswerType,
  ): Promise<void> {
    const { maxBatch } = this.#options;
    if (all.length > maxBatch)
      throw limitExceeded(
        'batch',
        maxBatch,
        `The request has ${all.length} operations; ${maxBatch} is the limit.`,
      );
    if (!all.length) throw new HubError('INVALID_INPUT', 'The request has no operation.');
    const answers = await Promise.all(all.map(answer));
    sendAnswer(
      res,
      200,
      type,
      answers.map(({ body }) => body),
    );
  }

  #observed(params: OperationParams, context: RequestContext, how: AnswerOptions): Promise<Answer> {
    const { telemetry } = this.#options;
    const answer = () => this.#answer(params, context, how);
    return telemetry ? telemetry.operation(answer, toObserved) : answer();
  }

  async #answer(
    params: OperationParams,
    context: RequestContext,
    { readOnly, wantsPlan }: AnswerOptions,
  ): Promise<Answer> {
    const { engine, guard, telemetry } = this.#options;
    const admit = () => guard.admit(params, context.principal, { wantsPlan });
    try {
      const admitted = telemetry ? telemetry.step('graphql.prepare', admit) : admit();
      if (readOnly && admitted.kind === 'mutation') throw mutationNeedsPost();
      const { document, operationName, variables, onPlanned } = admitted;
      const result = await engine.execute({ document, operationName, variables, context, onPlanned });
      return this.#present(result, admitted, context.requestId);
    } catch (error) {
      return this.#refused(error, context.requestId);
    }
  }

  #present({ data, errors }: EngineResult, admitted: AdmittedOperation, requestId: string): Answer {
    const presented = errors?.map((error) => presentError(error, { log: this.#options.log, requestId }));
    const extensions = admitted.extensions();
    const { name: operationName, kind } = admitted;
    return {
      operationName,
      kind,
      status: data === undefined ? httpStatusOfError(presented?.[0]) : 200,
      body: {
        ...(presented ? { errors: presented } : {}),
        ...(data === undefined ? {} : { data }),
        ...(extensions ? { extensions } : {}),
      },
    };
  }

  #refused(error: unknown, requestId: string): Answer {
    const errors = error instanceof OperationRefused ? error.errors : [error];
    const presented = errors.map((one) => presentError(one, { log: this.#options.log, requestId }));
    const status = httpStatusOfError(presented[0]);
    return { operationName: null, kind: null, status, body: { errors: presented } };
  }
}

interface AnswerOptions {
  readonly readOnly: boolean;
  readonly wantsPlan: boolean;
}

function toObserved({ operationName, kind, body }: Answer): ObservedAnswer {
  return { operationName, kind, errors: body.errors, refused: !('data' in body) };
}

/**
 * `application/json` is read by clients that take any other status than 200 for a fault of the network, so a well-formed
 * request whose document or variables are wrong has it too.
 *
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
function statusFor(status: number, { errors }: Answer['body'], type: AnswerType): number {
  const legacy = type === 'application/json' && status === 400;
  return legacy && isRequestError(errors?.[0]?.extensions?.['code']) ? 200 : status;
}

function retryAfterOf(errors: readonly GraphQLFormattedError[] | undefined): number | null {
  const details = errors?.[0]?.extensions?.['details'];
  if (details === null || typeof details !== 'object' || !('retryAfterMs' in details)) return null;
  return typeof details.retryAfterMs === 'number' ? details.retryAfterMs : null;
}

function mutationNeedsPost(): HubError {
  return new HubError('INVALID_INPUT', 'A mutation needs POST.', { details: { rule: 'post' } });
}

function notAcceptable(): HubError {
  return new HubError(
    'INVALID_INPUT',
    `The answer can be ${answerTypes.join(' or ')}; the client accepts neither.`,
    {
      details: { rule: 'accept', types: answerTypes },
    },
  );
}
