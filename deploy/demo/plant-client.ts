import { DataType } from 'node-opcua';
import { openCertificateStore, openSession, type OpenSession } from '#connectors/opcua/client.ts';
import { HubError } from '#kernel/errors.ts';

/** Methods of the plant's Simulation object. */
export type PlantMethod = 'StartScenario' | 'StopScenario' | 'PerformMaintenance' | 'Describe';

/** Whether the plant took it, and its words. */
export interface PlantAnswer {
  readonly accepted: boolean;
  readonly text: string;
}

/**
 * Calls a method of the demo plant over OPC UA.
 *
 * @param certificateFolder - of the calling client.
 * @throws {HubError} CONNECTOR_UNREACHABLE - no plant there; CONNECTOR_REFUSED - it is no demo plant.
 */
export async function plantCall(
  endpoint: string,
  certificateFolder: string,
  method: PlantMethod,
  inputs: readonly string[],
): Promise<PlantAnswer> {
  const certificates = openCertificateStore(certificateFolder, false);
  try {
    return await callOver(await openSession({ ...unprotected, endpoint, certificates }), method, inputs);
  } finally {
    await certificates.close();
  }
}

/** The plant listens on this machine alone. */
const unprotected = { securityMode: 'None', securityPolicy: 'None', user: null, password: null };

async function callOver(
  open: OpenSession,
  method: PlantMethod,
  inputs: readonly string[],
): Promise<PlantAnswer> {
  try {
    const result = await open.session.call({
      objectId: 'ns=1;s=Simulation',
      methodId: `ns=1;s=Simulation.${method}`,
      inputArguments: inputs.map((value) => ({ dataType: DataType.String, value })),
    });
    if (!result.statusCode.isGood())
      throw new HubError(
        'CONNECTOR_REFUSED',
        `The server does not know ${method} (${result.statusCode.name}); is it the demo plant?`,
      );
    const [accepted, text] = result.outputArguments ?? [];
    return { accepted: accepted?.value === true, text: String(text?.value ?? '') };
  } finally {
    await open.close(2000);
  }
}
