/** Something that may come too late. */
export interface Expiring {
  late(): void;
}

/**
 * Deadlines of one length. Who came first is due first, so that one timer serves all of them.
 */
export class Deadlines {
  readonly #timeoutMs: number;
  readonly #due = new Map<Expiring, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs - from `add` to `late`, milliseconds. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  add(one: Expiring): void {
    this.#due.set(one, performance.now() + this.#timeoutMs);
    if (!this.#timer) this.#wait(this.#timeoutMs);
  }

  remove(one: Expiring): void {
    this.#due.delete(one);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#due.clear();
  }

  #wait(delayMs: number): void {
    // What is waited for keeps the process alive; an old deadline must not.
    this.#timer = setTimeout(() => this.#expire(), Math.ceil(delayMs)).unref();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    const late: Expiring[] = [];
    for (const [one, at] of this.#due) {
      if (at > now) {
        this.#wait(at - now);
        break;
      }
      late.push(one);
    }
    // The youngest first: what an older one frees must not be given to one whose time is over as well.
    for (const one of late.reverse()) if (this.#due.delete(one)) one.late();
  }
}
