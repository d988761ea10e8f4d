import { buildSubgraph, type Subgraph } from '#subgraphs/common/build.ts';
import { createTelemetryResolvers, type TelemetryDeps } from './resolvers.ts';

export type { TelemetryDeps } from './resolvers.ts';

/** The telemetry subgraph: live and historical values of signals, and the links to the plants. */
export function createTelemetrySubgraph(deps: TelemetryDeps): Subgraph {
  return buildSubgraph(
    'telemetry',
    new URL('./schema.graphql', import.meta.url),
    createTelemetryResolvers(deps),
  );
}
