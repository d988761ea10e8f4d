import { buildSubgraph, type Subgraph } from '#subgraphs/common/build.ts';
import { createTelemetryResolvers, type TelemetryDeps } from './resolvers.ts';
import type { SignalUpdate } from './subscriptions.ts';

export type { TelemetryDeps } from './resolvers.ts';

/** The telemetry subgraph: live and historical values of signals, and the links to the plants. */
export function createTelemetrySubgraph(deps: TelemetryDeps): Subgraph {
  const sdlFile = new URL('./schema.graphql', import.meta.url);
  return { ...buildSubgraph('telemetry', sdlFile, createTelemetryResolvers(deps)), eventTime };
}

/** Samples know when the hub got them; changes of a plant's link do not. */
function eventTime(event: unknown): number | null {
  const isSample = typeof event === 'object' && event !== null && 'live' in event && 'sequence' in event;
  return isSample ? (event as SignalUpdate).live.sample.receivedTime : null;
}
