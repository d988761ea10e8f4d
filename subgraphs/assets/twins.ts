import { HubError } from '#kernel/errors.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import {
  formatGlobalId,
  localIdFor,
  parseModelId,
  parseTwinId,
  type ModelId,
  type TwinId,
} from '#ontology/ids.ts';
import { pickText, type Model } from '#ontology/model.ts';
import type { FileLinks } from '#ontology/ports/file-links.ts';
import type { TwinFilter } from '#ontology/ports/twin-store.ts';
import { tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Relationship, Twin, TwinKind } from '#ontology/twin.ts';
import { contentsOf, modelIdsOf } from '#ontology/verify-twin.ts';
import { filesOf } from './files.ts';
import type { AssetLoaders } from './loaders.ts';
import { failureModesOfTwin } from './readiness.ts';
import { signalsOf } from './signals.ts';

type Loaders = (context: RequestContext) => AssetLoaders;

/** The twin with a global id; `null` when there is none in the caller's tenant. @throws {HubError} INVALID_ID */
export async function findTwin(
  id: string,
  context: RequestContext,
  loaders: AssetLoaders,
): Promise<Twin | null> {
  const local = localIdFor(id, 'Twin', tenantOf(context));
  return local === null ? null : loaders.twin.load(parseTwinId(local));
}

/** TwinFilter of the schema. */
export interface TwinFilterInput {
  readonly kinds?: readonly TwinKind[] | null;
  readonly modelId?: string | null;
  readonly parentTwinId?: string | null;
  readonly text?: string | null;
}

/** The store's filter. @throws {HubError} INVALID_ID, LIMIT_EXCEEDED */
export function toTwinFilter(input: TwinFilterInput | null | undefined): TwinFilter {
  const { kinds, modelId, parentTwinId, text } = input ?? {};
  if (text && text.length > 256)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `The text of the filter has ${text.length} characters; allowed are 256.`,
    );
  return {
    ...(kinds ? { kinds } : {}),
    ...(modelId ? { modelId: parseModelId(modelId) } : {}),
    ...(parentTwinId ? { parentId: parseTwinId(parentTwinId) } : {}),
    ...(text ? { text } : {}),
  };
}

/** A value of a twin with what its model says about it. */
interface TwinProperty {
  readonly name: string;
  readonly displayName: string;
  readonly value: unknown;
  readonly unit: string | null;
}

async function propertiesOf(twin: Twin, loaders: AssetLoaders): Promise<TwinProperty[]> {
  const lineages = await Promise.all(modelIdsOf(twin).map((id) => loaders.lineage.load(id)));
  return lineages.flatMap((lineage) =>
    [...contentsOf(lineage ?? []).values()].flatMap((content) => {
      const isValue = content.kind === 'property' || content.kind === 'component';
      if (!isValue || !Object.hasOwn(twin.properties, content.name)) return [];
      const unit = content.kind === 'property' ? content.unit : null;
      return {
        name: content.name,
        displayName: pickText(content.displayName) ?? content.name,
        value: twin.properties[content.name],
        unit,
      };
    }),
  );
}

/** Resolvers of the types Twin and Relationship. */
export function twinFields(loadersOf: Loaders, failureModes: readonly FailureMode[], files?: FileLinks) {
  const known = async (id: TwinId, context: RequestContext): Promise<Twin> => {
    const twin = await loadersOf(context).twin.load(id);
    if (!twin) throw new HubError('NOT_FOUND', `There is no twin ${id}.`, { details: { id } });
    return twin;
  };
  return {
    Twin: {
      __resolveReference: (reference: { id: string }, context: RequestContext) =>
        findTwin(reference.id, context, loadersOf(context)),
      id: (twin: Twin) => formatGlobalId('Twin', twin.tenant, twin.id),
      twinId: (twin: Twin) => twin.id,
      // As an import names it, so that a changed property `name` shows at once.
      name: (twin: Twin) =>
        (typeof twin.properties['name'] === 'string' && twin.properties['name']) || twin.name,
      model: (twin: Twin, _: unknown, context: RequestContext) => loadersOf(context).model.load(twin.modelId),
      parent: (twin: Twin, _: unknown, context: RequestContext) =>
        twin.parentId === null ? null : loadersOf(context).twin.load(twin.parentId),
      ancestors: (twin: Twin, _: unknown, context: RequestContext) =>
        loadersOf(context).ancestors.load(twin.id),
      children: (twin: Twin, _: unknown, context: RequestContext) =>
        loadersOf(context).children.load(twin.id),
      relationships: (twin: Twin, { direction }: { direction: 'OUT' | 'IN' }, context: RequestContext) =>
        loadersOf(context)[direction === 'OUT' ? 'relationshipsOut' : 'relationshipsIn'].load(twin.id),
      properties: (twin: Twin, _: unknown, context: RequestContext) => propertiesOf(twin, loadersOf(context)),
      signals: (twin: Twin, { names }: { names?: readonly string[] | null }, context: RequestContext) =>
        signalsOf(twin, names ?? null, loadersOf(context)),
      signal: async (twin: Twin, { name }: { name: string }, context: RequestContext) =>
        (await signalsOf(twin, [name], loadersOf(context)))[0] ?? null,
      files: (twin: Twin, args: { first: number; after?: string | null }) => filesOf(twin, args, files),
      failureModes: (twin: Twin, _: unknown, context: RequestContext) =>
        failureModesOfTwin(twin, failureModes, loadersOf(context)),
    },
    Relationship: {
      relationshipId: (relationship: Relationship) => relationship.id,
      source: (relationship: Relationship, _: unknown, context: RequestContext) =>
        known(relationship.sourceId, context),
      target: (relationship: Relationship, _: unknown, context: RequestContext) =>
        known(relationship.targetId, context),
    },
  };
}

/** Resolvers of the types Model and ModelContent. */
export function modelFields(loadersOf: Loaders) {
  return {
    Model: {
      __resolveReference: async (reference: { id: string }, context: RequestContext) => {
        const local = localIdFor(reference.id, 'Model', tenantOf(context));
        return local === null ? null : loadersOf(context).model.load(local as ModelId);
      },
      id: (model: Model, _: unknown, context: RequestContext) =>
        formatGlobalId('Model', tenantOf(context), model.id),
      modelId: (model: Model) => model.id,
      displayName: (model: Model) => pickText(model.displayName) ?? model.id,
      description: (model: Model) => pickText(model.description),
      bases: async (model: Model, _: unknown, context: RequestContext) => {
        const bases = await loadersOf(context).model.loadMany(model.extends);
        for (const base of bases) if (base instanceof Error) throw base;
        return bases.filter((base) => base !== null);
      },
      contents: async (model: Model, _: unknown, context: RequestContext) => [
        ...contentsOf((await loadersOf(context).lineage.load(model.id)) ?? [model]).values(),
      ],
    },
    ModelContent: {
      displayName: (content: Model['contents'][number]) => pickText(content.displayName) ?? content.name,
      description: (content: Model['contents'][number]) => pickText(content.description),
    },
  };
}
