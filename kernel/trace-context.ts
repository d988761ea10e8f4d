import { context, propagation } from '@opentelemetry/api';

/**
 * The trace that the present work belongs to, as messages carry it; `null` when nothing is traced.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}
