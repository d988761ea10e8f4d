import type { SignalContent } from '#ontology/model.ts';
import type { Frame } from './frame.ts';

/** A signal that stays outside of its plausible range. */
export interface RangeBreach {
  readonly signal: SignalContent;
  readonly value: number;
  readonly since: number;
}

/** Values in a row that make a breach. */
const inARow = 8;

/** Watches the ranges that the model declares; one value inside ends a breach. */
export class RangeWatch {
  readonly #ranged: readonly SignalContent[];
  readonly #outside = new Map<string, { count: number; since: number; value: number }>();

  constructor(signals: readonly SignalContent[]) {
    this.#ranged = signals.filter(({ range }) => range !== null);
  }

  observe(frame: Frame): void {
    for (const { name, range } of this.#ranged) {
      const reading = frame.fresh.get(name);
      if (!reading || reading.weight < 1 || !range) continue;
      if (reading.value >= range.low && reading.value <= range.high) this.#outside.delete(name);
      else {
        const { count, since } = this.#outside.get(name) ?? { count: 0, since: frame.time };
        this.#outside.set(name, { count: count + 1, since, value: reading.value });
      }
    }
  }

  breaches(): readonly RangeBreach[] {
    return this.#ranged.flatMap((signal) => {
      const outside = this.#outside.get(signal.name);
      return outside && outside.count >= inARow
        ? [{ signal, value: outside.value, since: outside.since }]
        : [];
    });
  }

  reset(): void {
    this.#outside.clear();
  }
}
