import { createSystemConnector } from '../counterpart/system-connector.ts';
import type { SystemConnector, SystemConnectorDeps } from '../counterpart/system-connector.ts';
import type { MesConfig } from './config.ts';
import { createMesProtocol } from './protocol.ts';

export { defaultMesConfig, readMesConfig } from './config.ts';
export type { MesConfig } from './config.ts';
export { mesContracts } from './contracts.ts';

/** The connector to the MES: queue `hub.mes` in, `ext.mes.*` out. */
export function createMesConnector(config: MesConfig, deps: SystemConnectorDeps): SystemConnector {
  const { retryDelaysMs } = config;
  return createSystemConnector(createMesProtocol(config), retryDelaysMs ? { retryDelaysMs } : {}, deps);
}
