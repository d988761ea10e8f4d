import type { RequestContext } from '#ontology/request-context.ts';
import { EndingContext } from './request-end.ts';

/**
 * The outcome of `work`, or the reason as soon as the request ends. The work itself may go on: what it does after that
 * nobody waits for.
 */
export function untilEnded<T>(work: Promise<T>, context: RequestContext): Promise<T> {
  const end = EndingContext.endOf(context);
  return end ? end.race(work) : untilAborted(work, context.signal);
}

/** @throws the reason, when the request has ended. */
export function throwIfEnded(context: RequestContext): void {
  const end = EndingContext.endOf(context);
  if (end) end.throwIfEnded();
  else context.signal.throwIfAborted();
}

/** As `untilEnded`, with a signal. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
