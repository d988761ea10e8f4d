import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ApiError } from './api.ts';
import { useSubscription } from './hooks.ts';
import { signalUpdates } from './operations.ts';
import type { Sample } from './types.ts';

/** The most signals one subscription may name. */
export const mostSignals = 500;
/** How long the trail behind a value is, ms. */
export const trailMs = 60_000;

/** A number at a time; null where there was none to trust. */
export interface TrailPoint {
  readonly at: number;
  readonly value: number | null;
}

/** When a sample was true: the device's clock, else the hub's. Epoch ms. */
export function instantOf(sample: Sample): number {
  return Date.parse(sample.sourceTime ?? sample.receivedTime);
}

/**
 * Newest samples by signal, kept outside of the view: a view is told at most once in `everyMs`, on an animation frame,
 * and only those parts of it whose signal moved. So hundreds of samples a second cost as much as a few.
 */
export class LiveValues {
  readonly #everyMs: number;
  readonly #latest = new Map<string, Sample>();
  readonly #trails = new Map<string, TrailPoint[]>();
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<(id: string, sample: Sample) => void>();
  readonly #moved = new Set<string>();
  #told = 0;
  #scheduled = false;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  push(id: string, sample: Sample): void {
    this.#latest.set(id, sample);
    this.#extend(id, sample);
    for (const listener of this.#listeners) listener(id, sample);
    this.#moved.add(id);
    this.#schedule();
  }

  latest(id: string): Sample | null {
    return this.#latest.get(id) ?? null;
  }

  /** One point a second of the last minute, oldest first. */
  trail(id: string): readonly TrailPoint[] {
    return this.#trails.get(id) ?? [];
  }

  /** Tells when the newest sample of a signal is another one. */
  watch(id: string, watcher: () => void): () => void {
    const all = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, all.add(watcher));
    return () => {
      all.delete(watcher);
      if (!all.size) this.#watchers.delete(id);
    };
  }

  /** Hears every sample as it comes. */
  listen(listener: (id: string, sample: Sample) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #extend(id: string, sample: Sample): void {
    const trail = this.#trails.get(id) ?? [];
    const at = instantOf(sample);
    const value = sample.quality === 'BAD' ? null : sample.number;
    const last = trail.at(-1);
    if (last && Math.floor(last.at / 1000) === Math.floor(at / 1000)) trail.pop();
    trail.push({ at, value });
    while (trail[0] && trail[0].at < at - trailMs) trail.shift();
    this.#trails.set(id, trail);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = Math.max(0, this.#told + this.#everyMs - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.#tell()), wait);
  }

  #tell(): void {
    this.#scheduled = false;
    this.#told = performance.now();
    const moved = [...this.#moved];
    this.#moved.clear();
    for (const id of moved) for (const watcher of this.#watchers.get(id) ?? []) watcher();
  }
}

interface Update {
  readonly signalUpdated: { readonly signal: { readonly id: string }; readonly sample: Sample };
}

/** Live samples of these signals, of the first 500 of them. */
export function useLiveValues(
  ids: readonly string[],
  everyMs: number,
): { readonly live: LiveValues; readonly errors: readonly ApiError[] } {
  const live = useMemo(() => new LiveValues(everyMs), [everyMs]);
  const asked = ids.slice(0, mostSignals);
  const errors = useSubscription<Update>(
    signalUpdates,
    asked.length ? { ids: asked } : null,
    ({ signalUpdated: { signal, sample } }) => live.push(signal.id, sample),
  );
  return { live, errors };
}

/** The newest sample of a signal; the caller is shown anew when it moves. */
export function useLatest(live: LiveValues, id: string, before: Sample | null): Sample | null {
  const [, setCount] = useState(0);
  useEffect(() => live.watch(id, () => setCount((count) => count + 1)), [live, id]);
  const newest = live.latest(id);
  if (!newest || !before) return newest ?? before;
  return newest.receivedTime < before.receivedTime ? before : newest;
}
