import type { HubError } from '#kernel/errors.ts';
import { limitExceeded } from '../limits.ts';

/** Counts what each tenant holds at the moment, up to a limit. */
export class Quota {
  readonly max: number;
  readonly #held = new Map<string, number>();

  constructor(max: number) {
    this.max = max;
  }

  /** What each tenant holds now; those that hold nothing are not in it. */
  get held(): ReadonlyMap<string, number> {
    return this.#held;
  }

  /** @returns a function that gives the place back (once), or `null` when the tenant holds as many as it may. */
  take(tenant: string): (() => void) | null {
    const held = this.#held.get(tenant) ?? 0;
    if (held >= this.max) return null;
    this.#held.set(tenant, held + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (this.#held.get(tenant) ?? 1) - 1;
      if (left) this.#held.set(tenant, left);
      else this.#held.delete(tenant);
    };
  }
}

/** The refusal of a further connection. */
export function tooManyConnections({ max }: Quota): HubError {
  return limitExceeded(
    'connectionsPerTenant',
    max,
    `Your tenant has ${max} streaming connections open already, the most it may.`,
  );
}
