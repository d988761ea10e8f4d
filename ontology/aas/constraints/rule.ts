import type { Instance } from '../instance.ts';
import type { AasVersion } from '../metamodel/index.ts';

/** What a rule found: where, below the instance it looked at, and what. */
export interface Violation {
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/** A constraint of the metamodel. */
export interface Rule {
  /** Its published name, or `aas:...` for one without. */
  readonly code: string;
  /** The class whose instances, and whose descendants' instances, it is about. */
  readonly of: string;
  /** First and last version it is part of; without them, all. */
  readonly since?: AasVersion;
  readonly until?: AasVersion;
  readonly check: (instance: Instance, version: AasVersion) => Violation | null;
}

/** A violation at a member of the instance. */
export function violation(message: string, ...at: (string | number)[]): Violation {
  return { at, message };
}

/** The index of the first item whose key an earlier one had; -1 when all differ. Items without key do not count. */
export function firstRepeated<T>(items: readonly T[], keyOf: (item: T) => string | undefined): number {
  const seen = new Set<string>();
  return items.findIndex((item) => {
    const key = keyOf(item);
    if (key === undefined) return false;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}
