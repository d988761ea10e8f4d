import { HubError } from '#kernel/errors.ts';
import { localIdFor } from '#ontology/ids.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { AssetsDeps, TwinChange } from './deps.ts';

const maxIds = 500;

/** Resolvers of the subscriptions. */
export function createSubscriptions(deps: AssetsDeps) {
  return {
    twinChanged: {
      subscribe: (_: unknown, { ids }: { ids?: readonly string[] | null }, context: RequestContext) => {
        assertAllowed(context, 'read');
        const tenant = tenantOf(context);
        if (ids && ids.length > maxIds)
          throw new HubError('LIMIT_EXCEEDED', `There are ${ids.length} ids; allowed are ${maxIds}.`, {
            details: { limit: maxIds },
          });
        const wanted = ids ? new Set(ids.map((id) => localIdFor(id, 'Twin', tenant))) : null;
        return deps.changes.subscribe({
          filter: (change) => change.tenant === tenant && (!wanted || wanted.has(change.twinId)),
        });
      },
      // Straight from the store: the loaders of a long-lived context would give the twin as it was.
      resolve: async (change: TwinChange) =>
        (await deps.twins.twins(change.tenant, [change.twinId]))[0] ?? null,
    },
  };
}
