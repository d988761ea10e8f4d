import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { TokenBuckets, type RateLimit } from './rates.ts';

/**
 * How long operations of a tenant may be planned in a span of time, milliseconds. Nobody else is served while one is
 * planned, and an operation that differs in a literal is another one.
 */
export class PlanningRates {
  readonly #tenants: TokenBuckets;

  constructor(clock: Clock, limit: RateLimit) {
    this.#tenants = new TokenBuckets(clock, limit);
  }

  /** @throws {HubError} RATE_LIMITED - the tenant's time is used up: not a millisecond is left. */
  admit({ tenant }: Principal): void {
    const { amount: max, windowMs } = this.#tenants.limit;
    if (!max) return;
    const { ok, retryAfterMs } = this.#tenants.take(tenant, 1);
    // Only asked whether there is one: what planning takes is counted afterwards.
    if (ok) return void this.#tenants.settle(tenant, -1);
    throw new HubError(
      'RATE_LIMITED',
      `Planning operations that your tenant sent for the first time took more than ${max} of ${windowMs} ms. Send values as variables: what differs in them only is planned once.`,
      { details: { limit: 'planningPerTenant', max, windowMs, retryAfterMs } },
    );
  }

  /** Takes what planning took, whether it was there or not. */
  spent({ tenant }: Principal, ms: number): void {
    if (this.#tenants.limit.amount) this.#tenants.settle(tenant, ms);
  }
}
