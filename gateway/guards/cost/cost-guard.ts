import { parse, visit, type GraphQLSchema } from 'graphql';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { BoundedCache } from '../../engine/bounded-cache.ts';
import type { PlannedOperation } from '../../engine/types.ts';
import { limitExceeded } from '../../limits.ts';
import { TokenBuckets, type RateLimit } from '../rates.ts';
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
  /** `null` when there is none. */
  readonly limit: number | null;
  /** What the tenant has left; `null` without a budget. */
  readonly remaining: number | null;
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
}

/** Estimates operations before they run, and refuses what is too costly. */
export class CostGuard {
  readonly #limits: CostLimits;
  readonly #graph: Graph;
  #options: EstimateOptions;
  readonly #tenants: TokenBuckets;
  readonly #known = new WeakMap<PlannedOperation, KnownOperation>();

  /** @param graph - may be another one later. */
  constructor(clock: Clock, limits: CostLimits, graph: Graph) {
    this.#limits = limits;
    this.#graph = graph;
    this.#tenants = new TokenBuckets(clock, limits.perTenant);
    this.#options = optionsOf(graph, limits);
  }

  /**
   * Takes an operation's cost from its tenant's budget.
   * @throws {HubError} LIMIT_EXCEEDED - it costs more than an operation may; RATE_LIMITED - the budget does not hold it.
   */
  charge(planned: PlannedOperation, variables: Variables, { tenant }: Principal): CostReport {
    const estimated = this.estimate(planned, variables);
    const { perOperation, perTenant } = this.#limits;
    if (perOperation && estimated > perOperation) throw tooCostly(estimated, perOperation);
    return {
      estimated,
      limit: perOperation || null,
      remaining: perTenant.amount ? this.#spend(tenant, estimated) : null,
    };
  }

  /** What the operation costs at most. */
  estimate(planned: PlannedOperation, variables: Variables): number {
    if (this.#options.schema !== this.#graph.schema) this.#options = optionsOf(this.#graph, this.#limits);
    let known = this.#known.get(planned);
    if (!known) this.#known.set(planned, (known = newlyKnown(planned)));
    const key = known.variables.length
      ? canonicalJson(known.variables.map((name) => sizeOnly(variables[name])))
      : '';
    let estimated = known.estimates.get(key);
    if (estimated === undefined) {
      estimated = estimateCost(planned, variables, this.#options);
      known.estimates.set(key, estimated);
    }
    return estimated;
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

function tooCostly(estimated: number, max: number): HubError {
  const { code, message, details } = limitExceeded(
    'cost',
    max,
    `The operation would cost ${estimated}; ${max} is the limit. Ask for shorter lists, or for fewer of them within each other.`,
  );
  return new HubError(code, message, { details: { ...details, estimated } });
}

function newlyKnown({ selected: { operation, fragments } }: PlannedOperation): KnownOperation {
  const variables = new Set<string>();
  for (const definition of [operation, ...fragments.values()])
    visit(definition.selectionSet, { Variable: ({ name }) => void variables.add(name.value) });
  return { variables: [...variables].sort(), estimates: new BoundedCache(keptEstimates) };
}

/** Only numbers, lengths of lists and what objects hold of them can make a difference. */
function sizeOnly(value: unknown): unknown {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return ['list', value.length];
  if (value === null || typeof value !== 'object') return null;
  return Object.entries(value).map(([name, inner]) => [name, sizeOnly(inner)]);
}
