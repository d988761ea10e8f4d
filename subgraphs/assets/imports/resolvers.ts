import { AsyncQueue } from '#kernel/async-queue.ts';
import { errorTable, HubError, isHubError } from '#kernel/errors.ts';
import type { FindingSeverity } from '#ontology/import-finding.ts';
import { isEnded, type ImportAtomicity, type ImportChange, type ImportJob } from '#ontology/import-job.ts';
import { formatGlobalId, localIdFor, type TenantId } from '#ontology/ids.ts';
import type { RevertConflict } from '#ontology/ports/change-set-store.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import { toConnection, toPageRequest } from '../../common/connection.ts';
import { isExpected, toUserError, type UserError } from '../../common/user-error.ts';
import type { ImportService, InlineDocument } from './service.ts';

interface Page {
  readonly first: number;
  readonly after?: string | null;
}

interface StartImportInput {
  readonly documents: readonly InlineDocument[];
  readonly uploadIds: readonly string[];
  readonly dryRun: boolean;
  readonly atomicity: ImportAtomicity;
  readonly strict: boolean;
  readonly createTwins: boolean;
}

type WithId = { readonly input: { readonly id: string } };

/** Largest text of all inline documents together; larger ones are uploaded. */
export const maxInlineBytes = 8 * 1024 * 1024;

/** Resolvers of imports as jobs. @param service - `undefined` where the hub offers none. */
export function createImportResolvers(service: ImportService | undefined) {
  const imports = (): ImportService => {
    if (service) return service;
    throw new HubError('STEP_NOT_ALLOWED', 'This hub offers no imports as jobs; use importModels.');
  };
  return {
    Query: queries(imports),
    Mutation: mutations(imports),
    Subscription: subscriptions(imports),
    types: { ImportJob: jobFields(imports), ImportChange: changeFields },
  };
}

type Imports = () => ImportService;

function queries(imports: Imports) {
  return {
    importJob: (_: unknown, { id }: { id: string }, context: RequestContext) => {
      assertAllowed(context, 'read');
      return findImport(id, context, imports());
    },
    importJobs: async (_: unknown, args: Page, context: RequestContext) => {
      assertAllowed(context, 'read');
      const request = toPageRequest(args);
      const page = await imports().jobs.list(tenantOf(context), request);
      return toConnection<ImportJob>(page, request, (job) => job.id);
    },
  };
}

/** The job with a global id; `null` when there is none in the caller's tenant. @throws {HubError} INVALID_ID */
export async function findImport(
  id: string,
  context: RequestContext,
  service: ImportService | undefined,
): Promise<ImportJob | null> {
  const local = localIdFor(id, 'ImportJob', tenantOf(context));
  return local === null || !service ? null : service.get(tenantOf(context), local);
}

function mutations(imports: Imports) {
  const guarded =
    <A, R extends object>(
      work: (args: A, context: RequestContext) => Promise<R>,
      refusal: (error: HubError) => object,
    ) =>
    async (_: unknown, args: A, context: RequestContext): Promise<object> => {
      try {
        assertAllowed(context, 'models.import');
        return { ...(await work(args, context)), errors: [] };
      } catch (error) {
        if (!isExpected(error)) throw error;
        return { job: null, ...refusal(error), errors: [toUserError(error)] };
      }
    };
  return {
    startImport: guarded(
      async ({ input }: { input: StartImportInput }, { principal }) => {
        assertInline(input.documents);
        const { documents, uploadIds: uploads, dryRun, atomicity, strict, createTwins } = input;
        const options = { dryRun, atomicity, strict, createTwins };
        return { job: await imports().start(principal, { documents, uploads, options }) };
      },
      () => ({}),
    ),
    cancelImport: guarded(
      async ({ input }: WithId, context) => ({
        job: await imports().cancel(tenantOf(context), localId(input.id, context)),
      }),
      () => ({}),
    ),
    rollbackImport: guarded(
      async ({ input }: WithId, context) => ({
        job: await imports().rollBack(context.principal, localId(input.id, context)),
        conflicts: [],
      }),
      (error) => ({ conflicts: conflictsOf(error) }),
    ),
  };
}

function assertInline(documents: readonly InlineDocument[]): void {
  const bytes = documents.reduce((sum, { content }) => sum + Buffer.byteLength(content, 'utf8'), 0);
  if (bytes > maxInlineBytes)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `The documents have ${bytes} bytes together; inline ones may have ${maxInlineBytes}. Upload them to /import.`,
      { details: { path: ['input', 'documents'], limit: 'inlineBytes', max: maxInlineBytes } },
    );
}

function localId(id: string, context: RequestContext): string {
  const local = localIdFor(id, 'ImportJob', tenantOf(context));
  if (local !== null) return local;
  throw new HubError('NOT_FOUND', 'There is no import with this id.', {
    details: { id, path: ['input', 'id'] },
  });
}

function conflictsOf(error: HubError): object[] {
  if (!isHubError(error, 'REVISION_CONFLICT')) return [];
  const conflicts = (error.details['conflicts'] ?? []) as readonly RevertConflict[];
  return conflicts.map(({ item, id, reason }) => ({ item, itemId: id, reason }));
}

function subscriptions(imports: Imports) {
  return {
    importJobProgress: {
      subscribe: async (_: unknown, { id }: { id: string }, context: RequestContext) => {
        assertAllowed(context, 'read');
        // Listening begins before the job is read, so that its end is not missed in between.
        const events = untilEnded(
          localIdFor(id, 'ImportJob', tenantOf(context)),
          tenantOf(context),
          imports(),
        );
        const job = await findImport(id, context, imports());
        if (!job || isEnded(job)) await events.return();
        if (!job) throw new HubError('NOT_FOUND', 'There is no import with this id.', { details: { id } });
        return events;
      },
      resolve: (job: ImportJob) => job,
    },
  };
}

/** The job each time it goes on; a slow reader gets the newest. */
function untilEnded(id: string | null, tenant: TenantId, { progress }: ImportService): AsyncQueue<ImportJob> {
  const queue = new AsyncQueue<ImportJob>({ capacity: 16, onStop: () => stop() });
  const stop = progress.listen((job) => {
    if (job.id !== id || job.tenant !== tenant) return;
    queue.push(job);
    if (isEnded(job)) queue.end();
  });
  return queue;
}

function jobFields(imports: Imports) {
  return {
    __resolveReference: async (reference: { id: string }, context: RequestContext) =>
      findImport(reference.id, context, imports()),
    id: ({ tenant, id }: ImportJob) => formatGlobalId('ImportJob', tenant, id),
    dryRun: ({ options }: ImportJob) => options.dryRun,
    atomicity: ({ options }: ImportJob) => options.atomicity,
    strict: ({ options }: ImportJob) => options.strict,
    progress: ({ progress, documents }: ImportJob) => ({ ...progress, documents: documents.length }),
    errorCount: ({ errors }: ImportJob) => errors,
    warningCount: ({ warnings }: ImportJob) => warnings,
    findings: async (job: ImportJob, args: Page & { severity?: FindingSeverity | null }) => {
      const request = toPageRequest(args);
      const filter = { severity: args.severity ?? null };
      const page = await imports().jobs.findings(job.tenant, job.id, filter, request);
      return toConnection(page, request, ({ position }) => String(position));
    },
    changes: async (job: ImportJob, args: Page) => {
      const request = toPageRequest(args);
      const page = await imports().jobs.changes(job.tenant, job.id, request);
      return toConnection(page, request, ({ position }) => String(position));
    },
    failure: ({ failure }: ImportJob): UserError | null =>
      failure && { ...failure, advice: errorTable[failure.code].advice, path: [] },
    startedBy: ({ startedBy }: ImportJob) => startedBy.name,
    rolledBackBy: ({ rolledBackBy }: ImportJob) => rolledBackBy?.name ?? null,
  };
}

const changeFields = { itemId: ({ id }: ImportChange) => id };
