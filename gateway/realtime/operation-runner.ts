import type { GraphQLError } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Principal } from '#ontology/principal.ts';
import { callerGone, type NewScope } from '../context.ts';
import { OperationRefused } from '../documents.ts';
import type { FederationEngine } from '../engine/engine.ts';
import type { AdmittedOperation, Guard } from '../guards/index.ts';
import type { ObservedAnswer, Telemetry } from '../telemetry/index.ts';
import type { OperationParams } from '../operation-params.ts';
import { presentError } from '../present-error.ts';
import type { Consumer } from './reader.ts';
import { resumePositionOf } from './stream-position.ts';
import type { SubscriptionHub } from './subscription-hub.ts';

/** An operation that runs. */
export interface RunningOperation {
  /** Settles when a subscription runs, or a query or mutation has been answered. */
  readonly started: Promise<void>;
  /** The client is no longer interested; or its connection was lost, and it may come back for the rest. */
  stop(options?: { lost?: boolean }): void;
}

export interface OperationRunnerDeps {
  readonly engine: FederationEngine;
  readonly guard: Guard;
  readonly telemetry?: Telemetry | undefined;
  readonly hub: SubscriptionHub;
  readonly log: Logger;
  readonly newId: () => string;
  readonly newScope: NewScope;
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
      const admitted = this.#deps.guard.admit(params, principal);
      const { kind } = admitted;
      if (kind === 'mutation' && options.readOnly)
        throw new HubError('INVALID_INPUT', 'A mutation needs POST.', { details: { rule: 'post' } });
      if (kind !== 'subscription') return this.#execute(admitted, principal, consumer, requestId);
      const resumeFrom = resumePositionOf(params.extensions);
      const { started, leave } = this.#deps.hub.join({ ...admitted, resumeFrom, principal }, consumer);
      return { started, stop: leave };
    } catch (error) {
      return this.#refuse(error, principal, consumer, requestId);
    }
  }

  #refuse(error: unknown, { tenant }: Principal, consumer: Consumer, requestId: string): RunningOperation {
    const { log, telemetry } = this.#deps;
    const errors = error instanceof OperationRefused ? error.errors : [error];
    const presented = errors.map((one) => presentError(one, { log, requestId }));
    telemetry?.refused(presented, tenant);
    consumer.error(presented);
    return { started: Promise.resolve(), stop() {} };
  }

  #execute(
    admitted: AdmittedOperation,
    principal: Principal,
    consumer: Consumer,
    requestId: string,
  ): RunningOperation {
    const caller = new AbortController();
    const scope = this.#deps.newScope({ principal, caller: caller.signal, requestId });
    const present = (errors: readonly GraphQLError[]) =>
      errors.map((error) => presentError(error, { log: this.#deps.log, requestId }));
    const { telemetry } = this.#deps;
    const answer = async (): Promise<ObservedAnswer> => {
      const { document, operationName, variables, onPlanned, kind, name } = admitted;
      const operation = { document, operationName, variables, onPlanned };
      const { data, errors } = await this.#deps.engine.execute({ ...operation, context: scope.context });
      scope.end();
      const presented = errors && present(errors);
      const observed = { operationName: name, kind, errors: presented, refused: data === undefined };
      if (caller.signal.aborted) return observed;
      if (data === undefined) {
        consumer.error(presented ?? []);
        return observed;
      }
      const extensions = admitted.extensions();
      const body = {
        ...(presented ? { errors: presented } : {}),
        data,
        ...(extensions ? { extensions } : {}),
      };
      consumer.next(Buffer.from(JSON.stringify(body)));
      consumer.complete();
      return observed;
    };
    // An answer may have no JSON text (one longer than the longest string); nobody else waits for this promise, and
    // a rejection that nobody sees ends the process.
    const running = telemetry
      ? telemetry.operation(answer, (observed) => observed, principal.tenant)
      : answer();
    const started = running.then(
      () => {},
      (error: unknown) => {
        scope.end();
        consumer.error([presentError(error, { log: this.#deps.log, requestId })]);
      },
    );
    return { started, stop: () => caller.abort(callerGone()) };
  }
}
