/** Names that clients choose, as values of a label: only so many of them, since each is a series of its own. */
export class BoundedNames {
  readonly #max: number;
  readonly #known = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The name, `unnamed` for none, `other` once there are too many. */
  of(name: string | null): string {
    if (name === null || !name) return 'unnamed';
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#max) return 'other';
    this.#known.add(name);
    return name;
  }
}
