import { HubError, isHubError, messageOf, type ErrorCode } from '#kernel/errors.ts';
import { isEnded, type ImportJob } from '#ontology/import-job.ts';
import { applyStep, StalePlan } from './apply-step.ts';
import type { RunDeps } from './deps.ts';
import { planStep } from './plan-step.ts';
import { rollBackStep } from './rollback-step.ts';

/** Times an import is planned again because twins were changed meanwhile. */
const maxPlans = 3;
const longestPauseMs = 30_000;

/**
 * Takes one job to its end, from wherever a run before it was interrupted. A store that is away is waited for.
 * @throws the reason of `deps.signal` when the hub closes; the job goes on at the next start.
 */
export async function runJob(job: ImportJob, deps: RunDeps): Promise<ImportJob> {
  const { jobs, log, signal } = deps;
  const { tenant, id } = job;
  let plans = 0;
  for (let attempt = 0; ;) {
    const now = await waiting(() => jobs.get(tenant, id), deps);
    if (!now) throw new HubError('NOT_FOUND', `The import ${id} is gone.`);
    if (isEnded(now)) return now;
    if (signal.aborted && !now.cancelAsked) throw signal.reason;
    try {
      deps.tell(await step(now, deps, plans));
      attempt = 0;
    } catch (error) {
      if (error instanceof StalePlan) {
        plans += 1;
        await jobs.update(tenant, id, { state: 'PLANNING' });
      } else if (isHubError(error, 'STORE_UNAVAILABLE')) {
        log.warn('An import waits for a store', { tenant, import: id, error });
        await pause((attempt += 1), deps);
      } else {
        if (signal.aborted) await stopped(now, deps);
        else if (now.state === 'ROLLING_BACK' && isHubError(error, 'REVISION_CONFLICT')) throw error;
        else await failed(now, error, deps);
      }
    }
  }
}

function step(job: ImportJob, deps: RunDeps, plans: number): Promise<ImportJob> {
  if (job.state === 'ROLLING_BACK') return rollBackStep(job, deps);
  if (job.state === 'APPLYING') return applyStep(job, deps);
  if (job.cancelAsked) return cancelled(job, deps);
  if (plans >= maxPlans)
    throw new HubError(
      'REVISION_CONFLICT',
      `Twins of the import were changed by others ${plans} times while it was planned. Nothing was imported.`,
    );
  return planStep(job, deps);
}

async function cancelled({ tenant, id }: ImportJob, deps: RunDeps): Promise<ImportJob> {
  await deps.changeSets.discard(tenant, id);
  await deps.files?.links.discard(tenant, id);
  return deps.jobs.update(tenant, id, { state: 'CANCELLED', finishedAt: deps.clock.now() });
}

/** Asked to be cancelled, the job ends; else the hub closes, and the job stays where it is. */
async function stopped({ tenant, id }: ImportJob, deps: RunDeps): Promise<void> {
  const job = await deps.jobs.get(tenant, id);
  if (!job?.cancelAsked) throw deps.signal.reason;
  deps.tell(await cancelled(job, deps));
}

const ownFaults: readonly ErrorCode[] = ['LIMIT_EXCEEDED', 'DEADLINE_EXCEEDED'];

/** The plan broke down or was refused as a whole: nothing was written. */
async function failed(job: ImportJob, error: unknown, deps: RunDeps): Promise<void> {
  const { tenant, id } = job;
  const known = isHubError(error) ? error : new HubError('INTERNAL', messageOf(error), { cause: error });
  if (known.code === 'INTERNAL') deps.log.error('An import failed', { tenant, import: id, error });
  const { code, message } = known;
  const rule = ownFaults.includes(code) ? 'hub:importTooLarge' : 'hub:importFailed';
  await deps.changeSets.discard(tenant, id);
  await deps.files?.links.discard(tenant, id);
  await deps.jobs.addFindings(tenant, id, [
    { document: '', pointer: '', line: 1, column: 1, code: rule, message, severity: 'ERROR' },
  ]);
  deps.tell(
    await deps.jobs.update(tenant, id, {
      state: 'FAILED',
      failure: { code, message },
      finishedAt: deps.clock.now(),
    }),
  );
}

/** A read that waits for its store. */
async function waiting<T>(read: () => Promise<T>, deps: RunDeps): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isHubError(error, 'STORE_UNAVAILABLE')) throw error;
      deps.signal.throwIfAborted();
      await pause(attempt, deps);
    }
  }
}

/** Ends early when the job is to stop; what comes next notices that by itself. */
async function pause(attempt: number, { clock, signal }: RunDeps): Promise<void> {
  await clock.sleep(Math.min(longestPauseMs, 500 * 2 ** attempt), signal).catch(() => {});
}
