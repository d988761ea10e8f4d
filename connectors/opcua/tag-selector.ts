import { timeOf, type Sample } from '#ontology/sample.ts';

/** Told when another node takes over; `reason` in words. */
export type OnSwitch = (from: number, to: number, reason: string) => void;

/** Good samples in a row that bring a preferred node back. */
const returnAfter = 3;

/**
 * Several nodes that carry one signal, most wanted first: one of them is used at a time, so that two instruments
 * never interleave in one series. Another takes over when the one in use goes bad, or is silent for
 * `silentAfterMs` while the other speaks; a more wanted one comes back after three good samples.
 */
export class TagSelector {
  readonly #tags: { last: Sample | null; heardAt: number; goodInRow: number }[];
  readonly #silentAfterMs: number;
  readonly #onSwitch: OnSwitch;
  #active = 0;
  #lastTime = -Infinity;

  constructor(count: number, silentAfterMs: number, nowMs: number, onSwitch: OnSwitch) {
    this.#tags = Array.from({ length: count }, () => ({ last: null, heardAt: nowMs, goodInRow: 0 }));
    this.#silentAfterMs = silentAfterMs;
    this.#onSwitch = onSwitch;
  }

  /** Which node is in use. */
  get active(): number {
    return this.#active;
  }

  /** Takes a sample of one node; returns the sample to pass on, or `null`. */
  offer(index: number, sample: Sample, nowMs: number): Sample | null {
    const tag = this.#tags[index];
    if (!tag) return null;
    const heardBefore = tag.heardAt;
    Object.assign(tag, {
      last: sample,
      heardAt: nowMs,
      goodInRow: sample.quality === 'BAD' ? 0 : tag.goodInRow + 1,
    });
    if (index === this.#active)
      return sample.quality === 'BAD' ? this.#replaceBad(sample, nowMs) : this.#pass(sample);
    return this.#considerOther(index, sample, nowMs, heardBefore);
  }

  /** Forgets what was heard, after an interruption. */
  reset(nowMs: number): void {
    for (const tag of this.#tags) Object.assign(tag, { last: null, heardAt: nowMs, goodInRow: 0 });
  }

  #considerOther(index: number, sample: Sample, nowMs: number, heardBefore: number): Sample | null {
    const active = this.#tags[this.#active];
    if (!active) return null;
    // The other one must have spoken before as well: one late value of a slow node proves nothing.
    const silent = nowMs - active.heardAt > this.#silentAfterMs && nowMs - heardBefore <= this.#silentAfterMs;
    // A bad value too: with the node in use silent, the last good one must not stand for ever.
    if (silent) return this.#switchTo(index, 'the node in use is silent', sample);
    if (sample.quality === 'BAD') return null;
    const preferred = index < this.#active && (this.#tags[index]?.goodInRow ?? 0) >= returnAfter;
    if (preferred) return this.#switchTo(index, 'a preferred node is good again', sample);
    if (active.last?.quality === 'BAD')
      return this.#switchTo(index, `the node in use is ${active.last.status ?? 'bad'}`, sample);
    return null;
  }

  #replaceBad(sample: Sample, nowMs: number): Sample | null {
    const other = this.#tags.findIndex(
      (tag, index) =>
        index !== this.#active &&
        tag.last &&
        tag.last.quality !== 'BAD' &&
        nowMs - tag.heardAt <= this.#silentAfterMs,
    );
    const last = this.#tags[other]?.last;
    if (!last) return this.#pass(sample);
    return this.#switchTo(other, `the node in use is ${sample.status ?? 'bad'}`, last);
  }

  #switchTo(index: number, reason: string, sample: Sample): Sample | null {
    this.#onSwitch(this.#active, index, reason);
    this.#active = index;
    return this.#pass(sample);
  }

  /** A node that takes over may not go back in time behind what was passed on. */
  #pass(sample: Sample): Sample | null {
    const time = timeOf(sample);
    if (this.#tags.length > 1 && time <= this.#lastTime) return null;
    this.#lastTime = Math.max(this.#lastTime, time);
    return sample;
  }
}
