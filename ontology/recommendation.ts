import type { TenantId, TwinId } from './ids.ts';

/** ISO 10816-like four steps of condition; UNKNOWN when data are too few, too old or bad. */
export const healthStates = ['NORMAL', 'WATCH', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type HealthState = (typeof healthStates)[number];

/** One thing the hub noticed, in words and numbers that can be checked against the stored samples. */
export interface Finding {
  readonly signal: string;
  /** One plain sentence with value, unit and comparison. */
  readonly text: string;
  /** UCUM code of `observed` and `expected`; `null` for ratios and spectra features without one. */
  readonly unit: string | null;
  readonly observed: number;
  readonly expected: number;
  /** What `expected` is: e.g. `mean of the 600 samples of normal operation until 2026-01-01T00:00:00Z`. */
  readonly comparedWith: string;
  /** Distance in standard deviations of normal operation, or `null` where that has no meaning. */
  readonly deviation: number | null;
  /** Epoch ms: since when it holds without interruption. */
  readonly since: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/** The present judgement on one twin. */
export interface Health {
  readonly tenant: TenantId;
  readonly twinId: TwinId;
  readonly state: HealthState;
  /** 0 (failed) to 100 (as new); `null` when unknown. */
  readonly score: number | null;
  readonly findings: readonly Finding[];
  readonly assessedAt: number;
}

export const severities = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] as const;
export type Severity = (typeof severities)[number];

/** OPEN: waits for triage; ACCEPTED: a workflow acts on it; DISMISSED by a person; RESOLVED: verified after the repair. */
export const recommendationStatuses = ['OPEN', 'ACCEPTED', 'DISMISSED', 'RESOLVED'] as const;
export type RecommendationStatus = (typeof recommendationStatuses)[number];

/** What people said about it afterwards. */
export const feedbackVerdicts = ['CONFIRMED', 'FALSE_ALARM', 'ACTION_TAKEN', 'UNKNOWN'] as const;
export type FeedbackVerdict = (typeof feedbackVerdicts)[number];

/** A proposal to act, with the reasons. */
export interface Recommendation {
  readonly tenant: TenantId;
  readonly id: string;
  readonly twinId: TwinId;
  readonly failureModeId: string;
  readonly severity: Severity;
  readonly title: string;
  readonly findings: readonly Finding[];
  /** 0 to 1. */
  readonly confidence: number;
  /** Other failure modes considered, best first, with their confidence. */
  readonly alternatives: readonly { readonly failureModeId: string; readonly confidence: number }[];
  /** Name and version of the detector that raised it. */
  readonly detector: string;
  /** Epoch ms: the earliest finding; and when it was raised. */
  readonly since: number;
  readonly raisedAt: number;
  readonly status: RecommendationStatus;
  readonly feedback: FeedbackVerdict | null;
  readonly updatedAt: number;
}
