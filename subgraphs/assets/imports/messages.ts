import type { ImportFinding, ImportLookups } from '#ontology/import.ts';
import type { ImportChange, ImportFormat } from '#ontology/import-job.ts';
import type { PlannedSample } from '#ontology/import/series.ts';
import type { Model } from '#ontology/model.ts';
import type { FileLink } from '#ontology/ports/file-links.ts';
import type { StagedChanges } from '#ontology/ports/change-set-store.ts';

/** One file that the worker reads by itself. */
export interface PlanDocument {
  readonly name: string;
  readonly path: string;
}

/** What the worker gets to begin with. */
export interface PlanRequest {
  readonly documents: readonly PlanDocument[];
  readonly partial: boolean;
  readonly strict: boolean;
  /** Whether shells without a twin get one. */
  readonly createTwins: boolean;
  /** Only findings and the diff are wanted. */
  readonly dryRun: boolean;
  /** Entries of the diff that are kept. */
  readonly maxChanges: number;
}

/** How a plan came out. */
export interface PlanResult {
  /** Whether something may be applied. */
  readonly ok: boolean;
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
  /** Items left out, item by item only. */
  readonly refused: number;
  readonly parts: number;
  readonly changesTruncated: boolean;
}

/** What the worker calls the hub for; each call is answered before the next of its kind. */
export interface PlanCalls {
  models: Parameters<ImportLookups['models']>[0];
  twins: Parameters<ImportLookups['twins']>[0];
  relationshipsFrom: Parameters<ImportLookups['relationshipsFrom']>[0];
  /** Stored models whose id begins with this, followed by `;`. */
  versionsOf: string;
  documentRead: { readonly index: number; readonly format: ImportFormat | null };
  /** All documents are read; now they are planned. */
  planning: null;
  findings: readonly ImportFinding[];
  changes: readonly Omit<ImportChange, 'position'>[];
  stage: { readonly part: number; readonly changes: StagedChanges };
  /** A content that a twin will refer to. */
  keepFile: { readonly sha256: string; readonly bytes: Uint8Array };
  /** Files that twins get once the import is applied. */
  linkFiles: readonly FileLink[];
  /** Values of time series that are stored once the import is applied. */
  samples: readonly PlannedSample[];
  finish: PlanResult;
}

/** What the hub answers; nothing for the others. */
export interface PlanAnswers {
  models: Awaited<ReturnType<ImportLookups['models']>>;
  twins: Awaited<ReturnType<ImportLookups['twins']>>;
  relationshipsFrom: Awaited<ReturnType<ImportLookups['relationshipsFrom']>>;
  versionsOf: readonly Model[];
}

export type PlanMethod = keyof PlanCalls;
export type AnswerOf<M extends PlanMethod> = M extends keyof PlanAnswers ? PlanAnswers[M] : void;

/** The hub's side of the calls. */
export type PlanHandlers = {
  readonly [M in PlanMethod]: (argument: PlanCalls[M]) => Promise<AnswerOf<M>>;
};

/** One call as it travels; answered by its number. */
export interface CallMessage {
  readonly call: number;
  readonly method: PlanMethod;
  readonly argument: unknown;
}

export interface AnswerMessage {
  readonly call: number;
  readonly value: unknown;
}
