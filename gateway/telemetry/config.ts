import type { ConfigReader } from '#kernel/config.ts';
import { parseTenantId } from '#ontology/ids.ts';

/** Who may read `/metrics`: nobody; with the token all, with the permission `gateway.diagnose` one's tenant's part; everybody all. */
export const metricsModes = ['off', 'permitted', 'everyone'] as const;
export type MetricsMode = (typeof metricsModes)[number];

/** Which requests have spans for their resolvers: none, those that ask for it and may, all. */
export const resolverModes = ['off', 'asked', 'all'] as const;
export type ResolverMode = (typeof resolverModes)[number];

/** Where traces go and what is in them. */
export interface TracingConfig {
  /** Address of an OTLP receiver (HTTP, JSON); `/v1/traces` is added to it. */
  readonly endpoint: string;
  /** Sent along, for instance an API key. */
  readonly headers: Readonly<Record<string, string>>;
  /** @default twinhub */
  readonly serviceName: string;
  /** Share of requests that are traced, where the caller has not decided already. @default 1 */
  readonly sampleRatio: number;
  /** @default asked */
  readonly resolvers: ResolverMode;
  /** Time between two exports, milliseconds. @default 5_000 */
  readonly exportIntervalMs: number;
}

export interface TelemetryConfig {
  /** `null` without an endpoint: then no span is ever made. */
  readonly tracing: TracingConfig | null;
  readonly metrics: MetricsMode;
  /** Opens `/metrics` to a scraper. */
  readonly metricsToken: string | null;
  /** Tenants whose members with `gateway.diagnose` read the metrics of the whole hub. @default none */
  readonly operatorTenants: readonly string[];
}

/**
 * Reads the settings of traces and metrics: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME,
 * TWINHUB_TRACE_SAMPLE_RATIO, TWINHUB_TRACE_RESOLVERS, TWINHUB_TRACE_EXPORT_INTERVAL_MS, TWINHUB_METRICS,
 * TWINHUB_METRICS_TOKEN, TWINHUB_OPERATOR_TENANTS.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readTelemetryConfig(env: ConfigReader): TelemetryConfig {
  const endpoint = env.url('OTEL_EXPORTER_OTLP_ENDPOINT', { protocols: ['http', 'https'] });
  const tracing = {
    headers: readHeaders(env),
    serviceName: env.string('OTEL_SERVICE_NAME', { default: 'twinhub' }),
    sampleRatio: env.number('TWINHUB_TRACE_SAMPLE_RATIO', { default: 1, min: 0, max: 1 }),
    resolvers: env.oneOf('TWINHUB_TRACE_RESOLVERS', { default: 'asked', values: resolverModes }),
    exportIntervalMs: env.integer('TWINHUB_TRACE_EXPORT_INTERVAL_MS', {
      default: 5_000,
      min: 10,
      max: 600_000,
    }),
  };
  return Object.freeze({
    tracing: endpoint === undefined ? null : Object.freeze({ ...tracing, endpoint }),
    metrics: env.oneOf('TWINHUB_METRICS', { default: 'permitted', values: metricsModes }),
    metricsToken: env.secret('TWINHUB_METRICS_TOKEN') ?? null,
    operatorTenants: readTenants(env),
  });
}

function readTenants(env: ConfigReader): readonly string[] {
  const tenants = env
    .string('TWINHUB_OPERATOR_TENANTS', { default: '' })
    .split(',')
    .flatMap((name) => name.trim() || []);
  for (const tenant of tenants)
    if (!isTenantId(tenant)) env.fault('TWINHUB_OPERATOR_TENANTS', tenant, 'tenant ids, comma-separated');
  return Object.freeze(tenants);
}

function isTenantId(text: string): boolean {
  try {
    return parseTenantId(text) === text;
  } catch {
    return false;
  }
}

/** `name=value,name=value`, values percent-encoded. */
function readHeaders(env: ConfigReader): Readonly<Record<string, string>> {
  const text = env.secret('OTEL_EXPORTER_OTLP_HEADERS') ?? '';
  const headers: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part.trim())) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/.exec(pair) ?? [];
    const decoded = name === undefined ? null : decode(value ?? '');
    if (name === undefined || decoded === null)
      env.fault('OTEL_EXPORTER_OTLP_HEADERS', '[a secret]', 'name=value,...');
    else headers[name] = decoded;
  }
  return Object.freeze(headers);
}

function decode(value: string): string | null {
  try {
    return decodeURIComponent(value.trim());
  } catch {
    return null;
  }
}
