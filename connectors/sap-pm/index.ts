import { createSystemConnector } from '../counterpart/system-connector.ts';
import type { SystemConnector, SystemConnectorDeps } from '../counterpart/system-connector.ts';
import type { SapPmConfig } from './config.ts';
import { createSapPmProtocol } from './protocol.ts';

export { defaultSapPmConfig, readSapPmConfig } from './config.ts';
export type { SapPmConfig } from './config.ts';
export { sapPmContracts } from './contracts.ts';

/** The connector to SAP PM: queue `hub.sap-pm` in, `ext.sap-pm.*` out. */
export function createSapPmConnector(config: SapPmConfig, deps: SystemConnectorDeps): SystemConnector {
  const { retryDelaysMs } = config;
  return createSystemConnector(createSapPmProtocol(config), retryDelaysMs ? { retryDelaysMs } : {}, deps);
}
