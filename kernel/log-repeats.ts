import type { LogLine } from './log.ts';

/** What tells one kind of line from another: its texts, not its counters and delays. */
function kindOf({ time: _time, ...line }: LogLine): string {
  return JSON.stringify(line, (name, value: unknown) =>
    name === 'stack' || typeof value === 'number' ? undefined : value,
  );
}

/** Kinds remembered at most; beyond it the oldest is forgotten, so its next line is written at once. */
const maxKinds = 1_000;

/**
 * Writes a line at once and the same again, whatever its numbers, only after `windowMs`, with `repeats`: how often it
 * was left out. So an outage is said when it begins and then from time to time, however often something is tried.
 *
 * @param windowMs - milliseconds. @default 60_000
 */
export function withoutRepeats(
  write: (line: LogLine) => void,
  options: { readonly windowMs?: number; readonly now: () => number },
): (line: LogLine) => void {
  const { windowMs = 60_000, now } = options;
  const kinds = new Map<string, { at: number; repeats: number }>();
  return (line) => {
    const kind = kindOf(line);
    const before = kinds.get(kind);
    const at = now();
    if (before && at - before.at < windowMs) {
      before.repeats += 1;
      return;
    }
    kinds.delete(kind);
    kinds.set(kind, { at, repeats: 0 });
    if (kinds.size > maxKinds) kinds.delete(kinds.keys().next().value as string);
    write(before?.repeats ? { ...line, repeats: before.repeats } : line);
  };
}
