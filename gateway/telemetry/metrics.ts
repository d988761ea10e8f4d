import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CostObserver } from '../guards/cost/cost-guard.ts';
import { onRefusal } from '../refusals.ts';
import { BoundedNames } from './bounded-names.ts';
import { TenantMetrics } from './tenant-metrics.ts';

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
  readonly subscriptionsByTenant: ReadonlyMap<string, number>;
}

/** How the graph is; read when somebody asks for the metrics. */
export interface GraphNumbers {
  readonly generation: number;
  readonly refused: unknown;
  /** Subgraphs in other processes. */
  readonly peers: readonly { readonly name: string; readonly circuit: string | null }[];
}

/** One operation that has been answered. */
export interface AnsweredOperation {
  readonly tenant: string;
  readonly name: string | null;
  /** `unknown` when it was refused before that was known. */
  readonly kind: string;
  readonly seconds: number;
  /** Codes of the errors in the answer. */
  readonly codes: readonly string[];
  /** Names of the limits that the errors are about. */
  readonly limits: readonly string[];
  /** Whether nothing was executed. */
  readonly refused: boolean;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Of costs: powers of ten up to the limit of one operation and beyond. */
const costBuckets = [0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** One event that was completed. */
export interface CompletedEvent {
  readonly tenant: string;
  readonly seconds: number;
  /** From its source to here, seconds; `null` where that is not known. */
  readonly delaySeconds: number | null;
}

/** Names of operations that are told apart; later ones count as `other`. */
const maxOperationNames = 200;

/** The gateway's metrics, for Prometheus. @see https://prometheus.io/docs/practices/naming/ */
export class GatewayMetrics implements CostObserver {
  readonly #registry = new Registry();
  readonly #tenants = new TenantMetrics(this.#registry);
  readonly #codes = new BoundedNames(100);
  readonly #limits = new BoundedNames(50);
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
  readonly #events = this.#histogram(
    'twinhub_event_duration_seconds',
    'Completing an event of a subscription, its joins included.',
    [],
  );
  readonly #delays = this.#histogram(
    'twinhub_event_delay_seconds',
    'From when the hub had what an event tells to its delivery, where that is known.',
    [],
  );
  readonly #refusals = this.#counter(
    'twinhub_refusals_total',
    'What was refused, by the name of the limit.',
    ['limit'],
  );
  readonly #estimates = this.#costs('estimated', 'Estimated cost of operations that ran.');
  readonly #actuals = this.#costs('actual', 'What operations really cost, counted after they ran.');
  readonly #stopListening: () => void;
  #processWatched = false;

  constructor() {
    this.#stopListening = onRefusal((limit) => this.#refusals.inc({ limit: this.#limits.of(limit) }));
  }

  /** Stops counting what the process refuses. */
  close(): void {
    this.#stopListening();
  }

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
    this.#tenants.watchSubscriptions(() => numbers().subscriptionsByTenant);
    this.#total('twinhub_events_total', 'Events completed and sent.', () => numbers().events);
    this.#total('twinhub_slow_readers_total', 'Readers cut off.', () => numbers().slowConsumers);
  }

  /** @param numbers - see GraphNumbers. */
  watchGraph(numbers: () => GraphNumbers): void {
    const gauge = (name: string, help: string, set: (own: Gauge) => void, labelNames: string[] = []) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers: [this.#registry],
        collect() {
          set(this);
        },
      });
    gauge('twinhub_graph_generation', 'Graphs there have been since the start.', (own) =>
      own.set(numbers().generation),
    );
    gauge('twinhub_graph_change_refused', '1 when the last change of the graph was refused.', (own) =>
      own.set(numbers().refused ? 1 : 0),
    );
    const help = 'Subgraphs in other processes: 0 when requests fail at once since it took no connections.';
    const reachable = (own: Gauge) => {
      // One that has left is no series any more.
      own.reset();
      for (const { name, circuit } of numbers().peers)
        own.set({ subgraph: name }, circuit === 'open' ? 0 : 1);
    };
    gauge('twinhub_subgraph_reachable', help, reachable, ['subgraph']);
  }

  operation({ tenant, name, kind, seconds, codes, limits, refused }: AnsweredOperation): void {
    const operation = this.#names.of(name);
    const outcome = refused ? 'refused' : codes.length ? 'errors' : 'ok';
    this.#operations.inc({ operation, kind, outcome });
    this.#durations.observe({ operation, kind }, seconds);
    this.#tenants.operation(tenant, kind, outcome, seconds);
    for (const code of codes) {
      this.#errors.inc({ code: this.#codes.of(code) });
      this.#tenants.error(tenant, code);
    }
    for (const limit of limits) this.#tenants.refusal(tenant, limit);
  }

  event({ tenant, seconds, delaySeconds }: CompletedEvent): void {
    this.#events.observe(seconds);
    if (delaySeconds !== null) this.#delays.observe(delaySeconds);
    this.#tenants.event(tenant);
  }

  cost({ tenant, estimated, actual, charged }: Parameters<CostObserver['cost']>[0]): void {
    if (estimated !== null) {
      this.#estimates.observe(finite(estimated));
      this.#actuals.observe(finite(actual));
    }
    this.#tenants.cost(tenant, finite(charged));
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

  /** What a tenant may see: its own part, nothing of others and of the process. */
  async textFor(tenant: string): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#tenants.text(tenant) };
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> {
    const registers = [this.#registry];
    return new Histogram({ name, help, labelNames: [...labelNames], registers, buckets: secondsBuckets });
  }

  #costs(measure: string, help: string): Histogram {
    const name = `twinhub_operation_cost_${measure}`;
    return new Histogram({ name, help, registers: [this.#registry], buckets: costBuckets });
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

/** An estimate may be beyond any number, where nothing limits it; a metric may not. */
function finite(cost: number): number {
  return Math.min(cost, Number.MAX_SAFE_INTEGER);
}
