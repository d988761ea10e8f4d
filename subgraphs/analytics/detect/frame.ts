import type { Sample } from '#ontology/sample.ts';
import { timeOf } from '#ontology/sample.ts';

/** A numeric value with the weight its quality gives it. */
export interface Reading {
  readonly value: number;
  readonly weight: number;
}

/** What the signals of one asset said in one round. */
export interface Frame {
  /** Epoch ms of its first sample. */
  readonly time: number;
  /** Signals with a usable new value in this round. */
  readonly fresh: ReadonlyMap<string, Reading>;
  readonly spectra: ReadonlyMap<string, readonly number[]>;
}

/** Longest stretch of one round, ms, and how far a device's clock may be ahead of the hub's. */
const longestRoundMs = 30_000;
const aheadMs = 60_000;
/** What an UNCERTAIN sample counts against a GOOD one. */
export const uncertainWeight = 0.3;

/**
 * Sorts samples into rounds: a round ends when a signal of it comes again. Repeated, late and future-dated samples are
 * left out. The last usable value of each signal is held: plants report by exception, silence means no change.
 */
export class FrameAssembler {
  readonly #lastTime = new Map<string, number>();
  readonly #held = new Map<string, number>();
  readonly #bad = new Set<string>();
  readonly #uncertain = new Set<string>();
  #time: number | null = null;
  #fresh = new Map<string, Reading>();
  #spectra = new Map<string, readonly number[]>();
  /** Samples left out because they were repeated, late or from the future. */
  ignored = 0;

  /** Takes a sample; answers the round it ended, if any. */
  add(key: string, sample: Sample): Frame | null {
    const time = timeOf(sample);
    const last = this.#lastTime.get(key);
    if ((last !== undefined && time <= last) || time > sample.receivedTime + aheadMs) {
      this.ignored += 1;
      return null;
    }
    this.#lastTime.set(key, time);
    const again = this.#fresh.has(key) || this.#spectra.has(key);
    const ended = this.#time !== null && (again || time - this.#time > longestRoundMs) ? this.end() : null;
    this.#take(key, sample, time);
    return ended;
  }

  /** Ends the present round; `null` when it is empty. */
  end(): Frame | null {
    if (this.#time === null) return null;
    const frame: Frame = { time: this.#time, fresh: this.#fresh, spectra: this.#spectra };
    this.#time = null;
    this.#fresh = new Map();
    this.#spectra = new Map();
    return frame;
  }

  /** The last usable value; truth values as 0 and 1; `undefined` before the first and while the signal is BAD. */
  held(key: string): number | undefined {
    return this.#bad.has(key) ? undefined : this.#held.get(key);
  }

  /** Like `held`, but only while the signal is GOOD: what others are compared at must be right. */
  heldGood(key: string): number | undefined {
    return this.#uncertain.has(key) ? undefined : this.held(key);
  }

  /** Whether the newest sample of the signal was of quality BAD. */
  isBad(key: string): boolean {
    return this.#bad.has(key);
  }

  #take(key: string, { value, quality }: Sample, time: number): void {
    const spectrum = Array.isArray(value) ? (value as readonly number[]) : null;
    const number = typeof value === 'boolean' ? Number(value) : value;
    const usable =
      quality !== 'BAD' && (spectrum ? spectrum.every(Number.isFinite) : Number.isFinite(number));
    if (!usable) {
      this.#bad.add(key);
      return;
    }
    this.#bad.delete(key);
    if (quality === 'GOOD') this.#uncertain.delete(key);
    else this.#uncertain.add(key);
    this.#time ??= time;
    if (spectrum) this.#spectra.set(key, spectrum);
    else {
      this.#held.set(key, number as number);
      this.#fresh.set(key, { value: number as number, weight: quality === 'GOOD' ? 1 : uncertainWeight });
    }
  }
}
