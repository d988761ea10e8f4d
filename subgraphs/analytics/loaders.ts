import DataLoader from 'dataloader';
import { perRequest } from '#subgraphs/common/per-request.ts';
import type { TwinId } from '#ontology/ids.ts';
import type { HealthChange } from '#ontology/ports/analytics-state.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { Recommendation } from '#ontology/recommendation.ts';
import { tenantOf } from '#ontology/request-context.ts';
import type { AnalyticsService } from './service.ts';

/** Loaders of one request: recommendations by id and by twin, health history by twin and length. */
export function createAnalyticsLoaders(
  recommendations: RecommendationStore,
  service: Pick<AnalyticsService, 'healthHistory'>,
) {
  return perRequest((context) => {
    const tenant = tenantOf(context);
    const histories = new Map<number, DataLoader<TwinId, readonly HealthChange[]>>();
    return {
      byId: new DataLoader<string, Recommendation | null>((ids) => recommendations.get(tenant, ids)),
      ofTwin: new DataLoader<TwinId, readonly Recommendation[]>((twinIds) =>
        recommendations.ofTwins(tenant, twinIds),
      ),
      history: (first: number) => {
        const loader =
          histories.get(first) ??
          new DataLoader<TwinId, readonly HealthChange[]>((twinIds) =>
            service.healthHistory(tenant, twinIds, first),
          );
        histories.set(first, loader);
        return loader;
      },
    };
  });
}
