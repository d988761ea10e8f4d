import { isHubError } from '#kernel/errors.ts';
import type { ImportJob } from '#ontology/import-job.ts';
import type { ImportsDeps } from './deps.ts';
import { keepEvidence } from './evidence.ts';

/**
 * Takes an import back that is ROLLING_BACK: all of it or nothing. Can be repeated after a kill at any point.
 * @throws {HubError} REVISION_CONFLICT - something was changed or is used since; the job is then what it was before.
 */
export async function rollBackStep(job: ImportJob, deps: ImportsDeps): Promise<ImportJob> {
  const { changeSets, jobs, clock, log } = deps;
  const { tenant, id } = job;
  try {
    const { removed, restored, twins } = await changeSets.revert(tenant, id);
    await deps.files?.links.revert(tenant, id);
    for (const twinId of twins) deps.changes.publish({ tenant, twinId });
    log.info('Import taken back', { tenant, import: id, removed, restored });
  } catch (error) {
    if (isHubError(error, 'REVISION_CONFLICT')) {
      const state = job.stateBefore ?? 'DONE';
      await jobs.update(tenant, id, { state, stateBefore: null, rolledBackBy: null });
    }
    throw error;
  }
  await keepEvidence(job, 'import.rolledBack', { counts: job.counts }, deps);
  return jobs.update(tenant, id, { state: 'ROLLED_BACK', stateBefore: null, rolledBackAt: clock.now() });
}
