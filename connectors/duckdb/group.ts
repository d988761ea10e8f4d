import type { TenantId } from '#ontology/ids.ts';
import { timeOf, type Sample, type SignalSample } from '#ontology/sample.ts';
import { toRow, type Cell } from './map.ts';
import { isNewest, keyOf, type Series, type SeriesIndex } from './series.ts';

/** What one commit adds: made beside the index, so that nothing of it shows when the commit fails. */
export class Group {
  readonly rows: Cell[][] = [];
  readonly newSeries: Series[] = [];
  readonly #index: SeriesIndex;
  readonly #proposed = new Map<string, Series>();
  readonly #newest = new Map<Series, Sample>();
  #nextSeq: number;

  /** @param nextSeq - the seq of the first sample added. */
  constructor(index: SeriesIndex, nextSeq: number) {
    this.#index = index;
    this.#nextSeq = nextSeq;
  }

  /** The seq after the last sample added. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  add(tenant: TenantId, samples: readonly SignalSample[]): void {
    for (const { twinId, signal, sample } of samples) {
      const series = this.#index.find(tenant, twinId, signal) ?? this.#propose(tenant, twinId, signal);
      const newest = this.#newest.get(series) ?? series.newest;
      const late = newest !== null && timeOf(sample) <= timeOf(newest);
      this.rows.push(toRow(sample, { series: series.id, seq: this.#nextSeq++, late }));
      if (isNewest(sample, newest)) this.#newest.set(series, sample);
    }
  }

  /** Makes the group visible to `latest`: to be called once it is stored. */
  publish(): void {
    for (const series of this.newSeries) this.#index.add(series);
    for (const [series, sample] of this.#newest) series.newest = copyOf(sample);
  }

  #propose(tenant: TenantId, twin: string, signal: string): Series {
    const key = keyOf(tenant, twin, signal);
    const before = this.#proposed.get(key);
    if (before) return before;
    const series = this.#index.propose(tenant, twin, signal);
    this.#proposed.set(key, series);
    this.newSeries.push(series);
    return series;
  }
}

/** The writer may go on using its object. */
function copyOf({ value, unit, quality, status, sourceTime, receivedTime }: Sample): Sample {
  const kept = Array.isArray(value) ? value.slice() : value;
  return Object.freeze({ value: kept, unit, quality, status, sourceTime, receivedTime });
}
