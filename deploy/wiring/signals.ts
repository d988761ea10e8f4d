import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { Model, SignalContent } from '#ontology/model.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import { modelIdsOf } from '#ontology/verify-twin.ts';

function signalContents(lineage: readonly Model[]): readonly SignalContent[] {
  const all = lineage.flatMap((model) => model.contents.filter((content) => content.kind === 'signal'));
  // The nearest declaration of a name wins.
  return [...new Map(all.reverse().map((content) => [content.name, content])).values()];
}

/** Looks up what a twin's model says of one signal; `null` when there is no such twin or signal. */
export async function findSignalContent(
  twins: TwinStore,
  tenant: TenantId,
  twinId: TwinId,
  name: string,
): Promise<SignalContent | null> {
  const [twin] = await twins.twins(tenant, [twinId]);
  if (!twin) return null;
  const lineages = await twins.lineageOf(tenant, modelIdsOf(twin));
  return (
    signalContents(lineages.flatMap((lineage) => lineage ?? [])).find((content) => content.name === name) ??
    null
  );
}
