export { createSystemConnector } from './system-connector.ts';
export type { SystemConnector, SystemConnectorConfig, SystemConnectorDeps } from './system-connector.ts';
export type { Fact, Fields, Progress, Step, SystemProtocol, SystemRequest } from './protocol.ts';
export type { MessageContract, MessageContracts } from './contracts.ts';
