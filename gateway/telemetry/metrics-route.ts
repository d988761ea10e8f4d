import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import { isAllowed, type Principal } from '#ontology/principal.ts';
import type { HttpRoute } from '../http-route.ts';
import type { TelemetryConfig } from './config.ts';
import type { GatewayMetrics } from './metrics.ts';

/**
 * `/metrics` for Prometheus. Numbers tell much about a plant: those of the whole hub are for its operators and whoever has
 * the token, others with the permission get those of their tenant.
 */
export function createMetricsRoute(metrics: GatewayMetrics, config: TelemetryConfig): HttpRoute {
  return {
    method: 'GET',
    path: '/metrics',
    public: true,
    async handle(req, res, principal) {
      const tenant = readableTenant(req, principal, config);
      const { contentType, body } = await (tenant === null ? metrics.text() : metrics.textFor(tenant));
      res.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
    },
  };
}

/**
 * Whose numbers the caller gets; `null` for those of the whole hub.
 * @throws {HubError} UNAUTHENTICATED, FORBIDDEN
 */
function readableTenant(
  { headers }: IncomingMessage,
  principal: Principal | null,
  { metrics, metricsToken, operatorTenants }: TelemetryConfig,
): string | null {
  if (metrics === 'everyone') return null;
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (metricsToken !== null && token !== undefined && isSame(token, metricsToken)) return null;
  if (!principal)
    throw new HubError('UNAUTHENTICATED', 'Metrics need a sign-in, or the token of the scraper.');
  if (isAllowed(principal, 'gateway.diagnose'))
    return operatorTenants.includes(principal.tenant) ? null : principal.tenant;
  throw new HubError('FORBIDDEN', 'Metrics are for those with the permission gateway.diagnose.', {
    details: { permission: 'gateway.diagnose' },
  });
}

/** Digests have one length and tell nothing by the time their comparison takes. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
