import type { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { ImportJob } from '#ontology/import-job.ts';
import type { ChangeSetStore } from '#ontology/ports/change-set-store.ts';
import type { EvidenceLog } from '#ontology/ports/evidence-log.ts';
import type { FileLinks } from '#ontology/ports/file-links.ts';
import type { FileStore } from '#ontology/ports/file-store.ts';
import type { ImportJobStore } from '#ontology/ports/import-job-store.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { UploadStore } from '#ontology/ports/upload-store.ts';
import type { TwinChange } from '../deps.ts';

/** Contents, and which twins they belong to. */
export interface ImportFiles {
  readonly store: FileStore;
  readonly links: FileLinks;
}

/** What imports need of the others. */
export interface ImportsDeps {
  readonly jobs: ImportJobStore;
  readonly changeSets: ChangeSetStore;
  readonly uploads: UploadStore;
  readonly twins: TwinStore;
  readonly evidence: EvidenceLog;
  /** Where values of imported time series go; without it they are left out. */
  readonly series?: Pick<TimeSeriesStore, 'write'>;
  /** Where files of packages are kept; without it they are left out. */
  readonly files?: ImportFiles;
  /** Twins that imports write are told here. */
  readonly changes: Broadcast<TwinChange>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Makes ids that nobody can guess. */
  readonly newId: () => string;
}

/** What running a job needs besides. */
export interface RunDeps extends ImportsDeps {
  /** Aborted when the job is to stop: asked to be cancelled, or the hub closes. */
  readonly signal: AbortSignal;
  readonly limits: { readonly memoryMb: number; readonly timeoutMs: number };
  /** Tells how far the job is. */
  readonly tell: (job: ImportJob) => void;
}
