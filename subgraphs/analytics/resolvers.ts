import type { Broadcast } from '#kernel/broadcast.ts';
import { HubError } from '#kernel/errors.ts';
import {
  formatGlobalId,
  formatSignalId,
  localIdFor,
  parseTwinId,
  type TenantId,
  type TwinId,
} from '#ontology/ids.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { Finding, Health, Recommendation, RecommendationStatus } from '#ontology/recommendation.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import { toConnection, toPageRequest } from '#subgraphs/common/connection.ts';
import { dateTimeScalar, unitCodeScalar } from '#subgraphs/common/scalars.ts';
import { createAnalyticsLoaders } from './loaders.ts';
import type { AnalyticsService } from './service.ts';

/** What the analytics subgraph is made of. */
export interface AnalyticsSubgraphDeps {
  readonly recommendations: RecommendationStore;
  readonly service: Pick<AnalyticsService, 'healthOf' | 'healthHistory'>;
  readonly healthChanges: Broadcast<Health>;
  readonly recommendationChanges: Broadcast<Recommendation>;
}

interface TwinNode {
  readonly __typename: 'Twin';
  readonly id: string;
  readonly twinId: TwinId;
}

/** A finding with the twin it belongs to. */
type FindingNode = Finding & { readonly tenant: TenantId; readonly twinId: TwinId };
type ListArgs = {
  readonly first: number;
  readonly after?: string | null;
  readonly statuses?: readonly RecommendationStatus[] | null;
};

const failureMode = (tenant: TenantId, id: string) => ({
  __typename: 'FailureMode',
  id: formatGlobalId('FailureMode', tenant, id),
});
const twinNode = (tenant: TenantId, twinId: TwinId): TwinNode => ({
  __typename: 'Twin',
  id: formatGlobalId('Twin', tenant, twinId),
  twinId,
});
const findingNodes = ({ tenant, twinId, findings }: Health | Recommendation): FindingNode[] =>
  findings.map((finding) => ({ ...finding, tenant, twinId }));

/** Resolvers of schema.graphql. */
export function createAnalyticsResolvers(deps: AnalyticsSubgraphDeps) {
  const loaders = createAnalyticsLoaders(deps.recommendations, deps.service);
  return {
    DateTime: dateTimeScalar,
    UnitCode: unitCodeScalar,
    Node: { __resolveType: () => 'Recommendation' },
    Health: {
      twin: ({ tenant, twinId }: Health) => twinNode(tenant, twinId),
      findings: findingNodes,
    },
    Finding: {
      signal: ({ tenant, twinId, signal }: FindingNode) => ({
        __typename: 'Signal',
        id: formatGlobalId('Signal', tenant, formatSignalId(twinId, signal)),
      }),
    },
    Recommendation: recommendationResolvers(loaders),
    Twin: twinResolvers(deps, loaders),
    Query: {
      recommendation: (_: unknown, { id }: { id: string }, context: RequestContext) => {
        assertAllowed(context, 'read');
        const local = localIdFor(id, 'Recommendation', tenantOf(context));
        return local === null ? null : loaders(context).byId.load(local);
      },
      recommendations: async (_: unknown, args: ListArgs, context: RequestContext) => {
        assertAllowed(context, 'read');
        const request = toPageRequest(args);
        const page = await deps.recommendations.list(tenantOf(context), args.statuses ?? null, request);
        return toConnection(page, request, ({ id }) => id);
      },
    },
    Subscription: {
      healthChanged: {
        subscribe: (
          _: unknown,
          { twinIds }: { twinIds?: readonly string[] | null },
          context: RequestContext,
        ) => subscribeHealth(twinIds ?? null, context, deps),
        resolve: (health: Health) => health,
      },
      recommendationChanged: {
        subscribe: (_: unknown, __: unknown, context: RequestContext) => {
          assertAllowed(context, 'read');
          const tenant = tenantOf(context);
          return deps.recommendationChanges.subscribe({
            filter: (recommendation) => recommendation.tenant === tenant,
          });
        },
        resolve: (recommendation: Recommendation) => recommendation,
      },
    },
  };
}

type Loaders = ReturnType<typeof createAnalyticsLoaders>;

function recommendationResolvers(loaders: Loaders) {
  return {
    __resolveReference: ({ id }: { id: string }, context: RequestContext) => {
      assertAllowed(context, 'read');
      const local = localIdFor(id, 'Recommendation', tenantOf(context));
      return local === null ? null : loaders(context).byId.load(local);
    },
    id: ({ tenant, id }: Recommendation) => formatGlobalId('Recommendation', tenant, id),
    recommendationId: ({ id }: Recommendation) => id,
    twin: ({ tenant, twinId }: Recommendation) => twinNode(tenant, twinId),
    failureMode: ({ tenant, failureModeId }: Recommendation) => failureMode(tenant, failureModeId),
    findings: findingNodes,
    alternatives: ({ tenant, alternatives }: Recommendation) =>
      alternatives.map(({ failureModeId, confidence }) => ({
        failureMode: failureMode(tenant, failureModeId),
        confidence,
      })),
  };
}

function twinResolvers({ service }: AnalyticsSubgraphDeps, loaders: Loaders) {
  return {
    __resolveReference: ({ id }: { id: string }, context: RequestContext) => {
      const tenant = tenantOf(context);
      const local = localIdFor(id, 'Twin', tenant);
      return local === null ? null : twinNode(tenant, parseTwinId(local));
    },
    health: ({ twinId }: TwinNode, _: unknown, context: RequestContext) => {
      assertAllowed(context, 'read');
      return service.healthOf(tenantOf(context), twinId);
    },
    recommendations: async (
      { twinId }: TwinNode,
      { statuses }: Pick<ListArgs, 'statuses'>,
      context: RequestContext,
    ) => {
      assertAllowed(context, 'read');
      const all = await loaders(context).ofTwin.load(twinId);
      return statuses ? all.filter(({ status }) => statuses.includes(status)) : all;
    },
    healthHistory: ({ twinId }: TwinNode, { first }: { first: number }, context: RequestContext) => {
      assertAllowed(context, 'read');
      return loaders(context).history(toPageRequest({ first }).first).load(twinId);
    },
  };
}

/** Twins in one subscription at most. */
const mostTwins = 500;

function subscribeHealth(
  ids: readonly string[] | null,
  context: RequestContext,
  deps: AnalyticsSubgraphDeps,
) {
  assertAllowed(context, 'read');
  const tenant = tenantOf(context);
  if (ids && ids.length > mostTwins)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `${ids.length} twins; allowed are ${mostTwins} in one subscription; name none for all.`,
      { details: { path: ['twinIds'], limit: mostTwins } },
    );
  // Another tenant's twin does not exist here, so nothing is heard of it.
  const wanted = ids && new Set(ids.map((id) => localIdFor(id, 'Twin', tenant)));
  return deps.healthChanges.subscribe({
    filter: (health) => health.tenant === tenant && (!wanted || wanted.has(health.twinId)),
  });
}
