import type { FailureMode } from '#ontology/failure-mode.ts';
import {
  formatGlobalId,
  localIdFor,
  parseGlobalId,
  parseModelId,
  parseTwinId,
  type ModelId,
} from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Twin } from '#ontology/twin.ts';
import { toConnection, toPageRequest } from '../common/connection.ts';
import type { AssetsDeps } from './deps.ts';
import { findImport } from './imports/resolvers.ts';
import type { AssetLoaders } from './loaders.ts';
import { findSignal } from './signals.ts';
import { findTwin, toTwinFilter, type TwinFilterInput } from './twins.ts';

interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

/** Resolvers of the queries; every one needs the permission to read. */
export function createQueries(deps: AssetsDeps, loadersOf: (context: RequestContext) => AssetLoaders) {
  const reading =
    <A, R>(resolve: (args: A, context: RequestContext) => R) =>
    (_: unknown, args: A, context: RequestContext): R => {
      assertAllowed(context, 'read');
      return resolve(args, context);
    };
  return {
    node: reading(({ id }: { id: string }, context) => findNode(id, context, loadersOf(context), deps)),
    twin: reading(({ id }: { id: string }, context) => findTwin(id, context, loadersOf(context))),
    twinByTwinId: reading(({ twinId }: { twinId: string }, context) =>
      loadersOf(context).twin.load(parseTwinId(twinId)),
    ),
    twins: reading(async (args: PageArguments & { filter?: TwinFilterInput | null }, context) => {
      const request = toPageRequest(args);
      const page = await deps.twins.listTwins(tenantOf(context), toTwinFilter(args.filter), request);
      return toConnection<Twin>(page, request, (twin) => twin.id);
    }),
    model: reading(({ modelId }: { modelId: string }, context) =>
      loadersOf(context).model.load(parseModelId(modelId)),
    ),
    models: reading(async (args: PageArguments, context) => {
      const request = toPageRequest(args);
      return toConnection<Model>(
        await deps.twins.listModels(tenantOf(context), request),
        request,
        (model) => model.id,
      );
    }),
    failureModes: reading(({ assetClass }: { assetClass?: string | null }) =>
      deps.failureModes.filter((mode) => assetClass == null || mode.assetClass === assetClass),
    ),
  };
}

/** Any node with its type name; those of other subgraphs are references that their owner answers. */
async function findNode(
  id: string,
  context: RequestContext,
  loaders: AssetLoaders,
  { failureModes, imports }: AssetsDeps,
) {
  const { type, tenant, local } = parseGlobalId(id);
  if (tenant !== tenantOf(context)) return null;
  const typed = <T extends object>(node: T | null) => node && { ...node, __typename: type };
  switch (type) {
    case 'Twin':
      return typed(await loaders.twin.load(parseTwinId(local)));
    case 'Model':
      return typed(await loaders.model.load(local as ModelId));
    case 'Signal':
      return typed(await findSignal(id, context, loaders));
    case 'FailureMode':
      return typed(failureModes.find((mode) => mode.id === local) ?? null);
    case 'ImportJob':
      return typed(await findImport(id, context, imports));
    default:
      return { __typename: type, id };
  }
}

/** Resolvers of the type FailureMode. */
export function failureModeFields(failureModes: readonly FailureMode[]) {
  return {
    __resolveReference: (reference: { id: string }, context: RequestContext) => {
      const local = localIdFor(reference.id, 'FailureMode', tenantOf(context));
      return failureModes.find((mode) => mode.id === local) ?? null;
    },
    id: (mode: FailureMode, _: unknown, context: RequestContext) =>
      formatGlobalId('FailureMode', tenantOf(context), mode.id),
    failureModeId: (mode: FailureMode) => mode.id,
  };
}
