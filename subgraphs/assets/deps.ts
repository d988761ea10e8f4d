import type { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { FailureMode } from '#ontology/failure-mode.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';

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
}
