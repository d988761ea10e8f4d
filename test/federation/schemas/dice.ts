import { createRandom } from '../random-operations.ts';

/** Draws that are the same for the same seed. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  /** From 0 up to, not including, `count`. */
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  /** From `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** Between `least` and `most` of the items, in their order. */
  some<T>(items: readonly T[], least: number, most = items.length): T[] {
    const count = Math.min(items.length, this.between(least, Math.max(least, most)));
    const order = items.map((_, index) => index);
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    const taken = new Set(order.slice(0, count));
    return items.filter((_, index) => taken.has(index));
  }
}

/** A number from 0 up to 1 for a text. */
export function drawnFor(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return createRandom(hash)();
}
