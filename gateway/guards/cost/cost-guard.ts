import { parse, visit, type GraphQLSchema } from 'graphql';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { BoundedCache } from '../../engine/bounded-cache.ts';
import type { PlannedOperation, RanOperation } from '../../engine/types.ts';
import { limitExceeded } from '../../limits.ts';
import { TokenBuckets, type RateLimit } from '../rates.ts';
import { actualCost, costCounter, type CostCounter } from './actual.ts';
import { readCostDirectives } from './directives.ts';
import { estimateCost, type EstimateOptions } from './estimate.ts';

export interface CostLimits {
  /** What one operation may cost; 0 stands for no limit. */
  readonly perOperation: number;
  /** What a tenant may spend in a span of time. */
  readonly perTenant: RateLimit;
  readonly assumedListSize: number;
}

/** What clients see in `extensions.cost`. */
export interface CostReport {
  readonly estimated: number;
  /** What it really cost; not there before it has run. */
  readonly actual?: number;
  /** `null` when there is none. */
  readonly limit: number | null;
  /** What the tenant has left; `null` without a budget. */
  readonly remaining: number | null;
}

/** Looks on at what is spent: for metrics. */
export interface CostObserver {
  /** An operation has run, or an event was completed (then nothing was estimated for it). */
  cost(spent: {
    readonly tenant: string;
    readonly estimated: number | null;
    readonly actual: number;
    /** What was taken from the budget in the end. */
    readonly charged: number;
  }): void;
}

interface Graph {
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
}

type Variables = Readonly<Record<string, unknown>>;

/** Estimates kept per operation, by the values its list sizes come from. */
const keptEstimates = 100;

interface KnownOperation {
  /** Variables that arguments of fields use. */
  readonly variables: readonly string[];
  readonly estimates: BoundedCache<string, number>;
  counter: CostCounter | undefined;
}

/** Estimates operations before they run, refuses what is too costly, and settles what they really cost. */
export class CostGuard {
  readonly #limits: CostLimits;
  readonly #graph: Graph;
  #options: EstimateOptions;
  readonly #tenants: TokenBuckets;
  readonly #observer: CostObserver | undefined;
  readonly #known = new WeakMap<PlannedOperation, KnownOperation>();

  /** @param graph - may be another one later. */
  constructor(clock: Clock, limits: CostLimits, graph: Graph, observer?: CostObserver) {
    this.#limits = limits;
    this.#graph = graph;
    this.#tenants = new TokenBuckets(clock, limits.perTenant);
    this.#options = optionsOf(graph, limits);
    this.#observer = observer;
  }

  /** Whether somebody wants to know what really was spent. */
  get settles(): boolean {
    return this.#observer !== undefined || this.#limits.perTenant.amount > 0;
  }

  /**
   * Takes an operation's cost from its tenant's budget.
   * @throws {HubError} LIMIT_EXCEEDED - it costs more than an operation may; RATE_LIMITED - the budget does not hold it now.
   */
  charge(planned: PlannedOperation, variables: Variables, { tenant }: Principal): CostReport {
    const estimated = this.estimate(planned, variables);
    const { perOperation, perTenant } = this.#limits;
    if (perOperation && estimated > perOperation) throw tooCostly('cost', estimated, perOperation);
    // Waiting would not help: the budget never holds as much.
    if (perTenant.amount && estimated > perTenant.amount)
      throw tooCostly('costPerTenant', estimated, perTenant.amount);
    return {
      estimated,
      limit: perOperation || null,
      remaining: perTenant.amount ? this.#spend(tenant, estimated) : null,
    };
  }

  /**
   * Settles an operation that has run: what was estimated too high is given back, what was estimated too low is taken.
   * Nothing is given back for an answer with errors, which holds less than what was made for it.
   */
  settle(
    report: CostReport,
    planned: PlannedOperation,
    variables: Variables,
    { tenant }: Principal,
    ran: RanOperation,
  ): CostReport {
    const { estimated } = report;
    const actual = this.actual(planned, variables, ran);
    const charged = ran.failed ? Math.max(estimated, actual) : actual;
    this.#observer?.cost({ tenant, estimated, actual, charged });
    const { amount } = this.#limits.perTenant;
    const remaining = amount ? this.#tenants.settle(tenant, charged - estimated) : null;
    return { ...report, actual, remaining };
  }

  /** Takes what one event of a subscription cost. It has been made: nobody is refused for it. */
  chargeEvent(
    planned: PlannedOperation,
    variables: Variables,
    { tenant }: Principal,
    ran: RanOperation,
  ): void {
    const actual = this.actual(planned, variables, ran);
    this.#observer?.cost({ tenant, estimated: null, actual, charged: actual });
    if (this.#limits.perTenant.amount) this.#tenants.settle(tenant, actual);
  }

  /** What the operation costs at most. */
  estimate(planned: PlannedOperation, variables: Variables): number {
    const known = this.#knownOf(planned);
    const key = known.variables.length
      ? JSON.stringify(known.variables.map((name) => sizeOnly(variables[name])))
      : '';
    let estimated = known.estimates.get(key);
    if (estimated === undefined) {
      estimated = estimateCost(planned, variables, this.#options);
      known.estimates.set(key, estimated);
    }
    return estimated;
  }

  /** What a run, or one event, cost. */
  actual(planned: PlannedOperation, variables: Variables, ran: RanOperation): number {
    const known = this.#knownOf(planned);
    known.counter ??= costCounter(planned, this.#options);
    return actualCost(known.counter, ran, variables);
  }

  #knownOf(planned: PlannedOperation): KnownOperation {
    if (this.#options.schema !== this.#graph.schema) this.#options = optionsOf(this.#graph, this.#limits);
    let known = this.#known.get(planned);
    if (!known) this.#known.set(planned, (known = newlyKnown(planned)));
    return known;
  }

  #spend(tenant: string, estimated: number): number {
    const { ok, remaining, retryAfterMs } = this.#tenants.take(tenant, estimated);
    if (ok) return remaining;
    const { amount: max, windowMs } = this.#tenants.limit;
    throw new HubError(
      'RATE_LIMITED',
      `The operation costs ${estimated}, and ${remaining} is left of what your tenant may spend (${max} in ${windowMs} ms).`,
      { details: { limit: 'costPerTenant', max, windowMs, estimated, remaining, retryAfterMs } },
    );
  }
}

function optionsOf({ schema, supergraphSdl }: Graph, { assumedListSize }: CostLimits): EstimateOptions {
  const directives = readCostDirectives(parse(supergraphSdl, { noLocation: true }));
  return { schema, directives, assumedListSize };
}

function tooCostly(limit: string, estimated: number, max: number): HubError {
  const { code, message, details } = limitExceeded(
    limit,
    max,
    `The operation would cost ${estimated}; ${max} is the limit. Ask for shorter lists, or for fewer of them within each other.`,
  );
  return new HubError(code, message, { details: { ...details, estimated } });
}

function newlyKnown({ selected: { operation, fragments } }: PlannedOperation): KnownOperation {
  const variables = new Set<string>();
  for (const definition of [operation, ...fragments.values()])
    visit(definition.selectionSet, { Variable: ({ name }) => void variables.add(name.value) });
  return {
    variables: [...variables].sort(),
    estimates: new BoundedCache(keptEstimates),
    counter: undefined,
  };
}

/** Only numbers, lengths of lists, what objects hold of them, and what is not given can make a difference. */
function sizeOnly(value: unknown, level = 0): unknown {
  if (typeof value === 'number') return value;
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return ['list', value.length];
  // No size is that deep inside an input object; values of open scalars may have any depth.
  if (value === null || typeof value !== 'object' || level > 8) return null;
  return Object.entries(value).map(([name, inner]) => [name, sizeOnly(inner, level + 1)]);
}
