import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import { isAllowed, type Principal } from '#ontology/principal.ts';
import type { HttpRoute } from '../http-route.ts';
import type { TelemetryConfig } from './config.ts';
import type { GatewayMetrics } from './metrics.ts';

/** `/metrics` for Prometheus. Numbers tell much about a plant, so they are for those with the permission or the token. */
export function createMetricsRoute(metrics: GatewayMetrics, config: TelemetryConfig): HttpRoute {
  return {
    method: 'GET',
    path: '/metrics',
    public: true,
    async handle(req, res, principal) {
      assertMayRead(req, principal, config);
      const { contentType, body } = await metrics.text();
      res.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
    },
  };
}

/** @throws {HubError} UNAUTHENTICATED, FORBIDDEN */
function assertMayRead(
  { headers }: IncomingMessage,
  principal: Principal | null,
  { metrics, metricsToken }: TelemetryConfig,
): void {
  if (metrics === 'everyone') return;
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (metricsToken !== null && token !== undefined && isSame(token, metricsToken)) return;
  if (!principal)
    throw new HubError('UNAUTHENTICATED', 'Metrics need a sign-in, or the token of the scraper.');
  if (isAllowed(principal, 'gateway.diagnose')) return;
  throw new HubError('FORBIDDEN', 'Metrics are for those with the permission gateway.diagnose.', {
    details: { permission: 'gateway.diagnose' },
  });
}

/** Digests have one length and tell nothing by the time their comparison takes. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
