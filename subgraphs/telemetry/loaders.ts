import DataLoader from 'dataloader';
import { perRequest } from '#subgraphs/common/per-request.ts';
import { tenantOf } from '#ontology/request-context.ts';
import type { SignalRef } from '#ontology/ports/time-series-store.ts';
import type { Sample } from '#ontology/sample.ts';
import type { Ingest } from './ingest.ts';

/** A loader for each request that asks for the newest samples of all signals of one selection in one call. */
export function createLatestLoader(ingest: Pick<Ingest, 'latest'>) {
  return perRequest(
    (context) =>
      new DataLoader<SignalRef, Sample | null, string>((refs) => ingest.latest(tenantOf(context), refs), {
        cacheKeyFn: (ref) => `${ref.twinId}/${ref.signal}`,
        maxBatchSize: 1_000,
      }),
  );
}
