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
import { sendText, tellRetryAfter } from './respond.ts';

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
  readonly errors?: readonly GraphQLFormattedError[] | undefined;
  /** The data as JSON text; absent when nothing was executed. */
  readonly dataText?: string | undefined;
  readonly extensions?: unknown;
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
   * @param stream - answers a subscription, where the client takes a stream as well.
   * @throws {HubError} LIMIT_EXCEEDED, INVALID_INPUT - nothing has been sent.
   */
  async handle(
    req: IncomingMessage,
    res: ServerResponse,
    newContext: () => RequestContext,
    stream: ((params: OperationParams) => Promise<void>) | null = null,
  ): Promise<void> {
    const type = negotiateAnswerType(req.headers.accept);
    if (!type) throw notAcceptable();
    const readOnly = req.method !== 'POST';
    const body = readOnly
      ? paramsOfUrl(requestUrl(req).searchParams)
      : await readJsonBody(req, this.#options.maxBodyBytes);
    if (stream && !Array.isArray(body) && this.#options.guard.asksForStream(body as OperationParams))
      return stream(body as OperationParams);
    const options = { readOnly, wantsPlan: req.headers['x-twinhub-plan'] === 'true' };
    const answer = (params: unknown) => this.#observed(params as OperationParams, newContext(), options);
    if (Array.isArray(body)) return this.#batch(body, answer, res, type);
    const answered = await answer(body);
    if (answered.status === 405) res.setHeader('allow', 'POST');
    if (answered.errors) tellRetryAfter(res, answered.errors[0]);
    sendText(res, statusFor(answered, type), type, textOf(answered));
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
    sendText(res, 200, type, `[${answers.map(textOf).join()}]`);
  }

  #observed(params: OperationParams, context: RequestContext, how: AnswerOptions): Promise<Answer> {
    const { telemetry } = this.#options;
    const answer = () => this.#answer(params, context, how);
    return telemetry ? telemetry.operation(answer, toObserved, context.principal.tenant) : answer();
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
      const result = await engine.execute({
        document,
        operationName,
        variables,
        context,
        onPlanned,
        asText: true,
      });
      return this.#present(result, admitted, context.requestId);
    } catch (error) {
      return this.#refused(error, context.requestId);
    }
  }

  #present({ data, dataText, errors }: EngineResult, admitted: AdmittedOperation, requestId: string): Answer {
    const presented = errors?.map((error) => presentError(error, { log: this.#options.log, requestId }));
    const text = dataText ?? (data === undefined ? undefined : JSON.stringify(data));
    return {
      operationName: admitted.name,
      kind: admitted.kind,
      status: text === undefined ? httpStatusOfError(presented?.[0]) : 200,
      errors: presented,
      dataText: text,
      extensions: admitted.extensions(),
    };
  }

  #refused(error: unknown, requestId: string): Answer {
    const errors = error instanceof OperationRefused ? error.errors : [error];
    const presented = errors.map((one) => presentError(one, { log: this.#options.log, requestId }));
    return { operationName: null, kind: null, status: httpStatusOfError(presented[0]), errors: presented };
  }
}

/** @see https://spec.graphql.org/October2021/#sec-Response-Format */
function textOf({ errors, dataText, extensions }: Answer): string {
  let text = errors ? `,"errors":${JSON.stringify(errors)}` : '';
  if (dataText !== undefined) text += `,"data":${dataText}`;
  if (extensions) text += `,"extensions":${JSON.stringify(extensions)}`;
  return `{${text.slice(1)}}`;
}

interface AnswerOptions {
  readonly readOnly: boolean;
  readonly wantsPlan: boolean;
}

function toObserved({ operationName, kind, errors, dataText }: Answer): ObservedAnswer {
  return { operationName, kind, errors, refused: dataText === undefined };
}

/**
 * `application/json` is read by clients that take any other status than 200 for a fault of the network, so a well-formed
 * request whose document or variables are wrong has it too.
 *
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
function statusFor({ status, errors }: Answer, type: AnswerType): number {
  const legacy = type === 'application/json' && status === 400;
  return legacy && isRequestError(errors?.[0]?.extensions?.['code']) ? 200 : status;
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
