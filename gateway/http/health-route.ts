import type { HttpRoute } from '../http-route.ts';
import { sendJson } from './respond.ts';

/** How the hub is: `ok` decides about 200 or 503; whatever else it holds is shown. Nothing in it may be secret. */
export interface HealthReport {
  readonly ok: boolean;
  readonly [part: string]: unknown;
}

/** `/health`, for load balancers and people; answers without a sign-in. */
export function createHealthRoute(health: () => Promise<HealthReport>, path = '/health'): HttpRoute {
  return {
    method: 'GET',
    path,
    public: true,
    async handle(_req, res) {
      const report = await health();
      sendJson(res, report.ok ? 200 : 503, report);
    },
  };
}
