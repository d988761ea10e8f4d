import { messageOf } from '#kernel/errors.ts';

/** Why a server cannot be had here. */
export interface Unavailable {
  readonly unavailable: string;
}

export function isUnavailable(outcome: object): outcome is Unavailable {
  return 'unavailable' in outcome;
}

/** One place a program can come from. `get` answers `Unavailable` where it does not apply, and throws where it broke. */
export interface Source<T> {
  readonly name: string;
  readonly get: () => Promise<T | Unavailable>;
}

/** What the first source gives that has it; else the reasons of all. */
export async function firstOf<T extends object>(
  what: string,
  sources: readonly Source<T>[],
): Promise<T | Unavailable> {
  const reasons: string[] = [];
  for (const source of sources) {
    try {
      const found = await source.get();
      if (!isUnavailable(found)) return found;
      reasons.push(`${source.name}: ${found.unavailable}`);
    } catch (error) {
      reasons.push(`${source.name}: ${messageOf(error)}`);
    }
  }
  return {
    unavailable: `${what} cannot be had here.\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`,
  };
}
