import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { Twin } from '#ontology/twin.ts';
import type { AssetFacts, LiveFacts } from './context.ts';

/**
 * Master data of a twin as orders need them: from itself or, for a component, from the nearest twin above it.
 * Without a known criticality it counts as A, so that two persons approve.
 */
export function assetFacts(twin: Twin, ancestors: readonly Twin[]): AssetFacts {
  const nearestFirst = [twin, ...[...ancestors].reverse()];
  const property = (name: string) =>
    nearestFirst
      .map((one) => one.properties[name])
      .find((value) => typeof value === 'string' && value !== '');
  const criticality = property('criticality');
  const equipment = property('equipmentNumber');
  return {
    twinId: twin.id,
    name: twin.name,
    equipment: typeof equipment === 'string' ? equipment : null,
    functionalLocation: String(property('functionalLocation') ?? ''),
    criticality: criticality === 'B' || criticality === 'C' ? criticality : 'A',
  };
}

/** Reads what is checked right before each step. A twin that is gone has no equipment number any more. */
export async function readLiveFacts(
  stores: { readonly twins: TwinStore; readonly recommendations: RecommendationStore },
  tenant: TenantId,
  twinId: TwinId,
  recommendationId: string,
): Promise<LiveFacts> {
  const [[twin], [ancestors], [recommendation]] = await Promise.all([
    stores.twins.twins(tenant, [twinId]),
    stores.twins.ancestorsOf(tenant, [twinId]),
    stores.recommendations.get(tenant, [recommendationId]),
  ]);
  const asset = twin
    ? assetFacts(twin, ancestors ?? [])
    : { twinId, name: twinId, equipment: null, functionalLocation: '', criticality: 'A' as const };
  return { asset, recommendationStatus: recommendation?.status ?? 'OPEN' };
}
