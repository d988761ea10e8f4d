import { hash } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Principal } from '#ontology/principal.ts';
import { BoundedCache } from '../engine/bounded-cache.ts';

/** How long a check holds, milliseconds: a provider that withdraws a key is heeded after this time. */
const heldMs = 30_000;

/** Tokens whose check is kept. */
const keptTokens = 10_000;

interface Verified {
  readonly principal: Principal;
  readonly until: number;
}

/**
 * Keeps, for half a minute and never beyond a token's own end, whom a token speaks for: checking a signature costs more
 * than answering a small query. Tokens are kept as their hashes. Refusals are not kept.
 */
export class VerifiedTokens {
  readonly #clock: Clock;
  readonly #verify: (token: string) => Promise<Principal>;
  readonly #known = new BoundedCache<string, Verified>(keptTokens);

  /** @param verify - the check itself; it must not depend on anything that is taken back at once. */
  constructor(clock: Clock, verify: (token: string) => Promise<Principal>) {
    this.#clock = clock;
    this.#verify = verify;
  }

  /** @throws {HubError} as `verify` does. */
  async principalOf(token: string): Promise<Principal> {
    const key = hash('sha256', token, 'base64');
    const known = this.#known.get(key);
    const now = this.#clock.now();
    // A clock that was set back makes no check hold longer.
    if (known && now < known.until && known.until <= now + heldMs) return known.principal;
    const principal = await this.#verify(token);
    // Tokens say their end in whole seconds.
    const end = Math.floor(principal.expiresAt / 1000) * 1000;
    this.#known.set(key, { principal, until: Math.min(now + heldMs, end) });
    return principal;
  }
}
