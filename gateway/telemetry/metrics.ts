import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { BoundedNames } from './bounded-names.ts';

/** Numbers that others count already; read when somebody asks for the metrics. */
export interface LiveNumbers {
  readonly webSockets: number;
  readonly eventStreams: number;
  readonly upstreams: number;
  readonly consumers: number;
  readonly events: number;
  readonly slowConsumers: number;
  readonly requestsInFlight: number;
  readonly cachedPlans: number;
}

/** One operation that has been answered. */
export interface AnsweredOperation {
  readonly name: string | null;
  /** `unknown` when it was refused before that was known. */
  readonly kind: string;
  readonly seconds: number;
  /** Codes of the errors in the answer. */
  readonly codes: readonly string[];
  /** Whether nothing was executed. */
  readonly refused: boolean;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Names of operations that are told apart; later ones count as `other`. */
const maxOperationNames = 200;

/** The gateway's metrics, for Prometheus. @see https://prometheus.io/docs/practices/naming/ */
export class GatewayMetrics {
  readonly #registry = new Registry();
  readonly #names = new BoundedNames(maxOperationNames);
  readonly #operations = this.#counter('twinhub_operations_total', 'Operations answered.', [
    'operation',
    'kind',
    'outcome',
  ]);
  readonly #durations = this.#histogram('twinhub_operation_duration_seconds', 'From parsing to the answer.', [
    'operation',
    'kind',
  ]);
  readonly #errors = this.#counter('twinhub_operation_errors_total', 'Errors in answers, by code.', ['code']);
  readonly #plans = this.#histogram(
    'twinhub_plan_duration_seconds',
    'Planning and compiling an operation.',
    [],
  );
  readonly #fetches = this.#counter('twinhub_subgraph_fetches_total', 'Requests to subgraphs.', [
    'subgraph',
    'outcome',
  ]);
  readonly #fetchDurations = this.#histogram(
    'twinhub_subgraph_fetch_duration_seconds',
    'Requests to subgraphs, until their answer.',
    ['subgraph'],
  );
  #processWatched = false;

  /** @param numbers - see LiveNumbers. */
  watch(numbers: () => LiveNumbers): void {
    const gauge = (name: string, help: string, read: (all: LiveNumbers) => number) =>
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(read(numbers()));
        },
      });
    gauge('twinhub_websocket_connections', 'Open WebSocket connections.', (all) => all.webSockets);
    gauge('twinhub_http_streams', 'Open streams over HTTP.', (all) => all.eventStreams);
    gauge('twinhub_subscription_sources', 'Streams that subgraphs send.', (all) => all.upstreams);
    gauge('twinhub_subscriptions', 'Subscriptions of clients.', (all) => all.consumers);
    gauge('twinhub_requests_in_flight', 'HTTP requests that run.', (all) => all.requestsInFlight);
    gauge('twinhub_cached_plans', 'Compiled operations kept.', (all) => all.cachedPlans);
    this.#total('twinhub_events_total', 'Events completed and sent.', () => numbers().events);
    this.#total('twinhub_slow_readers_total', 'Readers cut off.', () => numbers().slowConsumers);
  }

  operation({ name, kind, seconds, codes, refused }: AnsweredOperation): void {
    const operation = this.#names.of(name);
    this.#operations.inc({ operation, kind, outcome: refused ? 'refused' : codes.length ? 'errors' : 'ok' });
    this.#durations.observe({ operation, kind }, seconds);
    for (const code of codes) this.#errors.inc({ code });
  }

  plan(seconds: number): void {
    this.#plans.observe(seconds);
  }

  fetch(subgraph: string, outcome: 'ok' | 'errors' | 'failed', seconds: number): void {
    this.#fetches.inc({ subgraph, outcome });
    this.#fetchDurations.observe({ subgraph }, seconds);
  }

  /** The text for a scraper. The process is looked at (event loop, memory, collector) from the first time on. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    if (!this.#processWatched) collectDefaultMetrics({ register: this.#registry });
    this.#processWatched = true;
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> {
    const registers = [this.#registry];
    return new Histogram({ name, help, labelNames: [...labelNames], registers, buckets: secondsBuckets });
  }

  /** A total that somebody else counts. */
  #total(name: string, help: string, read: () => number): Counter {
    return new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
