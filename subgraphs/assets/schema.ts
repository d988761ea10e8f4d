import type { RequestContext } from '#ontology/request-context.ts';
import { buildSubgraph, type Subgraph } from '../common/build.ts';
import { dateTimeScalar, jsonScalar, unitCodeScalar } from '../common/scalars.ts';
import type { AssetsDeps } from './deps.ts';
import { createExportQueries } from './exports.ts';
import { fileFields } from './files.ts';
import { createImportResolvers } from './imports/resolvers.ts';
import { createLoaders } from './loaders.ts';
import { createMutations } from './mutations.ts';
import { createOnboarding, progressionField } from './onboarding.ts';
import { createQueries, failureModeFields } from './queries.ts';
import { findSignal, signalFields } from './signals.ts';
import { createSubscriptions } from './subscriptions.ts';
import { modelFields, twinFields } from './twins.ts';

export type { AssetsDeps, TwinChange } from './deps.ts';

/** The twin graph as a subgraph: models, twins, signals, failure modes, imports. Its GraphQL context is a RequestContext. */
export function createAssetsSubgraph(deps: AssetsDeps): Subgraph {
  const loadersOf = createLoaders(deps.twins);
  const imports = createImportResolvers(deps.imports);
  const onboarding = createOnboarding(deps, loadersOf);
  const twins = twinFields(loadersOf, deps.failureModes, deps.fileLinks);
  return buildSubgraph('assets', new URL('./schema.graphql', import.meta.url), {
    DateTime: dateTimeScalar,
    JSON: jsonScalar,
    UnitCode: unitCodeScalar,
    Query: {
      ...createQueries(deps, loadersOf),
      ...createExportQueries(deps),
      ...imports.Query,
      ...onboarding.Query,
    },
    Mutation: { ...createMutations(deps), ...imports.Mutation, ...onboarding.Mutation },
    Subscription: { ...createSubscriptions(deps), ...imports.Subscription },
    ...imports.types,
    Node: { __resolveType: (node: { __typename: string }) => node.__typename },
    ...twins,
    ...onboarding.types,
    Twin: { ...twins.Twin, readiness: onboarding.readiness },
    ...fileFields,
    ...modelFields(loadersOf),
    Signal: {
      ...signalFields,
      __resolveReference: (reference: { id: string }, context: RequestContext) =>
        findSignal(reference.id, context, loadersOf(context)),
    },
    FailureMode: { ...failureModeFields(deps.failureModes), progression: progressionField },
  });
}
