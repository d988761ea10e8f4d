import { formatInstant, type Clock } from '#kernel/clock.ts';
import { errorTable, messageOf } from '#kernel/errors.ts';
import { withDeadline, type Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';

/** Asks a store something that only the store itself can answer. */
export type Probe = () => Promise<unknown>;

/** How a store is. */
export interface StoreState {
  readonly ok: boolean;
  /** RFC 3339: when it was first found so. */
  readonly since: string;
}

export interface StoreWatch<Name extends string> extends Closable {
  /** How each store is, at most `freshMs` old. */
  states(): Promise<Readonly<Record<Name, StoreState>>>;
}

export interface StoreWatchConfig {
  /** How long a store may take to answer, ms. @default 2_500 */
  readonly timeoutMs?: number;
  /** How often the stores are asked, ms. @default 5_000 */
  readonly everyMs?: number;
  /** How old an answer may be, ms: strangers may read /health, and must not be able to keep the stores busy. @default 1_000 */
  readonly freshMs?: number;
}

/**
 * Asks each store from time to time and says once in the log when one goes away and once when it is back: which, since
 * when, and what to do.
 */
export function watchStores<Name extends string>(
  probes: Readonly<Record<Name, Probe>>,
  deps: { readonly places: Readonly<Record<Name, string>>; readonly clock: Clock; readonly log: Logger },
  config: StoreWatchConfig = {},
): StoreWatch<Name> {
  const { clock, log, places } = deps;
  const { timeoutMs = 2_500, everyMs = 5_000, freshMs = 1_000 } = config;
  const names = Object.keys(probes) as Name[];
  const found = new Map<Name, { ok: boolean; sinceMs: number }>();
  const closing = new AbortController();
  let asked: Promise<void> | undefined;
  // Monotonic: a wall clock that is set back must not stop the looking.
  let askedAt = -Infinity;

  const note = (name: Name, failure: unknown): void => {
    const before = found.get(name);
    const ok = failure === undefined;
    if (before?.ok === ok || closing.signal.aborted) return;
    const nowMs = clock.now();
    found.set(name, { ok, sinceMs: nowMs });
    const facts = { store: name, place: places[name] };
    if (!ok)
      log.error('A store cannot be used', {
        ...facts,
        code: 'STORE_UNAVAILABLE',
        since: formatInstant(nowMs),
        reason: messageOf(failure),
        advice: adviceFor(name),
      });
    else if (before)
      log.warn('A store can be used again', {
        ...facts,
        awaySince: formatInstant(before.sinceMs),
        awaySeconds: Math.round((nowMs - before.sinceMs) / 1000),
      });
  };
  const ask = async (name: Name): Promise<void> => {
    try {
      await withDeadline(probes[name](), timeoutMs, `an answer of ${places[name]}`);
      note(name, undefined);
    } catch (error) {
      note(name, error);
    }
  };
  const look = (): Promise<void> => {
    if (asked && performance.now() - askedAt < freshMs) return asked;
    const round = Promise.all(names.map(ask)).then(() => void (askedAt = performance.now()));
    askedAt = performance.now();
    return (asked = round);
  };
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await look();
      await clock.sleep(everyMs, closing.signal).catch(() => {});
    }
  };
  const running = run();
  return {
    states: async () => {
      await look();
      const rows = names.map((name) => [name, stateOf(found.get(name), clock)]);
      return Object.fromEntries(rows) as Record<Name, StoreState>;
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

function stateOf(state: { ok: boolean; sinceMs: number } | undefined, clock: Clock): StoreState {
  return { ok: state?.ok ?? false, since: formatInstant(state?.sinceMs ?? clock.now()) };
}

function adviceFor(name: string): string {
  if (name === 'disk')
    return 'Make room on the disk of the data folder: writes fail when it is full. The hub goes on by itself then.';
  const goesOn =
    name === 'telemetry'
      ? ' Samples are kept in memory meanwhile.'
      : name === 'messages'
        ? ' Messages to send are kept in the records meanwhile.'
        : '';
  return `${errorTable.STORE_UNAVAILABLE.advice}${goesOn} The hub goes on by itself when it is back.`;
}
