import { HubError } from '#kernel/errors.ts';

/** What planning one operation may take at most: some tenths of a second, in which nobody else is served. */
const mostEffort = 100_000;

/**
 * Counts what planning one operation takes: ways that are weighed, mostly. Counted and not timed, so that an operation
 * is planned everywhere or nowhere, however busy the machine is.
 */
export class Effort {
  readonly max: number;
  #spent = 0;

  constructor(max = mostEffort) {
    this.max = max;
  }

  get spent(): number {
    return this.#spent;
  }

  /** For what is only looked at, by the dozen in the time it takes to find something new. @throws as `take` does */
  glance(count: number): void {
    this.take(count / 16);
  }

  /** @throws {HubError} LIMIT_EXCEEDED - `details.limit` is `planning`. */
  take(units: number): void {
    this.#spent += units;
    if (this.#spent <= this.max) return;
    throw new HubError(
      'LIMIT_EXCEEDED',
      'The operation takes too long to plan: ask for fewer fields at a time, or for fields of objects rather than of interfaces within interfaces.',
      { details: { limit: 'planning', max: this.max } },
    );
  }
}
