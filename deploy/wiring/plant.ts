import { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Lifecycle } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { createOpcUaDevice } from '#connectors/opcua/index.ts';
import { loadKnownSignals } from '#connectors/opcua/known-signals.ts';
import type { OpcUaConfig } from '#connectors/opcua/config.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { FieldDevice, LinkStatus, SampleSink } from '#ontology/ports/field-device.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import type { DataFolder } from '../data-folder.ts';

/** The links to plants of one hub. */
export interface PlantLinks {
  list(tenant: TenantId): readonly LinkStatus[];
  readonly changes: Broadcast<LinkStatus>;
}

export interface PlantDeps {
  readonly twins: TwinStore;
  readonly sink: SampleSink;
  readonly folder: DataFolder;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Connects the hub to its plant; without one there are no links. */
export async function connectPlant(
  config: OpcUaConfig | null,
  tenant: TenantId,
  deps: PlantDeps,
): Promise<PlantLinks> {
  const { twins, sink, folder, lifecycle, clock, log } = deps;
  const changes = new Broadcast<LinkStatus>();
  const devices: FieldDevice[] = [];
  if (config) {
    const signals = await loadKnownSignals(twins, tenant);
    const device = createOpcUaDevice(config, {
      sink,
      clock,
      log,
      tenant,
      signals,
      certificateFolder: folder.file('opcua'),
    });
    device.onStatus((status) => changes.publish(status));
    devices.push(lifecycle.add('plant link', device));
  }
  return { list: (asking) => (asking === tenant ? devices.map((device) => device.status()) : []), changes };
}
