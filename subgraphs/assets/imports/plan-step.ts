import { HubError } from '#kernel/errors.ts';
import type { ModelId } from '#ontology/ids.ts';
import type { ImportFailure, ImportJob, ImportJobDocument } from '#ontology/import-job.ts';
import type { RunDeps } from './deps.ts';
import type { PlanHandlers, PlanRequest, PlanResult } from './messages.ts';
import { planInWorker } from './planner.ts';

/** Entries of a diff that are kept. */
export const maxChanges = 10_000;

/** The name of the n-th change set of a job. */
export const partName = (part: number): string => String(part).padStart(6, '0');

/**
 * Reads and plans a job: findings and diff are kept, what is to be written is staged.
 * @returns the job, APPLYING when there is something to write, else ended.
 */
export async function planStep(job: ImportJob, deps: RunDeps): Promise<ImportJob> {
  const { jobs, changeSets, clock } = deps;
  const { tenant, id } = job;
  await changeSets.discard(tenant, id);
  await deps.files?.links.discard(tenant, id);
  await jobs.clear(tenant, id);
  const reading = await jobs.update(tenant, id, {
    state: 'READING',
    startedAt: job.startedAt ?? clock.now(),
    progress: { documentsRead: 0, itemsDone: 0, itemsTotal: 0 },
    parts: 0,
    partsDone: 0,
  });
  deps.tell(reading);
  // Asked while it was about to begin.
  if (reading.cancelAsked) return jobs.update(tenant, id, { state: 'CANCELLED', finishedAt: clock.now() });
  const plan = new PlanRun(reading, deps);
  await planInWorker(requestOf(job, deps), plan.handlers, deps);
  return afterPlan(plan, deps);
}

function requestOf(job: ImportJob, { uploads }: RunDeps): PlanRequest {
  return {
    documents: job.documents.map(({ name, upload }) => ({ name, path: uploads.pathOf(job.tenant, upload) })),
    partial: job.options.atomicity === 'ITEM_BY_ITEM',
    strict: job.options.strict,
    createTwins: job.options.createTwins ?? false,
    dryRun: job.options.dryRun,
    maxChanges,
  };
}

async function afterPlan({ job, result, documents }: PlanRun, deps: RunDeps): Promise<ImportJob> {
  const { jobs } = deps;
  const { created, changed, equal, refused, parts, changesTruncated } = result;
  const total = created + changed + equal + refused;
  const planned = {
    documents,
    changesTruncated,
    parts,
    progress: { documentsRead: documents.length, itemsDone: refused, itemsTotal: total },
    counts: { created: 0, changed: 0, equal: 0, refused },
  };
  if (!result.ok) {
    const failure = await refusalOf(job, deps);
    return jobs.update(job.tenant, job.id, {
      ...planned,
      state: 'FAILED',
      failure,
      finishedAt: deps.clock.now(),
    });
  }
  if (!job.options.dryRun) return jobs.update(job.tenant, job.id, { ...planned, state: 'APPLYING' });
  const counts = { created, changed, equal, refused };
  const finishedAt = deps.clock.now();
  return jobs.update(job.tenant, job.id, { ...planned, counts, state: 'DONE', finishedAt });
}

async function refusalOf({ tenant, id }: ImportJob, { jobs }: RunDeps): Promise<ImportFailure> {
  const { items } = await jobs.findings(tenant, id, { severity: 'ERROR' }, { first: 1, after: null });
  const [first] = items;
  const where = first
    ? `${first.document}:${first.line}:${first.column} ${first.code} ${first.message}`
    : 'see the findings';
  const count = (await jobs.get(tenant, id))?.errors ?? 0;
  return { code: 'INVALID_MODEL', message: `Nothing was imported: ${count} error(s). The first: ${where}` };
}

/** The hub's side of one plan: answers the worker and keeps what it tells. */
class PlanRun {
  job: ImportJob;
  documents: readonly ImportJobDocument[];
  #result: PlanResult | undefined;
  readonly #deps: RunDeps;

  constructor(job: ImportJob, deps: RunDeps) {
    this.job = job;
    this.documents = job.documents;
    this.#deps = deps;
  }

  get result(): PlanResult {
    if (this.#result) return this.#result;
    throw new HubError('INTERNAL', 'The plan of an import has no result.');
  }

  get handlers(): PlanHandlers {
    const { jobs, changeSets, twins } = this.#deps;
    const { tenant, id } = this.job;
    return {
      models: (ids) => twins.models(tenant, ids),
      twins: (ids) => twins.twins(tenant, ids),
      relationshipsFrom: (ids) => twins.relationshipsOf(tenant, ids, 'out'),
      versionsOf: (path) => this.#versionsOf(path),
      documentRead: async ({ index, format }) => {
        this.documents = this.documents.map((one, i) => (i === index ? { ...one, format } : one));
        this.#show({ ...this.job, documents: this.documents, progress: this.#progress(index + 1, 0) });
      },
      planning: async () => {
        const { documents } = this;
        const progress = this.#progress(documents.length, 0);
        this.#show(await jobs.update(tenant, id, { state: 'PLANNING', documents, progress }));
      },
      samples: (samples) => jobs.addSamples(tenant, id, samples),
      findings: (findings) => jobs.addFindings(tenant, id, findings),
      changes: (changes) => jobs.addChanges(tenant, id, changes),
      stage: ({ part, changes }) => changeSets.stage({ tenant, owner: id, part: partName(part) }, changes),
      keepFile: async ({ sha256, bytes }) => {
        await this.#deps.files?.store.put(tenant, bytes, { sha256 });
      },
      linkFiles: async (links) => this.#deps.files?.links.stage(tenant, id, links),
      finish: async (result) => void (this.#result = result),
    };
  }

  #progress(documentsRead: number, itemsTotal: number): ImportJob['progress'] {
    return { documentsRead, itemsDone: 0, itemsTotal };
  }

  #show(job: ImportJob): void {
    this.job = job;
    this.#deps.tell(job);
  }

  /** Ids are ordered, so the versions of one model stand together after `PATH;`. */
  async #versionsOf(path: string) {
    const page = await this.#deps.twins.listModels(this.job.tenant, { first: 100, after: `${path};` });
    return page.items.filter((model) => (model.id as ModelId).startsWith(`${path};`));
  }
}
