/** Chance that can be repeated: the same seed gives the same throws in the same order. */
export interface Dice {
  readonly seed: number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** @param seed - 0 to 2^32 - 1. @see mulberry32 */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return { seed, between, pick: (items) => items[between(0, items.length - 1)] ?? items[0] };
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
