import type { Clock } from '#kernel/clock.ts';
import { formatInstant } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import { timeOf, type SignalSample } from '#ontology/sample.ts';

/** Settings of the write-behind buffer. */
export interface WriteBehindConfig {
  /** Longest wait before samples are stored, ms. @default 200 */
  readonly batchMs: number;
  /** Samples that are stored at once without waiting, and the most in one write. @default 1_000 */
  readonly batchSize: number;
  /** Samples kept while the store does not answer, all tenants together; above it the oldest are given up. @default 200_000 */
  readonly bufferSize: number;
  /** First and longest wait before another try, ms. @default 250 and 5_000 */
  readonly retryMs: number;
  readonly retryMaxMs: number;
}

/** How the buffer stands. */
export interface WriteBehindStatus {
  /** Samples that wait to be stored. */
  readonly buffered: number;
  /** Samples stored since the start. */
  readonly stored: number;
  /** Samples given up since the start because the store was away for too long. */
  readonly lost: number;
  /** Writes that failed since the last one that went well. */
  readonly failures: number;
}

interface Waiting {
  readonly tenant: TenantId;
  readonly item: SignalSample;
}

/**
 * Collects samples and stores them in batches, one write at a time. While the store is away it keeps trying; what does
 * not fit is given up oldest first, counted, and said in the log.
 */
export class WriteBehind {
  readonly #deps: { store: TimeSeriesStore; clock: Clock; log: Logger };
  readonly #config: WriteBehindConfig;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #running: Promise<void> | undefined;
  #pausing: AbortController | undefined;
  #attempt = Promise.withResolvers<boolean>();
  #urgent = false;
  #closing = false;
  #stored = 0;
  #lost = 0;
  #failures = 0;
  #unsaidLoss: { count: number; from: number; to: number } | undefined;

  constructor(config: WriteBehindConfig, deps: { store: TimeSeriesStore; clock: Clock; log: Logger }) {
    this.#config = config;
    this.#deps = deps;
  }

  get status(): WriteBehindStatus {
    return {
      buffered: this.#waiting.length + this.#inFlight,
      stored: this.#stored,
      lost: this.#lost,
      failures: this.#failures,
    };
  }

  add(tenant: TenantId, samples: readonly SignalSample[]): void {
    for (const item of samples) this.#waiting.push({ tenant, item });
    this.#bound();
    // A full batch does not shorten the wait for a store that is away.
    if (this.#waiting.length >= this.#config.batchSize && this.#failures === 0) this.#cutPause();
    this.#start();
  }

  /** Stores what waits now. Resolves when nothing waits any more, or when a try failed (`status.buffered` tells). */
  async flush(): Promise<void> {
    while (this.#waiting.length + this.#inFlight > 0) {
      this.#cutPause();
      this.#start();
      if (!(await this.#attempt.promise)) return;
    }
  }

  /** Tries a last time to store what waits; what is left then is lost and said so. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#cutPause();
    await this.#running;
    if (this.#waiting.length) this.#giveUp(this.#waiting.length);
    this.#sayLoss();
  }

  #start(): void {
    if (this.#waiting.length) this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    while (this.#waiting.length) {
      await this.#pause();
      const batch = this.#waiting.splice(0, this.#config.batchSize);
      this.#inFlight = batch.length;
      const written = await this.#write(batch);
      this.#inFlight = 0;
      if (!written) this.#waiting = [...batch, ...this.#waiting];
      this.#bound();
      this.#attempt.resolve(written);
      this.#attempt = Promise.withResolvers();
      if (!written && this.#closing) return;
    }
  }

  /** Waits for more samples, or longer after a failure; cut short by a full batch, `flush` and `close`. */
  async #pause(): Promise<void> {
    const { batchMs, batchSize, retryMs, retryMaxMs } = this.#config;
    const full = this.#failures === 0 && this.#waiting.length >= batchSize;
    const waitMs = this.#failures
      ? Math.min(retryMs * 2 ** Math.min(this.#failures - 1, 10), retryMaxMs)
      : batchMs;
    if (!this.#urgent && !full && !this.#closing) {
      this.#pausing = new AbortController();
      await this.#deps.clock.sleep(waitMs, this.#pausing.signal).catch(() => {});
      this.#pausing = undefined;
    }
    this.#urgent = false;
  }

  #cutPause(): void {
    this.#urgent = true;
    this.#pausing?.abort();
  }

  /** The slack keeps a long outage from shifting a long array for each sample. */
  #bound(): void {
    const over = this.#waiting.length - this.#config.bufferSize;
    if (over > Math.min(1_000, this.#config.bufferSize * 0.01)) this.#giveUp(over);
  }

  async #write(batch: readonly Waiting[]): Promise<boolean> {
    try {
      for (const [tenant, items] of Map.groupBy(batch, (waiting) => waiting.tenant))
        await this.#deps.store.write(
          tenant,
          items.map(({ item }) => item),
        );
    } catch (error) {
      this.#failures += 1;
      // Each write replaces what it finds at the same time, so a tenant written before the failure may be written again.
      if (this.#failures === 1 || this.#failures % 20 === 0)
        this.#deps.log.error('Samples cannot be stored; they are kept and tried again', {
          error,
          ...this.status,
        });
      return false;
    }
    this.#stored += batch.length;
    if (this.#failures) this.#deps.log.info('Samples are stored again', { failures: this.#failures });
    this.#failures = 0;
    this.#sayLoss();
    return true;
  }

  #giveUp(count: number): void {
    const gone = this.#waiting.splice(0, count);
    const before = this.#unsaidLoss;
    const loss = before ?? { count: 0, from: Infinity, to: -Infinity };
    for (const { item } of gone) {
      const at = timeOf(item.sample);
      loss.from = Math.min(loss.from, at);
      loss.to = Math.max(loss.to, at);
    }
    loss.count += gone.length;
    this.#lost += gone.length;
    this.#unsaidLoss = loss;
    // The first loss is said at once, the sum when the store is back or the hub closes.
    if (!before)
      this.#deps.log.error('Samples are being lost: the store is away and the buffer is full', {
        bufferSize: this.#config.bufferSize,
      });
  }

  #sayLoss(): void {
    const loss = this.#unsaidLoss;
    if (!loss) return;
    this.#unsaidLoss = undefined;
    this.#deps.log.error('Samples were lost', {
      lost: loss.count,
      from: formatInstant(loss.from),
      to: formatInstant(loss.to),
      lostSinceStart: this.#lost,
    });
  }
}
