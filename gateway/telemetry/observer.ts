import { context, SpanKind, trace, type SpanContext } from '@opentelemetry/api';
import type { GraphQLError } from 'graphql';
import type { Clock } from '#kernel/clock.ts';
import type { EngineObserver, EventObserver, StartedSubscription } from '../engine/observer.ts';
import type { SubgraphRequest, SubgraphResult } from '../engine/types.ts';
import { innermostHubError } from '../present-error.ts';
import type { GatewayMetrics } from './metrics.ts';
import { markErrors, type Tracing } from './tracing.ts';

/** Looks on for traces and metrics; `undefined` when there are neither. */
export function createObserver(
  tracing: Tracing | null,
  metrics: GatewayMetrics | null,
  clock: Clock,
): EngineObserver | undefined {
  if (!tracing && !metrics) return undefined;
  return {
    plan: (run) =>
      timed(tracing ? () => tracing.part('graphql.plan', {}, run) : run, (seconds) => metrics?.plan(seconds)),
    fetch(serviceName, request, run) {
      const traced = tracing ? () => traceFetch(tracing, serviceName, request, run) : run;
      return timed(traced, (seconds, result) => metrics?.fetch(serviceName, outcomeOf(result), seconds));
    },
    subscription(asked, start) {
      const begin = (span: SpanContext | null) =>
        start(eventObserver(asked.name, span, { tracing, metrics, clock }));
      if (!tracing) return counted(asked, () => begin(null), metrics);
      return tracing.partOrRoot('graphql.subscribe', async (span) => {
        if (asked.name) span.setAttribute('graphql.operation.name', asked.name);
        const outcome = await counted(asked, () => begin(span.spanContext()), metrics);
        markErrors(span, codesOf(outcome));
        return outcome;
      });
    },
  };
}

/** The numbers of a subscription's start. */
async function counted<T extends object>(
  { name, principal: { tenant } }: StartedSubscription,
  start: () => Promise<T>,
  metrics: GatewayMetrics | null,
): Promise<T> {
  if (!metrics) return start();
  const begun = performance.now();
  const outcome = await start();
  const codes = codesOf(outcome);
  const seconds = secondsSince(begun);
  const kind = 'subscription';
  metrics.operation({
    tenant,
    name,
    kind,
    seconds,
    codes,
    limits: limitsOf(outcome),
    refused: codes.length > 0,
  });
  return outcome;
}

interface Sinks {
  readonly tracing: Tracing | null;
  readonly metrics: GatewayMetrics | null;
  readonly clock: Clock;
}

/** @param start - the span of the subscription's start, that the events' traces name. */
function eventObserver(
  name: string | null,
  start: SpanContext | null,
  { tracing, metrics, clock }: Sinks,
): EventObserver {
  const attributes = {
    'graphql.operation.type': 'subscription',
    ...(name === null ? {} : { 'graphql.operation.name': name }),
  };
  return {
    async event({ principal, sourceTime }, run) {
      const begun = performance.now();
      const result =
        tracing && start
          ? await tracing.linked('graphql.event', attributes, start, async (span) => {
              const made = await run();
              markErrors(span, codesOf(made));
              return made;
            })
          : await run();
      // A source whose clock goes before ours would have sent it later than now.
      const delaySeconds = sourceTime === null ? null : Math.max(0, (clock.now() - sourceTime) / 1000);
      metrics?.event({ tenant: principal.tenant, seconds: secondsSince(begun), delaySeconds });
      return result;
    },
  };
}

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;

/** Of a result of the engine; none of a stream. */
function errorsOf(outcome: object): readonly GraphQLError[] {
  return 'errors' in outcome && Array.isArray(outcome.errors) ? outcome.errors : [];
}

function codesOf(outcome: object): string[] {
  return errorsOf(outcome).map(
    (error) => innermostHubError(error)?.code ?? String(error.extensions['code'] ?? 'INTERNAL'),
  );
}

function limitsOf(outcome: object): string[] {
  return errorsOf(outcome).flatMap((error) => {
    const limit = innermostHubError(error)?.details['limit'];
    return typeof limit === 'string' ? [limit] : [];
  });
}

/** @param done - gets the time it took, and what came of it unless it failed. */
async function timed<T>(run: () => Promise<T>, done: (seconds: number, result?: T) => void): Promise<T> {
  const begun = performance.now();
  const seconds = () => secondsSince(begun);
  try {
    const result = await run();
    done(seconds(), result);
    return result;
  } catch (error) {
    done(seconds());
    throw error;
  }
}

function outcomeOf(result: SubgraphResult | undefined): 'ok' | 'errors' | 'failed' {
  if (!result) return 'failed';
  return result.errors?.length ? 'errors' : 'ok';
}

/** The span is active while the request is sent, so that it carries the span's trace context. */
function traceFetch(
  tracing: Tracing,
  serviceName: string,
  { operation }: SubgraphRequest,
  run: () => Promise<SubgraphResult>,
): Promise<SubgraphResult> {
  const attributes = { 'twinhub.subgraph': serviceName, 'graphql.operation.type': operation };
  return tracing.part(`subgraph ${serviceName}`, { kind: SpanKind.CLIENT, attributes }, async () => {
    const result = await run();
    if (result.errors?.length)
      markErrors(
        trace.getSpan(context.active()),
        result.errors.map(({ extensions }) => String(extensions?.['code'] ?? 'INTERNAL')),
      );
    return result;
  });
}
