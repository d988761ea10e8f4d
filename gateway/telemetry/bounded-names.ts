/** Names that clients choose, as values of a label: only so many of them, since each is a series of its own. */
export class BoundedNames {
  readonly #max: number;
  readonly #other: string;
  readonly #known = new Set<string>();

  /** @param other - what stands for those that are too many. */
  constructor(max: number, other = 'other') {
    this.#max = max;
    this.#other = other;
  }

  /** The name, `unnamed` for none, `other` once there are too many. */
  of(name: string | null): string {
    if (name === null || !name) return 'unnamed';
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#max) return this.#other;
    this.#known.add(name);
    return name;
  }
}
