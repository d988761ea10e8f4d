/** When nobody waits for an answer any more: the caller went away, or a deadline passed. */
export interface EndOfWaiting {
  /** @throws the reason, when it has come. */
  throwIfEnded(): void;
  /** Calls back when it comes, unless `unlisten` does first. */
  listen(onEnd: (reason: unknown) => void): void;
  unlisten(onEnd: (reason: unknown) => void): void;
}

/** As a signal tells it, to one listener. */
export function endOfSignal(signal: AbortSignal): EndOfWaiting {
  let stop: (() => void) | undefined;
  return {
    throwIfEnded: () => signal.throwIfAborted(),
    listen(onEnd) {
      const onAbort = () => onEnd(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      stop = () => signal.removeEventListener('abort', onAbort);
    },
    unlisten: () => stop?.(),
  };
}
