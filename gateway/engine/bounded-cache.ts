interface Entry<Value> {
  value: Value;
  weight: number;
  /** Since it was last passed over. */
  used: boolean;
}

/**
 * Keeps `capacity` entries; what is used goes last. Reading marks an entry and does not move it: moving it each time was
 * 3 % of a small request. What is to go is the oldest entry that was not used since it was last looked at.
 */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Entry<Value>>();
  readonly #capacity: number;
  readonly #mostWeight: number;
  #weight = 0;

  /**
   * @param capacity - entries, above 0.
   * @param mostWeight - of all entries together; the last one stays whatever it weighs. @default any
   */
  constructor(capacity: number, mostWeight = Infinity) {
    this.#capacity = capacity;
    this.#mostWeight = mostWeight;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry.value;
  }

  set(key: Key, value: Value, weight = 0): void {
    const known = this.#entries.get(key);
    if (known) {
      known.value = value;
      this.#weight += weight - known.weight;
      known.weight = weight;
      known.used = true;
      return;
    }
    if (this.#entries.size >= this.#capacity) this.#dropOne();
    this.#weight += weight;
    while (this.#weight > this.#mostWeight && this.#entries.size) this.#dropOne();
    this.#entries.set(key, { value, weight, used: false });
  }

  delete(key: Key): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  /** Entries in use get another round, at the end of the line. */
  #dropOne(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (!entry.used) {
        this.#weight -= entry.weight;
        return;
      }
      entry.used = false;
      this.#entries.set(key, entry);
    }
  }
}
