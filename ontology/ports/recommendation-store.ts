import type { OutgoingMessage } from '../message.ts';
import type { FeedbackVerdict, Recommendation, RecommendationStatus } from '../recommendation.ts';
import type { TenantId, TwinId } from '../ids.ts';
import type { Page, PageRequest } from './twin-store.ts';

/** Recommendations, per tenant. */
export interface RecommendationStore {
  /**
   * Stores it with its outgoing messages in one transaction.
   * @returns false, and nothing is stored or sent, when one of the same twin and failure mode is OPEN or ACCEPTED.
   */
  raise(recommendation: Recommendation, outgoing: readonly OutgoingMessage[]): Promise<boolean>;
  /** Sets status and feedback; `null` when there is none of this id. Repeating it is harmless. */
  settle(
    tenant: TenantId,
    id: string,
    status: RecommendationStatus,
    feedback: FeedbackVerdict | null,
    atMs: number,
  ): Promise<Recommendation | null>;
  /** In the order asked, `null` for those not known. */
  get(tenant: TenantId, ids: readonly string[]): Promise<readonly (Recommendation | null)[]>;
  /** For each twin, newest first (at most 1,000 each). */
  ofTwins(tenant: TenantId, twinIds: readonly TwinId[]): Promise<readonly (readonly Recommendation[])[]>;
  /** Newest first. */
  list(
    tenant: TenantId,
    statuses: readonly RecommendationStatus[] | null,
    page: PageRequest,
  ): Promise<Page<Recommendation>>;
}
