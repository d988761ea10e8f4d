import type { Clock } from '#kernel/clock.ts';
import { messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { SubgraphExecutor } from '../engine/types.ts';
import type { CircuitState } from '../remote/circuit.ts';
import type { RemoteExecutor } from '../remote/remote-executor.ts';

export interface ExecutorPoolOptions {
  /** What engines get of an executor; called once for each. */
  readonly wrap: (executor: SubgraphExecutor) => SubgraphExecutor;
  /** How long one that no graph has any more stays open: no request or event runs for longer. Milliseconds. */
  readonly retireAfterMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Kept {
  readonly remote: RemoteExecutor;
  readonly wrapped: SubgraphExecutor;
  /** Aborted when a graph has it again before it is closed. */
  retiring: AbortController | null;
}

/**
 * The connections to subgraphs in other processes, kept over exchanges of the graph: a subgraph whose settings are the
 * same keeps its executor, and with it its connections and running subscriptions.
 */
export class ExecutorPool {
  readonly #options: ExecutorPoolOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: ExecutorPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Whether a subgraph takes connections; `null` of one that is not here. */
  stateOf(key: string): CircuitState | null {
    return this.#kept.get(key)?.remote.state ?? null;
  }

  /** @param key - everything the executor is made of. */
  get(key: string, make: () => RemoteExecutor): SubgraphExecutor {
    let kept = this.#kept.get(key);
    if (!kept) {
      const remote = make();
      kept = { remote, wrapped: this.#options.wrap(remote), retiring: null };
      this.#kept.set(key, kept);
    }
    // Whoever gets it may be about to serve; `keepOnly` says in the end.
    kept.retiring?.abort();
    kept.retiring = null;
    return kept.wrapped;
  }

  /** Closes all others, once nothing of what has begun can need them any more. */
  keepOnly(inUse: Pick<ReadonlySet<string>, 'has'>): void {
    for (const [key, kept] of this.#kept) {
      if (inUse.has(key)) {
        kept.retiring?.abort();
        kept.retiring = null;
      } else if (!kept.retiring) void this.#retire(key, kept, (kept.retiring = new AbortController()));
    }
  }

  /** Closes all at once. */
  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    for (const { retiring } of all) retiring?.abort();
    await Promise.all(all.map((kept) => this.#closeOne(kept)));
  }

  async #retire(key: string, kept: Kept, retiring: AbortController): Promise<void> {
    const { clock, retireAfterMs } = this.#options;
    try {
      await clock.sleep(retireAfterMs, retiring.signal);
    } catch {
      return;
    }
    this.#kept.delete(key);
    await this.#closeOne(kept);
  }

  async #closeOne({ remote }: Kept): Promise<void> {
    try {
      await remote.close();
    } catch (error) {
      this.#options.log.warn('Connections to a subgraph did not close', { reason: messageOf(error) });
    }
  }
}
