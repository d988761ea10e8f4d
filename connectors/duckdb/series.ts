import type { TenantId } from '#ontology/ids.ts';
import { timeOf, type Sample } from '#ontology/sample.ts';

/** What is kept in memory of one series. */
export interface Series {
  readonly id: number;
  readonly tenant: TenantId;
  readonly twin: string;
  readonly signal: string;
  /** The newest sample by time, `null` before the first. */
  newest: Sample | null;
}

/** All series of the file with their newest samples: `latest` answers from here. */
export class SeriesIndex {
  readonly #byKey = new Map<string, Series>();
  #nextId = 1;

  find(tenant: TenantId, twin: string, signal: string): Series | undefined {
    return this.#byKey.get(keyOf(tenant, twin, signal));
  }

  /** A series that is not part of the index until `add`: it may yet fail to be stored. */
  propose(tenant: TenantId, twin: string, signal: string): Series {
    return { id: this.#nextId++, tenant, twin, signal, newest: null };
  }

  add(series: Series): void {
    this.#byKey.set(keyOf(series.tenant, series.twin, series.signal), series);
    this.#nextId = Math.max(this.#nextId, series.id + 1);
  }

  values(): Iterable<Series> {
    return this.#byKey.values();
  }
}

/** Whether `sample` takes the place of `newest`: at the same time the later write wins. */
export function isNewest(sample: Sample, newest: Sample | null): boolean {
  return newest === null || timeOf(sample) >= timeOf(newest);
}

/** One text for the three parts; JSON keeps them apart whatever they hold. */
export function keyOf(tenant: TenantId, twin: string, signal: string): string {
  return JSON.stringify([tenant, twin, signal]);
}
