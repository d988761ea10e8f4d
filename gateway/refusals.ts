import { channel } from 'node:diagnostics_channel';

/**
 * Names of limits, whenever the process refuses something for one. A channel, since refusals come from every transport,
 * some before there is a request.
 */
const refusals = channel('twinhub.refusal');

/** Tells that something was refused. @param details - of the error; those without a limit's name tell nothing. */
export function tellRefusal(details: Readonly<Record<string, unknown>>): void {
  if (refusals.hasSubscribers && typeof details['limit'] === 'string') refusals.publish(details['limit']);
}

/** @returns what ends the listening. */
export function onRefusal(listener: (limit: string) => void): () => void {
  const hear = (limit: unknown) => listener(String(limit));
  refusals.subscribe(hear);
  return () => void refusals.unsubscribe(hear);
}
