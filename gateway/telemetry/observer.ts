import { context, SpanKind, trace } from '@opentelemetry/api';
import type { EngineObserver } from '../engine/observer.ts';
import type { SubgraphRequest, SubgraphResult } from '../engine/types.ts';
import type { GatewayMetrics } from './metrics.ts';
import { markErrors, type Tracing } from './tracing.ts';

/** Looks on for traces and metrics; `undefined` when there are neither. */
export function createObserver(
  tracing: Tracing | null,
  metrics: GatewayMetrics | null,
): EngineObserver | undefined {
  if (!tracing && !metrics) return undefined;
  return {
    plan: (run) =>
      timed(tracing ? () => tracing.part('graphql.plan', {}, run) : run, (seconds) => metrics?.plan(seconds)),
    fetch(serviceName, request, run) {
      const traced = tracing ? () => traceFetch(tracing, serviceName, request, run) : run;
      return timed(traced, (seconds, result) => metrics?.fetch(serviceName, outcomeOf(result), seconds));
    },
  };
}

/** @param done - gets the time it took, and what came of it unless it failed. */
async function timed<T>(run: () => Promise<T>, done: (seconds: number, result?: T) => void): Promise<T> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
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
