import type { ModelId, TenantId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { KnownSignal } from './mapping.ts';

/** A twin and what it is. */
interface TypedTwin {
  readonly id: TwinId;
  readonly modelId: ModelId;
}

/**
 * The signals of twins, inherited ones included.
 * @param lineageOf - a model with all its bases, itself first; empty when it is not known.
 */
export function signalsOfTwins(
  twins: readonly TypedTwin[],
  lineageOf: (id: ModelId) => readonly Model[],
): readonly KnownSignal[] {
  return twins.flatMap(({ id, modelId }) => {
    const signals = new Map<string, KnownSignal>();
    for (const content of lineageOf(modelId).flatMap((model) => model.contents))
      if (content.kind === 'signal' && !signals.has(content.name))
        signals.set(content.name, {
          twinId: id,
          signal: content.name,
          valueType: content.valueType,
          unit: content.unit,
        });
    return [...signals.values()];
  });
}

/** The signals of all twins of a tenant, as a mapping may name them. @throws {HubError} STORE_UNAVAILABLE */
export async function loadKnownSignals(store: TwinStore, tenant: TenantId): Promise<readonly KnownSignal[]> {
  const twins: TypedTwin[] = [];
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<TwinStore['listTwins']>> = await store.listTwins(
      tenant,
      {},
      { first: 500, after },
    );
    twins.push(...page.items);
    after = page.next;
    if (after === null) break;
  }
  const ids = [...new Set(twins.map(({ modelId }) => modelId))];
  const lineages = await store.lineageOf(tenant, ids);
  const byId = new Map(ids.map((id, index) => [id, lineages[index] ?? []]));
  return signalsOfTwins(twins, (id) => byId.get(id) ?? []);
}
