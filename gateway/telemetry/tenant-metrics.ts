import { Gauge, Registry, type Metric } from 'prom-client';
import { BoundedNames } from './bounded-names.ts';
import { Tally } from './tally.ts';

/** Tenants that are told apart; those that come later share a series, which none of them may read. */
const maxTenants = 100;

/** Stands for them: no tenant can be called so. */
const otherTenants = '_other';

/** What is counted for each tenant. A tenant may read its own part: no name in it was chosen by another one. */
export class TenantMetrics {
  readonly #registry: Registry;
  readonly #all: { readonly name: string; readonly metric: Metric }[] = [];
  readonly #tenants = new BoundedNames(maxTenants, otherTenants);
  readonly #codes = new BoundedNames(100);
  readonly #limits = new BoundedNames(50);
  readonly #operations: Tally;
  readonly #seconds: Tally;
  readonly #errors: Tally;
  readonly #refusals: Tally;
  readonly #events: Tally;
  readonly #cost: Tally;

  /** @param registry - of the whole hub; gets these metrics too. */
  constructor(registry: Registry) {
    this.#registry = registry;
    const tally = (suffix: string, help: string, ...labels: readonly string[]) => {
      const name = nameOf(suffix);
      const made = new Tally(name, help, ['tenant', ...labels], registry);
      this.#all.push({ name, metric: made.counter });
      return made;
    };
    this.#operations = tally('operations_total', 'Operations answered.', 'kind', 'outcome');
    this.#seconds = tally('operation_seconds_total', 'Time of operations, parsing to answer.', 'kind');
    this.#errors = tally('errors_total', 'Errors in answers, by code.', 'code');
    this.#refusals = tally('refusals_total', 'Operations refused, by the name of the limit.', 'limit');
    this.#events = tally('events_total', 'Events completed.');
    this.#cost = tally('cost_total', 'What was taken from the budget.');
  }

  /** @param read - subscriptions that run, by tenant. */
  watchSubscriptions(read: () => ReadonlyMap<string, number>): void {
    const labelOf = (tenant: string) => this.#tenants.of(tenant);
    const name = nameOf('subscriptions');
    const metric = new Gauge({
      name,
      help: 'Subscriptions that run.',
      labelNames: ['tenant'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [tenant, count] of read()) this.inc({ tenant: labelOf(tenant) }, count);
      },
    });
    this.#all.push({ name, metric: metric as Metric });
  }

  operation(of: string, kind: string, outcome: string, seconds: number): void {
    const tenant = this.#tenants.of(of);
    this.#operations.add(1, tenant, kind, outcome);
    this.#seconds.add(seconds, tenant, kind);
  }

  error(of: string, code: string): void {
    this.#errors.add(1, this.#tenants.of(of), this.#codes.of(code));
  }

  refusal(of: string, limit: string): void {
    this.#refusals.add(1, this.#tenants.of(of), this.#limits.of(limit));
  }

  event(of: string): void {
    this.#events.add(1, this.#tenants.of(of));
  }

  cost(of: string, charged: number): void {
    if (charged > 0) this.#cost.add(charged, this.#tenants.of(of));
  }

  /** The text for a scraper of one tenant: nothing of others, and nothing of the process. */
  text(tenant: string): Promise<string> {
    const own = new Registry();
    for (const { name, metric } of this.#all) own.registerMetric(onlyOf(name, metric, tenant));
    return own.metrics();
  }
}

const nameOf = (suffix: string) => `twinhub_tenant_${suffix}`;

/** A registry asks a metric for nothing but its values. */
function onlyOf(name: string, metric: Metric, tenant: string): Metric {
  const get = async () => {
    const { values, ...rest } = await metric.get();
    return { ...rest, values: values.filter(({ labels }) => labels['tenant'] === tenant) };
  };
  return { name, get } as unknown as Metric;
}
