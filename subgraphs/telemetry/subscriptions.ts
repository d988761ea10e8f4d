import { AsyncQueue } from '#kernel/async-queue.ts';
import type { Broadcast } from '#kernel/broadcast.ts';
import { HubError } from '#kernel/errors.ts';
import { formatSignalId, localIdFor, parseSignalId, type TenantId } from '#ontology/ids.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { SignalRef } from '#ontology/ports/time-series-store.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { SignalLookup } from './check-samples.ts';

/** What a client gets for one sample: `sequence` counts what was sent to this one subscription. */
export interface SignalUpdate {
  readonly live: LiveSample;
  readonly sequence: number;
}

/** Signals in one subscription at most, and samples kept for a slow reader. */
export const subscribeLimits = { signals: 500, queued: 4_096 } as const;

/**
 * The samples of some signals from now on.
 * @throws {HubError} LIMIT_EXCEEDED - not 1 to 500 ids; INVALID_ID; NOT_FOUND - a signal that is not visible, by its position.
 */
export async function subscribeSignals(
  signalIds: readonly string[],
  context: RequestContext,
  deps: { live: Broadcast<LiveSample>; signalOf: SignalLookup },
): Promise<AsyncQueue<SignalUpdate>> {
  assertAllowed(context, 'read');
  const tenant = tenantOf(context);
  const wanted = await resolveSignals(signalIds, tenant, deps.signalOf);
  let sequence = 0;
  const queue = new AsyncQueue<SignalUpdate>({ capacity: subscribeLimits.queued, onStop: () => stop() });
  // Counted before the queue may leave something out, so that a slow reader sees the gap.
  const stop = deps.live.listen((live) => {
    if (live.tenant === tenant && wanted.get(live.twinId)?.has(live.signal))
      queue.push({ live, sequence: ++sequence });
  });
  return queue;
}

async function resolveSignals(
  ids: readonly string[],
  tenant: TenantId,
  signalOf: SignalLookup,
): Promise<Map<string, Set<string>>> {
  if (ids.length < 1 || ids.length > subscribeLimits.signals)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `${ids.length} signals; allowed are 1 to ${subscribeLimits.signals} in one subscription.`,
      {
        details: { path: ['signalIds'], limit: subscribeLimits.signals },
      },
    );
  const wanted = new Map<string, Set<string>>();
  await Promise.all(
    ids.map(async (id, index) => {
      const ref = signalRefOf(id, tenant);
      if (!ref || !(await signalOf(tenant, ref.twinId, ref.signal)))
        throw new HubError(
          'NOT_FOUND',
          `There is no signal ${ref ? formatSignalId(ref.twinId, ref.signal) : id} visible to you.`,
          {
            details: { path: ['signalIds', String(index)] },
          },
        );
      const names = wanted.get(ref.twinId) ?? new Set();
      wanted.set(ref.twinId, names.add(ref.signal));
    }),
  );
  return wanted;
}

/** The signal in a global id, `null` when it is another tenant's. @throws {HubError} INVALID_ID */
export function signalRefOf(id: string, tenant: TenantId): SignalRef | null {
  const local = localIdFor(id, 'Signal', tenant);
  if (local === null) return null;
  const { twinId, name } = parseSignalId(local);
  return { twinId, signal: name };
}
