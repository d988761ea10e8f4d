import type { ImportActor, ImportJob } from '#ontology/import-job.ts';
import type { ImportsDeps } from './deps.ts';

/** What is written down about imports. */
export type ImportEvidence = 'import.applied' | 'import.rolledBack';

/**
 * Writes down who imported what, or took it back: once for each job and kind, however often it is called, since a hub
 * that was killed in between calls it again.
 */
export async function keepEvidence(
  job: ImportJob,
  kind: ImportEvidence,
  facts: Readonly<Record<string, unknown>>,
  { evidence, clock }: Pick<ImportsDeps, 'evidence' | 'clock'>,
): Promise<void> {
  const known = await evidence.list(job.tenant, job.id, { first: 10, after: null });
  if (known.items.some((entry) => entry.kind === kind)) return;
  const by: ImportActor = (kind === 'import.rolledBack' ? job.rolledBackBy : null) ?? job.startedBy;
  const documents = job.documents.map(({ name, format, bytes, sha256 }) => ({ name, format, bytes, sha256 }));
  await evidence.append({
    tenant: job.tenant,
    at: clock.now(),
    kind,
    subject: job.id,
    body: { by, documents, ...job.options, ...facts },
  });
}
