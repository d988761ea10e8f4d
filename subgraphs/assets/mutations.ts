import { HubError } from '#kernel/errors.ts';
import { localIdFor, parseTwinId, type ModelId, type TenantId } from '#ontology/ids.ts';
import {
  lookupsOf,
  planImport,
  type ImportDocument,
  type ImportFinding,
  type ImportPlan,
} from '#ontology/import.ts';
import type { Model } from '#ontology/model.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Twin } from '#ontology/twin.ts';
import { assertProperties, modelIdsOf } from '#ontology/verify-twin.ts';
import { isExpected, toUserError, type UserError } from '../common/user-error.ts';
import type { AssetsDeps } from './deps.ts';

/** Limits of one import over GraphQL. */
export const importLimits = {
  documents: 1000,
  documentBytes: 1024 * 1024,
  totalBytes: 8 * 1024 * 1024,
} as const;
const maxPropertiesBytes = 256 * 1024;

interface ImportModelsInput {
  readonly documents: readonly ImportDocument[];
  readonly dryRun: boolean;
  readonly createTwins: boolean;
}

interface ImportPayload {
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
  readonly warnings: readonly ImportFinding[];
  readonly findings: readonly ImportFinding[];
  readonly errors: readonly UserError[];
}

const none = { created: 0, changed: 0, equal: 0, warnings: [], findings: [] };

/** Resolvers of the mutations. Expected failures are part of the answer. */
export function createMutations(deps: AssetsDeps) {
  return {
    importModels: async (
      _: unknown,
      { input }: { input: ImportModelsInput },
      context: RequestContext,
    ): Promise<ImportPayload> => {
      try {
        assertAllowed(context, 'models.import');
        checkSize(input.documents);
        return await importModels(input, tenantOf(context), deps);
      } catch (error) {
        if (!isExpected(error)) throw error;
        return { ...none, errors: [toUserError(error)] };
      }
    },
    updateTwin: async (
      _: unknown,
      { input }: { input: UpdateTwinInput },
      context: RequestContext,
    ): Promise<{ twin: Twin | null; errors: UserError[] }> => {
      try {
        assertAllowed(context, 'twins.write');
        return { twin: await updateTwin(input, tenantOf(context), deps), errors: [] };
      } catch (error) {
        if (!isExpected(error)) throw error;
        return { twin: null, errors: [toUserError(error)] };
      }
    },
  };
}

function checkSize(documents: readonly ImportDocument[]): void {
  const tooMany = (message: string, path: readonly string[], limit: number) =>
    new HubError('LIMIT_EXCEEDED', message, { details: { path, limit } });
  if (documents.length > importLimits.documents) {
    throw tooMany(
      `There are ${documents.length} documents; allowed are ${importLimits.documents}.`,
      ['input', 'documents'],
      importLimits.documents,
    );
  }
  let total = 0;
  for (const [i, document] of documents.entries()) {
    const bytes = Buffer.byteLength(document.content, 'utf8');
    total += bytes;
    if (bytes > importLimits.documentBytes) {
      throw tooMany(
        `${document.name} has ${bytes} bytes; allowed are ${importLimits.documentBytes} a document.`,
        ['input', 'documents', String(i), 'content'],
        importLimits.documentBytes,
      );
    }
  }
  if (total > importLimits.totalBytes)
    throw tooMany(
      `The documents have ${total} bytes together; allowed are ${importLimits.totalBytes}.`,
      ['input', 'documents'],
      importLimits.totalBytes,
    );
}

async function importModels(
  input: ImportModelsInput,
  tenant: TenantId,
  deps: AssetsDeps,
): Promise<ImportPayload> {
  const plan = await planImport(input.documents, lookupsOf(deps.twins, tenant), {
    createTwins: input.createTwins,
  });
  const warnings = plan.findings.filter((finding) => finding.severity === 'WARNING');
  const answer = { warnings, findings: plan.findings };
  if (!plan.ok) return { ...none, ...answer, errors: [refusal(plan)] };
  if (input.dryRun) return { ...plan.counts, ...answer, errors: [] };
  const counts = await deps.twins.apply(tenant, plan.changes);
  await storeSamples(plan, tenant, deps);
  for (const twinId of plan.twins) deps.changes.publish({ tenant, twinId });
  deps.log.info('Models imported', {
    tenant,
    documents: input.documents.length,
    ...counts,
    warnings: warnings.length,
  });
  return { ...counts, ...answer, errors: [] };
}

/** Values that came with time series; importing them again writes the same values at the same times. */
async function storeSamples({ samples }: ImportPlan, tenant: TenantId, deps: AssetsDeps): Promise<void> {
  if (!samples.length || !deps.samples) return;
  const receivedTime = deps.clock.now();
  await deps.samples.write(
    tenant,
    samples.map(({ twinId, signal, value, unit, time }) => ({
      twinId,
      signal,
      sample: { value, unit, quality: 'GOOD', status: null, sourceTime: time, receivedTime },
    })),
  );
}

function refusal(plan: ImportPlan): UserError {
  const errors = plan.findings.filter((finding) => finding.severity === 'ERROR');
  const [first] = errors;
  const where = first ? `${first.document}:${first.line}:${first.column} ${first.code} ${first.message}` : '';
  return toUserError(
    new HubError('INVALID_MODEL', `Nothing was imported: ${errors.length} error(s). The first: ${where}`),
    ['input', 'documents'],
  );
}

interface UpdateTwinInput {
  readonly id: string;
  readonly properties: unknown;
  readonly expectedRevision?: number | null;
}

async function updateTwin(input: UpdateTwinInput, tenant: TenantId, deps: AssetsDeps): Promise<Twin> {
  const local = localIdFor(input.id, 'Twin', tenant);
  const twin = local === null ? null : ((await deps.twins.twins(tenant, [parseTwinId(local)]))[0] ?? null);
  if (!twin)
    throw new HubError('NOT_FOUND', 'There is no twin with this id.', {
      details: { id: input.id, path: ['input', 'id'] },
    });
  const patch = checkedPatch(input.properties);
  await assertPatch(twin, patch, tenant, deps);
  const updated = await deps.twins.patchProperties(tenant, twin.id, patch, input.expectedRevision ?? null);
  if (updated.revision !== twin.revision) deps.changes.publish({ tenant, twinId: twin.id });
  return updated;
}

function checkedPatch(properties: unknown): Readonly<Record<string, unknown>> {
  const path = ['input', 'properties'];
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    throw new HubError('INVALID_INPUT', 'properties has to be an object of values by name.', {
      details: { path },
    });
  }
  const bytes = Buffer.byteLength(JSON.stringify(properties), 'utf8');
  if (bytes > maxPropertiesBytes)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `properties has ${bytes} bytes; allowed are ${maxPropertiesBytes}.`,
      { details: { path, limit: maxPropertiesBytes } },
    );
  return properties as Readonly<Record<string, unknown>>;
}

async function assertPatch(
  twin: Twin,
  patch: Readonly<Record<string, unknown>>,
  tenant: TenantId,
  deps: AssetsDeps,
): Promise<void> {
  const lineages = (await deps.twins.lineageOf(tenant, modelIdsOf(twin))).map((lineage) => lineage ?? []);
  const components = lineages
    .flat()
    .flatMap((model: Model) =>
      model.contents.flatMap((content) => (content.kind === 'component' ? content.schema : [])),
    );
  const found = components.length ? await deps.twins.lineageOf(tenant, components) : [];
  const ofComponents = new Map<ModelId, readonly Model[]>(
    components.flatMap((id, i) => (found[i] ? [[id, found[i]] as const] : [])),
  );
  assertProperties(patch, { lineages, componentLineage: (id) => ofComponents.get(id) ?? null }, [
    'input',
    'properties',
  ]);
}
