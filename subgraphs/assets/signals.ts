import { formatGlobalId, formatSignalId, localIdFor, parseSignalId } from '#ontology/ids.ts';
import { pickText, type Model, type SignalContent } from '#ontology/model.ts';
import { tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Twin } from '#ontology/twin.ts';
import { contentsOf, modelIdsOf } from '#ontology/verify-twin.ts';
import type { AssetLoaders } from './loaders.ts';

/** A telemetry channel of a twin, as its model declares it. */
export interface TwinSignal {
  readonly twin: Twin;
  readonly content: SignalContent;
}

/** The signals a lineage declares, own and inherited, in the order declared. */
function signalsIn(lineage: readonly Model[]): SignalContent[] {
  return [...contentsOf(lineage).values()].filter((content) => content.kind === 'signal');
}

/** Signals of a twin; those of its parts are on the parts' own twins. */
export async function signalsOf(
  twin: Twin,
  names: readonly string[] | null,
  loaders: AssetLoaders,
): Promise<TwinSignal[]> {
  // Time series of attached submodels are signals too; what the twin's own model says comes first.
  const lineages = await Promise.all(modelIdsOf(twin).map((id) => loaders.lineage.load(id)));
  const found = signalsIn(lineages.flatMap((lineage) => lineage ?? []));
  return found
    .filter((content) => !names || names.includes(content.name))
    .map((content) => ({ twin, content }));
}

/**
 * The signal with a global id; `null` when its twin or the signal is not known, or of another tenant.
 * @throws {HubError} INVALID_ID
 */
export async function findSignal(
  id: string,
  context: RequestContext,
  loaders: AssetLoaders,
): Promise<TwinSignal | null> {
  const local = localIdFor(id, 'Signal', tenantOf(context));
  if (local === null) return null;
  const { twinId, name } = parseSignalId(local);
  const twin = await loaders.twin.load(twinId);
  return twin ? ((await signalsOf(twin, [name], loaders))[0] ?? null) : null;
}

/** Resolvers of the type Signal. */
export const signalFields = {
  id: ({ twin, content }: TwinSignal) =>
    formatGlobalId('Signal', twin.tenant, formatSignalId(twin.id, content.name)),
  name: ({ content }: TwinSignal) => content.name,
  displayName: ({ content }: TwinSignal) => pickText(content.displayName) ?? content.name,
  description: ({ content }: TwinSignal) => pickText(content.description),
  quantity: ({ content }: TwinSignal) => content.quantity,
  unit: ({ content }: TwinSignal) => content.unit,
  valueType: ({ content }: TwinSignal) => content.valueType,
  range: ({ content }: TwinSignal) => content.range,
  samplingPeriodMs: ({ content }: TwinSignal) =>
    content.samplingPeriodMs === null ? null : Math.round(content.samplingPeriodMs),
};
