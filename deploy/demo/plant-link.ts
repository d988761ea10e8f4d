import { fileURLToPath } from 'node:url';
import { opcUaDefaults, type OpcUaConfig } from '#connectors/opcua/config.ts';

/** How the hub listens to the demo plant: on this machine alone, hence without security, and as fast as it speaks. */
export function plantLinkConfig(endpoint: string): OpcUaConfig {
  return {
    ...opcUaDefaults,
    name: 'demo-plant',
    endpoint,
    mappingFile: fileURLToPath(new URL('mapping.json', import.meta.url)),
    securityMode: 'None',
    securityPolicy: 'None',
    publishingIntervalMs: 50,
    samplingIntervalMs: 0,
    reconnectMaxMs: 3000,
  };
}
