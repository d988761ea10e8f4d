import DataLoader from 'dataloader';
import type { ModelId, TwinId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import { tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Relationship, Twin } from '#ontology/twin.ts';
import { perRequest } from '../common/per-request.ts';

/** Keys a store call takes at once. */
const maxBatchSize = 500;

/** Lookups of one request in its tenant; each thing is read once. */
export interface AssetLoaders {
  readonly twin: DataLoader<TwinId, Twin | null>;
  readonly children: DataLoader<TwinId, readonly Twin[]>;
  readonly ancestors: DataLoader<TwinId, readonly Twin[]>;
  readonly relationshipsOut: DataLoader<TwinId, readonly Relationship[]>;
  readonly relationshipsIn: DataLoader<TwinId, readonly Relationship[]>;
  readonly model: DataLoader<ModelId, Model | null>;
  /** A model with all its bases, itself first; `null` when it is not known. */
  readonly lineage: DataLoader<ModelId, readonly Model[] | null>;
}

/** Makes the loaders of each request. */
export function createLoaders(store: TwinStore): (context: RequestContext) => AssetLoaders {
  return perRequest((context) => {
    const tenant = tenantOf(context);
    const loader = <K, V>(read: (keys: readonly K[]) => Promise<readonly V[]>) =>
      new DataLoader<K, V>(read, { maxBatchSize });
    return {
      twin: loader((ids: readonly TwinId[]) => store.twins(tenant, ids)),
      children: loader((ids: readonly TwinId[]) => store.childrenOf(tenant, ids)),
      ancestors: loader((ids: readonly TwinId[]) => store.ancestorsOf(tenant, ids)),
      relationshipsOut: loader((ids: readonly TwinId[]) => store.relationshipsOf(tenant, ids, 'out')),
      relationshipsIn: loader((ids: readonly TwinId[]) => store.relationshipsOf(tenant, ids, 'in')),
      model: loader((ids: readonly ModelId[]) => store.models(tenant, ids)),
      lineage: loader((ids: readonly ModelId[]) => store.lineageOf(tenant, ids)),
    };
  });
}
