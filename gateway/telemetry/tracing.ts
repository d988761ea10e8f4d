import type { IncomingHttpHeaders } from 'node:http';
import {
  context,
  createContextKey,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { isHubError, messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { TracingConfig } from './config.ts';
import { AsyncContextManager } from './context-manager.ts';

/** Time for one export, tries anew included, milliseconds: closing waits for the last one. */
const exportTimeoutMs = 3_000;

const resolversKey = createContextKey('twinhub.resolvers');

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
}

/** Makes spans and sends them to a receiver. Exists only where tracing is switched on. */
export class Tracing {
  readonly config: TracingConfig;
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #log: Logger;

  /** Sets the process's context manager and propagator, which subgraphs' executors and messages read. */
  constructor(config: TracingConfig, log: Logger) {
    this.config = config;
    this.#log = log;
    const url = `${config.endpoint.replace(/\/+$/, '')}/v1/traces`;
    const headers = { ...config.headers };
    const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: exportTimeoutMs });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': config.serviceName }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sampleRatio) }),
      spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: config.exportIntervalMs })],
    });
    this.#tracer = this.#provider.getTracer('twinhub');
    context.setGlobalContextManager(new AsyncContextManager());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  }

  /** Runs a request in the trace that its headers name, or in a new one. @see https://www.w3.org/TR/trace-context/ */
  request<T>(
    name: string,
    headers: IncomingHttpHeaders,
    options: SpanOptions,
    run: (span: Span) => Promise<T>,
  ) {
    const parent = propagation.extract(context.active(), headers);
    return this.#run(name, { kind: SpanKind.SERVER, ...options }, parent, run);
  }

  /** Runs a part of what is traced already; what is not stays so. */
  part<T>(name: string, options: SpanOptions, run: () => Promise<T>): Promise<T> {
    const active = context.active();
    return trace.getSpan(active) ? this.#run(name, options, active, run) : run();
  }

  /** As `part`; what is not traced begins a trace. */
  partOrRoot<T>(name: string, run: (span: Span) => Promise<T>): Promise<T> {
    const active = context.active();
    const kind = trace.getSpan(active) ? SpanKind.INTERNAL : SpanKind.SERVER;
    return this.#run(name, { kind }, active, run);
  }

  /** Runs in a trace of its own that names another one. */
  linked<T>(name: string, attributes: Attributes, to: SpanContext, run: (span: Span) => Promise<T>) {
    const links = isSpanContextValid(to) ? [{ context: to }] : [];
    return this.#run(name, { kind: SpanKind.CONSUMER, attributes, links }, ROOT_CONTEXT, run);
  }

  /** As `part`, for work that is done at once. */
  partSync<T>(name: string, options: SpanOptions, run: () => T): T {
    const active = context.active();
    if (!trace.getSpan(active)) return run();
    const span = this.#tracer.startSpan(name, options, active);
    try {
      return context.with(trace.setSpan(active, span), run);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  /** Runs with spans for resolvers. */
  withResolvers<T>(run: () => T): T {
    return context.with(context.active().setValue(resolversKey, true), run);
  }

  /** Whether resolvers are to have spans now. */
  tracesResolvers(): boolean {
    const active = context.active();
    return trace.getSpan(active)?.isRecording() === true && active.getValue(resolversKey) === true;
  }

  /** Sends what is left and lets go of the process's context. */
  async close(): Promise<void> {
    await this.#provider
      .shutdown()
      .catch((error: unknown) =>
        this.#log.warn('The last traces could not be sent', { reason: messageOf(error) }),
      );
    context.disable();
    propagation.disable();
  }

  async #run<T>(
    name: string,
    options: SpanOptions,
    parent: Context,
    run: (span: Span) => Promise<T>,
  ): Promise<T> {
    const span = this.#tracer.startSpan(name, options, parent);
    try {
      return await context.with(trace.setSpan(parent, span), () => run(span));
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  }
}

/** Only the code of a failure is told: messages may hold what is nobody's business. */
function fail(span: Span, error: unknown): void {
  const code = isHubError(error) ? error.code : 'INTERNAL';
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}

/** Marks a span whose work ended with errors in its answer. */
export function markErrors(span: Span | undefined, codes: readonly string[]): void {
  const [first] = codes;
  if (first === undefined) return;
  span?.setAttribute('error.type', first);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: [...new Set(codes)].join(', ') });
}
