import { HubError, messageOf } from '#kernel/errors.ts';
import type { FieldDevice } from '#ontology/ports/field-device.ts';
import { routeDriverMessages } from './client.ts';
import type { OpcUaConfig } from './config.ts';
import { OpcUaDevice } from './device.ts';
import type { OpcUaDeps } from './deps.ts';
import { readMappingFile } from './mapping.ts';

export type { OpcUaDeps } from './deps.ts';

/**
 * Connects to an OPC UA server and delivers what the mapping names, until closed; returns at once and goes on
 * connecting by itself.
 *
 * @throws {HubError} CONFIG_INVALID - the mapping file is missing or has faults (all of them named), or nobody says
 *   where the server is.
 */
export function createOpcUaDevice(config: OpcUaConfig, deps: OpcUaDeps): FieldDevice {
  const mapping = readMappingFile(config.mappingFile, deps.signals);
  const endpoint = config.endpoint ?? mapping.endpoint;
  if (endpoint === null)
    throw new HubError(
      'CONFIG_INVALID',
      `Neither TWINHUB_OPCUA_ENDPOINT nor "endpoint" in ${config.mappingFile} says where the OPC UA server is.`,
    );
  if (config.securityMode === 'None' && !isLoopback(endpoint))
    deps.log.warn('OPC UA without security over a network: values can be read and forged on the way', {
      endpoint,
    });
  routeDriverMessages(deps.log);
  const device = new OpcUaDevice(config, endpoint, mapping, deps);
  device
    .run()
    .catch((error: unknown) =>
      deps.log.error('The OPC UA link ended unexpectedly', { error, reason: messageOf(error) }),
    );
  return device;
}

function isLoopback(endpoint: string): boolean {
  const host = new URL(endpoint).hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
