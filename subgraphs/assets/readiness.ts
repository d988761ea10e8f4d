import { assetClassOf, readinessOf, templateOf, type Readiness } from '#ontology/asset-classes/index.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import type { Model } from '#ontology/model.ts';
import { timeOf } from '#ontology/sample.ts';
import type { Twin } from '#ontology/twin.ts';
import type { AssetsDeps } from './deps.ts';
import type { AssetLoaders } from './loaders.ts';
import { signalsOf } from './signals.ts';

/** Checks a twin against its asset class: what is missing to watch and maintain it. */
export async function twinReadiness(
  twin: Twin,
  { failureModes, clock, samples }: AssetsDeps,
  loaders: AssetLoaders,
): Promise<Readiness> {
  const [lineage, children, parent] = await Promise.all([
    loaders.lineage.load(twin.modelId),
    loaders.children.load(twin.id),
    twin.parentId === null ? null : loaders.twin.load(twin.parentId),
  ]);
  const parts = children.filter(({ kind }) => kind === 'COMPONENT');
  const [own, ...around] = await Promise.all(
    [twin, ...parts, ...(parent && twin.kind === 'COMPONENT' ? [parent] : [])].map((one) =>
      signalsOf(one, null, loaders),
    ),
  );
  const signals = (own ?? []).map(({ content }) => content);
  const assetClass = assetClassOf(twin.properties, lineage ?? []);
  return readinessOf({
    assetClass,
    template: templateOf(assetClass),
    parentId: twin.parentId,
    properties: twin.properties,
    signals,
    signalsAround: around.flat().map(({ content }) => content.name),
    parts: await partsOf(parts, loaders),
    failureModes: failureModes.filter((mode) => mode.assetClass === assetClass),
    newestSamples: samples ? await newestOf(twin, signals, samples) : null,
    now: clock.now(),
  });
}

async function partsOf(parts: readonly Twin[], loaders: AssetLoaders) {
  return Promise.all(
    parts.map(async ({ modelId, properties }) => {
      const lineage: readonly Model[] = (await loaders.lineage.load(modelId)) ?? [];
      return { assetClass: assetClassOf(properties, lineage), properties };
    }),
  );
}

async function newestOf(
  twin: Twin,
  signals: readonly { readonly name: string }[],
  samples: NonNullable<AssetsDeps['samples']>,
): Promise<ReadonlyMap<string, number>> {
  const newest = await samples.latest(
    twin.tenant,
    signals.map(({ name }) => ({ twinId: twin.id, signal: name })),
  );
  return new Map(
    signals.flatMap(({ name }, i) => {
      const sample = newest[i];
      return sample ? [[name, timeOf(sample)] as const] : [];
    }),
  );
}

/** Failure modes of a twin's class, by its property or its model. */
export async function failureModesOfTwin(
  twin: Twin,
  failureModes: readonly FailureMode[],
  loaders: AssetLoaders,
): Promise<readonly FailureMode[]> {
  const assetClass = assetClassOf(twin.properties, (await loaders.lineage.load(twin.modelId)) ?? []);
  return failureModes.filter((mode) => mode.assetClass === assetClass);
}
