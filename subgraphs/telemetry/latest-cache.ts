import type { TenantId } from '#ontology/ids.ts';
import type { SignalRef, TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import { timeOf, type Sample, type SignalSample } from '#ontology/sample.ts';

interface Entry {
  sample: Sample;
  /** Whether the store was asked too: until then it may hold a newer one from before this process. */
  checked: boolean;
}

/** The newest sample of each signal by its time, kept in memory and completed from the store at the first question. */
export class LatestCache {
  readonly #entries = new Map<string, Entry>();
  readonly #store: TimeSeriesStore;

  constructor(store: TimeSeriesStore) {
    this.#store = store;
  }

  /** Takes a new sample; one older than the cached is left out, at equal times the later arrival wins. */
  put(tenant: TenantId, { twinId, signal, sample }: SignalSample): void {
    const key = keyOf(tenant, twinId, signal);
    const entry = this.#entries.get(key);
    if (!entry) this.#entries.set(key, { sample, checked: false });
    else if (timeOf(sample) >= timeOf(entry.sample)) entry.sample = sample;
  }

  /**
   * The newest sample of each signal, in the order asked, `null` where there never was one.
   * @throws {HubError} STORE_UNAVAILABLE - only when a signal was asked for that had no sample in this process.
   */
  async latest(tenant: TenantId, refs: readonly SignalRef[]): Promise<readonly (Sample | null)[]> {
    const keys = refs.map((ref) => keyOf(tenant, ref.twinId, ref.signal));
    const open = refs.flatMap((ref, i) =>
      this.#entries.get(keys[i] as string)?.checked ? [] : [{ ref, key: keys[i] as string }],
    );
    if (open.length) await this.#complete(tenant, open);
    return keys.map((key) => this.#entries.get(key)?.sample ?? null);
  }

  async #complete(tenant: TenantId, open: readonly { ref: SignalRef; key: string }[]): Promise<void> {
    let stored: readonly (Sample | null)[];
    try {
      stored = await this.#store.latest(
        tenant,
        open.map(({ ref }) => ref),
      );
    } catch (error) {
      // What came in live is still true while the store is away.
      if (open.every(({ key }) => this.#entries.has(key))) return;
      throw error;
    }
    open.forEach(({ key }, i) => this.#merge(key, stored[i] ?? null));
  }

  #merge(key: string, stored: Sample | null): void {
    const entry = this.#entries.get(key);
    if (!entry) {
      if (stored) this.#entries.set(key, { sample: stored, checked: true });
      return;
    }
    if (stored && timeOf(stored) > timeOf(entry.sample)) entry.sample = stored;
    entry.checked = true;
  }
}

function keyOf(tenant: string, twinId: string, signal: string): string {
  return `${tenant}/${twinId}/${signal}`;
}
