import { HubError } from '#kernel/errors.ts';
import { parseTwinId, type TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import type { TwinChanges } from '../ports/twin-store.ts';
import type { RelationshipInput, TwinInput } from '../twin.ts';
import { assertProperties } from '../verify-twin.ts';
import { lineageIn } from '../twin-graph.ts';
import { modelIdOf, partModelId } from './models.ts';
import type { AssetClassTemplate, PartTemplate } from './template.ts';

/** What is to be onboarded. */
export interface InstanceRequest {
  readonly id: string;
  readonly name: string;
  /** The twin it stands below; `null` for none yet. */
  readonly parentId: TwinId | null;
  /** Property values of the asset by name; of a part under the part's id, e.g. `{ motor: { ratedPower: 18.5 } }`. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Parts to leave out, by id. */
  readonly withoutParts: readonly string[];
}

/** A template made into twins. */
export interface Instance {
  /** To be handed to `TwinStore.apply`. */
  readonly changes: Required<TwinChanges>;
  /** The asset first, then its parts. */
  readonly twins: readonly TwinInput[];
}

/**
 * Makes the twins of one asset from its class: the asset, its parts below it, a `hasPart` relationship each, and the models
 * they need. Ids of parts are `ASSET.PART`, so that the same request gives the same twins.
 *
 * @param models - models of all classes by id.
 * @throws {HubError} INVALID_ID; INVALID_INPUT - an override that no model declares or of another type, with its path.
 */
export function instantiateTemplate(
  template: AssetClassTemplate,
  request: InstanceRequest,
  models: ReadonlyMap<string, Model>,
): Instance {
  const id = parseTwinId(request.id);
  checkParts(template, request);
  const partIds = new Set(template.parts.map((part) => part.id));
  const own = Object.fromEntries(Object.entries(request.overrides).filter(([name]) => !partIds.has(name)));
  const { kpis } = template;
  const asset: TwinInput = {
    id,
    kind: template.kind,
    name: request.name,
    modelId: modelIdOf(template),
    parentId: request.parentId,
    properties: {
      name: request.name,
      assetClass: template.assetClass,
      mtbfTarget: kpis.mtbfHours,
      availabilityTarget: kpis.availability,
      ...own,
    },
  };
  const parts = template.parts
    .filter((part) => !request.withoutParts.includes(part.id))
    .map((part) => partTwin(part, asset, request, models));
  const twins = [asset, ...parts];
  for (const [i, twin] of twins.entries()) {
    const at = i === 0 ? ['overrides'] : ['overrides', twin.id.slice(id.length + 1)];
    assertProperties(twin.properties, { lineages: [lineageIn(twin.modelId, models) ?? []] }, at);
  }
  return {
    twins,
    changes: {
      twins,
      relationships: parts.map((part) => hasPart(asset, part)),
      models: needed(twins, models),
    },
  };
}

function checkParts(template: AssetClassTemplate, { overrides, withoutParts }: InstanceRequest): void {
  const known = template.parts.map((part) => part.id);
  for (const part of withoutParts)
    if (!known.includes(part))
      throw invalid(`A ${template.assetClass} has no part ${part}; it has ${known.join(', ') || 'none'}.`, [
        'withoutParts',
      ]);
  for (const part of known) {
    const value = overrides[part];
    if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value)))
      throw invalid(`The part ${part} takes an object of its property values.`, ['overrides', part]);
  }
}

function partTwin(
  part: PartTemplate,
  asset: TwinInput,
  { overrides }: InstanceRequest,
  models: ReadonlyMap<string, Model>,
): TwinInput {
  const own = (overrides[part.id] ?? {}) as Readonly<Record<string, unknown>>;
  const name = typeof own['name'] === 'string' ? own['name'] : `${asset.name} ${part.text['en'] ?? part.id}`;
  const wanted = `dtmi:twinhub:class:${part.assetClass.charAt(0).toUpperCase()}${part.assetClass.slice(1)};1`;
  const known = models.get(wanted);
  return {
    id: parseTwinId(`${asset.id}.${part.id}`),
    kind: 'COMPONENT',
    name,
    modelId: known?.id ?? partModelId,
    parentId: asset.id,
    properties: { name, assetClass: part.assetClass, ...own },
  };
}

function hasPart(asset: TwinInput, part: TwinInput): RelationshipInput {
  return {
    id: `${asset.id}/hasPart:${part.id}`,
    name: 'hasPart',
    sourceId: asset.id,
    targetId: part.id,
    properties: {},
  };
}

/** The models of the twins with all their bases, each once. */
function needed(twins: readonly TwinInput[], models: ReadonlyMap<string, Model>): readonly Model[] {
  const lineages = twins.flatMap((twin) => lineageIn(twin.modelId, models) ?? []);
  return [...new Map(lineages.map((model) => [model.id, model])).values()];
}

function invalid(message: string, path: readonly string[]): HubError {
  return new HubError('INVALID_INPUT', message, { details: { path } });
}
