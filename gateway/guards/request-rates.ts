import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { TokenBuckets, type RateLimit } from './rates.ts';

/** Operations in a span of time. */
export interface RateLimits {
  readonly perPrincipal: RateLimit;
  readonly perTenant: RateLimit;
}

/** Counts operations, one by one, whatever they cost. */
export class RequestRates {
  readonly #principals: TokenBuckets;
  readonly #tenants: TokenBuckets;

  constructor(clock: Clock, { perPrincipal, perTenant }: RateLimits) {
    this.#principals = new TokenBuckets(clock, perPrincipal);
    this.#tenants = new TokenBuckets(clock, perTenant);
  }

  /** @throws {HubError} RATE_LIMITED */
  count({ tenant, subject }: Principal): void {
    // The caller's own limit first: who passes it must not use up what the others of the tenant may.
    if (this.#principals.limit.amount)
      take(this.#principals, `${tenant}\n${subject}`, 'requestsPerPrincipal', 'You have');
    if (this.#tenants.limit.amount) take(this.#tenants, tenant, 'requestsPerTenant', 'Your tenant has');
  }
}

function take(buckets: TokenBuckets, key: string, limit: string, who: string): void {
  const { ok, retryAfterMs } = buckets.take(key, 1);
  if (ok) return;
  const { amount: max, windowMs } = buckets.limit;
  throw new HubError('RATE_LIMITED', `${who} sent more than ${max} operations in ${windowMs} ms.`, {
    details: { limit, max, windowMs, retryAfterMs },
  });
}
