/** How a GroupCommit groups. Sizes are in whatever unit `sizeOf` counts. */
export interface GroupCommitOptions<T> {
  readonly sizeOf: (item: T) => number;
  /** A group is closed before it would pass this, unless a single item does. */
  readonly groupSize: number;
  /** What may wait; `refuse` makes the error for who comes then. */
  readonly queueSize: number;
  readonly refuse: (queued: number) => Error;
  /** Makes one group durable, all or nothing. Never called twice at a time. */
  readonly commit: (group: readonly T[]) => Promise<void>;
}

/**
 * Lets many callers share the wait for a slow, durable commit: what comes while one runs goes together into the next,
 * in the order of the calls.
 */
export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>;
  #queue: { item: T; size: number; done: PromiseWithResolvers<void> }[] = [];
  #queued = 0;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options;
  }

  /** Resolves when the item's group is committed, rejects with what `commit` rejected with. */
  add(item: T): Promise<void> {
    if (this.#queued >= this.#options.queueSize) return Promise.reject(this.#options.refuse(this.#queued));
    const size = this.#options.sizeOf(item);
    const done = Promise.withResolvers<void>();
    this.#queue.push({ item, size, done });
    this.#queued += size;
    this.#running ??= this.#run();
    return done.promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length) {
      const group = this.#take();
      try {
        await this.#options.commit(group.map(({ item }) => item));
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    this.#running = undefined;
  }

  #take() {
    let size = 0;
    const cut = this.#queue.findIndex(
      (entry, index) => (size += entry.size) > this.#options.groupSize && index > 0,
    );
    const group = cut < 0 ? this.#queue.splice(0) : this.#queue.splice(0, cut);
    for (const entry of group) this.#queued -= entry.size;
    return group;
  }
}
