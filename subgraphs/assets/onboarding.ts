import { HubError } from '#kernel/errors.ts';
import {
  assetClassTemplates,
  classModels,
  instantiateTemplate,
  modelIdOf,
  readinessOf,
  templateOf,
  type AssetClassTemplate,
  type Instance,
  type Readiness,
} from '#ontology/asset-classes/index.ts';
import { failureModesOf, progressionOf } from '#ontology/failure-modes/index.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import { parseTwinId, type TenantId, type TwinId } from '#ontology/ids.ts';
import { pickText, type LanguageTexts } from '#ontology/model.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import { lineageIn } from '#ontology/twin-graph.ts';
import type { Twin } from '#ontology/twin.ts';
import { contentsOf } from '#ontology/verify-twin.ts';
import { isExpected, toUserError, type UserError } from '../common/user-error.ts';
import type { AssetsDeps } from './deps.ts';
import type { AssetLoaders } from './loaders.ts';
import { twinReadiness } from './readiness.ts';

interface OnboardAssetInput {
  readonly assetClass: string;
  readonly twinId: string;
  readonly name: string;
  readonly parentTwinId?: string | null;
  readonly overrides?: unknown;
  readonly withoutParts?: readonly string[] | null;
  readonly dryRun: boolean;
}

interface OnboardAssetPayload {
  readonly twin: Twin | null;
  readonly twinIds: readonly string[];
  readonly created: number;
  readonly readiness: Readiness | null;
  readonly errors: readonly UserError[];
}

/** Longest name of an asset, in characters. */
const longestName = 256;
const maxOverridesBytes = 256 * 1024;

/** Resolvers of asset classes, onboarding and readiness. */
export function createOnboarding(deps: AssetsDeps, loadersOf: (context: RequestContext) => AssetLoaders) {
  return {
    Query: {
      assetClasses: (_: unknown, __: unknown, context: RequestContext) => {
        assertAllowed(context, 'read');
        return assetClassTemplates;
      },
    },
    Mutation: {
      onboardAsset: async (
        _: unknown,
        { input }: { input: OnboardAssetInput },
        context: RequestContext,
      ): Promise<OnboardAssetPayload> => {
        try {
          assertAllowed(context, 'models.import');
          return await onboard(input, tenantOf(context), deps);
        } catch (error) {
          if (!isExpected(error)) throw error;
          return { twin: null, twinIds: [], created: 0, readiness: null, errors: [toUserError(error)] };
        }
      },
    },
    readiness: (twin: Twin, _: unknown, context: RequestContext) =>
      twinReadiness(twin, deps, loadersOf(context)),
    types: { AssetClass: assetClassFields, ExpectedSignal: named, ExpectedPart: named },
  };
}

/** How a failure mode develops, for the type FailureMode. */
export const progressionField = (mode: FailureMode) => progressionOf(mode.id);

const named = {
  displayName: ({ text }: { readonly text: LanguageTexts }) => pickText(text) ?? '',
};

const assetClassFields = {
  ...named,
  modelId: (template: AssetClassTemplate) => modelIdOf(template),
  failureModes: ({ assetClass }: AssetClassTemplate) => failureModesOf(assetClass),
};

async function onboard(
  input: OnboardAssetInput,
  tenant: TenantId,
  deps: AssetsDeps,
): Promise<OnboardAssetPayload> {
  const instance = await planned(input, tenant, deps);
  const twinIds = instance.twins.map(({ id }) => id);
  if (input.dryRun)
    return {
      twin: null,
      twinIds,
      created: 0,
      readiness: plannedReadiness(instance, input, deps),
      errors: [],
    };
  const { created } = await deps.twins.apply(tenant, instance.changes);
  for (const twinId of twinIds) deps.changes.publish({ tenant, twinId });
  deps.log.info('Asset onboarded', { tenant, assetClass: input.assetClass, twins: twinIds.length });
  const [twin] = await deps.twins.twins(tenant, twinIds.slice(0, 1));
  return {
    twin: twin ?? null,
    twinIds,
    created,
    readiness: plannedReadiness(instance, input, deps),
    errors: [],
  };
}

async function planned(input: OnboardAssetInput, tenant: TenantId, deps: AssetsDeps): Promise<Instance> {
  const template = templateOf(input.assetClass);
  if (!template)
    throw fault(
      'NOT_FOUND',
      `There is no asset class ${input.assetClass}; there are ${assetClassTemplates.map(({ assetClass }) => assetClass).join(', ')}.`,
      'assetClass',
    );
  const name = input.name.trim();
  if (!name || name.length > longestName)
    throw fault('INVALID_INPUT', `A name has 1 to ${longestName} characters.`, 'name');
  const parentId = input.parentTwinId ? parseTwinId(input.parentTwinId) : null;
  const instance = instantiateTemplate(
    template,
    {
      id: input.twinId,
      name,
      parentId,
      overrides: overridesOf(input.overrides),
      withoutParts: input.withoutParts ?? [],
    },
    classModels(),
  );
  await checkStored(instance, parentId, tenant, deps);
  return instance;
}

async function checkStored(
  { twins }: Instance,
  parentId: TwinId | null,
  tenant: TenantId,
  deps: AssetsDeps,
): Promise<void> {
  const ids = [...twins.map(({ id }) => id), ...(parentId ? [parentId] : [])];
  const stored = await deps.twins.twins(tenant, ids);
  const taken = stored.slice(0, twins.length).find((twin) => twin !== null);
  if (taken) throw fault('ALREADY_EXISTS', `There is a twin ${taken.id} already.`, 'twinId');
  if (parentId && !stored.at(-1)) throw fault('NOT_FOUND', `There is no twin ${parentId}.`, 'parentTwinId');
}

function overridesOf(overrides: unknown): Readonly<Record<string, unknown>> {
  if (overrides === null || overrides === undefined) return {};
  if (typeof overrides !== 'object' || Array.isArray(overrides))
    throw fault('INVALID_INPUT', 'overrides has to be an object of values by name.', 'overrides');
  const bytes = Buffer.byteLength(JSON.stringify(overrides), 'utf8');
  if (bytes > maxOverridesBytes)
    throw fault(
      'LIMIT_EXCEEDED',
      `overrides has ${bytes} bytes; allowed are ${maxOverridesBytes}.`,
      'overrides',
    );
  return overrides as Readonly<Record<string, unknown>>;
}

/** What would be missing; whether samples come is not known before the asset is there. */
function plannedReadiness(
  { twins, changes }: Instance,
  { assetClass }: OnboardAssetInput,
  deps: AssetsDeps,
): Readiness | null {
  const [asset, ...parts] = twins;
  if (!asset) return null;
  const models = new Map(changes.models.map((model) => [model.id as string, model]));
  const signalsOf = (id: typeof asset.modelId) =>
    [...contentsOf(lineageIn(id, models) ?? []).values()].filter((content) => content.kind === 'signal');
  return readinessOf({
    assetClass,
    template: templateOf(assetClass),
    parentId: asset.parentId,
    properties: asset.properties,
    signals: signalsOf(asset.modelId),
    signalsAround: parts.flatMap(({ modelId }) => signalsOf(modelId).map(({ name }) => name)),
    parts: parts.map(({ properties }) => ({ assetClass: String(properties['assetClass']), properties })),
    failureModes: deps.failureModes.filter((mode) => mode.assetClass === assetClass),
    newestSamples: null,
    now: deps.clock.now(),
  });
}

function fault(
  code: 'NOT_FOUND' | 'ALREADY_EXISTS' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED',
  message: string,
  field: string,
): HubError {
  return new HubError(code, message, { details: { path: ['input', field] } });
}
