/** Asset-class templates: what the hub expects of a pump, a motor, a gearbox. */
import { failureModesOf } from '../failure-modes/index.ts';
import type { FailureMode } from '../failure-mode.ts';
import type { Model } from '../model.ts';
import { bearing, conveyor, gearbox, motor, spindle } from './drives.ts';
import { chiller, compressor, fan, pump } from './fluid-machines.ts';
import { modelIdOf, readClassModels } from './models.ts';
import type { AssetClassTemplate } from './template.ts';

export type { AssetClassTemplate, SignalTemplate } from './template.ts';
export { assetModelId, classDocument, modelIdOf, partModelId } from './models.ts';
export { instantiateTemplate, type Instance, type InstanceRequest } from './instantiate.ts';
export { readinessOf, type Readiness, type ReadinessCheck } from './readiness.ts';

/** Every template. */
export const assetClassTemplates: readonly AssetClassTemplate[] = Object.freeze([
  pump,
  motor,
  bearing,
  compressor,
  conveyor,
  fan,
  gearbox,
  chiller,
  spindle,
]);

const byClass = new Map(assetClassTemplates.map((template) => [template.assetClass, template]));

/** The template of a class such as `pump`; `null` for a class without one. */
export function templateOf(assetClass: string | null): AssetClassTemplate | null {
  return assetClass === null ? null : (byClass.get(assetClass) ?? null);
}

let models: ReadonlyMap<string, Model> | undefined;

/** The models of all classes by id, read once. */
export function classModels(): ReadonlyMap<string, Model> {
  models ??= readClassModels(assetClassTemplates);
  return models;
}

/** Models of others that stand for a class, without version. */
const classOfForeignModel: Readonly<Record<string, string>> = {
  'dtmi:twinhub:plant:CentrifugalPump': 'pump',
  'dtmi:twinhub:plant:ElectricMotor': 'motor',
  'dtmi:twinhub:plant:RollingBearing': 'bearing',
  'dtmi:twinhub:plant:Compressor': 'compressor',
  'dtmi:twinhub:plant:Chiller': 'chiller',
  'dtmi:twinhub:plant:Conveyor': 'conveyor',
};

const classOfModel: ReadonlyMap<string, string> = new Map([
  ...Object.entries(classOfForeignModel),
  ...assetClassTemplates.map(
    (template) => [modelIdOf(template).split(';')[0] ?? '', template.assetClass] as const,
  ),
]);

/**
 * The class of a twin: its property `assetClass`, else that of the nearest model in its lineage which stands for a class;
 * `null` when neither says.
 */
export function assetClassOf(
  properties: Readonly<Record<string, unknown>>,
  lineage: readonly { readonly id: string }[],
): string | null {
  const said = properties['assetClass'];
  if (typeof said === 'string' && said) return said;
  for (const { id } of lineage) {
    const found = classOfModel.get(id.split(';')[0] ?? '');
    if (found) return found;
  }
  return null;
}

/** The failure modes of a template with those of its parts' classes, each once. */
export function failureModesWithParts(template: AssetClassTemplate): readonly FailureMode[] {
  const classes = new Set([template.assetClass, ...template.parts.map((part) => part.assetClass)]);
  return [...classes].flatMap((assetClass) => failureModesOf(assetClass));
}
