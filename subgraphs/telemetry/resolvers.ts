import type { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import { formatGlobalId, formatSignalId, type TenantId } from '#ontology/ids.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import type { LinkStatus } from '#ontology/ports/field-device.ts';
import type { SignalRef, TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Sample } from '#ontology/sample.ts';
import { dateTimeScalar, durationScalar, jsonScalar, unitCodeScalar } from '#subgraphs/common/scalars.ts';
import { isExpected, toUserError } from '#subgraphs/common/user-error.ts';
import { checkSamples, type SampleInput, type SignalLookup } from './check-samples.ts';
import type { Ingest } from './ingest.ts';
import { createLatestLoader } from './loaders.ts';
import { assertSampleLimit, assertWindow, toTimeRange, type TimeRangeInput } from './range.ts';
import { signalRefOf, subscribeSignals, type SignalUpdate } from './subscriptions.ts';

/** What the telemetry subgraph is made of. */
export interface TelemetryDeps {
  readonly store: TimeSeriesStore;
  readonly ingest: Pick<Ingest, 'record' | 'latest' | 'flush'>;
  readonly live: Broadcast<LiveSample>;
  /** The links of a tenant's plants. */
  readonly links: (tenant: TenantId) => readonly LinkStatus[];
  /** A link each time its state changed; a tenant hears of those that `links` gives it. */
  readonly linkChanges: Broadcast<LinkStatus>;
  readonly signalOf: SignalLookup;
  readonly clock: Clock;
}

/** A Signal as this subgraph knows it. */
interface SignalNode extends SignalRef {
  readonly __typename: 'Signal';
  readonly id: string;
}

type SamplesArgs = { readonly range: TimeRangeInput; readonly limit: number };
type HistoryArgs = { readonly range: TimeRangeInput; readonly window: number };

/** GraphQL's Int ends here; older samples show this age (24 days). */
const maxAgeMs = 2 ** 31 - 1;

/** Resolvers of schema.graphql. */
export function createTelemetryResolvers(deps: TelemetryDeps) {
  return {
    DateTime: dateTimeScalar,
    Duration: durationScalar,
    JSON: jsonScalar,
    UnitCode: unitCodeScalar,
    Signal: signalResolvers(deps),
    Sample: {
      number: ({ value }: Sample) => (typeof value === 'number' && Number.isFinite(value) ? value : null),
      ageMs: ({ receivedTime }: Sample) =>
        Math.min(Math.max(Math.round(deps.clock.now() - receivedTime), 0), maxAgeMs),
    },
    SignalUpdate: {
      signal: ({ live }: SignalUpdate) => toSignalNode(live.tenant, live),
      sample: ({ live }: SignalUpdate) => live.sample,
    },
    Query: {
      plantLinks: (_: unknown, __: unknown, context: RequestContext) => {
        assertAllowed(context, 'read');
        return deps.links(tenantOf(context));
      },
    },
    Mutation: {
      recordSamples: (
        _: unknown,
        { input }: { input: { samples: readonly SampleInput[] } },
        context: RequestContext,
      ) => recordSamples(input.samples, context, deps),
    },
    Subscription: {
      signalUpdated: {
        subscribe: (_: unknown, { signalIds }: { signalIds: readonly string[] }, context: RequestContext) =>
          subscribeSignals(signalIds, context, deps),
        resolve: (update: SignalUpdate) => update,
      },
      plantLinkChanged: {
        subscribe: (_: unknown, __: unknown, context: RequestContext) => {
          assertAllowed(context, 'read');
          const tenant = tenantOf(context);
          return deps.linkChanges.subscribe({
            filter: (link) => deps.links(tenant).some(({ name }) => name === link.name),
          });
        },
        resolve: (link: LinkStatus) => link,
      },
    },
  };
}

function signalResolvers(deps: TelemetryDeps) {
  const latest = createLatestLoader(deps.ingest);
  return {
    __resolveReference: ({ id }: { id: string }, context: RequestContext) => {
      const tenant = tenantOf(context);
      const ref = signalRefOf(id, tenant);
      return ref && toSignalNode(tenant, ref);
    },
    latest: (signal: SignalNode, _: unknown, context: RequestContext) => {
      assertAllowed(context, 'read');
      return latest(context).load(signal);
    },
    samples: async (signal: SignalNode, { range, limit }: SamplesArgs, context: RequestContext) => {
      assertAllowed(context, 'read');
      assertSampleLimit(limit);
      const stretch = toTimeRange(range, deps.clock.now());
      await deps.ingest.flush();
      return deps.store.raw(tenantOf(context), signal, stretch, limit);
    },
    history: async (signal: SignalNode, { range, window }: HistoryArgs, context: RequestContext) => {
      assertAllowed(context, 'read');
      const stretch = toTimeRange(range, deps.clock.now());
      assertWindow(stretch, window);
      await deps.ingest.flush();
      return deps.store.aggregate(tenantOf(context), signal, stretch, window);
    },
  };
}

function toSignalNode(tenant: TenantId, { twinId, signal }: SignalRef): SignalNode {
  return {
    __typename: 'Signal',
    id: formatGlobalId('Signal', tenant, formatSignalId(twinId, signal)),
    twinId,
    signal,
  };
}

/** Stores all samples or none; expected faults come back as data, each with its place in the input. */
async function recordSamples(inputs: readonly SampleInput[], context: RequestContext, deps: TelemetryDeps) {
  try {
    assertAllowed(context, 'samples.write');
    const { samples, faults } = await checkSamples(tenantOf(context), inputs, {
      signalOf: deps.signalOf,
      now: deps.clock.now(),
    });
    if (faults.length) return { stored: 0, errors: faults.map((fault) => toUserError(fault)) };
    await deps.ingest.record(tenantOf(context), samples);
    return { stored: samples.length, errors: [] };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { stored: 0, errors: [toUserError(error)] };
  }
}
