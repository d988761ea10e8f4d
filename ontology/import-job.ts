/**
 * An import as a durable job: what is asked, how far it is, what it found and what it changes.
 */
import type { ErrorCode } from '#kernel/errors.ts';
import type { TenantId } from './ids.ts';
import type { FindingSeverity, ImportFinding } from './import-finding.ts';
import type { PlannedSample } from './import/series.ts';

/**
 * QUEUED waits for its turn; READING opens the documents; PLANNING checks them and works out what changes; APPLYING writes;
 * ROLLING_BACK takes it back; the others are ends. ROLLED_BACK: what was there before the import is there again.
 */
export const importJobStates = [
  'QUEUED',
  'READING',
  'PLANNING',
  'APPLYING',
  'ROLLING_BACK',
  'DONE',
  'FAILED',
  'CANCELLED',
  'ROLLED_BACK',
] as const;
export type ImportJobState = (typeof importJobStates)[number];

/** ALL_OR_NOTHING: one fault and nothing is imported. ITEM_BY_ITEM: what is right is imported, the rest reported. */
export const importAtomicities = ['ALL_OR_NOTHING', 'ITEM_BY_ITEM'] as const;
export type ImportAtomicity = (typeof importAtomicities)[number];

export interface ImportOptions {
  /** Only check: report what would change and what is wrong, change nothing. */
  readonly dryRun: boolean;
  readonly atomicity: ImportAtomicity;
  /** Deviations that are noticed and accepted otherwise (warnings) count as errors. */
  readonly strict: boolean;
  /** Whether assets and parts of shells that have no twin get one. @default false */
  readonly createTwins?: boolean;
}

/** What one file of an import is. */
export const importFormats = ['DTDL', 'TWIN_GRAPH', 'AAS', 'AAS_XML', 'AASX'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** One file of an import. */
export interface ImportJobDocument {
  /** Id of the upload that holds its bytes while the job is not finished. */
  readonly upload: string;
  readonly name: string;
  /** `null` until it was looked at, or when it is none that the hub knows. */
  readonly format: ImportFormat | null;
  readonly bytes: number;
  /** Hexadecimal SHA-256 of the bytes as they came. */
  readonly sha256: string;
}

/** Who did something with a job. */
export interface ImportActor {
  readonly subject: string;
  readonly personId: string;
  readonly name: string;
}

export interface ImportProgress {
  readonly documentsRead: number;
  /** Models, twins and relationships written or refused so far. */
  readonly itemsDone: number;
  /** Known once planned; 0 before. */
  readonly itemsTotal: number;
}

export interface ImportJobCounts {
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
  /** Items that were refused, item by item only. */
  readonly refused: number;
}

/** Why a job failed. */
export interface ImportFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ImportJob {
  readonly tenant: TenantId;
  readonly id: string;
  readonly state: ImportJobState;
  readonly options: ImportOptions;
  readonly documents: readonly ImportJobDocument[];
  readonly progress: ImportProgress;
  readonly counts: ImportJobCounts;
  /** Findings of each severity. */
  readonly errors: number;
  readonly warnings: number;
  /** Entries of the diff that are kept, and whether there are more than are kept. */
  readonly changes: number;
  readonly changesTruncated: boolean;
  readonly failure: ImportFailure | null;
  /** Change sets that it was planned as; 0 before. */
  readonly parts: number;
  /** Change sets that are dealt with, item by item. */
  readonly partsDone: number;
  /** What it was before it was asked to be taken back, else `null`. */
  readonly stateBefore: ImportJobState | null;
  /** Set when somebody asked to cancel it while it runs. */
  readonly cancelAsked: boolean;
  readonly startedBy: ImportActor;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly rolledBackBy: ImportActor | null;
  readonly rolledBackAt: number | null;
}

/** A finding with its place in the job's list, from 1. */
export interface ImportJobFinding extends ImportFinding {
  readonly position: number;
}

/** A planned sample with its place in the job's list, from 1. */
export interface ImportJobSample extends PlannedSample {
  readonly position: number;
}

/** How a version of a model stands to an older one. */
export type ModelCompatibility = 'COMPATIBLE' | 'BREAKING';

/** A value that changes; `null` where there is none. */
export interface PropertyChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What the import does to one model, twin or relationship. */
export interface ImportChange {
  /** From 1. */
  readonly position: number;
  readonly item: 'MODEL' | 'TWIN' | 'RELATIONSHIP';
  readonly id: string;
  readonly kind: 'CREATED' | 'CHANGED';
  /** Of a model that has an older version: how it differs from it. */
  readonly compatibility: ModelCompatibility | null;
  /** The older version it was compared with. */
  readonly comparedWith: string | null;
  /** Why, one sentence each. */
  readonly reasons: readonly string[];
  /** Of a twin or relationship: what differs, name by name. */
  readonly properties: readonly PropertyChange[];
  /** More differs than is kept here. */
  readonly truncated: boolean;
}

export const endedStates: readonly ImportJobState[] = ['DONE', 'FAILED', 'CANCELLED', 'ROLLED_BACK'];

/** Whether a job will not go on by itself. */
export function isEnded(job: Pick<ImportJob, 'state'>): boolean {
  return endedStates.includes(job.state);
}

/** Which findings of a job. */
export interface FindingFilter {
  readonly severity: FindingSeverity | null;
}
