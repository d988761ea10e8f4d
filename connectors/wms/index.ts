import { createSystemConnector } from '../counterpart/system-connector.ts';
import type { SystemConnector, SystemConnectorDeps } from '../counterpart/system-connector.ts';
import type { WmsConfig } from './config.ts';
import { createWmsProtocol } from './protocol.ts';

export { defaultWmsConfig, readWmsConfig } from './config.ts';
export type { WmsConfig } from './config.ts';
export { wmsContracts } from './contracts.ts';

/** The connector to the warehouse: queue `hub.wms` in, `ext.wms.*` out. */
export function createWmsConnector(config: WmsConfig, deps: SystemConnectorDeps): SystemConnector {
  const { retryDelaysMs } = config;
  return createSystemConnector(
    createWmsProtocol(config, deps.clock),
    retryDelaysMs ? { retryDelaysMs } : {},
    deps,
  );
}
