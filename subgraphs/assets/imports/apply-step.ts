import { HubError, isHubError } from '#kernel/errors.ts';
import type { ImportJob } from '#ontology/import-job.ts';
import type { ChangeSetKey, ChangeSetOutcome } from '#ontology/ports/change-set-store.ts';
import type { RunDeps } from './deps.ts';
import { keepEvidence } from './evidence.ts';
import { partName } from './plan-step.ts';

/** A staged import met something that was written since it was planned: it is to be planned again. */
export class StalePlan extends Error {
  override readonly name = 'StalePlan';
}

/**
 * Writes what is staged, part by part; parts that are written already are passed over. Asked to stop, an import item by
 * item ends as CANCELLED after the part at hand.
 * @throws {StalePlan} all or nothing, and a twin was changed since the plan was made.
 */
export async function applyStep(job: ImportJob, deps: RunDeps): Promise<ImportJob> {
  return job.options.atomicity === 'ALL_OR_NOTHING' ? applyWhole(job, deps) : applyParts(job, deps);
}

async function applyWhole(job: ImportJob, deps: RunDeps): Promise<ImportJob> {
  const { jobs, changeSets, clock } = deps;
  const { tenant, id } = job;
  try {
    const outcome = await changeSets.commit({ tenant, owner: id, part: partName(0) });
    publish(job, outcome, deps);
  } catch (error) {
    if (isHubError(error, 'REVISION_CONFLICT')) throw new StalePlan(error.message, { cause: error });
    if (!isRefusal(error)) throw error;
    const failure = { code: error.code, message: error.message };
    await changeSets.discard(tenant, id);
    await deps.files?.links.discard(tenant, id);
    return jobs.update(tenant, id, { state: 'FAILED', failure, finishedAt: clock.now() });
  }
  return finish(job, 'DONE', deps);
}

async function applyParts(job: ImportJob, deps: RunDeps): Promise<ImportJob> {
  const { tenant, id } = job;
  let { refused } = job.counts;
  for (let part = job.partsDone; part < job.parts; part += 1) {
    if (deps.signal.aborted) {
      if ((await deps.jobs.get(tenant, id))?.cancelAsked) return finish(job, 'CANCELLED', deps);
      deps.signal.throwIfAborted();
    }
    refused += await applyPart({ tenant, owner: id, part: partName(part) }, job, deps);
    const counts = { ...((await deps.changeSets.applied(tenant, id)) ?? none), refused };
    const itemsDone = counts.created + counts.changed + counts.equal + refused;
    const progress = { ...job.progress, itemsDone };
    deps.tell(await deps.jobs.update(tenant, id, { counts, progress, partsDone: part + 1 }));
    // Lets requests in between two transactions.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return finish(job, 'DONE', deps);
}

const none = { created: 0, changed: 0, equal: 0 };

/** @returns how many items of the part were refused. */
async function applyPart(key: ChangeSetKey, job: ImportJob, deps: RunDeps): Promise<number> {
  try {
    publish(job, await deps.changeSets.commit(key), deps);
    return 0;
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return applySingly(key, job, deps);
}

/** One item of the part is refused: each gets a set of its own. Names follow from the place, so a repeat finds them. */
async function applySingly(key: ChangeSetKey, job: ImportJob, deps: RunDeps): Promise<number> {
  const { changeSets, jobs } = deps;
  let refused = 0;
  for (const { part, item, id } of await changeSets.split(key)) {
    try {
      publish(job, await changeSets.commit({ ...key, part }), deps);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused += 1;
      await jobs.addFindings(job.tenant, job.id, [
        {
          document: '',
          pointer: '',
          line: 1,
          column: 1,
          code: error.code === 'REVISION_CONFLICT' ? 'hub:changedMeanwhile' : 'hub:itemRefused',
          message: `${item.toLowerCase()} ${id}: ${error.message}`,
          severity: 'ERROR',
        },
      ]);
    }
  }
  return refused;
}

/** Whether the store says that this cannot be written, rather than that it cannot be reached. */
function isRefusal(error: unknown): error is HubError {
  const codes = ['NOT_FOUND', 'ALREADY_EXISTS', 'INVALID_INPUT', 'INVALID_ID', 'REVISION_CONFLICT'] as const;
  return codes.some((code) => isHubError(error, code));
}

async function finish(job: ImportJob, state: 'DONE' | 'CANCELLED', deps: RunDeps): Promise<ImportJob> {
  const { jobs, changeSets, clock, log } = deps;
  const { tenant, id } = job;
  const applied = await changeSets.applied(tenant, id);
  // What was written has its files, also when the rest was cancelled.
  await deps.files?.links.commit(tenant, id);
  await storeSamples(job, deps);
  await changeSets.discard(tenant, id);
  const total = job.progress.itemsTotal;
  const done = applied ? applied.created + applied.changed + applied.equal : 0;
  const counts = { ...(applied ?? none), refused: state === 'DONE' ? total - done : job.counts.refused };
  if (applied) await keepEvidence(job, 'import.applied', { counts }, deps);
  const progress = { ...job.progress, itemsDone: done + counts.refused };
  log.info('Models imported', { tenant, import: id, documents: job.documents.length, ...counts });
  return jobs.update(tenant, id, { state, counts, progress, finishedAt: clock.now() });
}

/**
 * Values that came with time series; written again after a kill they are the same values at the same times. Of an import
 * item by item those of twins that were refused are left out.
 */
async function storeSamples({ tenant, id }: ImportJob, deps: RunDeps): Promise<void> {
  const { jobs, series, twins, clock } = deps;
  const receivedTime = clock.now();
  for (let after: string | null = null; series;) {
    const { items, next } = await jobs.samples(tenant, id, { first: 500, after });
    const known = await twins.twins(tenant, [...new Set(items.map(({ twinId }) => twinId))]);
    const there = new Set(known.flatMap((twin) => twin?.id ?? []));
    const written = items
      .filter(({ twinId }) => there.has(twinId))
      .map(({ twinId, signal, value, unit, time }) => {
        const sample = {
          value,
          unit,
          quality: 'GOOD',
          status: null,
          sourceTime: time,
          receivedTime,
        } as const;
        return { twinId, signal, sample };
      });
    if (written.length) await series.write(tenant, written);
    if (next === null) break;
    after = next;
  }
  await jobs.dropSamples(tenant, id);
}

function publish({ tenant }: ImportJob, { twins }: Pick<ChangeSetOutcome, 'twins'>, deps: RunDeps): void {
  for (const twinId of twins) deps.changes.publish({ tenant, twinId });
}
