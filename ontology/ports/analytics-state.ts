import type { TenantId, TwinId } from '../ids.ts';
import type { OutgoingMessage } from '../message.ts';
import type { HealthState } from '../recommendation.ts';

/** A change of a twin's health state. */
export interface HealthChange {
  /** Epoch ms. */
  readonly at: number;
  readonly from: HealthState;
  readonly to: HealthState;
  /** The strongest reason in words, or `null`. */
  readonly reason: string | null;
}

/** What a detector of one twin has learned, as JSON. */
export interface StoredDetector {
  readonly tenant: TenantId;
  readonly twinId: TwinId;
  /** Version of the method that wrote `state`: another version starts anew. */
  readonly version: number;
  readonly state: unknown;
}

/** A check after a repair that waits for samples. */
export interface StoredVerification {
  /** Deterministic from the command; also the id of the answer. */
  readonly id: string;
  readonly tenant: TenantId;
  readonly twinId: TwinId;
  /** The command as it came (JSON). */
  readonly command: unknown;
  readonly correlationId: string;
  readonly traceparent: string | null;
  /** Epoch ms by which an answer is given in any case. */
  readonly deadline: number;
}

/** What analytics must not forget over a restart. Every write is durable when it resolves. */
export interface AnalyticsState {
  loadDetectors(tenant: TenantId): Promise<readonly StoredDetector[]>;
  /** Replaces, all in one transaction. */
  saveDetectors(detectors: readonly StoredDetector[], atMs: number): Promise<void>;
  /** Adds a change of health; repeating the same one (twin and time) is harmless. */
  recordHealthChange(tenant: TenantId, twinId: TwinId, change: HealthChange): Promise<void>;
  /** For each twin, newest first, at most `limit` each (1 to 500). */
  healthHistory(
    tenant: TenantId,
    twinIds: readonly TwinId[],
    limit: number,
  ): Promise<readonly (readonly HealthChange[])[]>;
  /** Adds a check; false when one of this id was added before, answered or not. */
  addVerification(verification: StoredVerification): Promise<boolean>;
  /** Checks not answered yet, oldest first. */
  openVerifications(): Promise<readonly StoredVerification[]>;
  /**
   * Closes a check and sends its answer, in one transaction.
   * @returns false, and nothing is sent, when it was answered before.
   */
  answerVerification(id: string, outgoing: OutgoingMessage): Promise<boolean>;
}
