import type { ConfigReader } from '#kernel/config.ts';
import type { CostLimits } from './cost/cost-guard.ts';
import { trustModes, type TrustMode } from './documents/document-source.ts';
import { introspectionModes, planModes, type IntrospectionMode, type PlanMode } from './guard.ts';
import type { RateLimit } from './rates.ts';
import type { RateLimits } from './request-rates.ts';

/** Settings of what operations pass before they run. */
export interface GuardsConfig {
  readonly introspection: IntrospectionMode;
  readonly queryPlans: PlanMode;
  readonly rates: RateLimits;
  /** How long operations of a tenant may be planned. */
  readonly planning: RateLimit;
  readonly cost: CostLimits;
  /** Whether answers have `extensions.cost`. @default true */
  readonly showCost: boolean;
  readonly trustedDocuments: {
    readonly mode: TrustMode;
    /** Manifests beside the console's own documents. */
    readonly manifests: readonly string[];
  };
  /** Automatic persisted queries kept, 0 for none. @default 1_000 */
  readonly persistedQueries: number;
}

const most = 1_000_000_000_000;

/**
 * Reads the guards' settings: TWINHUB_INTROSPECTION, TWINHUB_QUERY_PLANS, TWINHUB_RATE_WINDOW_MS,
 * TWINHUB_MAX_REQUESTS_PER_PRINCIPAL, TWINHUB_MAX_REQUESTS_PER_TENANT, TWINHUB_MAX_COST, TWINHUB_MAX_COST_PER_TENANT,
 * TWINHUB_MAX_PLANNING_MS_PER_TENANT, TWINHUB_ASSUMED_LIST_SIZE, TWINHUB_SHOW_COST, TWINHUB_TRUSTED_DOCUMENTS, TWINHUB_TRUSTED_DOCUMENT_FILES,
 * TWINHUB_PERSISTED_QUERIES.
 */
export function readGuardsConfig(env: ConfigReader): GuardsConfig {
  const windowMs = env.integer('TWINHUB_RATE_WINDOW_MS', { default: 60_000, min: 100, max: 86_400_000 });
  const amount = (name: string, fallback: number) =>
    env.integer(name, { default: fallback, min: 0, max: most });
  const files = env.string('TWINHUB_TRUSTED_DOCUMENT_FILES', { default: '' });
  return Object.freeze({
    introspection: env.oneOf('TWINHUB_INTROSPECTION', { default: 'signed-in', values: introspectionModes }),
    queryPlans: env.oneOf('TWINHUB_QUERY_PLANS', { default: 'permitted', values: planModes }),
    rates: Object.freeze({
      perPrincipal: { amount: amount('TWINHUB_MAX_REQUESTS_PER_PRINCIPAL', 300_000), windowMs },
      perTenant: { amount: amount('TWINHUB_MAX_REQUESTS_PER_TENANT', 1_000_000), windowMs },
    }),
    planning: { amount: amount('TWINHUB_MAX_PLANNING_MS_PER_TENANT', 20_000), windowMs },
    cost: Object.freeze({
      perOperation: amount('TWINHUB_MAX_COST', 100_000),
      perTenant: { amount: amount('TWINHUB_MAX_COST_PER_TENANT', 1_000_000_000), windowMs },
      assumedListSize: env.integer('TWINHUB_ASSUMED_LIST_SIZE', { default: 10, min: 1, max: 1_000_000 }),
    }),
    showCost: env.boolean('TWINHUB_SHOW_COST', { default: true }),
    trustedDocuments: Object.freeze({
      mode: env.oneOf('TWINHUB_TRUSTED_DOCUMENTS', { default: 'off', values: trustModes }),
      manifests: files.split(',').flatMap((path) => path.trim() || []),
    }),
    persistedQueries: env.integer('TWINHUB_PERSISTED_QUERIES', { default: 1_000, min: 0, max: 1_000_000 }),
  });
}
