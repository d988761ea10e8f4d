import { Broadcast } from '#kernel/broadcast.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { TenantId } from '#ontology/ids.ts';
import { isEnded, type ImportActor, type ImportJob, type ImportOptions } from '#ontology/import-job.ts';
import type { Principal } from '#ontology/principal.ts';
import type { ImportJobStore } from '#ontology/ports/import-job-store.ts';
import type { Upload } from '#ontology/ports/upload-store.ts';
import type { ImportsConfig } from './config.ts';
import type { ImportsDeps } from './deps.ts';
import { runJob } from './runner.ts';
import { rollBackStep } from './rollback-step.ts';

/** One small document of an import, as text. */
export interface InlineDocument {
  readonly name: string;
  readonly content: string;
}

/** What is to be imported: documents, complete uploads, or both. */
export interface StartImport {
  readonly documents: readonly InlineDocument[];
  readonly uploads: readonly string[];
  readonly options: ImportOptions;
}

/** Imports of models and twins as durable jobs. Closing it stops the one that runs; it goes on at the next start. */
export interface ImportService extends Closable {
  /** Takes up what an earlier run left, and removes uploads that nobody needs. */
  resume(): Promise<void>;
  /** @throws {HubError} INVALID_INPUT, NOT_FOUND (an upload), LIMIT_EXCEEDED */
  start(principal: Principal, wanted: StartImport): Promise<ImportJob>;
  /** @throws {HubError} NOT_FOUND; STEP_NOT_ALLOWED - it has ended, or is being written all or nothing. */
  cancel(tenant: TenantId, id: string): Promise<ImportJob>;
  /**
   * Takes an import back, all of it or nothing; taken back already it stays so.
   * @throws {HubError} NOT_FOUND; STEP_NOT_ALLOWED - it wrote nothing or has not ended; REVISION_CONFLICT - what it wrote
   *   was changed or is used since (`details.conflicts`).
   */
  rollBack(principal: Principal, id: string): Promise<ImportJob>;
  /** A job as it is at this moment; `null` when there is none. */
  get(tenant: TenantId, id: string): Promise<ImportJob | null>;
  readonly jobs: Pick<ImportJobStore, 'list' | 'findings' | 'changes'>;
  /** Jobs each time they went on. */
  readonly progress: Broadcast<ImportJob>;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/** Makes the service; nothing runs before `resume` or `start`. */
export function createImportService(config: ImportsConfig, deps: ImportsDeps): ImportService {
  return new Imports(config, deps);
}

const actorOf = ({ subject, personId, name }: Principal): ImportActor => ({ subject, personId, name });

class Imports implements ImportService {
  readonly progress = new Broadcast<ImportJob>();
  readonly jobs: ImportJobStore;
  readonly #config: ImportsConfig;
  readonly #deps: ImportsDeps;
  readonly #closing = new AbortController();
  /** The job that runs, as last told, and how to stop it. */
  #current: { job: ImportJob; readonly stop: AbortController } | null = null;
  readonly #rollingBack = new Map<string, Promise<ImportJob>>();
  #loop: Promise<void> | null = null;
  #again = false;
  /** When each tenant had its last turn: many imports of one do not hold up those of the others. */
  readonly #turns = new Map<TenantId, number>();
  #turn = 0;

  constructor(config: ImportsConfig, deps: ImportsDeps) {
    this.#config = config;
    this.#deps = deps;
    this.jobs = deps.jobs;
  }

  async resume(): Promise<void> {
    const { uploads, jobs } = this.#deps;
    await uploads.expire();
    for (const { tenant, id, job } of await uploads.claimed()) {
      const owner = job === null ? null : await jobs.get(tenant, job);
      if (!owner || isEnded(owner)) await uploads.remove(tenant, id);
    }
    this.#kick();
  }

  async start(principal: Principal, { documents, uploads, options }: StartImport): Promise<ImportJob> {
    const { tenant } = principal;
    this.#assertCount(documents.length + uploads.length);
    await this.#assertRoom(tenant);
    const id = this.#deps.newId();
    const inline = await this.#keepInline(principal, documents);
    const claimed = await this.#deps.uploads.claim(tenant, [...inline, ...uploads], id);
    const job = newJob(id, claimed, options, actorOf(principal), this.#deps.clock.now());
    await this.#deps.jobs.create(job);
    this.#kick();
    return job;
  }

  #assertCount(count: number): void {
    const { maxDocuments } = this.#config;
    if (count === 0)
      throw new HubError('INVALID_INPUT', 'There is nothing to import: give documents or uploads.', {
        details: { path: ['input'] },
      });
    if (count > maxDocuments)
      throw new HubError(
        'LIMIT_EXCEEDED',
        `There are ${count} files; an import may have ${maxDocuments} (TWINHUB_IMPORT_MAX_DOCUMENTS).`,
        { details: { limit: 'importDocuments', max: maxDocuments, path: ['input'] } },
      );
  }

  async #assertRoom(tenant: TenantId): Promise<void> {
    const { maxWaiting } = this.#config;
    const waiting = (await this.#deps.jobs.unfinished()).filter((job) => job.tenant === tenant).length;
    if (waiting >= maxWaiting)
      throw new HubError(
        'LIMIT_EXCEEDED',
        `${waiting} imports wait or run; allowed are ${maxWaiting} (TWINHUB_IMPORT_MAX_WAITING). Wait for one to end.`,
        { details: { limit: 'importsWaiting', max: maxWaiting } },
      );
  }

  /** Documents given inline become uploads, so that a job finds all of its files in one place after a restart. */
  async #keepInline(principal: Principal, documents: readonly InlineDocument[]): Promise<string[]> {
    const ids: string[] = [];
    for (const { name, content } of documents) {
      const bytes = Buffer.from(content, 'utf8');
      const { tenant, subject: by } = principal;
      const { id } = await this.#deps.uploads.create({ tenant, name, by, length: bytes.length });
      ids.push(id);
      if (bytes.length) await this.#deps.uploads.append(tenant, id, 0, one(bytes));
    }
    return ids;
  }

  async cancel(tenant: TenantId, id: string): Promise<ImportJob> {
    const job = await this.#known(tenant, id);
    const wholeIsWritten = job.state === 'APPLYING' && job.options.atomicity === 'ALL_OR_NOTHING';
    if (isEnded(job) || job.state === 'ROLLING_BACK' || wholeIsWritten)
      throw new HubError('STEP_NOT_ALLOWED', `The import is ${job.state}; it cannot be cancelled any more.`, {
        details: { state: job.state },
      });
    const current = this.#current;
    if (current?.job.id === id && current.job.tenant === tenant) {
      const asked = await this.#deps.jobs.update(tenant, id, { cancelAsked: true });
      current.stop.abort(new HubError('CANCELLED', 'The import was cancelled.'));
      return asked;
    }
    const ended = { state: 'CANCELLED', cancelAsked: true, finishedAt: this.#deps.clock.now() } as const;
    const waiting = job.state === 'QUEUED' ? ended : { cancelAsked: true };
    const asked = await this.#deps.jobs.update(tenant, id, waiting);
    if (isEnded(asked)) await this.#removeUploads(asked);
    this.progress.publish(asked);
    this.#kick();
    return asked;
  }

  async rollBack(principal: Principal, id: string): Promise<ImportJob> {
    const key = `${principal.tenant}/${id}`;
    const running = this.#rollingBack.get(key);
    if (running) return running;
    const work = this.#rollBack(principal, id).finally(() => this.#rollingBack.delete(key));
    this.#rollingBack.set(key, work);
    return work;
  }

  async #rollBack(principal: Principal, id: string): Promise<ImportJob> {
    const { tenant } = principal;
    const job = await this.#known(tenant, id);
    if (job.state === 'ROLLED_BACK') return job;
    const wrote = isEnded(job) && (await this.#deps.changeSets.applied(tenant, id)) !== null;
    if (!wrote && job.state !== 'ROLLING_BACK')
      throw new HubError(
        'STEP_NOT_ALLOWED',
        isEnded(job)
          ? 'The import has written nothing that could be taken back.'
          : `The import is ${job.state}; it can be taken back when it has ended.`,
        { details: { state: job.state } },
      );
    // Kept before anything is done, so that a killed hub takes it up at its next start.
    const asked =
      job.state === 'ROLLING_BACK'
        ? job
        : await this.#deps.jobs.update(tenant, id, {
            state: 'ROLLING_BACK',
            stateBefore: job.state,
            rolledBackBy: actorOf(principal),
          });
    const done = await rollBackStep(asked, this.#deps);
    this.progress.publish(done);
    return done;
  }

  async get(tenant: TenantId, id: string): Promise<ImportJob | null> {
    const job = await this.#deps.jobs.get(tenant, id);
    const current = this.#current?.job;
    if (!job || current?.id !== id || current.tenant !== tenant || current.state !== job.state) return job;
    const { progress, documents } = current;
    return { ...job, progress, documents };
  }

  async idle(): Promise<void> {
    while (this.#loop) await this.#loop;
  }

  async close(): Promise<void> {
    const reason = new HubError('CANCELLED', 'The hub is closing.');
    this.#closing.abort(reason);
    this.#current?.stop.abort(reason);
    await this.idle();
  }

  async #known(tenant: TenantId, id: string): Promise<ImportJob> {
    const job = await this.#deps.jobs.get(tenant, id);
    if (job) return job;
    throw new HubError('NOT_FOUND', 'There is no import with this id.', {
      details: { id, path: ['input', 'id'] },
    });
  }

  /** Sees to it that jobs run, one after another. */
  #kick(): void {
    this.#again = true;
    this.#loop ??= this.#runAll().finally(() => (this.#loop = null));
  }

  async #runAll(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      try {
        for (let job = await this.#next(); job; job = await this.#next()) await this.#run(job);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#deps.log.error('Imports stand still', { error });
        await this.#deps.clock.sleep(5_000, this.#closing.signal).catch(() => {});
        this.#again = true;
      }
    }
  }

  async #next(): Promise<ImportJob | undefined> {
    if (this.#closing.signal.aborted) return undefined;
    const jobs = await this.#deps.jobs.unfinished();
    const ready = jobs.filter(({ tenant, id }) => !this.#rollingBack.has(`${tenant}/${id}`));
    const turnOf = ({ tenant }: ImportJob) => this.#turns.get(tenant) ?? 0;
    return ready.reduce<ImportJob | undefined>(
      (next, job) => (next && turnOf(next) <= turnOf(job) ? next : job),
      undefined,
    );
  }

  async #run(job: ImportJob): Promise<void> {
    const stop = new AbortController();
    this.#turns.set(job.tenant, (this.#turn += 1));
    this.#current = { job, stop };
    const { memoryMb, timeoutMs } = this.#config;
    const tell = (now: ImportJob) => {
      this.#current = { job: now, stop };
      this.progress.publish(now);
    };
    try {
      await runJob(job, { ...this.#deps, signal: stop.signal, limits: { memoryMb, timeoutMs }, tell });
    } catch (error) {
      if (this.#closing.signal.aborted || !isHubError(error, 'REVISION_CONFLICT')) throw error;
      this.#deps.log.warn('An import could not be taken back', { import: job.id, error });
      return;
    } finally {
      this.#current = null;
    }
    await this.#removeUploads(job);
  }

  async #removeUploads({ tenant, documents }: ImportJob): Promise<void> {
    for (const { upload } of documents) await this.#deps.uploads.remove(tenant, upload);
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function newJob(
  id: string,
  uploads: readonly Upload[],
  options: ImportOptions,
  startedBy: ImportActor,
  createdAt: number,
): ImportJob {
  return {
    tenant: uploads[0]?.tenant as TenantId,
    id,
    state: 'QUEUED',
    options,
    documents: uploads.map((upload) => ({
      upload: upload.id,
      name: upload.name,
      format: null,
      bytes: upload.offset,
      sha256: upload.sha256 ?? '',
    })),
    progress: { documentsRead: 0, itemsDone: 0, itemsTotal: 0 },
    counts: { created: 0, changed: 0, equal: 0, refused: 0 },
    errors: 0,
    warnings: 0,
    changes: 0,
    changesTruncated: false,
    failure: null,
    parts: 0,
    partsDone: 0,
    stateBefore: null,
    cancelAsked: false,
    startedBy,
    createdAt,
    startedAt: null,
    finishedAt: null,
    rolledBackBy: null,
    rolledBackAt: null,
  };
}
