import { HubError } from '#kernel/errors.ts';
import { isAllowed } from '#ontology/principal.ts';
import { sendJson } from '../http/respond.ts';
import type { HttpRoute } from '../http-route.ts';
import type { LiveGraph } from './live-graph.ts';

/**
 * `/graph`: which graph serves, of which subgraphs, whether those elsewhere can be reached, and why the last change of it
 * was refused if it was.
 */
export function createGraphRoute(graph: Pick<LiveGraph, 'status' | 'peers'>): HttpRoute {
  return {
    method: 'GET',
    path: '/graph',
    public: false,
    handle(_req, res, principal) {
      if (!principal || !isAllowed(principal, 'gateway.diagnose'))
        throw new HubError('FORBIDDEN', 'The graph is shown to those with the permission gateway.diagnose.', {
          details: { permission: 'gateway.diagnose' },
        });
      const { since, refused, ...status } = graph.status;
      sendJson(res, 200, {
        ...status,
        peers: graph.peers,
        since: new Date(since).toISOString(),
        refused: refused && { ...refused, at: new Date(refused.at).toISOString() },
      });
    },
  };
}
