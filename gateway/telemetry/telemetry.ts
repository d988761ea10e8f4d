import type { IncomingHttpHeaders } from 'node:http';
import { context, trace, type Attributes } from '@opentelemetry/api';
import type { GraphQLFormattedError } from 'graphql';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { isAllowed, type Principal } from '#ontology/principal.ts';
import type { EngineObserver } from '../engine/observer.ts';
import type { TelemetryConfig } from './config.ts';
import { GatewayMetrics, type AnsweredOperation } from './metrics.ts';
import { createObserver } from './observer.ts';
import { markErrors, Tracing } from './tracing.ts';

/** An operation's answer as telemetry sees it. */
export interface ObservedAnswer {
  readonly operationName: string | null;
  readonly kind: string | null;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  readonly refused: boolean;
}

/** Traces and metrics of a gateway; each may be switched off, and then costs nothing. */
export class Telemetry {
  readonly config: TelemetryConfig;
  readonly tracing: Tracing | null;
  readonly metrics: GatewayMetrics | null;
  /** For the engine; `undefined` when there is nothing to look for. */
  readonly observer: EngineObserver | undefined;
  #closing: Promise<void> | undefined;

  /** @param clock - tells how late events are. */
  constructor(config: TelemetryConfig, log: Logger, clock: Clock = systemClock) {
    this.config = config;
    this.tracing = config.tracing && new Tracing(config.tracing, log);
    this.metrics = config.metrics === 'off' ? null : new GatewayMetrics();
    this.observer = createObserver(this.tracing, this.metrics, clock);
  }

  /**
   * Runs an HTTP request within its trace.
   * @param principal - asks for spans of resolvers with the header `x-twinhub-trace: resolvers`.
   * @throws {HubError} FORBIDDEN - it asks and may not.
   */
  request(
    headers: IncomingHttpHeaders,
    method: string,
    principal: Principal,
    run: () => Promise<void>,
  ): Promise<void> {
    const { tracing } = this;
    if (!tracing) return run();
    const resolvers = this.#wantsResolvers(headers, principal);
    const attributes: Attributes = { 'http.request.method': method, 'url.path': '/graphql' };
    return tracing.request(`${method} /graphql`, headers, { attributes }, () =>
      resolvers ? tracing.withResolvers(run) : run(),
    );
  }

  /**
   * Runs one operation: a span of it, in a trace of its own where the transport has none, and its numbers.
   * @param tenant - whose numbers they are.
   */
  async operation<T>(
    run: () => Promise<T>,
    observed: (answer: T) => ObservedAnswer,
    tenant: string,
  ): Promise<T> {
    const { tracing, metrics } = this;
    if (!tracing && !metrics) return run();
    const begun = performance.now();
    const answer = tracing
      ? await tracing.partOrRoot('graphql.operation', () => watched(run, observed))
      : await run();
    metrics?.operation(toAnswered(observed(answer), tenant, (performance.now() - begun) / 1000));
    return answer;
  }

  /** Counts an operation that was refused before it ran. @param kind - `null` when that was not known. */
  refused(errors: readonly GraphQLFormattedError[], tenant: string, kind: string | null = null): void {
    const answer = { operationName: null, kind, errors, refused: true };
    this.metrics?.operation(toAnswered(answer, tenant, 0));
  }

  /** Runs a part of an operation that is done at once. */
  step<T>(name: string, run: () => T): T {
    return this.tracing ? this.tracing.partSync(name, {}, run) : run();
  }

  /** Closing twice is harmless. */
  close(): Promise<void> {
    this.metrics?.close();
    return (this.#closing ??= this.tracing?.close() ?? Promise.resolve());
  }

  #wantsResolvers(headers: IncomingHttpHeaders, principal: Principal): boolean {
    const mode = this.config.tracing?.resolvers;
    if (mode === 'all') return true;
    if (headers['x-twinhub-trace'] !== 'resolvers') return false;
    if (mode === 'asked' && isAllowed(principal, 'gateway.diagnose')) return true;
    throw new HubError(
      'FORBIDDEN',
      'Traces of resolvers are for those with the permission gateway.diagnose.',
      {
        details: { permission: 'gateway.diagnose' },
      },
    );
  }
}

/** Runs within a span that is active, and writes on it what came out. */
async function watched<T>(run: () => Promise<T>, observed: (answer: T) => ObservedAnswer): Promise<T> {
  const answer = await run();
  const span = trace.getSpan(context.active());
  const { operationName, kind, errors } = observed(answer);
  if (operationName) span?.setAttribute('graphql.operation.name', operationName);
  if (kind) span?.setAttribute('graphql.operation.type', kind);
  markErrors(span, codesOf(errors));
  return answer;
}

function toAnswered(
  { operationName: name, kind, errors, refused }: ObservedAnswer,
  tenant: string,
  seconds: number,
): AnsweredOperation {
  const codes = codesOf(errors);
  return { tenant, name, kind: kind ?? 'unknown', seconds, codes, limits: limitsOf(errors), refused };
}

function limitsOf(errors: readonly GraphQLFormattedError[] | undefined): string[] {
  return (errors ?? []).flatMap(({ extensions }) => {
    const details = extensions?.['details'];
    if (details === null || typeof details !== 'object' || !('limit' in details)) return [];
    return typeof details.limit === 'string' ? [details.limit] : [];
  });
}

function codesOf(errors: readonly GraphQLFormattedError[] | undefined): string[] {
  return (errors ?? []).map(({ extensions }) => String(extensions?.['code'] ?? 'INTERNAL'));
}
