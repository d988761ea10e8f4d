import { Counter, type Registry } from 'prom-client';

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  value: number;
}

/**
 * A counter that costs little to count with: its series are found by one text, and labels are looked at only when
 * somebody reads them.
 */
export class Tally {
  /** As it is shown. */
  readonly counter: Counter;
  readonly #labelNames: readonly string[];
  readonly #series = new Map<string, Series>();

  constructor(name: string, help: string, labelNames: readonly string[], registry: Registry) {
    const series = this.#series;
    this.#labelNames = labelNames;
    this.counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, value } of series.values()) this.inc(labels, value);
      },
    });
  }

  /** @param values - of the labels, in their order; without line breaks. */
  add(units: number, ...values: readonly string[]): void {
    const key = values.join('\n');
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = this.#begun(values)));
    series.value += units;
  }

  #begun(values: readonly string[]): Series {
    const labels = this.#labelNames.map((name, index) => [name, values[index] ?? '']);
    return { labels: Object.fromEntries(labels) as Series['labels'], value: 0 };
  }
}
