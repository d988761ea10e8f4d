import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { SampleSink } from '#ontology/ports/field-device.ts';
import type { KnownSignal } from './mapping.ts';

/** What the connector needs of the hub. */
export interface OpcUaDeps {
  readonly sink: SampleSink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tenant: TenantId;
  /** All signals of the tenant's twins. */
  readonly signals: readonly KnownSignal[];
  /** Where the connector keeps its own certificate and those of servers it trusts or rejected. */
  readonly certificateFolder: string;
}
