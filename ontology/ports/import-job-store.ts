import type { TenantId } from '../ids.ts';
import type {
  FindingFilter,
  ImportChange,
  ImportJob,
  ImportJobFinding,
  ImportJobSample,
} from '../import-job.ts';
import type { ImportFinding } from '../import-finding.ts';
import type { PlannedSample } from '../import/series.ts';
import type { Page, PageRequest } from './twin-store.ts';

/** Fields of a job that change while it runs. */
export type ImportJobChange = Partial<
  Omit<ImportJob, 'tenant' | 'id' | 'options' | 'startedBy' | 'createdAt' | 'errors' | 'warnings' | 'changes'>
>;

/** Import jobs with their findings and diffs, per tenant. What a call wrote is durable when it resolves. */
export interface ImportJobStore {
  /** @throws {HubError} ALREADY_EXISTS - there is a job with this id; STORE_UNAVAILABLE. */
  create(job: ImportJob): Promise<void>;
  /** `null` when there is none. */
  get(tenant: TenantId, id: string): Promise<ImportJob | null>;
  /** Newest first. @throws {HubError} INVALID_INPUT - `after` is no cursor of this list. */
  list(tenant: TenantId, page: PageRequest): Promise<Page<ImportJob>>;
  /** Jobs of all tenants that have not ended, oldest first. */
  unfinished(): Promise<readonly ImportJob[]>;
  /** @returns the job as it is then. @throws {HubError} NOT_FOUND */
  update(tenant: TenantId, id: string, change: ImportJobChange): Promise<ImportJob>;
  /** Adds to the job's findings, in this order. */
  addFindings(tenant: TenantId, id: string, findings: readonly ImportFinding[]): Promise<void>;
  /** Adds to the job's diff, in this order. */
  addChanges(tenant: TenantId, id: string, changes: readonly Omit<ImportChange, 'position'>[]): Promise<void>;
  /** Keeps values of time series until the import is applied. */
  addSamples(tenant: TenantId, id: string, samples: readonly PlannedSample[]): Promise<void>;
  /** In the order added; `next` is the position of the last one. */
  samples(tenant: TenantId, id: string, page: PageRequest): Promise<Page<ImportJobSample>>;
  /** Forgets them. */
  dropSamples(tenant: TenantId, id: string): Promise<void>;
  /** Forgets findings, diff and samples, before the job is planned anew. */
  clear(tenant: TenantId, id: string): Promise<void>;
  /** In the order added; `next` is the position of the last one. */
  findings(
    tenant: TenantId,
    id: string,
    filter: FindingFilter,
    page: PageRequest,
  ): Promise<Page<ImportJobFinding>>;
  /** In the order added; `next` is the position of the last one. */
  changes(tenant: TenantId, id: string, page: PageRequest): Promise<Page<ImportChange>>;
}
