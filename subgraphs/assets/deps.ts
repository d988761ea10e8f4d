import type { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { FileLinks } from '#ontology/ports/file-links.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { ImportService } from './imports/service.ts';

/** A twin that was created or changed. */
export interface TwinChange {
  readonly tenant: TenantId;
  readonly twinId: TwinId;
}

/** What the assets subgraph needs. */
export interface AssetsDeps {
  readonly twins: TwinStore;
  readonly failureModes: readonly FailureMode[];
  readonly clock: Clock;
  readonly log: Logger;
  /** The subgraph publishes its own writes here and listens for everybody's. */
  readonly changes: Broadcast<TwinChange>;
  /** Imports as jobs; without it they are refused with STEP_NOT_ALLOWED. */
  readonly imports?: ImportService;
  /** Files of twins; without it `Twin.files` is refused with STEP_NOT_ALLOWED. */
  readonly fileLinks?: FileLinks;
  /**
   * Samples; without it `Twin.readiness` does not tell whether samples come, and values of imported time series are not
   * stored.
   */
  readonly samples?: Pick<TimeSeriesStore, 'latest' | 'write'>;
}
