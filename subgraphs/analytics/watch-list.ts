import { assetClassOf } from '#ontology/asset-classes/index.ts';
import { failureModesOf } from '#ontology/failure-modes/index.ts';
import type { ModelId, TenantId, TwinId } from '#ontology/ids.ts';
import type { Model, SignalContent } from '#ontology/model.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { Twin } from '#ontology/twin.ts';
import { modelIdsOf } from '#ontology/verify-twin.ts';
import type { BearingGeometry } from './detect/bearing.ts';
import { vibrationClasses, vibrationClassOf, type VibrationClass } from './detect/iso10816.ts';
import type { WatchedAsset } from './detect/watched.ts';

/** An asset to watch and where its samples come from: the keys' prefix by twin. */
export interface WatchEntry {
  readonly asset: WatchedAsset;
  readonly sources: ReadonlyMap<TwinId, string>;
}

/** Reads from the twin graph what is to be watched: every asset, and every component that has numeric signals. */
export async function readWatchList(
  tenant: TenantId,
  twins: TwinStore,
  vibrationClass: VibrationClass,
): Promise<readonly WatchEntry[]> {
  const all = await listAll(tenant, twins);
  const lineages = await lineagesOf(tenant, twins, [...new Set(all.flatMap(modelIdsOf))]);
  const byId = new Map(all.map((twin) => [twin.id, twin]));
  const signalsOf = cached((twin: Twin) =>
    signalsIn(modelIdsOf(twin).flatMap((id) => lineages.get(id) ?? [])),
  );
  const classOf = (twin: Twin) => assetClassOf(twin.properties, lineages.get(twin.modelId) ?? []);
  return all.flatMap((twin) => {
    if (twin.kind === 'COMPONENT' && !signalsOf(twin).some(isNumeric)) return [];
    const components = all.filter(({ parentId }) => parentId === twin.id);
    const parent = twin.kind === 'COMPONENT' && twin.parentId ? byId.get(twin.parentId) : undefined;
    return [toEntry(twin, { components, parent, signalsOf, classOf, vibrationClass })];
  });
}

async function listAll(tenant: TenantId, twins: TwinStore): Promise<readonly Twin[]> {
  const all: Twin[] = [];
  let after: string | null = null;
  do {
    const page = await twins.listTwins(tenant, { kinds: ['ASSET', 'COMPONENT'] }, { first: 500, after });
    all.push(...page.items);
    after = page.next;
  } while (after !== null);
  return all;
}

async function lineagesOf(
  tenant: TenantId,
  twins: TwinStore,
  ids: readonly ModelId[],
): Promise<ReadonlyMap<ModelId, readonly Model[]>> {
  const lineages = await twins.lineageOf(tenant, ids);
  return new Map(ids.map((id, i) => [id, lineages[i] ?? []]));
}

/** The signals of models, the nearest declaration of a name first. */
function signalsIn(models: readonly Model[]): readonly SignalContent[] {
  const byName = new Map<string, SignalContent>();
  for (const { contents } of models)
    for (const content of contents)
      if (content.kind === 'signal' && !byName.has(content.name)) byName.set(content.name, content);
  return [...byName.values()];
}

function cached<V>(read: (twin: Twin) => V): (twin: Twin) => V {
  const known = new Map<Twin, V>();
  return (twin) => {
    const value = known.get(twin) ?? read(twin);
    known.set(twin, value);
    return value;
  };
}

interface Surroundings {
  readonly components: readonly Twin[];
  readonly parent: Twin | undefined;
  readonly signalsOf: (twin: Twin) => readonly SignalContent[];
  readonly classOf: (twin: Twin) => string | null;
  readonly vibrationClass: VibrationClass;
}

function toEntry(
  twin: Twin,
  { components, parent, signalsOf, classOf, vibrationClass }: Surroundings,
): WatchEntry {
  const own = signalsOf(twin);
  const assetClass = classOf(twin);
  const runs = (signals: readonly SignalContent[]) =>
    signals.some(({ name, valueType }) => name === 'running' && valueType === 'boolean');
  const asset: WatchedAsset = {
    tenant: twin.tenant,
    twinId: twin.id,
    assetClass,
    signals: own,
    failureModes: assetClass === null ? [] : failureModesOf(assetClass),
    bearings: components.flatMap((component) => {
      const geometry = geometryOf(component);
      return geometry ? [{ twinId: component.id, geometry }] : [];
    }),
    vibrationClass: classFor([twin, ...components], vibrationClass),
    runningKey: runs(own) ? 'running' : parent && runs(signalsOf(parent)) ? 'parent:running' : null,
  };
  const sources = new Map<TwinId, string>([[twin.id, '']]);
  for (const component of components)
    if (signalsOf(component).length) sources.set(component.id, `${classOf(component) ?? component.id}:`);
  if (parent) sources.set(parent.id, 'parent:');
  return { asset, sources };
}

/** The bearing geometry among a twin's properties; `null` unless all four are there and make sense. */
export function geometryOf({ properties }: Pick<Twin, 'properties'>): BearingGeometry | null {
  const [rollingElements, ballDiameter, pitchDiameter, contactAngle] = [
    'rollingElements',
    'ballDiameter',
    'pitchDiameter',
    'contactAngle',
  ].map((name) => properties[name]);
  const positive = (value: unknown): value is number => typeof value === 'number' && value > 0;
  if (
    !positive(rollingElements) ||
    !positive(ballDiameter) ||
    !positive(pitchDiameter) ||
    ballDiameter >= pitchDiameter
  )
    return null;
  return {
    rollingElements,
    ballDiameter,
    pitchDiameter,
    contactAngle: typeof contactAngle === 'number' ? contactAngle : 0,
  };
}

/** `vibrationClass` of the asset, else by `ratedPower` (kW) of the asset or a component, else the configured one. */
function classFor(twins: readonly Twin[], standard: VibrationClass): VibrationClass {
  const named = vibrationClasses.find((known) =>
    twins.some(({ properties }) => properties['vibrationClass'] === known),
  );
  const power = twins
    .map(({ properties }) => properties['ratedPower'])
    .find((value) => typeof value === 'number');
  return named ?? (power === undefined ? standard : vibrationClassOf(power));
}

function isNumeric({ valueType }: SignalContent): boolean {
  return valueType === 'number' || valueType === 'integer';
}
