/** `open`: connecting fails at once; `half-open`: one connection is being tried. */
export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  /** Failed attempts to connect in a row after which it opens. */
  readonly failures: number;
  /** How long it stays open before one connection is tried, milliseconds. */
  readonly openMs: number;
  /** How long that trial may take before another is made, milliseconds. */
  readonly trialMs: number;
  /** Milliseconds that only ever grow. @default performance.now */
  readonly now?: () => number;
}

/**
 * Keeps requests from waiting for a peer that takes no connections. Only connecting counts, not what comes over a
 * connection: a query that a peer cannot bear must not close it to everybody else.
 */
export class Circuit {
  readonly #failures: number;
  readonly #openMs: number;
  readonly #trialMs: number;
  readonly #now: () => number;
  #state: CircuitState = 'closed';
  #inRow = 0;
  #until = 0;
  #cause: unknown;

  constructor({ failures, openMs, trialMs, now = () => performance.now() }: CircuitOptions) {
    this.#failures = failures;
    this.#openMs = openMs;
    this.#trialMs = trialMs;
    this.#now = now;
  }

  /** Stays `open` until somebody wants to connect again. */
  get state(): CircuitState {
    return this.#state;
  }

  /** Why connecting failed last. */
  get cause(): unknown {
    return this.#cause;
  }

  /** Whether to connect now. A `true` while it is not closed is the one trial; another may follow after `trialMs`. */
  admits(): boolean {
    if (this.#state === 'closed') return true;
    const now = this.#now();
    if (now < this.#until) return false;
    this.#state = 'half-open';
    this.#until = now + this.#trialMs;
    return true;
  }

  /** A connection stands, or an answer came over one. */
  succeeded(): void {
    this.#state = 'closed';
    this.#inRow = 0;
    this.#cause = undefined;
  }

  failed(cause: unknown): void {
    this.#cause = cause;
    this.#inRow += 1;
    if (this.#state === 'closed' && this.#inRow < this.#failures) return;
    this.#state = 'open';
    this.#until = this.#now() + this.#openMs;
  }
}
