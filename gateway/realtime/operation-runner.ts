import { getOperationAST, type DocumentNode, type GraphQLError } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { callerGone, type NewScope } from '../context.ts';
import type { DocumentStore } from '../documents.ts';
import type { FederationEngine } from '../engine/engine.ts';
import { presentError } from '../present-error.ts';
import type { Consumer, SubscriptionHub } from './subscription-hub.ts';

/** An operation as a client sends it, not yet checked. */
export interface OperationParams {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** An operation that runs. */
export interface RunningOperation {
  /** Settles when a subscription runs, or a query or mutation has been answered. */
  readonly started: Promise<void>;
  /** The client is no longer interested. */
  stop(): void;
}

export interface OperationRunnerDeps {
  readonly engine: FederationEngine;
  readonly documents: DocumentStore;
  readonly hub: SubscriptionHub;
  readonly log: Logger;
  readonly newId: () => string;
  readonly newScope: NewScope;
}

interface CheckedParams {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

/** Runs operations of any kind for the streaming transports. */
export class OperationRunner {
  readonly #deps: OperationRunnerDeps;

  constructor(deps: OperationRunnerDeps) {
    this.#deps = deps;
  }

  /**
   * Starts an operation; its results and its end reach the consumer.
   * @param options.readOnly - refuse mutations, as for GET requests.
   */
  run(
    params: OperationParams,
    principal: Principal,
    consumer: Consumer,
    options: { readOnly?: boolean } = {},
  ): RunningOperation {
    const requestId = this.#deps.newId();
    try {
      const checked = checkParams(params);
      const document = this.#deps.documents.prepare(checked.query);
      if (!('kind' in document)) return this.#refuse(document, consumer, requestId);
      const kind = getOperationAST(document, checked.operationName)?.operation;
      if (kind === 'mutation' && options.readOnly)
        throw new HubError('INVALID_INPUT', 'A mutation needs POST.');
      if (kind !== 'subscription') return this.#execute(checked, document, principal, consumer, requestId);
      const { started, leave } = this.#deps.hub.join({ ...checked, document, principal }, consumer);
      return { started, stop: leave };
    } catch (error) {
      return this.#refuse([error], consumer, requestId);
    }
  }

  #refuse(errors: readonly unknown[], consumer: Consumer, requestId: string): RunningOperation {
    consumer.error(errors.map((error) => presentError(error, { log: this.#deps.log, requestId })));
    return { started: Promise.resolve(), stop() {} };
  }

  #execute(
    checked: CheckedParams,
    document: DocumentNode,
    principal: Principal,
    consumer: Consumer,
    requestId: string,
  ): RunningOperation {
    const caller = new AbortController();
    const scope = this.#deps.newScope({ principal, caller: caller.signal, requestId });
    const present = (errors: readonly GraphQLError[]) =>
      errors.map((error) => presentError(error, { log: this.#deps.log, requestId }));
    const answer = async () => {
      const { data, errors } = await this.#deps.engine.execute({
        ...checked,
        document,
        context: scope.context,
      });
      scope.end();
      if (caller.signal.aborted) return;
      if (data === undefined) return consumer.error(present(errors ?? []));
      consumer.next(Buffer.from(JSON.stringify(errors ? { errors: present(errors), data } : { data })));
      consumer.complete();
    };
    // An answer may have no JSON text (one longer than the longest string); nobody else waits for this promise, and
    // a rejection that nobody sees ends the process.
    const started = answer().catch((error: unknown) => {
      scope.end();
      consumer.error([presentError(error, { log: this.#deps.log, requestId })]);
    });
    return { started, stop: () => caller.abort(callerGone()) };
  }
}

function checkParams({ query, operationName, variables }: OperationParams): CheckedParams {
  if (typeof query !== 'string' || !query) throw new HubError('INVALID_INPUT', 'The request has no query.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw new HubError('INVALID_INPUT', 'operationName is not a text.');
  }
  if (
    variables !== undefined &&
    variables !== null &&
    (typeof variables !== 'object' || Array.isArray(variables))
  ) {
    throw new HubError('INVALID_INPUT', 'variables is not an object.');
  }
  return {
    query,
    operationName: operationName ?? null,
    variables: (variables as Record<string, unknown> | null | undefined) ?? null,
  };
}
