import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The end of the work that runs at present: a reader that nobody waits for any more (caller gone, deadline passed) need
 * not go on. It reaches the stores beside the calls, because what lies between has no use for it. Only reading is given
 * one: a write that has begun runs to its end.
 */
const storage = new AsyncLocalStorage<Ending>();

/** What has a signal: it may be made when it is first read. */
export interface Ending {
  readonly signal: AbortSignal;
}

/** Runs `work`, and whatever it starts, under a signal. */
export function withWorkSignal<T>(signal: AbortSignal, work: () => T): T {
  return withWorkOf({ signal }, work);
}

/** As `withWorkSignal`, without reading the signal. */
export function withWorkOf<T>(ending: Ending, work: () => T): T {
  return storage.run(ending, work);
}

/** The signal of the present work; `undefined` when it runs to its end whatever happens. */
export function workSignal(): AbortSignal | undefined {
  return storage.getStore()?.signal;
}

/**
 * Runs a part of the present work that can be stopped.
 * @param stop - called once when the work is to end early; `run` is expected to settle soon then.
 * @throws the signal's reason, whatever came of `run`.
 */
export async function stoppable<T>(run: () => Promise<T>, stop: () => void): Promise<T> {
  const signal = workSignal();
  if (!signal) return run();
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await run();
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
